"""A copy of the project, as a person has it after `git clone`, and its own commands in it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import yaml

from sandbox.layout import Layout
from tests.e2e.sandboxes import CHECKOUT, Project, Run, Sandbox

SLIPWAY = CHECKOUT / ".venv/bin/slipway"
# A guard against what hangs, and no measure of speed: a busy machine takes several times as long.
SECONDS = 900


class Checkout:
    """A copy of the project, as a person has it after `git clone`."""

    def __init__(self, folder: Path, engine: Path) -> None:
        self.folder = folder
        files = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=CHECKOUT, capture_output=True, text=True, check=True,
        ).stdout.split("\0")  # fmt: skip
        for name in filter(None, files):
            if (CHECKOUT / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(CHECKOUT / name, folder / name)
        self.before = self.contents()
        self.layout = Layout(folder)
        self.engine = engine
        # the environment that runs the tests has the original checkout installed; the copy comes first
        self.variables = {"PYTHONPATH": str(folder)}

    def contents(self) -> dict[str, bytes]:
        """What git would see: every file outside .sandbox."""
        return {
            str(path.relative_to(self.folder)): path.read_bytes()
            for path in sorted(self.folder.rglob("*"))
            if path.is_file() and not {".sandbox", "__pycache__"} & set(path.relative_to(self.folder).parts)
        }

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """A command of the project, started and not waited for."""
        return subprocess.Popen(
            [str(SLIPWAY), *arguments],
            cwd=self.folder,
            env={**os.environ, **self.variables, "COLUMNS": "160"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def slipway(self, *arguments: str) -> Run:
        process = self.start(*arguments)
        text, _ = process.communicate(timeout=SECONDS)
        return Run(code=process.returncode, text=text)

    @property
    def sandbox(self) -> Sandbox:
        return Sandbox(layout=self.layout, engine=self.engine)

    @property
    def project(self) -> Project:
        return self.environment("dev")

    def environment(self, name: str) -> Project:
        return Project(
            sandbox=self.sandbox,
            folder=self.folder,
            name="slipway",
            environment=name,
            variables=self.variables,
        )

    def change_stack_file(self, environment: str = "dev", /, **stack: Any) -> None:
        path = self.folder / f"Pulumi.{environment}.yaml"
        content = yaml.safe_load(path.read_text())
        content["config"]["slipway:stack"] |= stack
        path.write_text(yaml.safe_dump(content))


def counts(text: str) -> dict[str, int]:
    """The engine's own summary: `{"updated": 1, "unchanged": 163}`."""
    summary = text.split("Resources:")[-1].split("Duration:")[0]
    return {what: int(count) for count, what in re.findall(r"(\d+) (\w+)", summary)}
