"""`slipway down`: removes a stack from the sandbox, and stops the sandbox when nothing is left in it."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from sandbox import daemon
from sandbox.layout import Layout
from scripts.errors import CommandError
from scripts.options import Environment
from scripts.stacks import open_stack


def run(
    environment: Environment = "dev",
    keep_sandbox: Annotated[bool, typer.Option(help="Leave the sandbox running.")] = False,
) -> None:
    """Destroy an environment's stack in the sandbox, then stop the sandbox. Safe to run again."""
    console = Console(highlight=False)
    stack = open_stack(environment, console)
    for note in stack.recover():
        console.print(f"note     {note}", soft_wrap=True)
    if not stack.exists() or not (stack.export().get("resources") or []):
        console.print(f"[bold]{environment}[/] is not up: nothing to remove")
    elif code := stack.show("destroy", "--yes", "--skip-preview"):
        raise CommandError(
            f"{environment} is not all gone (pulumi ended with {code}); what is left is in its state",
            f"mend what is named above and run `slipway down {environment}` again: it goes on from there",
        )
    if not keep_sandbox:
        daemon.stop(Layout.find(stack.folder))
        console.print("the sandbox is stopped")
