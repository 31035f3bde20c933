"""When two values of a property mean the same.

AWS keeps most lists as sets and most documents as parsed JSON, gives them back in an order of its own, and
adds its defaults to what it was given. A comparison that looked at the spelling would report all of that
as drift.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


def covers(wanted: Any, live: Any) -> bool:
    """Whether `live` is all that was wanted; what it has beyond that is AWS's own default.

    Lists are compared without order, JSON texts by what they say, a false or empty wish is met by absence.
    """
    if isinstance(wanted, Mapping):
        found = live if isinstance(live, Mapping) else {}
        return all(covers(value, found.get(key)) for key, value in wanted.items())
    if isinstance(wanted, list) and isinstance(live, list):
        return len(wanted) == len(live) and _pair_up(wanted, live)
    if wanted == live:
        return True
    if live is None:
        return wanted in (None, False, 0, "") or wanted == []
    if isinstance(wanted, str) and isinstance(live, str):
        return _same_document(wanted, live)
    return False


def same(one: Any, other: Any) -> bool:
    """Whether two values mean the same in both directions."""
    return covers(one, other) and covers(other, one)


def in_the_spelling_of(prior: Any, current: Any) -> Any:
    """`current`, spelled as `prior` wherever both mean the same, so that no spelling shows as a change."""
    if same(prior, current):
        return current if prior is None else prior
    if isinstance(prior, Mapping) and isinstance(current, Mapping):
        return {key: in_the_spelling_of(prior.get(key), value) for key, value in current.items()}
    return current


@dataclass(frozen=True)
class Comparison:
    """Compares properties by name: those with a canonical form by that form, the others as they are."""

    canonical: Mapping[str, Callable[[Any], Any]]

    def covers(self, name: str, wanted: Any, live: Any) -> bool:
        form = self.canonical.get(name)
        if form is None or wanted is None or live is None:
            return covers(wanted, live)
        return bool(form(wanted) == form(live))

    def same(self, name: str, one: Any, other: Any) -> bool:
        return self.covers(name, one, other) and self.covers(name, other, one)

    def in_the_spelling_of(self, name: str, prior: Any, current: Any) -> Any:
        if name not in self.canonical or prior is None:
            return in_the_spelling_of(prior, current)
        return prior if self.same(name, prior, current) else current


def _pair_up(wanted: list[Any], live: list[Any], meets: Callable[[Any, Any], bool] = covers) -> bool:
    """Whether each wanted item can have a live item of its own (Kuhn's bipartite matching)."""
    holder: dict[int, int] = {}

    def place(item: int, tried: set[int]) -> bool:
        for at, candidate in enumerate(live):
            if at not in tried and meets(wanted[item], candidate):
                tried.add(at)
                if at not in holder or place(holder[at], tried):
                    holder[at] = item
                    return True
        return False

    return all(place(item, set()) for item in range(len(wanted)))


def _same_document(one: str, other: str) -> bool:
    if not (one.lstrip().startswith(("{", "[")) and other.lstrip().startswith(("{", "["))):
        return False
    try:
        return _same_json(json.loads(one), json.loads(other))
    except ValueError:
        return False


def _same_json(one: Any, other: Any) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same_json(one[key], other[key]) for key in one)
    # a policy's Action, Resource or condition value may be one text or a list of one
    left = one if isinstance(one, list) else [one]
    right = other if isinstance(other, list) else [other]
    if not (isinstance(one, list) or isinstance(other, list)):
        return bool(one == other)
    return len(left) == len(right) and _pair_up(left, right, _same_json)
