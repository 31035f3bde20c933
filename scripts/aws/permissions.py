"""What whoever brings the stack up must be allowed, and on which resources it is asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from awsmodel.permissions import needs
from infra.ci.access import RIGHTS
from infra.ci.identity import identity_reads, identity_writes, key_use, state_reads, state_writes
from infra.ci.scope import CiScope
from infra.iam import Allow
from scripts.aws.program_types import program_types

_ACTIONS_PER_CALL = 100


def needed_actions() -> frozenset[str]:
    """The actions of an up, a refresh and a destroy of this program."""
    return frozenset().union(*(needs(each).reads | needs(each).writes for each in program_types()))


def state_actions(scope: CiScope) -> frozenset[str]:
    """What reading and writing the state takes."""
    statements = [*state_reads(scope), *state_writes(scope)]
    return frozenset(action for statement in statements for action in statement.actions)


def denied_actions(iam: Any, principal_arn: str, scope: CiScope) -> list[str]:
    """The actions that a user or a role is not allowed, as IAM's own simulator says.

    Rights may be bound to the stack's names and tags, so that each action is asked about for a resource of
    such a name, and with such tags; one that is allowed for any of them is allowed.
    """
    by_resources: dict[tuple[str, ...], list[str]] = defaultdict(list)
    known, context = _resources(scope), [*_context(scope)]
    for action in sorted(needed_actions() | state_actions(scope)):
        by_resources[tuple(known.get(action, ["*"]))].append(action)
    asked, allowed = set[str](), set[str]()
    simulate = iam.get_paginator("simulate_principal_policy")
    for resources, actions in by_resources.items():
        for start in range(0, len(actions), _ACTIONS_PER_CALL):
            pages = simulate.paginate(
                PolicySourceArn=principal_arn,
                ActionNames=actions[start : start + _ACTIONS_PER_CALL],
                ResourceArns=list(resources),
                ContextEntries=context,
            )
            for result in (each for page in pages for each in page["EvaluationResults"]):
                asked.add(result["EvalActionName"])
                if result["EvalDecision"] == "allowed":
                    allowed.add(result["EvalActionName"])
    return sorted(asked - allowed)


def _resources(scope: CiScope) -> Mapping[str, list[str]]:
    """Action → resources of the stack that it may be bound to, each with some name of the stack's."""
    patterns: dict[str, set[str]] = defaultdict(set)
    for row in (row for rows in RIGHTS.values() for row in rows):
        words = f"{row.reads} {row.writes} {row.tags}".split()
        for word in words:
            patterns[f"{row.service}:{word}"] |= set(scope.arns(row.on))
        for word in row.creates.split():
            patterns[f"{row.service}:{word}"] |= set(scope.arns(row.made))
    for statement in _statements(scope):
        for action in statement.actions:
            patterns[action] |= {str(each) for each in statement.resources}
    return {
        action: sorted({each if each == "*" else each.replace("*", "doctor") for each in found})
        for action, found in patterns.items()
    }


def _context(scope: CiScope) -> Iterator[dict[str, Any]]:
    """What is said of each call: the stack's tags, and whatever else the rights of CI ask for."""
    values: dict[str, tuple[str, str]] = {
        key: ("string", value)
        for key, value in {**scope.tags("ResourceTag"), **scope.tags("RequestTag")}.items()
    }
    for statement in _statements(scope):
        for operator, keys in statement.conditions.items():
            kind = "stringList" if operator.startswith(("ForAnyValue:", "ForAllValues:")) else "string"
            for key, wanted in keys.items():
                first = wanted if isinstance(wanted, str) else cast("Sequence[str]", wanted)[0]
                values.setdefault(key, (kind, first))
    for key, (kind, value) in values.items():
        yield {"ContextKeyName": key, "ContextKeyType": kind, "ContextKeyValues": [value]}


def _statements(scope: CiScope) -> list[Allow]:
    return [
        *identity_reads(scope),
        *identity_writes(scope),
        *key_use(scope),
        *state_reads(scope),
        *state_writes(scope),
    ]
