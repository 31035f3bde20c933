"""A Pulumi resource provider over plain Python values.

The engine speaks gRPC; a provider here speaks dictionaries. One process serves several provider instances,
because the engine attaches each of its own (the default one, explicit ones, those of another run) to the
same port: they are told apart by the connection they come over.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NoReturn, Protocol

import grpc
from google.protobuf import any_pb2, empty_pb2
from google.protobuf.message import Message
from pulumi.runtime.proto import (
    plugin_pb2,
    provider_pb2,
    provider_pb2_grpc,
    status_pb2,
)

from awsmodel.errors import ModelError
from awsmodel.lifecycle import IncompleteError
from sandbox.errors import SandboxError
from sandbox.providers.claims import Claims
from sandbox.providers.values import from_struct, to_struct

log = logging.getLogger(__name__)

Properties = dict[str, Any]
DEFAULT_TIMEOUT_SECONDS = 20 * 60


@dataclass(frozen=True, kw_only=True)
class Failure:
    """What is wrong with one property, in words for a person."""

    property: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What new inputs mean for a resource. `changed` and `replaces` are property names."""

    changed: frozenset[str] = frozenset()
    replaces: frozenset[str] = frozenset()
    delete_before_replace: bool = False


@dataclass(frozen=True, kw_only=True)
class Wish:
    """The resource that a request is about: its type's token, its name in the program, its URN."""

    token: str
    name: str
    urn: str


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """A resource as it is: the physical id, the inputs that would make it, and its state."""

    physical_id: str
    inputs: Properties
    state: Properties


class Provider(Protocol):
    """One configured provider instance."""

    def check(
        self, wish: Wish, old: Properties, new: Properties, random_seed: bytes
    ) -> tuple[Properties, list[Failure]]: ...

    def diff(self, wish: Wish, old: Properties, new: Properties, state: Properties) -> Difference: ...

    def preview(self, wish: Wish, inputs: Properties, state: Properties) -> Properties: ...

    def create(self, wish: Wish, inputs: Properties, timeout_seconds: float) -> tuple[str, Properties]: ...

    def read(
        self, wish: Wish, physical_id: str, inputs: Properties, state: Properties
    ) -> Snapshot | None: ...

    def present(self, wish: Wish) -> frozenset[str]:
        """The ids of all resources of that type."""

    def find(
        self, wish: Wish, inputs: Properties, present: frozenset[str], taken: frozenset[str]
    ) -> str | None:
        """The id of a resource that a create of the inputs may have made: one of those `present`, or known by
        its name, and none of those `taken`."""

    def update(
        self,
        wish: Wish,
        physical_id: str,
        old: Properties,
        new: Properties,
        state: Properties,
        timeout_seconds: float,
    ) -> Properties: ...

    def delete(self, wish: Wish, physical_id: str, state: Properties, timeout_seconds: float) -> None: ...

    def invoke(self, token: str, arguments: Properties) -> Properties: ...

    def cancel(self) -> None: ...


@dataclass(frozen=True, kw_only=True)
class Package:
    """What a port serves: the package's name and version, and how an instance of it is made.

    `schema` is the package schema as JSON text, where resources can be imported.
    """

    name: str
    version: str
    configure: Callable[[Mapping[str, Any]], Provider]
    check_config: Callable[[Mapping[str, Any]], list[Failure]]
    schema: Callable[[], str] | None = None


class Servicer(provider_pb2_grpc.ResourceProviderServicer):
    """Translates the engine's requests for one package."""

    def __init__(self, package: Package, claims: Claims) -> None:
        self._package = package
        self._claims = claims
        self._providers: dict[str, Provider] = {}
        self._lock = threading.Lock()
        self._claiming = threading.Lock()
        self._present: dict[str, frozenset[str]] = {}

    def Handshake(self, request: Any, context: grpc.ServicerContext) -> Message:  # noqa: N802
        return provider_pb2.ProviderHandshakeResponse()

    def Attach(self, request: Any, context: grpc.ServicerContext) -> empty_pb2.Empty:  # noqa: N802
        return empty_pb2.Empty()

    def GetPluginInfo(self, request: Any, context: grpc.ServicerContext) -> Message:  # noqa: N802
        return plugin_pb2.PluginInfo(version=self._package.version)

    def GetSchema(self, request: Any, context: grpc.ServicerContext) -> Message:  # noqa: N802
        if self._package.schema is None:
            context.abort(grpc.StatusCode.UNIMPLEMENTED, f"{self._package.name} has no schema here")
        with _told(context, what="the schema"):
            return provider_pb2.GetSchemaResponse(schema=self._package.schema())

    def CheckConfig(self, request: Any, context: grpc.ServicerContext) -> Message:  # noqa: N802
        with _told(context):
            failures = self._package.check_config(from_struct(request.news))
            return provider_pb2.CheckResponse(inputs=request.news, failures=_failures(failures))

    def DiffConfig(self, request: Any, context: grpc.ServicerContext) -> Message:  # noqa: N802
        # a provider is configured anew, and never replaced: other credentials make no other resources
        old, new = from_struct(request.old_inputs), from_struct(request.news)
        changed = frozenset(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))
        return _diff_response(Difference(changed=changed), old, new)

    def Configure(self, request: Any, context: grpc.ServicerContext) -> Message:  # noqa: N802
        with _told(context):
            provider = self._package.configure(from_struct(request.args))
            with self._lock:
                self._providers[context.peer()] = provider
            return provider_pb2.ConfigureResponse(supportsPreview=True)

    def Invoke(self, request: Any, context: grpc.ServicerContext) -> Message:  # noqa: N802
        with _told(context, what=request.tok):
            results = self._provider(context).invoke(request.tok, from_struct(request.args))
            # `return` is a keyword of Python, so the field cannot be named in a call
            response = provider_pb2.InvokeResponse()
            getattr(response, "return").CopyFrom(to_struct(results))
            return response

    def Check(self, request: Any, context: grpc.ServicerContext) -> Message:  # noqa: N802
        wish = _wish(request)
        with _told(context, what=wish.urn):
            inputs, failures = self._provider(context).check(
                wish, from_struct(request.olds), from_struct(request.news), request.randomSeed
            )
            return provider_pb2.CheckResponse(inputs=to_struct(inputs), failures=_failures(failures))

    def Diff(self, request: Any, context: grpc.ServicerContext) -> Message:  # noqa: N802
        wish = self._known(request, context)
        with _told(context, what=wish.urn):
            old, new = from_struct(request.old_inputs), from_struct(request.news)
            # what a program told the engine to ignore keeps its old value, whatever is below it
            for path in request.ignoreChanges:
                name = path.split(".")[0].split("[")[0]
                if name == path and name in old:
                    new[name] = old[name]
                elif name == path:
                    new.pop(name, None)
            difference = self._provider(context).diff(wish, old, new, from_struct(request.olds))
            return _diff_response(difference, old, new)

    def Create(self, request: Any, context: grpc.ServicerContext) -> Message:  # noqa: N802
        wish = _wish(request)
        with _told(context, what=wish.urn):
            inputs = from_struct(request.properties)
            provider = self._provider(context)
            if request.preview:
                return provider_pb2.CreateResponse(properties=to_struct(provider.preview(wish, inputs, {})))
            self._look_around(provider, wish)
            asked = (provider, wish, inputs, _timeout(request), context)
            snapshot = self._claimed(*asked) or self._made(*asked)
            return provider_pb2.CreateResponse(id=snapshot.physical_id, properties=to_struct(snapshot.state))

    def Read(self, request: Any, context: grpc.ServicerContext) -> Message:  # noqa: N802
        wish = self._known(request, context)
        with _told(context, what=wish.urn):
            snapshot = self._provider(context).read(
                wish, request.id, from_struct(request.inputs), from_struct(request.properties)
            )
            if snapshot is None:
                return provider_pb2.ReadResponse()
            return provider_pb2.ReadResponse(
                id=snapshot.physical_id,
                inputs=to_struct(snapshot.inputs),
                properties=to_struct(snapshot.state),
            )

    def Update(self, request: Any, context: grpc.ServicerContext) -> Message:  # noqa: N802
        wish = self._known(request, context)
        with _told(context, what=wish.urn):
            provider = self._provider(context)
            new, state = from_struct(request.news), from_struct(request.olds)
            if request.preview:
                shown = provider.preview(wish, new, state)
                return provider_pb2.UpdateResponse(properties=to_struct(shown))
            old = from_struct(request.old_inputs)
            with _cancelled_when_the_engine_dies(provider, context):
                state = provider.update(wish, request.id, old, new, state, _timeout(request))
            return provider_pb2.UpdateResponse(properties=to_struct(state))

    def Delete(self, request: Any, context: grpc.ServicerContext) -> empty_pb2.Empty:  # noqa: N802
        wish = self._known(request, context)
        with _told(context, what=wish.urn):
            provider = self._provider(context)
            with _cancelled_when_the_engine_dies(provider, context):
                provider.delete(wish, request.id, from_struct(request.properties), _timeout(request))
            self._claims.deleted(wish.urn)
            return empty_pb2.Empty()

    def Cancel(self, request: Any, context: grpc.ServicerContext) -> empty_pb2.Empty:  # noqa: N802
        with self._lock:
            provider = self._providers.get(context.peer())
        if provider is not None:
            provider.cancel()
        return empty_pb2.Empty()

    def _made(
        self,
        provider: Provider,
        wish: Wish,
        inputs: Properties,
        timeout_seconds: float,
        context: grpc.ServicerContext,
    ) -> Snapshot:
        self._claims.begin(wish.urn, inputs, context.peer())
        try:
            with _cancelled_when_the_engine_dies(provider, context):
                physical_id, state = provider.create(wish, inputs, timeout_seconds)
        except IncompleteError as error:
            self._claims.made(wish.urn, error.physical_id)
            raise
        except Exception:
            self._claims.recorded(wish.urn, context.peer())
            raise
        self._claims.made(wish.urn, physical_id)
        return Snapshot(physical_id=physical_id, inputs=inputs, state=state)

    def _look_around(self, provider: Provider, wish: Wish) -> None:
        """Sees what the process before this one left, before this one makes any of the same type."""
        if wish.token in self._claims.doubtful_tokens and wish.token not in self._present:
            with self._claiming:
                if wish.token not in self._present:
                    self._present[wish.token] = provider.present(wish)

    def _claimed(
        self,
        provider: Provider,
        wish: Wish,
        inputs: Properties,
        timeout_seconds: float,
        context: grpc.ServicerContext,
    ) -> Snapshot | None:
        """What a killed run made of the same inputs, if it is there."""
        claim = self._claims.open(wish.urn, inputs, context.peer())
        if claim is None:
            return None
        with self._claiming:  # one at a time: two URNs with equal inputs must not claim one resource
            physical_id = claim.physical_id or provider.find(
                wish, inputs, self._present.get(wish.token, frozenset()), self._claims.known_ids()
            )
            left = provider.read(wish, physical_id, inputs, {}) if physical_id else None
            if left is None:
                return None
            self._claims.begin(wish.urn, inputs, context.peer())
            self._claims.made(wish.urn, left.physical_id)
        # the killed run may have come no further than the first call
        state = provider.update(wish, left.physical_id, inputs, inputs, left.state, timeout_seconds)
        return Snapshot(physical_id=left.physical_id, inputs=inputs, state=state)

    def _known(self, request: Any, context: grpc.ServicerContext) -> Wish:
        """The resource of a request that gives its id: the engine knows it."""
        wish = _wish(request)
        self._claims.recorded(wish.urn, context.peer())
        return wish

    def _provider(self, context: grpc.ServicerContext) -> Provider:
        with self._lock:
            provider = self._providers.get(context.peer())
        if provider is None:
            raise SandboxError(
                f"the sandbox's {self._package.name} provider was restarted in the middle of this run",
                "run the same command again: what was done is in the state",
            )
        return provider


class _told:  # noqa: N801 used as a statement: `with _told(context):`
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


@contextmanager
def _cancelled_when_the_engine_dies(provider: Provider, context: grpc.ServicerContext) -> Iterator[None]:
    """Nobody waits for the answer any more, so nothing is waited for."""
    done = threading.Event()
    context.add_callback(lambda: None if done.is_set() else provider.cancel())
    try:
        yield
    finally:
        done.set()


def _wish(request: Any) -> Wish:
    token = request.type or request.urn.split("::")[2].split("$")[-1]
    return Wish(token=token, name=request.name or request.urn.split("::")[-1], urn=request.urn)


def _timeout(request: Any) -> float:
    return float(request.timeout) or DEFAULT_TIMEOUT_SECONDS


def _failures(failures: list[Failure]) -> list[Any]:
    return [
        provider_pb2.CheckFailure(property=failure.property, reason=failure.reason) for failure in failures
    ]


def _diff_response(difference: Difference, old: Properties, new: Properties) -> Message:
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
