"""A stack's state, as those who read it ask it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

STACK = "pulumi:pulumi:Stack"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One resource of a state."""

    urn: str
    type: str
    name: str
    parent: str
    provider: str
    is_component: bool
    outputs: Mapping[str, Any]
    dependencies: frozenset[str]

    @property
    def id(self) -> str:
        return str(self.outputs.get("id", ""))


class State:
    """The resources of a state, by URN and by type."""

    def __init__(self, resources: Sequence[Mapping[str, Any]]) -> None:
        self.entries = {entry["urn"]: _entry(entry) for entry in resources if not entry.get("delete")}

    def of(self, *types: str) -> Iterator[Entry]:
        """The resources whose type ends in one of these: `of("ec2/subnet:Subnet")`."""
        return (entry for entry in self.entries.values() if entry.type.endswith(types))

    def made(self) -> Iterator[Entry]:
        """The resources that a provider made: no components, and no providers."""
        return (
            entry
            for entry in self.entries.values()
            if not entry.is_component and not entry.type.startswith("pulumi:")
        )

    def outermost(self, entry: Entry) -> Entry:
        """What of the program an entry belongs to: the component right below the stack, or itself."""
        while (above := self.entries.get(entry.parent)) and above.type != STACK:
            entry = above
        return entry

    def part(self, entry: Entry) -> str:
        """The name of the component that an entry belongs to."""
        return self.outermost(entry).name


def _entry(entry: Mapping[str, Any]) -> Entry:
    by_property: Mapping[str, Sequence[str] | None] = entry.get("propertyDependencies") or {}
    named = {urn for urns in by_property.values() for urn in urns or ()}
    return Entry(
        urn=entry["urn"],
        type=entry["type"],
        name=entry["urn"].rpartition("::")[2],
        parent=entry.get("parent", ""),
        # as the state names it, the id follows the URN
        provider=str(entry.get("provider", "")).rpartition("::")[0],
        is_component=not entry.get("custom"),
        outputs={**(entry.get("inputs") or {}), **(entry.get("outputs") or {}), "id": entry.get("id", "")},
        dependencies=frozenset(named | set(entry.get("dependencies") or ())),
    )
