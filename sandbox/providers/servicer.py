"""Translates the engine's gRPC requests for one package.

One process serves several provider instances, because the engine attaches each of its own (the default one,
explicit ones, those of another run) to the same port: they are told apart by the connection they come over.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import grpc
from google.protobuf import empty_pb2
from google.protobuf.message import Message
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from sandbox.errors import SandboxError
from sandbox.providers.answers import check_failures, diff_response, told
from sandbox.providers.base import Difference, Package, Provider, Wish
from sandbox.providers.claims import Claims
from sandbox.providers.creation import Creation
from sandbox.providers.values import from_struct, to_struct

DEFAULT_TIMEOUT_SECONDS = 20 * 60


class Servicer(provider_pb2_grpc.ResourceProviderServicer):
    """Translates the engine's requests for one package."""

    def __init__(self, package: Package, claims: Claims) -> None:
        self._package = package
        self._claims = claims
        self._creation = Creation(claims)
        self._providers: dict[str, Provider] = {}
        self._lock = threading.Lock()

    def Handshake(self, request: Any, context: grpc.ServicerContext) -> Message:  # noqa: N802
        return provider_pb2.ProviderHandshakeResponse()

    def Attach(self, request: Any, context: grpc.ServicerContext) -> empty_pb2.Empty:  # noqa: N802
        return empty_pb2.Empty()

    def GetPluginInfo(self, request: Any, context: grpc.ServicerContext) -> Message:  # noqa: N802
        return plugin_pb2.PluginInfo(version=self._package.version)

    def GetSchema(self, request: Any, context: grpc.ServicerContext) -> Message:  # noqa: N802
        if self._package.schema is None:
            context.abort(grpc.StatusCode.UNIMPLEMENTED, f"{self._package.name} has no schema here")
        with told(context, what="the schema"):
            return provider_pb2.GetSchemaResponse(schema=self._package.schema())

    def CheckConfig(self, request: Any, context: grpc.ServicerContext) -> Message:  # noqa: N802
        with told(context):
            failures = self._package.check_config(from_struct(request.news))
            return provider_pb2.CheckResponse(inputs=request.news, failures=check_failures(failures))

    def DiffConfig(self, request: Any, context: grpc.ServicerContext) -> Message:  # noqa: N802
        # a provider is configured anew, and never replaced: other credentials make no other resources
        old, new = from_struct(request.old_inputs), from_struct(request.news)
        changed = frozenset(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))
        return diff_response(Difference(changed=changed), old, new)

    def Configure(self, request: Any, context: grpc.ServicerContext) -> Message:  # noqa: N802
        with told(context):
            provider = self._package.configure(from_struct(request.args))
            with self._lock:
                self._providers[context.peer()] = provider
            return provider_pb2.ConfigureResponse(supportsPreview=True)

    def Invoke(self, request: Any, context: grpc.ServicerContext) -> Message:  # noqa: N802
        with told(context, what=request.tok):
            results = self._provider(context).invoke(request.tok, from_struct(request.args))
            # `return` is a keyword of Python, so the field cannot be named in a call
            response = provider_pb2.InvokeResponse()
            getattr(response, "return").CopyFrom(to_struct(results))
            return response

    def Check(self, request: Any, context: grpc.ServicerContext) -> Message:  # noqa: N802
        wish = _wish(request)
        with told(context, what=wish.urn):
            inputs, failures = self._provider(context).check(
                wish, from_struct(request.olds), from_struct(request.news), request.randomSeed
            )
            return provider_pb2.CheckResponse(inputs=to_struct(inputs), failures=check_failures(failures))

    def Diff(self, request: Any, context: grpc.ServicerContext) -> Message:  # noqa: N802
        wish = self._known(request, context)
        with told(context, what=wish.urn):
            old, new = from_struct(request.old_inputs), from_struct(request.news)
            # what a program told the engine to ignore keeps its old value, whatever is below it
            for path in request.ignoreChanges:
                name = path.split(".")[0].split("[")[0]
                if name == path and name in old:
                    new[name] = old[name]
                elif name == path:
                    new.pop(name, None)
            difference = self._provider(context).diff(wish, old, new, from_struct(request.olds))
            return diff_response(difference, old, new)

    def Create(self, request: Any, context: grpc.ServicerContext) -> Message:  # noqa: N802
        wish = _wish(request)
        with told(context, what=wish.urn):
            inputs = from_struct(request.properties)
            provider = self._provider(context)
            if request.preview:
                return provider_pb2.CreateResponse(properties=to_struct(provider.preview(wish, inputs, {})))
            with _cancelled_when_the_engine_dies(provider, context):
                snapshot = self._creation.create(provider, wish, inputs, _timeout(request), context.peer())
            return provider_pb2.CreateResponse(id=snapshot.physical_id, properties=to_struct(snapshot.state))

    def Read(self, request: Any, context: grpc.ServicerContext) -> Message:  # noqa: N802
        wish = self._known(request, context)
        with told(context, what=wish.urn):
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
        with told(context, what=wish.urn):
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
        with told(context, what=wish.urn):
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
