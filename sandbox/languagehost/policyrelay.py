"""Telling a policy pack, before its first line runs, which stack it is about.

A pack reads `pulumi.get_stack()` and the stack's configuration from its environment, but the engine
tells them only in a call (ConfigureStack) to a pack that runs already. The relay takes the pack's
place: it answers on a port of its own, starts the pack when that call comes, and passes on every call.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Any

import grpc
from pulumi.runtime.proto import analyzer_pb2

_UNLIMITED_MESSAGES = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]


class PolicyRelay(grpc.GenericRpcHandler):  # type: ignore[type-arg] # generic in the stubs only
    """A server on `port` that starts a policy pack by `start` and relays each call to it.

    `start` takes the environment variables to add and returns the pack's port.
    """

    def __init__(self, start: Callable[[dict[str, str]], int]) -> None:
        self._start = start
        self._channel: grpc.Channel | None = None
        self._lock = threading.Lock()
        self._server = grpc.server(ThreadPoolExecutor(max_workers=16), options=_UNLIMITED_MESSAGES)
        self._server.add_generic_rpc_handlers((self,))
        self.port = self._server.add_insecure_port("127.0.0.1:0")

    def __enter__(self) -> PolicyRelay:
        self._server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # A call that is being refused now still gets its answer.
        self._server.stop(grace=1).wait()
        if self._channel is not None:
            self._channel.close()

    def service(
        self, handler_call_details: grpc.HandlerCallDetails
    ) -> grpc.RpcMethodHandler[bytes, bytes] | None:
        """Relay every method but the handshake, which comes before the pack can run and which packs lack."""
        method = handler_call_details.method
        if method.endswith("/Handshake") or not method.startswith("/pulumirpc.Analyzer/"):
            return None

        def relay(body: bytes, context: grpc.ServicerContext) -> Any:
            try:
                return self._pack(method, body).unary_unary(method, _unchanged, _unchanged)(body)
            except grpc.RpcError as error:
                return context.abort(error.code(), error.details() or "")
            except RuntimeError as error:
                return context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(error))

        return grpc.unary_unary_rpc_method_handler(relay)

    def _pack(self, method: str, body: bytes) -> grpc.Channel:
        with self._lock:
            if self._channel is None:
                environment = _environment(body) if method.endswith("/ConfigureStack") else {}
                address = f"127.0.0.1:{self._start(environment)}"
                self._channel = grpc.insecure_channel(address, options=_UNLIMITED_MESSAGES)
            return self._channel


def _unchanged(body: bytes) -> bytes:
    return body


def _environment(body: bytes) -> dict[str, str]:
    """The variables that the SDK's entry point for policy packs reads."""
    stack = analyzer_pb2.AnalyzerStackConfigureRequest.FromString(body)
    return {
        "PULUMI_ORGANIZATION": stack.organization or "organization",
        "PULUMI_PROJECT": stack.project,
        "PULUMI_STACK": stack.stack,
        "PULUMI_DRY_RUN": "true" if stack.dry_run else "false",
        "PULUMI_CONFIG": json.dumps(dict(stack.config)),
    }
