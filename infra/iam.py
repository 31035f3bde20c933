"""Policy documents and grants as data.

A component hands out `Allow`s for what it made; the reader's role takes them. Nothing here talks to
AWS, and the same statements always make the same text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from typing import Any, ClassVar, Literal

import pulumi

Values = pulumi.Input[str] | Sequence[pulumi.Input[str]]
Conditions = Mapping[str, Mapping[str, Values]]
Principals = Literal["*"] | Mapping[str, Values]

_ACTION = re.compile(r"[a-z0-9-]+:[A-Za-z0-9]+")


@dataclass(frozen=True)
class Statement:
    """One statement of a policy; `principals` only where the policy belongs to a resource."""

    effect: ClassVar[Literal["Allow", "Deny"]]

    actions: Sequence[str]
    resources: Sequence[pulumi.Input[str]] = ()
    conditions: Conditions = field(default_factory=dict)
    _: KW_ONLY
    principals: Principals | None = None
    sid: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The statement in IAM's own words; what is empty is left out."""
        entries = {
            "Sid": self.sid,
            "Effect": self.effect,
            "Principal": self.principals,
            "Action": sorted(self.actions),
            "Resource": list(self.resources),
            "Condition": {operator: dict(keys) for operator, keys in self.conditions.items()},
        }
        return {key: value for key, value in entries.items() if value}


@dataclass(frozen=True)
class Allow(Statement):
    """Grants actions by their full names. Raises ValueError for a wildcard or for what is no action."""

    effect = "Allow"

    def __post_init__(self) -> None:
        wrong = [action for action in self.actions if not _ACTION.fullmatch(action)]
        if wrong or not self.actions:
            raise ValueError(
                f"an Allow names each action in full, such as 's3:GetObject', got {wrong or 'none'}"
            )


@dataclass(frozen=True)
class Ceiling(Statement):
    """What a permissions boundary lets through. It grants nothing, so that it may say `ecs:*`."""

    effect = "Allow"


@dataclass(frozen=True)
class Deny(Statement):
    """Refuses actions; a wildcard is welcome here, since it can only refuse more."""

    effect = "Deny"


def policy(statements: Iterable[Statement]) -> dict[str, Any]:
    """A policy as plain data; its resources may still be outputs."""
    return {"Version": "2012-10-17", "Statement": [statement.to_dict() for statement in statements]}


def document(statements: Iterable[Statement]) -> pulumi.Output[str]:
    """A policy as JSON with a fixed order and no spaces: equal statements, equal text."""
    return pulumi.Output.json_dumps(policy(statements), sort_keys=True, separators=(",", ":"))


def trust(service: str, *, source_account_id: str | None = None, source_arn: str | None = None) -> Allow:
    """Lets an AWS service assume a role: `trust("ecs-tasks.amazonaws.com", source_account_id=…)`.

    Give the account, and what it acts for, to each service that is documented to name them; the others
    send no such key, and a condition on it would lock them out.
    """
    conditions: dict[str, dict[str, Values]] = {}
    if source_account_id:
        conditions["StringEquals"] = {"aws:SourceAccount": source_account_id}
    if source_arn:
        conditions["ArnLike"] = {"aws:SourceArn": source_arn}
    return Allow(["sts:AssumeRole"], conditions=conditions, principals={"Service": service})
