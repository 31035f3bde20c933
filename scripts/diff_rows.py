"""The differences of two environments, in rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from infra.settings import differences
from infra.settings.differences import Allowance, Difference
from infra.settings.values import Environment
from scripts.diff_resources import Told

CONFIG = "configuration"
# What stands for a resource on the side that has it, when the other has none.
_THERE = "there"


@dataclass(frozen=True, kw_only=True)
class Row:
    """A difference, and the resources that have it; a key of the configuration has none."""

    group: str
    names: tuple[str, ...]
    difference: Difference

    @property
    def property(self) -> str:
        """The key, or the path inside of the resource; empty where the resource itself is the difference."""
        path = self.difference.path
        return path.split(":", 2)[2].partition(".")[2] if self.names else path


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two environments to compare."""

    left: str
    right: str
    allowances: Sequence[Allowance]

    def config_rows(self, left: Mapping[str, Any], right: Mapping[str, Any]) -> list[Row]:
        """The keys that differ, defaults filled in."""
        return [Row(group=CONFIG, names=(), difference=each) for each in self._compare(left, right)]

    def resource_rows(self, left: Mapping[str, Told], right: Mapping[str, Told]) -> list[Row]:
        """What differs of the resources, by component; the same difference of several is one row."""
        rows: dict[str, Row] = {}
        for key in dict.fromkeys((*left, *right)):
            one, other = left.get(key), right.get(key)
            told = one or right[key]
            for found in self._compare(_paths(one, other), _paths(other, one), told.name):
                same = repr((told.component, found.path, found.left, found.right))
                names = (*rows[same].names, told.name) if same in rows else (told.name,)
                rows[same] = Row(group=told.component, names=names, difference=found)
        return sorted(rows.values(), key=lambda row: (row.group, row.names, row.difference.path))

    def _compare(self, left: Mapping[str, Any], right: Mapping[str, Any], name: str = "") -> list[Difference]:
        """The list of what is allowed speaks of the smaller environment first."""
        order = list(Environment)
        if order.index(Environment(self.left)) <= order.index(Environment(self.right)):
            return differences.compare(left, right, self.allowances, name)
        turned = differences.compare(right, left, self.allowances, name)
        return [replace(each, left=each.right, right=each.left) for each in turned]


def _paths(told: Told | None, beside: Told | None) -> Mapping[str, Any]:
    """What there is to compare of a resource: all of it, or only that it is there."""
    if told is None:
        return {}
    if beside is None:
        return {told.type: _THERE}
    return {
        f"{told.type}.{path}": value
        for path, value in told.properties.items()
        if path not in told.written or told.written[path] != beside.written.get(path)
    }
