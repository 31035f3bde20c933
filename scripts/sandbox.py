"""`slipway sandbox`: the cloud on this laptop, started, asked, emptied and stopped."""

from __future__ import annotations

import json
import shlex
import time
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
import yaml
from rich.console import Console

from sandbox import daemon
from sandbox.layout import Layout
from scripts.sandbox_env import shell_environment

group = typer.Typer(
    name="sandbox", help="The cloud on this laptop: start, look, empty, stop.", no_args_is_help=True
)
_FOLLOW_SECONDS = 0.2


class Provider(StrEnum):
    """Which plugin acts for `aws:` types."""

    SANDBOX = "sandbox"
    OFFICIAL = "official"


@group.command()
def start(
    port: Annotated[int | None, typer.Option(help="Port of the AWS endpoint; free if omitted.")] = None,
) -> None:
    """Start the sandbox of this checkout, or find it running."""
    console = Console(highlight=False)
    with console.status("starting the sandbox"):
        record = daemon.start(_layout(), port, progress=console.print)
    console.print(f"the sandbox serves at {record.endpoint_url} (pid {record.pid})")
    for name, environment in record.environments.items():
        console.print(f"  {name:<10} account {environment.account_id}, {environment.region}")


@group.command()
def stop() -> None:
    """Stop the sandbox; what is in it stays for the next start."""
    match daemon.stop(_layout()):
        case None:
            typer.echo("the sandbox does not run")
        case True:
            typer.echo("the sandbox stopped; its state is saved")
        case False:
            typer.echo(
                "the sandbox did not end by itself and was killed; changes of the last seconds may be lost"
            )


@group.command()
def status(as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False) -> None:
    """Show what runs and what is in it; exit code 1 if it does not run."""
    layout = _layout()
    now = daemon.status(layout)
    if as_json:
        typer.echo(json.dumps(asdict(now)))
        return
    console = Console(highlight=False)
    console.print(f"running at {now.record.endpoint_url}, pid {now.record.pid}, {now.memory_bytes >> 20} MB")
    for name, environment in now.record.environments.items():
        counts = now.resources_by_account.get(environment.account_id, {})
        resources = ", ".join(f"{count} {service}" for service, count in counts.items())
        where = f"{name:<10} account {environment.account_id}, {environment.region}"
        console.print(f"{where}: {resources or 'empty'}", soft_wrap=True)
    console.print(_last_save(now))


@group.command()
def reset(
    environment: Annotated[str | None, typer.Argument(metavar="[ENV]", help="All, if omitted.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Empty an environment's account, and forget the stack that was in it."""
    layout = _layout()
    names = [environment] if environment else list(daemon.require_running(layout).environments)
    if not yes:
        typer.confirm(f"delete everything in {', '.join(names)}?", abort=True)
    daemon.reset(layout, names)
    typer.echo(f"{', '.join(names)}: empty")


@group.command()
def logs(
    follow: Annotated[bool, typer.Option("--follow", help="Go on until Ctrl-C.")] = False,
    lines: Annotated[int, typer.Option(min=0, help="How many of the last lines.")] = 50,
) -> None:
    """Show what the sandbox logged."""
    path = _layout().daemon_log
    for line in _tail(path, lines, follow=follow):
        typer.echo(line, nl=False)


@group.command()
def env(
    environment: Annotated[str, typer.Argument(metavar="ENV")],
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    provider: Annotated[
        Provider,
        typer.Option(help="official: a stack file with which the official AWS plugin acts in the sandbox."),
    ] = Provider.SANDBOX,
) -> None:
    """Print what a shell needs to act in an environment: eval "$(slipway sandbox env dev)"."""
    if provider is Provider.OFFICIAL:
        from scripts.sandbox_official import official_stack_file

        text = official_stack_file(_layout(), environment)
        typer.echo(json.dumps(yaml.safe_load(text), indent=2) if as_json else text, nl=as_json)
        return
    shell = shell_environment(_layout(), environment)
    if shell.warning:
        typer.echo(shell.warning, err=True)
    if as_json:
        typer.echo(json.dumps(shell.variables))
        return
    typer.echo(f"unset {' '.join(shell.unset)}")
    for name, value in shell.variables.items():
        typer.echo(f"export {name}={shlex.quote(value)}")


def _layout() -> Layout:
    return Layout.find(Path.cwd())


def _last_save(now: daemon.Status) -> str:
    if now.last_save is None:
        return "no save since the start"
    if now.last_save["error"]:
        return f"[red]the last save failed:[/] {now.last_save['error']}"
    age_seconds = (datetime.now(UTC) - datetime.fromisoformat(now.last_save["at"])).total_seconds()
    return f"saved {age_seconds:.0f} s ago, {now.last_save['size_bytes'] / 1e6:.1f} MB"


def _tail(path: Path, lines: int, *, follow: bool) -> Iterator[str]:
    try:
        file = path.open(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return
    with file:
        content = file.readlines()
        yield from content[len(content) - min(lines, len(content)) :]
        while follow:
            yield from file
            time.sleep(_FOLLOW_SECONDS)
