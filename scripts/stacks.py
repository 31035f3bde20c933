"""Runs the engine on a stack of this checkout, with the sandbox's environment."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psutil
import yaml
from rich.console import Console

from sandbox import daemon
from sandbox.layout import PROJECT_FILE, Layout
from scripts.aws import stack_secrets
from scripts.engine import ensure_engine
from scripts.errors import CommandError
from scripts.sandbox_env import CONFIG_FILE, shell_environment


@dataclass(frozen=True, kw_only=True)
class Stack:
    """A stack, the engine that acts on it, and the variables that the engine is given."""

    name: str
    engine: Path
    folder: Path
    variables: Mapping[str, str]
    project: str  # its name in Pulumi.yaml
    unset: Sequence[str] = ()  # variables of this shell that would win over those

    @property
    def file(self) -> Path:
        """The stack file that the engine reads."""
        return Path(self.variables.get(CONFIG_FILE) or Layout(self.folder).stack_file(self.name))

    def exists(self) -> bool:
        return any(entry["name"] == self.name for entry in json.loads(self.ask("stack", "ls", "--json")))

    def create(self) -> None:
        """Raises CommandError. The file that the engine is given is left as it is."""
        # `stack init` alone takes no --config-file, and looks for the stack's file in its folder
        file = self.file
        provider = stack_secrets.provider(file.read_text(encoding="utf-8")) if file.is_file() else ""
        chosen = ["--secrets-provider", provider] if provider else []
        replace(self, folder=file.parent).ask("stack", "init", "--stack", self.name, "--no-select", *chosen)

    def export(self) -> dict[str, Any]:
        """The stack's state: its resources, and the operations that an interrupted run left behind."""
        deployment: dict[str, Any] = json.loads(self.ask("stack", "export", "--stack", self.name))[
            "deployment"
        ]
        return deployment

    def deployed(self) -> list[dict[str, Any]]:
        """The resources of the state. Raises CommandError, exit code 2, when the stack is not up."""
        resources = (self.export().get("resources") or []) if self.exists() else []
        if not any(entry.get("custom") for entry in resources):
            raise CommandError(
                f"{self.name} is not up: there is nothing to read",
                f"bring it up with `slipway up {self.name}`",
                exit_code=2,
            )
        return resources

    def is_settled(self) -> bool:
        """Whether the last run on the stack came to its end; if not, its state may lack what is asked for."""
        runs = json.loads(self.ask("stack", "history", "--json", "--page-size", "1", "--stack", self.name))
        succeeded = bool(runs) and runs[0]["result"] == "succeeded"
        return succeeded and not self.export().get("pending_operations")

    def ask(self, *arguments: str) -> str:
        """What the engine prints. Raises CommandError with its own words when it fails."""
        done = subprocess.run(
            [str(self.engine), *arguments, "--non-interactive"],
            cwd=self.folder,
            env=self._environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            words = done.stderr.strip().removeprefix("error: ") or done.stdout.strip()
            is_local = self.variables.get("PULUMI_BACKEND_URL", "").startswith("file:")
            hint = "`slipway sandbox logs` may tell more" if is_local else ""
            raise CommandError(f"pulumi {arguments[0]}: {words}", hint, exit_code=2)
        return done.stdout

    def show(self, *arguments: str) -> int:
        """Runs the engine on this terminal, and gives its exit code."""
        with _interrupts_left_to_the_engine():
            return subprocess.call(
                [str(self.engine), *arguments, "--stack", self.name], cwd=self.folder, env=self._environment()
            )

    def recover(self) -> list[str]:
        """Makes the stack usable after a run that was killed, and says what that took.

        Raises CommandError when a run is still alive, or when the state is beyond repair.
        """
        return [*self._release_dead_locks(), *self._restore_torn_state()]

    def _release_dead_locks(self) -> Iterator[str]:
        for path in self._backend.glob(f"locks/**/{self.project}/{self.name}/*.json"):
            holder = int(json.loads(path.read_text())["pid"])
            if psutil.pid_exists(holder):
                raise CommandError(
                    f"another run of the engine (process {holder}) holds the stack {self.name}",
                    "wait until it ends, or interrupt it",
                )
            path.unlink()
            yield f"the run of process {holder} was killed; its lock on {self.name} is released"

    def _restore_torn_state(self) -> Iterator[str]:
        """The engine writes its state in place, after a copy of the one before: a kill can tear it.

        So it does with the file of attributes beside it, which it can do without.
        """
        state = self._backend / "stacks" / self.project / f"{self.name}.json"
        for attributes in state.parent.glob(f"{state.name}*.attrs"):
            if not _is_json(attributes):
                attributes.unlink()
        if not state.exists() or _is_json(state):
            return
        copy = state.with_name(f"{state.name}.bak")
        if not _is_json(copy):
            raise CommandError(
                f"the state of {self.name} was torn by a killed run, and so was its copy: {state}",
                f"`slipway sandbox reset {self.name}` starts over",
                exit_code=2,
            )
        shutil.copy(copy, state)
        state.with_name(f"{state.name}.attrs").unlink(missing_ok=True)
        yield f"the state of {self.name} was torn by a killed run; the copy before it is used"

    @property
    def _backend(self) -> Path:
        return Path(self.variables["PULUMI_BACKEND_URL"].removeprefix("file://")) / ".pulumi"

    def _environment(self) -> dict[str, str]:
        own = {name: value for name, value in os.environ.items() if name not in self.unset}
        return {**own, **self.variables, "PULUMI_SKIP_UPDATE_CHECK": "true"}


def open_stack(environment: str, console: Console, *, on_aws: bool = False) -> Stack:
    """The stack of an environment: in the sandbox of this checkout, which is started when it does not run.

    With `on_aws`, the stack on AWS, by the credentials and the state backend of the shell.
    """
    layout = Layout.find(Path.cwd())
    if not layout.stack_file(environment).is_file():
        known = sorted(path.name.split(".")[1] for path in layout.root.glob("Pulumi.*.yaml"))
        raise CommandError(f"no environment is called {environment}", f"there are: {', '.join(known)}")
    engine = ensure_engine(console=console)
    if on_aws:
        return Stack(
            name=environment,
            engine=engine.path,
            folder=layout.root,
            # a shell of the sandbox may name the copy that the sandbox reads
            variables={CONFIG_FILE: str(layout.stack_file(environment))},
            project=project_name(layout.root),
        )
    console.print(f"engine   pulumi {engine.version} ({engine.source.value}), {engine.path}", soft_wrap=True)
    with console.status("starting the sandbox"):
        record = daemon.start(layout)
    console.print(f"sandbox  {record.endpoint_url}, in {layout.folder}", soft_wrap=True)
    shell = shell_environment(layout, environment)
    return Stack(
        name=environment,
        engine=engine.path,
        folder=layout.root,
        variables=shell.variables,
        project=project_name(layout.root),
        unset=shell.unset,
    )


def project_name(folder: Path) -> str:
    """The name in a folder's Pulumi.yaml."""
    name: str = yaml.safe_load((folder / PROJECT_FILE).read_text(encoding="utf-8"))["name"]
    return name


def _is_json(path: Path) -> bool:
    try:
        json.loads(path.read_text())
    except (OSError, ValueError):
        return False
    return True


@contextmanager
def _interrupts_left_to_the_engine() -> Iterator[None]:
    """Ctrl-C reaches the engine too, which finishes what it began; this process must outlive it to report."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
