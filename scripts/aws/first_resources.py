"""Which resources of a stack an administrator brings, before continuous integration brings the rest.

The roles by which CI acts; and what those roles are refused to make, since it holds them
(infra/ci/withheld.py): the policies, which are boundaries and CI's own rights, and the trail, which says what
CI did.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from scripts.state import STACK, Entry, State

FIRST_TYPES = frozenset({"slipway:ci_access:CiAccess", "aws:iam/policy:Policy", "aws:cloudtrail/trail:Trail"})


def first_targets(steps: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """The URNs to bring first, with all that they need, out of the steps of a preview of the whole stack.

    A component is brought whole: a bucket whose block of public access comes later is open until then. The
    steps have to hold what stays the same, too, or else what a resource needs cannot be told.
    """
    state = State([step.get("newState") or step["oldState"] for step in steps])
    members: dict[str, list[Entry]] = defaultdict(list)
    for entry in state.entries.values():
        if entry.type != STACK:
            members[state.outermost(entry).urn].append(entry)
    found: set[str] = set()
    open_ends = [state.outermost(entry).urn for entry in state.entries.values() if entry.type in FIRST_TYPES]
    while open_ends:
        if (component := open_ends.pop()) not in found:
            found.add(component)
            needs = {urn for entry in members[component] for urn in (*entry.dependencies, entry.provider)}
            open_ends.extend(state.outermost(state.entries[urn]).urn for urn in needs & state.entries.keys())
    chosen = {entry.urn for component in found for entry in members[component]}
    return tuple(urn for urn in state.entries if urn in chosen)
