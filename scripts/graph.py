"""`slipway graph`: a stack as pictures, from its state."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from sandbox.layout import Layout
from scripts.errors import CommandError
from scripts.options import Environment, OnAws
from scripts.pictures import mermaid
from scripts.pictures.network import network
from scripts.pictures.network_svg import draw_network
from scripts.pictures.parts import parts
from scripts.pictures.parts_svg import draw_parts
from scripts.stacks import open_stack
from scripts.state import State


def run(
    environment: Environment = "dev",
    output: Annotated[
        Path | None, typer.Option(help="The folder to write to.", show_default=".sandbox/graph/ENV")
    ] = None,
    on_aws: OnAws = False,
) -> None:
    """Draw a stack that is up: its network and its resources, each as SVG and as Mermaid."""
    stack = open_stack(environment, Console(stderr=True, quiet=True), on_aws=on_aws)
    state = State(stack.deployed())
    try:
        net = network(state, f"{stack.project} {environment}: who may speak to whom")
    except ValueError as error:
        raise CommandError(f"{environment}: {error}", "bring the whole stack up first", exit_code=2) from None
    made = parts(state)
    count = sum(part.count for part in made)
    title = f"{stack.project} {environment}: {count} resources of {len(made)} components"
    folder = output or Layout(stack.folder).folder / "graph" / environment
    pages = {
        "network.svg": draw_network(net),
        "network.mmd": mermaid.draw_network(net),
        "resources.svg": draw_parts(made, title),
        "resources.mmd": mermaid.draw_parts(made),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in pages.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise CommandError(
            f"cannot write to {folder}: {error.strerror}", "name another --output", exit_code=2
        ) from None
    for name in pages:
        typer.echo(folder / name)
