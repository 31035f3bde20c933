"""What the resource picture shows: the components of the program, what each made, and which needs which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scripts.state import State


@dataclass(frozen=True, kw_only=True)
class Part:
    """A component: how many resources of each type it made (`{"ec2 Subnet": 9}`), and what it needs.

    `needs` leaves out what follows: where a needs b and b needs c, that a needs c is not said.
    """

    name: str
    kind: str
    types: Mapping[str, int]
    needs: frozenset[str]
    layer: int

    @property
    def count(self) -> int:
        return sum(self.types.values())


def parts(state: State) -> list[Part]:
    """The parts of a state, those that need nothing first."""
    members: dict[str, Counter[str]] = {}
    needs: dict[str, set[str]] = {}
    kinds: dict[str, str] = {}
    for entry in state.entries.values():
        if entry.type.startswith("pulumi:"):
            continue
        part = state.part(entry)
        members.setdefault(part, Counter())
        needs.setdefault(part, set())
        if entry.is_component:
            kinds.setdefault(part, entry.type.rpartition(":")[2])
            continue
        members[part][_short_type(entry.type)] += 1
        for urn in entry.dependencies:
            needed = state.entries.get(urn)
            if needed and (other := state.part(needed)) != part:
                needs[part].add(other)
    layers = _layers(needs)
    return [
        Part(
            name=name,
            kind=kinds.get(name, ""),
            types=dict(sorted(members[name].items())),
            needs=frozenset(_direct(name, needs)),
            layer=layers[name],
        )
        for name in sorted(members, key=lambda each: (layers[each], each))
    ]


def _short_type(token: str) -> str:
    package, module, kind = token.split(":")
    return f"{module.partition('/')[0] if package == 'aws' else package} {kind}"


def _layers(needs: Mapping[str, set[str]]) -> dict[str, int]:
    """How many steps each part is from one that needs nothing; a circle is cut where it is met again."""
    layers: dict[str, int] = {}

    def layer(name: str, above: Sequence[str]) -> int:
        if name not in layers:
            below = [layer(each, [*above, name]) for each in needs[name] if each not in above]
            layers[name] = 1 + max(below, default=-1)
        return layers[name]

    for name in sorted(needs):
        layer(name, [])
    return layers


def _direct(name: str, needs: Mapping[str, set[str]]) -> set[str]:
    implied: set[str] = set()
    for other in needs[name]:
        implied |= _reachable(other, needs, frozenset({name}))
    return needs[name] - implied


def _reachable(name: str, needs: Mapping[str, set[str]], without: frozenset[str]) -> set[str]:
    found: set[str] = set()
    waiting = list(needs[name] - without)
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.add(each)
            waiting += needs[each] - without
    return found
