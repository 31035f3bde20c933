"""How two environments differ, and which of the differences have a reason.

The reasons are in `allowed_differences.yaml`: of the keys of stack files, and of the properties of resources.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from infra.settings.faults import ConfigError

ALLOWED_DIFFERENCES = Path(__file__).with_name("allowed_differences.yaml")

_SIZES = ("nano", "micro", "small", "medium", "large", "xlarge")
_CLASS = re.compile(r"(?P<family>db\.[a-z0-9]+)\.(?P<times>[0-9]*)(?P<size>[a-z]+)")


class _Absent:
    def __repr__(self) -> str:
        return "absent"


# The value of a path on the side that does not have it.
ABSENT = _Absent()


class Comparator(StrEnum):
    """What the value of the smaller environment may be beside that of the other."""

    ANY = "any"
    NOT_LARGER = "not_larger"


class Allowance(BaseModel):
    """Differences that are meant, and why."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    # What `*` stands for begins no path: alone it would allow everything.
    paths: tuple[Annotated[str, Field(pattern=r"^[A-Za-z]")], ...] = Field(min_length=1)
    comparator: Comparator
    reason: str = Field(min_length=10)
    # Made by an operation for its time, so that it need not be there now.
    comes_and_goes: bool = False


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One path with two values. It has a `reason`, or a `complaint` that says why it has none."""

    path: str
    left: Any
    right: Any
    reason: str
    complaint: str


def compare(
    left: Mapping[str, Any], right: Mapping[str, Any], allowances: Iterable[Allowance], name: str = ""
) -> list[Difference]:
    """The paths at which two sides differ, `left` being the smaller environment.

    `name` is that of the resource that the paths belong to.
    """
    allowances = tuple(allowances)
    return [
        judge(path, left.get(path, ABSENT), right.get(path, ABSENT), allowances, name)
        for path in dict.fromkeys((*left, *right))
        if left.get(path, ABSENT) != right.get(path, ABSENT)
    ]


def judge(path: str, left: Any, right: Any, allowances: Iterable[Allowance], name: str = "") -> Difference:
    """A difference, with its reason if the list has one."""
    allowance = next((each for each in allowances if matches(each.paths, path, name)), None)
    reason, complaint = "", "not on the list of allowed differences"
    if allowance is not None:
        if allowance.comparator is Comparator.ANY or _is_not_larger(left, right):
            reason, complaint = allowance.reason, ""
        else:
            complaint = f"allowed only where it is not larger: {allowance.reason}"
    return Difference(path=path, left=left, right=right, reason=reason, complaint=complaint)


def matches(patterns: Iterable[str], path: str, name: str = "") -> bool:
    """Whether a path is meant by one of the patterns, whose `*` stands for anything.

    A pattern may name the resource as well: `<type>::<name>.<property>`.
    """
    kind, dot, inside = path.partition(".")
    meant = (path, f"{kind}::{name}{dot}{inside}") if name else (path,)
    return any(fnmatchcase(each, pattern) for each in meant for pattern in patterns)


def _is_not_larger(left: Any, right: Any) -> bool:
    one, other = _magnitude(left), _magnitude(right)
    return one is not None and other is not None and one[0] == other[0] and one[1] <= other[1]


def _magnitude(value: Any) -> tuple[str, float] | None:
    """What a value is a number of, and how many; none for what has no order."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return "", float(value)
    if isinstance(value, str) and re.fullmatch(r"[0-9]+(\.[0-9]+)?", value):
        return "", float(value)
    found = _CLASS.fullmatch(value) if isinstance(value, str) else None
    if found is None or found["size"] not in _SIZES:
        return None
    return found["family"], _SIZES.index(found["size"]) + int(found["times"] or 1)


def flatten(value: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """The leaves of nested mappings by their paths; a list is a leaf, as is a mapping with nothing in it."""
    if not isinstance(value, Mapping) or not value:
        yield prefix, value
        return
    for key, inner in value.items():
        yield from flatten(inner, f"{prefix}.{key}" if prefix else str(key))


@cache
def allowances() -> tuple[Allowance, ...]:
    """The list of the repository. Raises ConfigError with what is wrong in it."""
    try:
        content = yaml.safe_load(ALLOWED_DIFFERENCES.read_text(encoding="utf-8"))
        return TypeAdapter(tuple[Allowance, ...]).validate_python(content)
    except (OSError, yaml.YAMLError) as error:
        raise ConfigError(
            f"cannot read {ALLOWED_DIFFERENCES.name}: {' '.join(str(error).split())}"
        ) from error
    except ValidationError as error:
        faults = [
            f"  {'.'.join(map(str, fault['loc']))}: {fault['msg']}"
            for fault in error.errors(include_url=False)
        ]
        raise ConfigError("\n".join([f"{ALLOWED_DIFFERENCES.name} is wrong:", *faults])) from None
