"""`slipway down`: removes a stack from the sandbox, and stops the sandbox when nothing is left in it."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml
from rich.console import Console

from infra.stack_files import STACK
from sandbox import daemon
from sandbox.layout import Layout
from scripts.errors import CommandError
from scripts.options import Environment
from scripts.stacks import Stack, open_stack

_SHOWN = 5
_HOW_TO_LEAVE = "docs/how-to/deploy-to-aws.md"


def run(
    environment: Environment = "dev",
    decommission: Annotated[
        bool,
        typer.Option(
            "--decommission", help="Take the protection of what holds data off first. Sandbox only."
        ),
    ] = False,
    keep_sandbox: Annotated[bool, typer.Option(help="Leave the sandbox running.")] = False,
) -> None:
    """Destroy an environment's stack in the sandbox, then stop the sandbox. Safe to run again."""
    console = Console(highlight=False)
    stack = open_stack(environment, console)
    for note in stack.recover():
        console.print(f"note     {note}", soft_wrap=True)
    resources = (stack.export().get("resources") or []) if stack.exists() else []
    if not resources:
        console.print(f"[bold]{environment}[/] is not up: nothing to remove")
    else:
        _remove(stack, protected(resources), decommission=decommission)
    if not keep_sandbox:
        daemon.stop(Layout.find(stack.folder))
        console.print("the sandbox is stopped")


def protected(resources: Sequence[Mapping[str, Any]]) -> list[str]:
    """The names of the resources that the engine does not delete."""
    return sorted(entry["urn"].rpartition("::")[2] for entry in resources if entry.get("protect"))


def decommissioned(stack_file: str, environment: str) -> str:
    """The text of a stack file whose stack may be destroyed with all that it holds."""
    content = yaml.safe_load(stack_file)
    content["config"][STACK] |= {"decommission": environment, "deletion_protection": False}
    return yaml.safe_dump(content, sort_keys=False)


def _remove(stack: Stack, kept: Sequence[str], *, decommission: bool) -> None:
    if kept and not decommission:
        more = f" and {len(kept) - _SHOWN} more" if len(kept) > _SHOWN else ""
        raise CommandError(
            f"{stack.name} is protected, and nothing was removed: {', '.join(kept[:_SHOWN])}{more} hold what "
            "cannot be made again",
            f"in the sandbox: slipway down {stack.name} --decommission; on AWS see {_HOW_TO_LEAVE}",
        )
    with tempfile.TemporaryDirectory(prefix="slipway-down-") as folder:
        # a file of this run's own: the one of the checkout goes on protecting
        file = Path(folder) / f"Pulumi.{stack.name}.yaml"
        text = (stack.folder / file.name).read_text(encoding="utf-8")
        file.write_text(decommissioned(text, stack.name) if kept else text, encoding="utf-8")
        options = ("--yes", "--skip-preview", "--config-file", str(file))
        if kept and (code := stack.show("up", *options, "--suppress-outputs")):
            raise CommandError(
                f"the protection of {stack.name} is not all off (pulumi ended with {code})",
                f"mend what is named above and run `slipway down {stack.name} --decommission` again",
            )
        if code := stack.show("destroy", *options):
            raise CommandError(
                f"{stack.name} is not all gone (pulumi ended with {code}); what is left is in its state",
                f"mend what is named above and run `slipway down {stack.name}` again: it goes on from there",
            )
