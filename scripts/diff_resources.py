"""The resources of a stack's state, told in words that are the same in every environment.

A name, an ARN or an address is another one in each environment by construction. It is replaced by what it
stands for, such as `{environment}` or `{network-vpc.id}`, and what then still differs is a difference.
"""

from __future__ import annotations

import hashlib
import ipaddress
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

# What the engine and the providers write beside the inputs of the program.
_NOT_OF_THE_PROGRAM = ("tagsAll", "__defaults")
# The engine marks what is no plain value by this key, and a secret by this value of it.
_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105
# A shorter value could stand anywhere by chance: AppConfig's identifiers have seven characters. A long one
# is made up even without a digit.
_SHORTEST_KNOWN = 7
_LONG = 20
_CIDR = re.compile(r"\b\d{1,3}(\.\d{1,3}){3}/\d{1,2}\b")
_CUT_NAME = re.compile(r"[a-z0-9-]+-(?P<digest>[0-9a-f]{8})\b")
# By which member the entries of a list are told apart, where all have it and no two share it.
_NAMES = ("name", "Sid", "Name", "key", "ruleName", "priority")


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What is another one in each environment."""

    environment: str
    account_id: str
    region: str
    domain: str
    cost_center: str
    cidr: str


@dataclass(frozen=True, kw_only=True)
class Told:
    """One resource: whose it is, its type and name, and its properties by their paths.

    `written` are the properties as they are in the state. What is the same there is the same, whatever it is
    made of: `prod` in the name of a bucket of AWS is no name of an environment.
    """

    component: str
    type: str
    name: str
    properties: Mapping[str, Any]
    written: Mapping[str, Any]


def tell(resources: Sequence[Mapping[str, Any]], around: Surroundings) -> dict[str, Told]:
    """The resources of a state, as `pulumi stack export` has them, by what they are called everywhere."""
    state = _State(resources, around)
    told = [state.tell(each) for each in resources if each.get("custom") and not _of_engine(each)]
    return {f"{each.type}::{each.name}": each for each in told}


def _of_engine(resource: Mapping[str, Any]) -> bool:
    return str(resource["type"]).startswith("pulumi:")


class _State:
    def __init__(self, resources: Sequence[Mapping[str, Any]], around: Surroundings) -> None:
        self._by_urn = {each["urn"]: each for each in resources}
        self._made_up: dict[str, dict[str, str]] = {}
        self._network = ipaddress.IPv4Network(around.cidr)
        self._around = around
        # In this order: the domain may hold the name of the environment. A zone is a region and a letter.
        self._words = [
            (_word(around.domain), "{domain}"),
            (_word(around.account_id), "{account}"),
            (_word(around.region, then="[a-z]?"), "{region}"),
            (_word(around.environment), "{environment}"),
        ]
        # A name that is too long ends in a hash of the whole, which is in the tags (`infra.naming.Label`).
        self._whole_names = {
            hashlib.sha256(name.encode()).hexdigest()[:8]: name
            for each in resources
            if (name := ((each.get("inputs") or {}).get("tags") or {}).get("Name"))
        }

    def tell(self, resource: Mapping[str, Any]) -> Told:
        # What a release moves is left to it, and is no choice of the environment.
        skipped = {*_NOT_OF_THE_PROGRAM, *(resource.get("ignoreChanges") or ())}
        needs: Mapping[str, Sequence[str]] = resource.get("propertyDependencies") or {}
        properties: dict[str, Any] = {"protect": bool(resource.get("protect"))}
        written: dict[str, Any] = {}
        for name, value in (resource.get("inputs") or {}).items():
            known = self._known(needs.get(name) or ())
            for path, leaf in _leaves(value, name) if name not in skipped else ():
                worded = self._worded(known, path)
                written[worded] = leaf
                properties[worded] = _each_text(leaf, partial(self._worded, known))
        own = re.compile(rf"{re.escape(_name(resource['urn']))}-[0-9a-f]{{7}}")
        for worded, leaf in properties.items():
            if isinstance(leaf, str) and own.fullmatch(leaf):
                properties[worded] = "{named by the engine}"
        return Told(
            component=self._component(resource),
            type=resource["type"],
            name=self._reworded(_name(resource["urn"])),
            properties=properties,
            written=written,
        )

    def _component(self, resource: Mapping[str, Any]) -> str:
        """The outermost component that a resource belongs to."""
        name = _name(resource["urn"])
        while (parent := self._by_urn.get(resource.get("parent"))) is not None and not _of_engine(parent):
            resource, name = parent, _name(parent["urn"])
        return name

    def _known(self, urns: Sequence[str]) -> list[tuple[str, str]]:
        """What AWS made up for the resources that a property is made from, the longest first."""
        known: dict[str, str] = {}
        for urn in urns:
            known |= self._made_up_for(urn)
        return sorted(known.items(), key=lambda entry: -len(entry[0]))

    def _made_up_for(self, urn: str) -> dict[str, str]:
        """The same for one resource, and for those that it was made from itself and may have passed on."""
        if urn in self._made_up or (resource := self._by_urn.get(urn)) is None:
            return self._made_up.get(urn, {})
        given = _texts(resource.get("inputs") or {})
        passed_on: dict[str, str] = {}
        for needed in resource.get("dependencies") or ():
            found = self._made_up_for(needed)
            passed_on |= {value: found[value] for value in found.keys() & given}
        given |= {self._around.account_id, self._around.region}
        computed = {"id": resource.get("id"), **(resource.get("outputs") or {})}
        own: dict[str, str] = {}
        for output, value in computed.items():
            for path, leaf in _leaves(value, output):
                if isinstance(leaf, str) and _is_made_up(leaf) and leaf not in given:
                    own.setdefault(leaf, f"{{{self._reworded(_name(urn))}.{path}}}")
        self._made_up[urn] = own | passed_on
        return self._made_up[urn]

    def _worded(self, known: Sequence[tuple[str, str]], text: str) -> str:
        for value, token in known:
            text = text.replace(value, token)
        return self._reworded(text)

    def _reworded(self, text: str) -> str:
        if text == self._around.cost_center:
            return "{cost center}"
        text = _CUT_NAME.sub(lambda found: self._whole_names.get(found["digest"], found[0]), text)
        text = _CIDR.sub(self._relative, text)
        for word, token in self._words:
            text = word.sub(token, text)
        return text

    def _relative(self, found: re.Match[str]) -> str:
        """A range inside of the network, by how far from its beginning it begins."""
        with suppress(ValueError):
            inner = ipaddress.IPv4Network(found[0])
            if inner.subnet_of(self._network):
                offset = int(inner.network_address) - int(self._network.network_address)
                return f"{{cidr}}+{ipaddress.IPv4Address(offset)}/{inner.prefixlen}"
        return found[0]


def _is_made_up(text: str) -> bool:
    """Whether a text can be told from words that mean something: it is long, or an identifier."""
    return len(text) >= _LONG or (len(text) >= _SHORTEST_KNOWN and any(map(str.isdigit, text)))


def _word(word: str, then: str = "") -> re.Pattern[str]:
    return re.compile(rf"(?<![A-Za-z0-9]){re.escape(word)}(?={then}(?![A-Za-z0-9]))")


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """The leaves of a property by their paths; a list of plain values is a leaf."""
    value = _opened(value)
    if isinstance(value, Mapping) and value:
        for key, inner in value.items():
            yield from _leaves(inner, f"{path}.{key}")
    elif isinstance(value, list) and any(isinstance(_opened(each), Mapping | list) for each in value):
        for step, inner in _steps(value):
            yield from _leaves(inner, f"{path}.{step}")
    else:
        yield path, value


def _each_text(leaf: Any, reword: Callable[[str], str]) -> Any:
    if isinstance(leaf, list):
        return [_each_text(each, reword) for each in leaf]
    return reword(leaf) if isinstance(leaf, str) else leaf


def _name(urn: str) -> str:
    return urn.rpartition("::")[2]


def _texts(value: Any) -> set[str]:
    if isinstance(value, Mapping):
        return set().union(*map(_texts, value.values()))
    if isinstance(value, list):
        return set().union(*map(_texts, value))
    return {value} if isinstance(value, str) else set()


def _opened(value: Any) -> Any:
    """What is written as JSON, read; of a secret that it is one; of files their hash."""
    if isinstance(value, str) and value[:1] in ("{", "["):
        with suppress(ValueError):
            return json.loads(value)
    if isinstance(value, Mapping) and _SIGNATURE in value:
        return "[secret]" if value[_SIGNATURE] == _SECRET else value.get("hash", "[file]")
    return value


def _steps(entries: list[Any]) -> list[tuple[str, Any]]:
    """The entries of a list with what tells them apart: a name of theirs, or their place."""
    opened = [_opened(each) for each in entries]
    for member in _NAMES:
        names = [str(each[member]) for each in opened if isinstance(each, Mapping) and member in each]
        if len(set(names)) == len(entries):
            return list(zip(names, opened, strict=True))
    return [(str(place), each) for place, each in enumerate(opened)]
