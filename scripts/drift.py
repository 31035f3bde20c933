"""`slipway drift`: what is otherwise in the account than the stack's state says."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from infra.ownership import OWNERS
from sandbox.layout import PROJECT_FILE
from scripts.errors import CommandError
from scripts.options import Environment, OnAws
from scripts.sandbox_env import CONFIG_FILE
from scripts.stacks import Stack, open_stack

_LONGEST_VALUE = 100
_HIDDEN = "(secret)"
_SECRET_KEY = "4dabf18193072939515e22adb298388d"  # noqa: S105 - how the engine marks a secret in a state


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One property of one resource: what the state says, and what the account says.

    `owner` is who may change it once it is made, or nothing. A resource that is gone has no property.
    """

    resource: str
    type: str
    property: str
    recorded: Any
    live: Any
    owner: str = ""
    reason: str = ""


def run(
    environment: Environment = "dev",
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    on_aws: OnAws = False,
) -> None:
    """Compare the account with the stack's state, and change neither.

    Exit code 0: no drift; 1: drift; 2: could not tell.
    """
    progress = Console(stderr=True, highlight=False, quiet=as_json)
    stack = open_stack(environment, Console(stderr=True, quiet=True), on_aws=on_aws)
    resources = stack.deployed()
    with progress.status(f"reading the account of {environment}"):
        found = differences(_refreshed(stack), ignored(resources))
    drifted = [each for each in found if not each.owner]
    if as_json:
        typer.echo(
            json.dumps({"drift": bool(drifted), "differences": [asdict(each) for each in found]}, indent=2)
        )
    else:
        _tell(environment, drifted, [each for each in found if each.owner], Console(highlight=False))
    if drifted:
        raise typer.Exit(1)


def ignored(resources: Sequence[Mapping[str, Any]]) -> Mapping[str, frozenset[str]]:
    """URN → the properties that the program leaves to others once the resource is made."""
    return {
        entry["urn"]: frozenset(entry["ignoreChanges"]) for entry in resources if entry.get("ignoreChanges")
    }


def differences(
    steps: Sequence[Mapping[str, Any]], left_to_others: Mapping[str, frozenset[str]]
) -> list[Difference]:
    """What the steps of a refresh say, in the order of the resources' names."""
    found = [
        _with_owner(each, left_to_others.get(step["urn"], frozenset()))
        for step in steps
        for each in _of_step(step)
    ]
    return sorted(found, key=lambda each: (each.resource, each.property))


def _of_step(step: Mapping[str, Any]) -> Iterator[Difference]:
    kind, _, name = step["urn"].rpartition("::")
    resource = Difference(
        resource=name,
        type=kind.rpartition("::")[2].rpartition("$")[2],
        property="",
        recorded="there",
        live="gone",
    )
    if step["op"] == "delete":
        yield resource
    elif step["op"] not in ("same", "refresh"):
        for path in step.get("detailedDiff") or step.get("diffReasons") or ():
            recorded, live = (_value(step.get(state) or {}, path) for state in ("oldState", "newState"))
            for leaf, *values in _leaves(path, recorded, live):
                yield replace(resource, property=leaf, recorded=values[0], live=values[1])


def _leaves(path: str, recorded: Any, live: Any) -> Iterator[tuple[str, Any, Any]]:
    """Where two values differ, as deep as they have the same shape."""
    if isinstance(recorded, dict) and isinstance(live, dict):
        parts = [
            part
            for name in sorted(recorded.keys() | live.keys())
            for part in _leaves(f"{path}.{name}", recorded.get(name), live.get(name))
        ]
    elif isinstance(recorded, list) and isinstance(live, list) and len(recorded) == len(live):
        parts = [
            part
            for place, pair in enumerate(zip(recorded, live, strict=True))
            for part in _leaves(f"{path}[{place}]", *pair)
        ]
    else:
        # what the state does not say, and AWS shows as nothing or as off, is the same
        parts = (
            []
            if recorded == live or (recorded is None and not _says_something(live))
            else [(path, recorded, live)]
        )
    yield from parts


def _says_something(value: Any) -> bool:
    return any(map(_says_something, value.values())) if isinstance(value, dict) else bool(value)


def _with_owner(difference: Difference, left_to_others: frozenset[str]) -> Difference:
    name = difference.property.partition(".")[0].partition("[")[0]
    if not name or name not in left_to_others:
        return difference
    owner = OWNERS[difference.type, name]
    return replace(difference, owner=owner.name, reason=owner.reason)


def _value(state: Mapping[str, Any], path: str) -> Any:
    """The value at a path such as `rules[0].action`, from the outputs or else the inputs."""
    for values in (state.get("outputs"), state.get("inputs")):
        value: Any = values
        for step in path.replace("[", ".").replace("]", "").replace('"', "").split("."):
            if isinstance(value, list) and step.isdigit() and int(step) < len(value):
                value = value[int(step)]
            else:
                value = value.get(step) if isinstance(value, dict) else None
        if value is not None:
            return _without_secrets(value)
    return None


def _without_secrets(value: Any) -> Any:
    if isinstance(value, dict):
        if _SECRET_KEY in value:
            return _HIDDEN
        return {name: _without_secrets(each) for name, each in value.items()}
    return [_without_secrets(each) for each in value] if isinstance(value, list) else value


def _refreshed(stack: Stack) -> list[dict[str, Any]]:
    """The steps of a refresh of a copy of the state.

    Of the copy, because the engine passes over what `ignoreChanges` names, and a report has to show it. And
    so neither the state nor its lock is touched.
    """
    with tempfile.TemporaryDirectory(prefix="slipway-drift-") as name:
        folder = Path(name)
        shutil.copy(stack.folder / PROJECT_FILE, folder)
        file = shutil.copy(stack.file, folder / f"Pulumi.{stack.name}.yaml")
        (folder / "infra").mkdir()
        state = json.loads(stack.ask("stack", "export", "--stack", stack.name))
        for entry in state["deployment"]["resources"]:
            entry.pop("ignoreChanges", None)
        copy = folder / "state.json"
        copy.touch(mode=0o600)
        copy.write_text(json.dumps(state))
        elsewhere = {"PULUMI_BACKEND_URL": folder.as_uri(), CONFIG_FILE: str(file)}
        looked_at = replace(stack, folder=folder, variables={**stack.variables, **elsewhere})
        looked_at.create()
        looked_at.ask("stack", "import", "--stack", stack.name, "--file", str(copy))
        answer = looked_at.ask("refresh", "--preview-only", "--json", "--stack", stack.name)
    try:
        steps: list[dict[str, Any]] = json.loads(answer)["steps"]
    except (ValueError, KeyError) as error:
        raise CommandError(
            f"the engine's answer about {stack.name} cannot be read: {error}",
            "`pulumi refresh --preview-only --diff` shows it",
            exit_code=2,
        ) from error
    return steps


def _tell(environment: str, drifted: list[Difference], owned: list[Difference], console: Console) -> None:
    if not drifted:
        console.print(f"[bold]{environment}[/]: no drift")
    else:
        resources = {each.resource for each in drifted}
        console.print(
            f"[bold]{environment}[/]: {len(resources)} resource{'s' if len(resources) > 1 else ''} drifted\n"
        )
        _list(drifted, console)
        console.print(
            f"to put it back:  slipway up {environment} --refresh\n"
            "to keep it:      write it into the program or the stack file, then the same",
        )
    if owned:
        console.print("\nchanged by their owners, which is no drift:\n")
        _list(owned, console)


def _list(found: Sequence[Difference], console: Console) -> None:
    for (resource, kind), each in groupby(found, key=lambda one: (one.resource, one.type)):
        console.print(f"  [bold]{resource}[/]  {kind}", soft_wrap=True)
        for one in each:
            if not one.property:
                console.print("    is gone")
                continue
            console.print(f"    {one.property}", soft_wrap=True)
            console.print(f"      recorded  {_short(one.recorded)}", soft_wrap=True)
            console.print(f"      live      {_short(one.live)}", soft_wrap=True)
        if one.owner:
            console.print(f"    owner: {one.owner}; {one.reason}", soft_wrap=True)
        console.print()


def _short(value: Any) -> str:
    text = "-" if value is None else value if isinstance(value, str) else json.dumps(value)
    return escape(text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…")
