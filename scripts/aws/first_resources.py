"""Which resources of a stack an administrator brings, before continuous integration brings the rest.

The roles by which CI acts; and what those roles are refused to make, since it holds them
(infra/ci/withheld.py): the policies, which are boundaries and CI's own rights, and the trail, which says what
CI did.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

FIRST_TYPES = frozenset({"slipway:ci_access:CiAccess", "aws:iam/policy:Policy", "aws:cloudtrail/trail:Trail"})


def first_targets(steps: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """The URNs to bring first, with all that they need, out of the steps of a preview of the whole stack.

    What lies in one of the components is among them.
    """
    states = {step["urn"]: step.get("newState") or step["oldState"] for step in steps}
    found: set[str] = set()
    open_ends = [urn for urn in states if _is_first(urn, states)]
    while open_ends:
        urn = open_ends.pop()
        if urn not in found and urn in states:
            found.add(urn)
            open_ends.extend(_needs(states[urn]))
    return tuple(urn for urn in states if urn in found)


def _is_first(urn: str, states: Mapping[str, Mapping[str, Any]]) -> bool:
    while urn in states:
        if states[urn]["type"] in FIRST_TYPES:
            return True
        urn = states[urn].get("parent", "")
    return False


def _needs(state: Mapping[str, Any]) -> list[str]:
    by_property: Mapping[str, Sequence[str] | None] = state.get("propertyDependencies") or {}
    named = {urn for urns in by_property.values() for urn in urns or ()}
    provider = str(state.get("provider", "")).rpartition("::")[0]
    return sorted({*named, *(state.get("dependencies") or ()), state.get("parent", ""), provider})
