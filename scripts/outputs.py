"""`slipway outputs`: what a stack promises to those who use it."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.console import Console

from infra import outputs
from scripts.errors import CommandError
from scripts.options import Environment, OnAws
from scripts.stacks import open_stack


def run(
    environment: Environment = "dev",
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    on_aws: OnAws = False,
) -> None:
    """Print the outputs of a stack: names, addresses and ARNs, and never a secret."""
    stack = open_stack(environment, Console(stderr=True, quiet=True), on_aws=on_aws)
    stack.deployed()
    values = json.loads(stack.ask("stack", "output", "--json", "--stack", environment))
    try:
        found = outputs.read(values).model_dump(mode="json")
    except ValueError as error:
        raise CommandError(
            f"{environment}: {error}", f"then run `slipway outputs {environment}` again"
        ) from None
    if as_json:
        typer.echo(json.dumps(found, indent=2))
        return
    width = max(map(len, found))
    for name, value in found.items():
        for line in _lines(value):
            typer.echo(f"{name:<{width}}  {line}".rstrip())
            name = ""


def _lines(value: object) -> list[str]:
    """A value for people: a list is an entry a line."""
    if isinstance(value, dict):
        return [f"{key}: {each}" for key, each in value.items()] or ["-"]
    if isinstance(value, list):
        return [str(each) for each in value] or ["-"]
    return [str(value)]
