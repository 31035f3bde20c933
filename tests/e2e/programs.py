"""Programs that need no cloud, run by the real engine through the project's own language host."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

TOOLS = Path(__file__).parents[2] / "tools"
RUN_SECONDS = 120


@dataclass(kw_only=True)
class Program:
    """A project with one stack, `dev`, in a folder of its own, with its own state and home."""

    folder: Path
    engine: Path
    variables: dict[str, str] = field(default_factory=dict)

    def create(self) -> None:
        """Make the folders, the language host that comes first on PATH, and the stack."""
        for name in ("code", "state", "home", "bin"):
            (self.folder / name).mkdir()
        (self.folder / "bin" / "pulumi-language-python").symlink_to(TOOLS / "pulumi-language-python")
        (self.code / "Pulumi.yaml").write_text("name: tiny\nruntime: python\n", encoding="utf-8")
        self.write("")
        self.run("stack", "init", "dev", check=True)

    @property
    def code(self) -> Path:
        return self.folder / "code"

    @property
    def environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("PULUMI_")}
        return {
            **inherited,
            "PATH": os.pathsep.join([str(self.folder / "bin"), str(self.engine.parent), os.environ["PATH"]]),
            "PULUMI_BACKEND_URL": f"file://{self.folder / 'state'}",
            "PULUMI_HOME": str(self.folder / "home"),
            "PULUMI_CONFIG_PASSPHRASE": "open sesame",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            # No test may reach for a plugin on the network: nobody listens there.
            "PULUMI_PLUGIN_DOWNLOAD_URL_OVERRIDES": ".*=http://127.0.0.1:9",
            "SLIPWAY_PYTHON": sys.executable,
            **self.variables,
        }

    def write(self, text: str, name: str = "__main__.py") -> Path:
        path = self.code / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        return path

    def write_policy_pack(self, text: str) -> Path:
        folder = self.folder / "pack"
        folder.mkdir(exist_ok=True)
        (folder / "PulumiPolicy.yaml").write_text("runtime: python\n", encoding="utf-8")
        (folder / "__main__.py").write_text(textwrap.dedent(text), encoding="utf-8")
        return folder

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start the engine; its output is one stream."""
        return subprocess.Popen(
            [self.engine, *arguments, "--non-interactive", "--color", "never"],
            cwd=self.code,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments: str, check: bool = False) -> tuple[int, str]:
        """Run the engine and return its exit code and output; `check` asserts that it succeeds."""
        process = self.start(*arguments)
        try:
            output, _ = process.communicate(timeout=RUN_SECONDS)
        finally:
            process.kill()
        assert not check or process.returncode == 0, output
        return process.returncode, output

    def up(self, *arguments: str, check: bool = True) -> str:
        return self.run("up", "--yes", "--skip-preview", *arguments, check=check)[1]

    def outputs(self, *arguments: str) -> dict[str, Any]:
        outputs: dict[str, Any] = json.loads(self.run("stack", "output", "--json", *arguments, check=True)[1])
        return outputs


class _Things(provider_pb2_grpc.ResourceProviderServicer):
    """The least that a provider to attach to needs: things that are what they are asked to be."""

    def Handshake(self, request: Any, context: Any) -> Any:
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True, accept_outputs=True)

    def Attach(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()

    def GetPluginInfo(self, request: Any, context: Any) -> Any:
        return plugin_pb2.PluginInfo(version="7.51.1")

    def CheckConfig(self, request: Any, context: Any) -> Any:
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, request: Any, context: Any) -> Any:
        return provider_pb2.DiffResponse()

    def Configure(self, request: Any, context: Any) -> Any:
        return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    def Check(self, request: Any, context: Any) -> Any:
        return provider_pb2.CheckResponse(inputs=request.news)

    def Diff(self, request: Any, context: Any) -> Any:
        return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE)

    def Read(self, request: Any, context: Any) -> Any:
        return provider_pb2.ReadResponse(id=request.id, properties=request.properties, inputs=request.inputs)

    def Create(self, request: Any, context: Any) -> Any:
        if "refused" in request.properties.fields:
            context.abort(grpc.StatusCode.UNKNOWN, "AccessDenied: this thing is refused")
        return provider_pb2.CreateResponse(id="thing", properties=request.properties)

    def Delete(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()

    def Cancel(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()


@contextmanager
def things() -> Iterator[int]:
    """Serve a provider to attach to; give its port."""
    server = grpc.server(ThreadPoolExecutor(max_workers=8))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(_Things(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield port
    server.stop(grace=None).wait()
