"""Which resources of a stack an administrator brings, before continuous integration brings the rest.

The roles by which CI acts; and what those roles are refused to make, since it holds them
(infra/ci/withheld.py): the policies, which are boundaries and CI's own rights, and the trail, which says what
CI did.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

FIRST_TYPES = frozenset({"slipway:ci_access:CiAccess", "aws:iam/policy:Policy", "aws:cloudtrail/trail:Trail"})
_STACK = "pulumi:pulumi:Stack"


def first_targets(steps: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """The URNs to bring first, with all that they need, out of the steps of a preview of the whole stack.

    A component is brought whole: a bucket whose block of public access comes later is open until then. The
    steps have to hold what stays the same, too, or else what a resource needs cannot be told.
    """
    states = {step["urn"]: step.get("newState") or step["oldState"] for step in steps}

    def component(urn: str) -> str:
        parent = str(states.get(urn, {}).get("parent") or "")
        is_part = parent in states and states[parent]["type"] != _STACK
        return component(parent) if is_part else urn

    members: dict[str, list[str]] = defaultdict(list)
    for urn, state in states.items():
        if state["type"] != _STACK:
            members[component(urn)].append(urn)
    found: set[str] = set()
    open_ends = [component(urn) for urn, state in states.items() if state["type"] in FIRST_TYPES]
    while open_ends:
        if (each := open_ends.pop()) not in found:
            found.add(each)
            open_ends.extend(component(need) for urn in members[each] for need in _needs(states[urn]))
    chosen = {urn for each in found for urn in members[each]}
    return tuple(urn for urn in states if urn in chosen)


def _needs(state: Mapping[str, Any]) -> set[str]:
    by_property: Mapping[str, Sequence[str] | None] = state.get("propertyDependencies") or {}
    named = {urn for urns in by_property.values() for urn in urns or ()}
    provider = str(state.get("provider", "")).rpartition("::")[0]
    return {*named, *(state.get("dependencies") or ()), provider} - {""}
