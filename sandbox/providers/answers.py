"""How an outcome is told to the engine: errors as a person should read them, differences in its own terms."""

from __future__ import annotations

import logging
from typing import Any, NoReturn

import grpc
from google.protobuf import any_pb2
from google.protobuf.message import Message
from pulumi.runtime.proto import provider_pb2, status_pb2

from awsmodel.errors import ModelError
from awsmodel.lifecycle import IncompleteError
from sandbox.errors import SandboxError
from sandbox.providers.base import Difference, Failure, Properties
from sandbox.providers.values import to_struct

log = logging.getLogger(__name__)


class told:  # noqa: N801 used as a statement: `with told(context):`
    """Turns an error into the gRPC answer that the engine shows to a person."""

    def __init__(self, context: grpc.ServicerContext, *, what: str = "") -> None:
        self._context = context
        self._what = what

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        match error:
            case None:
                return
            case IncompleteError():
                self._incomplete(error)
            case ModelError(property_path=path) if path:
                self._abort(grpc.StatusCode.INVALID_ARGUMENT, f"property {path}: {error.message}")
            case ModelError():
                self._abort(grpc.StatusCode.UNKNOWN, error.message)
            case SandboxError():
                self._abort(grpc.StatusCode.FAILED_PRECONDITION, f"{error.message}; {error.hint}")
            case Exception():
                log.error("%s failed", self._what, exc_info=error)
                self._abort(
                    grpc.StatusCode.INTERNAL,
                    f"the sandbox's provider failed with {type(error).__name__}; "
                    "`slipway sandbox logs` shows where, and nothing of it is your program's fault",
                )

    def _abort(self, code: grpc.StatusCode, message: str) -> NoReturn:
        self._context.abort(code, message)
        raise AssertionError("abort does not return")

    def _incomplete(self, error: IncompleteError) -> NoReturn:
        """The resource exists, so the engine must record it: the next update repairs it."""
        where = f"property {error.property_path}: " if error.property_path else ""
        message = f"{where}{error.message}; the resource exists, and the next `pulumi up` repairs it"
        detail = any_pb2.Any()
        detail.Pack(
            provider_pb2.ErrorResourceInitFailed(
                id=error.physical_id, properties=to_struct(error.state), reasons=[message]
            )
        )
        status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=message, details=[detail])
        self._context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
        self._abort(grpc.StatusCode.UNKNOWN, message)


def check_failures(failures: list[Failure]) -> list[Any]:
    return [
        provider_pb2.CheckFailure(property=failure.property, reason=failure.reason) for failure in failures
    ]


def diff_response(difference: Difference, old: Properties, new: Properties) -> Message:
    if not difference.changed:
        return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE)
    kinds = provider_pb2.PropertyDiff
    detailed = {}
    for name in difference.changed:
        replaces = name in difference.replaces
        if name not in old:
            kind = kinds.ADD_REPLACE if replaces else kinds.ADD
        elif name not in new:
            kind = kinds.DELETE_REPLACE if replaces else kinds.DELETE
        else:
            kind = kinds.UPDATE_REPLACE if replaces else kinds.UPDATE
        detailed[name] = provider_pb2.PropertyDiff(kind=kind, inputDiff=True)
    return provider_pb2.DiffResponse(
        changes=provider_pb2.DiffResponse.DIFF_SOME,
        diffs=sorted(difference.changed),
        replaces=sorted(difference.replaces),
        deleteBeforeReplace=difference.delete_before_replace,
        hasDetailedDiff=True,
        detailedDiff=detailed,
    )
