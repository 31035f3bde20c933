"""A sandbox of the benchmarks' own, and programs in it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox import daemon
from scripts.engine import ensure_engine
from tests.e2e.sandboxes import Project, Sandbox


@dataclass(frozen=True, kw_only=True)
class Stand:
    """A running sandbox, and the process that it is."""

    sandbox: Sandbox
    daemon_pid: int

    @classmethod
    def start(cls, folder: Path) -> Stand:
        from rich.console import Console

        sandbox = Sandbox.start(folder, ensure_engine(console=Console()).path)
        return cls(sandbox=sandbox, daemon_pid=daemon.require_running(sandbox.layout).pid)

    def project(self, name: str, **variables: str) -> Project:
        """An empty project whose stack is made when it is first timed; `variables` are the engine's."""
        folder = self.sandbox.layout.root / "programs" / name
        return Project(sandbox=self.sandbox, folder=folder, name=name, variables=variables)

    def timed(self, project: Project, *arguments: str) -> float:
        """The seconds of one command of the engine, which must succeed."""
        if "up" in arguments[:1]:
            project.init()
        began = time.monotonic()
        project.pulumi(*arguments, "--stack", "dev", check=True)
        return time.monotonic() - began

    def client(self, service: str) -> Any:
        return self.sandbox.client(service)

    def stop(self) -> None:
        self.sandbox.stop()
