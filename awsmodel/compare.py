"""When two values of a property mean the same.

AWS keeps most lists as sets and most documents as parsed JSON, gives them back in an order of its own, and
adds its defaults to what it was given. A comparison that looked at the spelling would report all of that
as drift.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from awsmodel.schema import Kind, Property


def covers(wanted: Any, live: Any, schema: Property | None = None) -> bool:
    """Whether `live` is all that was wanted; what it has beyond that is AWS's own default.

    Lists are compared without order, JSON texts by what they say, a false or empty wish is met by absence.
    Where `schema` says that the value is a map, such as tags, an entry beyond those wanted is no default.
    """
    if isinstance(wanted, Mapping):
        found = live if isinstance(live, Mapping) else {}
        if schema is not None and schema.kind is Kind.MAP and not found.keys() <= wanted.keys():
            return False
        return all(covers(value, found.get(key), _inside(schema, key)) for key, value in wanted.items())
    if isinstance(wanted, list) and isinstance(live, list):
        item = schema.item if schema is not None and schema.kind is Kind.LIST else None
        return len(wanted) == len(live) and _pair_up(wanted, live, partial(covers, schema=item))
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
    """Compares properties by name: those with a canonical form by that form, the others as they are.

    `schema` is the properties of the type.
    """

    canonical: Mapping[str, Callable[[Any], Any]]
    schema: Mapping[str, Property]

    def covers(self, name: str, wanted: Any, live: Any) -> bool:
        form = self.canonical.get(name)
        if form is None or wanted is None or live is None:
            return covers(wanted, live, self.schema.get(name))
        return bool(form(wanted) == form(live))

    def same(self, name: str, one: Any, other: Any) -> bool:
        return self.covers(name, one, other) and self.covers(name, other, one)

    def in_the_spelling_of(self, name: str, prior: Any, current: Any) -> Any:
        if name not in self.canonical or prior is None:
            return in_the_spelling_of(prior, current)
        return prior if self.same(name, prior, current) else current


def _inside(schema: Property | None, key: str) -> Property | None:
    if schema is None:
        return None
    return schema.item if schema.kind is Kind.MAP else schema.fields.get(key)


def _pair_up(wanted: list[Any], live: list[Any], meets: Callable[[Any, Any], bool]) -> bool:
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
