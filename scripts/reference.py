"""`slipway reference`: prints docs/reference from the code, or says that it is stale."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Annotated

import typer

from awsmodel.catalogue import HOW_TO_ADD, resource_types
from awsmodel.clients import Clients
from awsmodel.functions import FUNCTIONS
from awsmodel.lifecycle import Lifecycle
from awsmodel.resource import ResourceType, Scope
from scripts.errors import CommandError

FOLDER = Path("docs/reference")


def run(
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; exit 1 when a page is stale.")
    ] = False,
) -> None:
    """Print the reference pages from the code into docs/reference."""
    stale = []
    for name, page in PAGES.items():
        path = FOLDER / name
        text = page()
        if path.exists() and path.read_text() == text:
            continue
        if check:
            stale.append(str(path))
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        typer.echo(f"wrote {path}")
    if stale:
        raise CommandError(
            f"{', '.join(stale)} is not what the code says", "run `make reference` and commit it"
        )


def _resource_types() -> str:
    import boto3

    # no call is made: the clients only carry the service models
    session = boto3.Session(region_name="eu-west-1")
    clients = Clients(session, Scope(account_id="000000000000", region="eu-west-1"))
    types = resource_types()
    lines = [
        "# Resource types",
        "",
        "<!-- printed by `make reference` from awsmodel/types; change it there -->",
        "",
        f"The model of AWS knows {len(types)} pulumi-aws resource types and {len(FUNCTIONS)} functions.",
        "A type that is not here is refused with an error that names it;",
        f"[adding one]({Path('..') / Path(HOW_TO_ADD).name}) takes one small entry.",
        "",
        "| type | API | changes in place | forces a replacement | cannot be read back |",
        "| --- | --- | --- | --- | --- |",
    ]
    lines += [_row(resource, Lifecycle(resource, clients)) for resource in types.values()]
    lines += ["", "## Cannot be read back, and why", ""]
    lines += list(_unreadable(types))
    lines += ["", "## Functions", ""]
    lines += [f"- `{token}`" for token in sorted(FUNCTIONS)]
    return "\n".join(lines) + "\n"


def _row(resource: ResourceType, lifecycle: Lifecycle) -> str:
    inputs = lifecycle.modelled
    in_place = inputs & lifecycle.updatable
    replacing = inputs - in_place - {"region"}
    return (
        f"| `{resource.token}` | {resource.service} | {_names(in_place)} | {_names(replacing)} "
        f"| {_names(resource.unreadable)} |"
    )


def _names(names: frozenset[str] | set[str] | Mapping[str, str]) -> str:
    return ", ".join(sorted(names)) or "none"


def _unreadable(types: Mapping[str, ResourceType]) -> Iterator[str]:
    for resource in types.values():
        for name, reason in sorted(resource.unreadable.items()):
            yield f"- `{resource.token}` {name}: {reason}"


PAGES: Mapping[str, Callable[[], str]] = {"resource-types.md": _resource_types}
