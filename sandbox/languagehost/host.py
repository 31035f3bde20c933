"""The LanguageRuntime protocol for Python: what lets an engine built from source run our programs.

The engine's own Python host is published with the official command line only. This one serves the
same protocol from the project's environment: one process per operation of the engine, which runs one
program, and the policy packs beside it, with the interpreter that it runs in itself.
"""

from __future__ import annotations

import platform
import sys
import threading
from collections.abc import Iterator
from importlib import metadata
from typing import Any

import grpc
from pulumi.runtime.proto import language_pb2, language_pb2_grpc, plugin_pb2

from sandbox.languagehost import packages
from sandbox.languagehost.generate import GenerateError, generate
from sandbox.languagehost.plugin import Plugin
from sandbox.languagehost.program import run_program


class PythonHost(language_pb2_grpc.LanguageRuntimeServicer):
    """One language host. What it does not serve (templates, SDK generation) answers "unimplemented"."""

    def __init__(self, engine_address: str) -> None:
        self._engine_address = engine_address
        self._plugins: set[Plugin] = set()
        self._lock = threading.Lock()

    def close(self) -> None:
        """End every policy pack and plugin that still runs."""
        with self._lock:
            plugins = list(self._plugins)
        for plugin in plugins:
            plugin.stop()

    def Handshake(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Called only by an engine that attached to a host it did not start (PULUMI_DEBUG_LANGUAGES)."""
        self._engine_address = request.engine_address
        return language_pb2.LanguageHandshakeResponse()

    def GetPluginInfo(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """The version of this host is the SDK's: the engine is pinned to the same."""
        return plugin_pb2.PluginInfo(version=metadata.version("pulumi"))

    def GetRequiredPackages(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Name the provider packages of this environment, without those that the engine is attached to."""
        return language_pb2.GetRequiredPackagesResponse(packages=packages.required())

    def RuntimeOptionsPrompts(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Ask nothing: the environment is there already."""
        return language_pb2.RuntimeOptionsResponse()

    def InstallDependencies(self, request: Any, context: grpc.ServicerContext) -> Iterator[Any]:  # noqa: N802
        """Install nothing, and say what does."""
        yield language_pb2.InstallDependenciesResponse(
            stdout=f"the environment is {sys.prefix}; `uv sync` brings it up to date with uv.lock\n".encode()
        )

    def About(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Name the interpreter that runs programs."""
        return language_pb2.AboutResponse(executable=sys.executable, version=platform.python_version())

    def GetProgramDependencies(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """List the distributions of this environment."""
        return language_pb2.GetProgramDependenciesResponse(
            dependencies=[
                language_pb2.DependencyInfo(name=name, version=version)
                for name, version in packages.distributions(transitive=request.transitiveDependencies)
            ]
        )

    def Run(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Run the program; a failure that the user has been shown already answers `bail`."""
        return run_program(request, self._engine_address)

    def GenerateProgram(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Write the resources that `pulumi import` took over as a Python program."""
        try:
            program = generate("\n".join(request.source.values()))
        except GenerateError as error:
            context.abort(grpc.StatusCode.UNIMPLEMENTED, str(error))
        return language_pb2.GenerateProgramResponse(source={"__main__.py": program.encode()})

    def RunPlugin(self, request: Any, context: grpc.ServicerContext) -> Iterator[Any]:  # noqa: N802
        """Run a policy pack or plugin until it ends or the engine hangs up; forward what it prints."""
        plugin = Plugin(request)
        with self._lock:
            self._plugins.add(plugin)
        context.add_callback(plugin.stop)
        try:
            yield from plugin.run()
        finally:
            plugin.stop()
            with self._lock:
                self._plugins.discard(plugin)
