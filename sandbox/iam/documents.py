"""Policy documents, read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.iam.conditions import OPERATORS, base_of

# The version in which `${…}` is a variable ("IAM JSON policy elements: Version").
_VERSION_WITH_VARIABLES = "2012-10-17"


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One statement. Exactly one of `actions` and `not_actions` is given, and so with resources.

    Neither of the resources is, in a policy that belongs to a resource or to a role's trust.
    """

    policy: str  # the name of the document that it stands in
    sid: str
    allows: bool
    actions: tuple[str, ...]
    not_actions: tuple[str, ...]
    resources: tuple[str, ...]
    not_resources: tuple[str, ...]
    # Operator → key → wanted values.
    conditions: Mapping[str, Mapping[str, tuple[str, ...]]]
    has_variables: bool


def read(name: str, text: str) -> tuple[Statement, ...]:
    """The statements of a document. Raises ValueError if it is none, with what is wrong."""
    try:
        document = json.loads(text)
    except ValueError as error:
        raise ValueError(f"{name} is no JSON: {error}") from None
    if not isinstance(document, dict) or "Statement" not in document:
        raise ValueError(f"{name} has no Statement")
    statements = document["Statement"]
    if isinstance(statements, dict):
        statements = [statements]
    has_variables = document.get("Version") == _VERSION_WITH_VARIABLES
    return tuple(_statement(name, each, has_variables) for each in statements)


def _statement(name: str, given: Mapping[str, Any], has_variables: bool) -> Statement:
    effect = given.get("Effect")
    if effect not in ("Allow", "Deny"):
        raise ValueError(f"{name}: Effect must be Allow or Deny, got {effect!r}")
    if ("Action" in given) == ("NotAction" in given):
        raise ValueError(f"{name}: a statement has one of Action and NotAction")
    if "Resource" in given and "NotResource" in given:
        raise ValueError(f"{name}: a statement has one of Resource and NotResource")
    conditions = {
        operator: {key: _texts(values) for key, values in keys.items()}
        for operator, keys in given.get("Condition", {}).items()
    }
    for operator in conditions:
        if base_of(operator) not in OPERATORS:
            raise ValueError(f"{name}: there is no condition operator {operator}")
    return Statement(
        policy=name,
        sid=str(given.get("Sid", "")),
        allows=effect == "Allow",
        actions=_texts(given.get("Action", ())),
        not_actions=_texts(given.get("NotAction", ())),
        resources=_texts(given.get("Resource", ())),
        not_resources=_texts(given.get("NotResource", ())),
        conditions=conditions,
        has_variables=has_variables,
    )


def _texts(value: Any) -> tuple[str, ...]:
    values = value if isinstance(value, (list, tuple)) else (value,)
    # A number or a truth value may be written as such, and is compared as its text.
    return tuple(str(each).lower() if isinstance(each, bool) else str(each) for each in values)
