"""The `slipway` command."""

from __future__ import annotations

import sys

import typer
from rich.console import Console
from rich.markup import escape

from awsmodel.errors import ModelError
from infra.settings.faults import ConfigError
from sandbox.errors import SandboxError
from scripts import bootstrap, cost, diff, doctor, down, drift, engine, graph, outputs, reference, sandbox, up
from scripts.errors import CommandError

cli = typer.Typer(
    name="slipway",
    help="Brings stacks up with the real Pulumi engine, on a laptop or on AWS.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
cli.command("up")(up.run)
cli.command("down")(down.run)
cli.command("outputs")(outputs.run)
cli.command("drift")(drift.run)
cli.command("graph")(graph.run)
cli.command("diff")(diff.run)
cli.command("cost")(cost.run)
cli.command("bootstrap")(bootstrap.run)
cli.command("doctor")(doctor.run)
cli.command("engine")(engine.run)
cli.command("reference")(reference.run)
cli.add_typer(sandbox.group, name="sandbox")


def main() -> None:
    """Runs the command; what a person can mend is told in two lines, without a traceback."""
    try:
        cli()
    except CommandError as error:
        _tell(error.message, error.hint)
        sys.exit(error.exit_code)
    except SandboxError as error:
        _tell(error.message, error.hint)
        sys.exit(1)
    except (ModelError, ConfigError) as error:
        _tell(str(error), "")
        sys.exit(1)


def _tell(message: str, hint: str) -> None:
    console = Console(stderr=True, highlight=False)
    console.print(f"[red]error:[/] {escape(message)}", soft_wrap=True)
    if hint:
        console.print(f"       {escape(hint)}", soft_wrap=True)
