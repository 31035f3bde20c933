"""`slipway down`: removes a stack from the sandbox, and stops the sandbox when nothing is left in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console

from sandbox import daemon
from sandbox.layout import Layout
from scripts.errors import CommandError
from scripts.options import Environment
from scripts.protection import protected, unprotected_stack_file
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


def _remove(stack: Stack, kept: Sequence[str], *, decommission: bool) -> None:
    if kept and not decommission:
        more = f" and {len(kept) - _SHOWN} more" if len(kept) > _SHOWN else ""
        raise CommandError(
            f"{stack.name} is protected, and nothing was removed: {', '.join(kept[:_SHOWN])}{more} hold what "
            "cannot be made again",
            f"in the sandbox: slipway down {stack.name} --decommission; on AWS see {_HOW_TO_LEAVE}",
        )
    if kept:
        with unprotected_stack_file(stack) as file:
            _run(stack, "up", "--suppress-outputs", "--config-file", str(file))
            _run(stack, "destroy", "--config-file", str(file))
    else:
        _run(stack, "destroy")


def _run(stack: Stack, *arguments: str) -> None:
    if code := stack.show(*arguments, "--yes", "--skip-preview"):
        raise CommandError(
            f"{stack.name} is not all gone (pulumi {arguments[0]} ended with {code}); "
            "what is left is in its state",
            "mend what is named above and run the same command again: it goes on from there",
        )
