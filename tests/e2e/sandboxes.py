"""A sandbox and programs of the tests' own, for tests that run the real engine."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import textwrap
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3

from awsmodel.clients import Clients
from awsmodel.resource import Scope
from sandbox import daemon
from sandbox.layout import Layout
from scripts.sandbox_env import shell_environment

CHECKOUT = Path(__file__).parents[2]
RUN_SECONDS = 900  # a guard against what hangs, as `checkouts.SECONDS` is


@dataclass(frozen=True, kw_only=True)
class Run:
    """What the engine answered: its exit code and all that it printed."""

    code: int
    text: str


@dataclass(kw_only=True)
class Sandbox:
    """A running sandbox in a folder of its own."""

    layout: Layout
    engine: Path

    @classmethod
    def start(cls, folder: Path, engine: Path) -> Sandbox:
        folder.mkdir(parents=True, exist_ok=True)
        for file in CHECKOUT.glob("Pulumi*.yaml"):
            shutil.copy(file, folder)
        layout = Layout(folder)
        daemon.start(layout)
        return cls(layout=layout, engine=engine)

    def variables(self, environment: str = "dev") -> dict[str, str]:
        variables = shell_environment(self.layout, environment).variables
        return {
            **variables,
            "PATH": f"{self.engine.parent}{os.pathsep}{variables.get('PATH', os.environ['PATH'])}",
        }

    def client(self, service: str, environment: str = "dev") -> Any:
        variables = self.variables(environment)
        session = boto3.Session(
            region_name=variables["AWS_REGION"],
            aws_access_key_id=variables["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=variables["AWS_SECRET_ACCESS_KEY"],
        )
        served = daemon.require_running(self.layout).environments[environment]
        scope = Scope(account_id=served.account_id, region=served.region)
        return Clients(session, scope, endpoint_url=variables["AWS_ENDPOINT_URL"]).get(service)

    def stop(self) -> None:
        daemon.stop(self.layout)


@dataclass(kw_only=True)
class Project:
    """A Pulumi program of a test, and its stack."""

    sandbox: Sandbox
    folder: Path
    name: str
    environment: str = "dev"
    variables: dict[str, str] = field(default_factory=dict)

    def write(self, program: str, **config: Any) -> None:
        """The program, and the stack's configuration beside the region and the account."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "Pulumi.yaml").write_text(f"name: {self.name}\nruntime: python\n")
        (self.folder / "__main__.py").write_text(textwrap.dedent(program))
        settings = {
            "aws:region": "eu-west-1",
            **{key.replace("__", ":"): value for key, value in config.items()},
        }
        salt = next(
            line
            for line in (CHECKOUT / "Pulumi.dev.yaml").read_text().splitlines()
            if "encryptionsalt" in line
        )
        (self.folder / f"Pulumi.{self.environment}.yaml").write_text(
            f"{salt}\nconfig: {json.dumps(settings)}\n"
        )

    def init(self) -> None:
        self.pulumi("stack", "init", self.environment, "--no-select", check=True)

    def up(self, *arguments: str) -> Run:
        return self.pulumi("up", "--yes", "--skip-preview", *arguments)

    def preview(self, *arguments: str) -> Run:
        return self.pulumi("preview", "--diff", *arguments)

    def refresh(self) -> Run:
        return self.pulumi("refresh", "--yes", "--skip-preview", "--diff")

    def destroy(self) -> Run:
        return self.pulumi("destroy", "--yes", "--skip-preview")

    def outputs(self) -> dict[str, Any]:
        run = self.pulumi("stack", "output", "--json", "--stack", self.environment, check=True)
        outputs: dict[str, Any] = json.loads(run.text)
        return outputs

    def resources(self) -> dict[str, dict[str, Any]]:
        """The resources of the state by their name in the program; the stack and providers left out."""
        run = self.pulumi("stack", "export", "--stack", self.environment, check=True)
        return {
            resource["urn"].split("::")[-1]: resource
            for resource in json.loads(run.text)["deployment"].get("resources", ())
            if not resource["type"].startswith("pulumi:")
        }

    def process(self, *arguments: str, **options: Any) -> subprocess.Popen[str]:
        """The engine, started and not waited for."""
        return subprocess.Popen(
            [str(self.sandbox.engine), *arguments, "--non-interactive", "--color", "never"],
            cwd=self.folder,
            env={**os.environ, **self.variables, **self.sandbox.variables(self.environment)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            **options,
        )

    def pulumi(self, *arguments: str, check: bool = False) -> Run:
        process = self.process(*arguments)
        try:
            text, _ = process.communicate(timeout=RUN_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        assert not check or process.returncode == 0, text
        return Run(code=process.returncode, text=text)
