"""`slipway diff`: how two environments differ, in configuration and resources, and why."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from infra.settings import differences, stack_files
from infra.settings.faults import ConfigError
from infra.settings.sections import StackConfig
from infra.settings.stack_files import StackFile
from sandbox.layout import Layout
from scripts.diff_resources import Surroundings, Told, tell
from scripts.diff_rows import Pair, Row
from scripts.errors import CommandError
from scripts.options import OnAws
from scripts.stacks import open_stack

_LONGEST_VALUE = 48
_MANY_NAMES = 3


def run(
    left: Annotated[str, typer.Argument(metavar="STAGING", help="The smaller environment.")] = "staging",
    right: Annotated[str, typer.Argument(metavar="PROD", help="The one that it is held against.")] = "prod",
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit 1 if a difference is not on the list of allowed ones.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    on_aws: OnAws = False,
) -> None:
    """Show how two environments differ: configuration and resources, each difference with its reason.

    Resources are those of the stacks' states. Exit codes: 0 compared; 1 with --strict if a difference has no
    reason; 2 if it could not be told, as when a stack is not up.
    """
    root = Layout.find(Path.cwd()).root
    try:
        files = [stack_files.find(root, name) for name in (left, right)]
        configs = [stack_files.accept_alone(file) for file in files]
        pair = Pair(left=left, right=right, allowances=differences.allowances())
    except ConfigError as error:
        raise CommandError(str(error), "mend the file, then compare again", exit_code=2) from error
    flat = [file.flat(config) for file, config in zip(files, configs, strict=True)]
    rows = pair.config_rows(*flat)
    told, untold = [], []
    for file, config in zip(files, configs, strict=True):
        try:
            told.append(_resources(file, config, on_aws=on_aws))
        except CommandError as error:
            untold.append(error)
    if not untold:
        rows += pair.resource_rows(*told)
    unexplained = [row for row in rows if not row.difference.reason]
    if as_json:
        typer.echo(_as_json(pair, rows, resources_compared=not untold))
    else:
        _show(pair, rows, unexplained)
    if untold:
        why = "; ".join(error.message for error in untold)
        raise CommandError(f"only the configuration could be compared: {why}", untold[0].hint, exit_code=2)
    if strict and unexplained:
        raise typer.Exit(1)


def _resources(file: StackFile, config: StackConfig, *, on_aws: bool) -> Mapping[str, Told]:
    """What the stack has made, from its state. Raises CommandError if it is not up."""
    stack = open_stack(file.name, Console(stderr=True, quiet=True), on_aws=on_aws)
    around = Surroundings(
        environment=file.name,
        account_id=file.account_id,
        region=str(file.settings[stack_files.REGION]),
        domain=config.domain,
        cost_center=config.cost_center,
        cidr=config.network.cidr,
    )
    return tell(stack.deployed(), around)


def _as_json(pair: Pair, rows: Sequence[Row], *, resources_compared: bool) -> str:
    said = [
        {
            "group": row.group,
            "resources": list(row.names),
            "path": row.difference.path,
            pair.left: _plain(row.difference.left),
            pair.right: _plain(row.difference.right),
            "reason": row.difference.reason or None,
        }
        for row in rows
    ]
    return json.dumps({"resources_compared": resources_compared, "differences": said}, indent=2)


def _plain(value: Any) -> Any:
    return None if value is differences.ABSENT else value


def _show(pair: Pair, rows: Sequence[Row], unexplained: Sequence[Row]) -> None:
    console = Console(highlight=False)
    console.print(_grid([("", pair.left, pair.right)], style="bold"))
    for group, members in groupby(rows, key=lambda row: row.group):
        console.print(f"[bold]{escape(group)}[/]")
        for why, alike in groupby(sorted(members, key=_why), key=_why):
            console.print(f"  {why}", soft_wrap=True)
            console.print(_grid([_cells(row) for row in alike]))
    console.print(
        f"\n{len(rows)} differences between {pair.left} and {pair.right}, {len(unexplained)} without a reason"
    )
    for path in sorted({row.difference.path for row in unexplained}):
        console.print(f"  [red]{escape(path)}[/]", soft_wrap=True)
    if unexplained:
        console.print(
            f"mend them, or give each a reason in infra/settings/{differences.ALLOWED_DIFFERENCES.name}"
        )


def _why(row: Row) -> str:
    found = row.difference
    return (
        f"[cyan]{escape(found.reason)}[/]"
        if found.reason
        else f"[red]no reason: {escape(found.complaint)}[/]"
    )


def _cells(row: Row) -> tuple[str, str, str]:
    left, right = row.difference.left, row.difference.right
    what = ": ".join(filter(None, (_names(row.names), row.property)))
    return what, _shown(left, beside=right), _shown(right, beside=left)


def _grid(rows: Sequence[tuple[str, ...]], style: str = "") -> Table:
    """Rows in the columns that all of the page has, however wide the terminal is."""
    grid = Table.grid(expand=True, padding=(0, 2, 0, 0))
    grid.add_column(width=2)
    for ratio in (2, 1, 1):
        grid.add_column(ratio=ratio, overflow="fold")
    for cells in rows:
        grid.add_row("", *map(escape, cells), style=style)
    return grid


def _names(names: Sequence[str]) -> str:
    if len(names) <= _MANY_NAMES:
        return ", ".join(names)
    return f"{', '.join(names[: _MANY_NAMES - 1])} and {len(names) - _MANY_NAMES + 1} more"


def _shown(value: Any, *, beside: Any) -> str:
    """A value in one line: without what a list has in common with the other, or the middle of a long text."""
    if value is differences.ABSENT:
        return "-"
    if isinstance(value, list) and isinstance(beside, list):
        own = [str(each) for each in value if each not in beside]
        value = ", ".join(own if len(own) == len(value) else ["…", *own])
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    if len(text) <= _LONGEST_VALUE:
        return text
    half = _LONGEST_VALUE // 2
    return f"{text[: half - 1]}…{text[-half:]}"
