"""Rules of the official provider as data: which property, what it may be, and who says so.

A rule has a `path` into the inputs of a type, in Pulumi's spelling: `name`, `policy.rules[].action` (each
item of a list), `environment.variables.*` (each value of a map). A check that compares properties with each
other looks at the object that the path leads to; an empty path is the inputs themselves.

What is not known yet, and what only an asset holds, is never judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

SHOWN_CHARACTERS = 60


class Check(Protocol):
    """What a value may be. `kind` is its word in tables, `allowed` says it in a sentence after "must"."""

    @property
    def kind(self) -> str: ...

    @property
    def allowed(self) -> str: ...

    def given(self, value: Any) -> str | None:
        """What is wrong with a value, in words for after the property's name; None when it is right."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule: where it looks, what it demands, and the source that says so."""

    path: str
    check: Check
    source: str

    @cached_property
    def steps(self) -> tuple[str, ...]:
        """The path in steps: names, `[]` for each item of a list, `*` for each value of a map."""
        return tuple(re.findall(r"\[\]|\*|[^.\[\]*]+", self.path))

    def found(self, inputs: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        """Each value that the path leads to, with where it is: `rules[0].action`."""
        yield from _walk(inputs, self.steps, "")


@dataclass(frozen=True, kw_only=True)
class TypeRules:
    """What is known of one type beside what botocore and the SDK say of it.

    `of` is the type's token; `source` the file of the Terraform AWS provider, or the page of the SDK, to
    which each of the `rules` adds the check. One that begins with `AWS:` names a page of AWS instead.
    """

    of: str
    source: str
    rules: tuple[Rule, ...]

    @cached_property
    def sourced(self) -> tuple[Rule, ...]:
        """The rules with their whole source. One that names a page of its own keeps it."""
        return tuple(
            each
            if each.source.startswith("AWS:")
            else Rule(path=each.path, check=each.check, source=f"{self.source}: {each.source}")
            for each in self.rules
        )


def _walk(value: Any, steps: tuple[str, ...], at: str) -> Iterator[tuple[str, Any]]:
    if not steps:
        if value is not None:
            yield at, value
        return
    step, rest = steps[0], steps[1:]
    if step == "[]" and isinstance(value, list):
        for index, item in enumerate(value):
            yield from _walk(item, rest, f"{at}[{index}]")
    elif step == "*" and isinstance(value, Mapping):
        for key, item in value.items():
            yield from _walk(item, rest, joined(at, str(key)))
    elif isinstance(value, Mapping) and step in value:
        yield from _walk(value[step], rest, joined(at, step))


def joined(at: str, name: str) -> str:
    """The path of a property below another."""
    return f"{at}.{name}" if at else name


def is_known(value: Any) -> bool:
    """Whether a value can be judged: no placeholder of a deployment, no asset."""
    return isinstance(value, str | bool | int | float | list | Mapping)


def shown(value: Any) -> str:
    """A value for a message: short, and only what is plain text or a number."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"{value:g}" if isinstance(value, float) else str(value)
    if isinstance(value, str):
        return repr(value if len(value) <= SHOWN_CHARACTERS else value[: SHOWN_CHARACTERS - 3] + "...")
    if isinstance(value, list) and 0 < len(value) < 4 and all(isinstance(each, str) for each in value):
        return f"[{', '.join(shown(each) for each in value)}]"
    return "a list" if isinstance(value, list) else "an object" if isinstance(value, Mapping) else "this"


def listed(values: tuple[Any, ...]) -> str:
    return ", ".join(shown(each) if isinstance(each, str) and not each else str(each) for each in values)


def number_of(value: Any) -> float | None:
    """The number that a value is, or that its text spells."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except ValueError:
        return None
