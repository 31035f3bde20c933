"""`slipway reference`: prints docs/reference from the code, or says that it is stale."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer

from awsmodel.catalogue import HOW_TO_ADD, resource_types
from awsmodel.clients import Clients
from awsmodel.functions import FUNCTIONS
from awsmodel.lifecycle import Lifecycle
from awsmodel.resource import ResourceType, Scope
from sandbox.layout import Layout
from scripts import reference_config, reference_rules
from scripts.errors import CommandError


def run(
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; exit 1 when a page is stale.")
    ] = False,
) -> None:
    """Print the reference pages from the code into docs/reference."""
    folder = Layout.find(Path.cwd()).root / "docs" / "reference"
    stale = []
    for name, page in PAGES.items():
        path = folder / name
        text = page()
        if path.exists() and path.read_text() == text:
            continue
        if check:
            stale.append(f"docs/reference/{name}")
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        typer.echo(f"wrote docs/reference/{name}")
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
    by_module = {
        module: [Lifecycle(resource, clients) for resource in each]
        for module, each in groupby(types.values(), key=_module)
    }
    return "\n".join([*_head(by_module), *_sections(by_module), *_functions()]) + "\n"


def _head(by_module: Mapping[str, list[Lifecycle]]) -> Iterator[str]:
    yield "# Resource types"
    yield ""
    yield "<!-- printed by `make reference` from awsmodel/types; change it there -->"
    yield ""
    count = sum(len(lifecycles) for lifecycles in by_module.values())
    yield f"The model of AWS knows {count} pulumi-aws resource types and {len(FUNCTIONS)} functions."
    yield "Any other type, and any property that is not listed with its type, is refused with an error that"
    yield f"names it; [adding one](../{Path(HOW_TO_ADD).name}) takes one small entry."
    yield ""
    yield "- **changes in place**, **forces a replacement**: what a change of the property does."
    yield "- **cannot be read back**: AWS does not show it, so a change made by hand is not seen; it is kept"
    yield "  as the program wrote it."
    yield "- **refused**: properties of the SDK that the model does not act on."
    yield ""
    yield "| module | types |"
    yield "| --- | --- |"
    for module, lifecycles in by_module.items():
        yield f"| [{module}](#{module}) | {', '.join(_kind(one.resource) for one in lifecycles)} |"
    yield "| [functions](#functions) | data sources |"


def _sections(by_module: Mapping[str, list[Lifecycle]]) -> Iterator[str]:
    for module, lifecycles in by_module.items():
        yield from ("", f"## {module}")
        for lifecycle in lifecycles:
            yield from ("", f"### {_kind(lifecycle.resource)}", "", f"`{lifecycle.resource.token}`", "")
            yield from _facts(lifecycle)


def _facts(lifecycle: Lifecycle) -> Iterator[str]:
    """One line for each thing that a user of the type must know."""
    resource, inputs = lifecycle.resource, lifecycle.modelled
    in_place = inputs & lifecycle.updatable
    unnamed = lifecycle.schema.inputs.keys() - inputs - resource.not_modelled.keys()
    facts = {
        "changes in place": _names(in_place),
        "forces a replacement": _names(inputs - in_place - {"region"}),
        "cannot be read back": _reasons(resource.unreadable),
        "refused": "; ".join(filter(None, (_reasons(resource.not_modelled), _names(unnamed)))),
        "a delete leaves": resource.leaves,
    }
    yield from (f"- {fact}: {said}" for fact, said in facts.items() if said)


def _functions() -> Iterator[str]:
    yield from ("", "## functions", "")
    yield from (f"- `{token}`" for token in sorted(FUNCTIONS))


def _module(resource: ResourceType) -> str:
    return resource.token.split(":")[1].split("/")[0]


def _kind(resource: ResourceType) -> str:
    return resource.token.rpartition(":")[2]


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))


def _reasons(reasons: Mapping[str, str]) -> str:
    """The reasons, each after all the properties that it holds for."""
    names_by_reason: dict[str, list[str]] = {}
    for name, reason in sorted(reasons.items()):
        names_by_reason.setdefault(reason, []).append(name)
    return "; ".join(f"{_names(names)} ({reason})" for reason, names in names_by_reason.items())


PAGES: Mapping[str, Callable[[], str]] = {
    "resource-types.md": _resource_types,
    "provider-rules.md": reference_rules.rules,
    "configuration.md": reference_config.configuration,
    reference_config.SCHEMA: reference_config.schema,
}
