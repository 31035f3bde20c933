"""What a policy document says about one call: enough of IAM's logic for the documents of this program.

An operator that it does not know raises KeyError, so that no condition is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from infra.iam import Statement

Context = Mapping[str, str]


def allows(
    statements: Iterable[Statement], action: str, resource: str, context: Context | None = None
) -> bool:
    """Whether some statement allows the call and none denies it."""
    effects = {
        statement.effect
        for statement in statements
        if _matches(statement.to_dict(), action, resource, context or {})
    }
    return effects == {"Allow"}


def denies(
    statements: Iterable[Statement], action: str, resource: str, context: Context | None = None
) -> bool:
    """Whether some statement denies the call, whatever others allow."""
    return any(
        statement.effect == "Deny" and _matches(statement.to_dict(), action, resource, context or {})
        for statement in statements
    )


def _matches(statement: dict[str, Any], action: str, resource: str, context: Context) -> bool:
    return (
        any(_like(pattern.lower(), action.lower()) for pattern in statement["Action"])
        and any(_like(pattern, resource) for pattern in statement["Resource"])
        and all(
            _OPERATORS[operator](context.get(key), [wanted] if isinstance(wanted, str) else wanted)
            for operator, keys in statement.get("Condition", {}).items()
            for key, wanted in keys.items()
        )
    )


def _like(pattern: str, text: str) -> bool:
    parts = (
        ".*" if part == "*" else "." if part == "?" else re.escape(part)
        for part in re.split(r"([*?])", pattern)
    )
    return re.fullmatch("".join(parts), text) is not None


def _some_like(value: str | None, wanted: Sequence[str]) -> bool:
    return value is not None and any(_like(each, value) for each in wanted)


def _is_one_of(value: str | None, wanted: Sequence[str]) -> bool:
    return value is not None and value in wanted


_OPERATORS: dict[str, Callable[[str | None, Sequence[str]], bool]] = {
    "ArnEquals": _some_like,
    "ArnLike": _some_like,
    "Bool": _is_one_of,
    "ForAnyValue:StringEquals": _is_one_of,
    "Null": lambda value, wanted: str(value is None).lower() in wanted,
    "StringEquals": _is_one_of,
    "StringLike": _some_like,
    "StringNotEquals": lambda value, wanted: not _is_one_of(value, wanted),
}
