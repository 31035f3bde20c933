"""Whether the official provider, and AWS behind it, would take the inputs of a resource.

Three sources, in this order: the schema of the SDK (kinds, required properties of objects), the rules written
down in `awsmodel.rules`, and AWS's service models. Nothing is called; what is not known yet is not judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from awsmodel.catalogue import resource_type
from awsmodel.checks import OneOf
from awsmodel.clients import Clients
from awsmodel.fault import Fault, fault, is_secret
from awsmodel.reading import Reader
from awsmodel.resource import Call
from awsmodel.rule import is_known, joined, number_of, shown
from awsmodel.rulebook import rules_of
from awsmodel.schema import Kind, Property
from awsmodel.service_rules import ServiceRules

_SDK = "pulumi-aws SDK"
# tags have calls of their own, and the region is where a call is made
_GENERIC = frozenset({"tags", "tagsAll", "region"})


class Validator:
    """Judges the inputs of one type. `clients` only lend their service models: no call is made."""

    def __init__(self, token: str, clients: Clients) -> None:
        self.resource = resource_type(token)
        self._reader = Reader(self.resource, clients)
        self._rules = rules_of(token)
        self._secrets = tuple(sorted(self._reader.schema.secret))
        self._service = ServiceRules(
            service=self.resource.service,
            names=self.resource.names,
            flat=self.resource.flat,
            secrets=self._secrets,
        )

    def faults(self, inputs: Mapping[str, Any]) -> list[Fault]:
        """All that is wrong with the inputs of a program, the worst kind first; of one path, the first only.

        Values that are not plain (unknown ones, assets) may be among them, and are not judged.
        """
        found: dict[str, Fault] = {}
        for each in self._all(inputs):
            found.setdefault(each.path, each)
        return list(found.values())

    def _all(self, inputs: Mapping[str, Any]) -> Iterator[Fault]:
        yield from _kinds(self._reader.schema.inputs, inputs, "", self._secrets)
        for rule in self._rules:
            for path, value in rule.found(inputs):
                found = fault(path, rule.check, value, rule.source, self._secrets)
                if found:
                    yield found
        # a list of values that is written down has the last word: the provider may take more than its service
        settled = {rule.path for rule in self._rules if isinstance(rule.check, OneOf)}
        for found in self._by_service(inputs):
            if re.sub(r"\[\d+\]", "[]", found.path) not in settled:
                yield found

    def _by_service(self, inputs: Mapping[str, Any]) -> Iterator[Fault]:
        judged: set[str] = set()
        caller = self._reader.caller
        for call in (self.resource.create, *self.resource.updates):
            taken = caller.takes(call) - judged - _GENERIC
            judged |= self._judged(call) & taken
            properties = {name: value for name, value in inputs.items() if name in taken}
            yield from self._service.faults(caller.structure(call), self._reader.schema.inputs, properties)

    def _judged(self, call: Call) -> frozenset[str]:
        """The properties that the call has a member for; what a function builds is left to later calls."""
        return self._reader.caller.converter.taken_by(self._reader.caller.structure(call))


def _kinds(
    schema: Mapping[str, Property], values: Mapping[str, Any], at: str, secrets: Sequence[str]
) -> Iterator[Fault]:
    """What is of the wrong kind or unknown to the SDK; of the first level, the provider says the latter."""
    for name, value in values.items():
        path = joined(at, name)
        if name in schema:
            yield from _kind(schema[name], value, path, secrets)
        elif at:
            close = get_close_matches(name, schema, n=1)
            meant = f", such as {close[0]}" if close else ""
            yield Fault(
                path=path, given="does not exist", allowed=f"be a property of the type{meant}", source=_SDK
            )


def _kind(schema: Property, value: Any, path: str, secrets: Sequence[str]) -> Iterator[Fault]:
    if value is None or not is_known(value):
        return
    match schema.kind:
        case Kind.LIST if isinstance(value, list) and schema.item is not None:
            for index, item in enumerate(value):
                yield from _kind(schema.item, item, f"{path}[{index}]", secrets)
        case Kind.MAP if isinstance(value, Mapping) and schema.item is not None:
            for key, item in value.items():
                yield from _kind(schema.item, item, joined(path, key), secrets)
        case Kind.OBJECT if isinstance(value, Mapping):
            yield from _kinds(schema.fields, value, path, secrets)
            for name in sorted(schema.required - value.keys()):
                yield Fault(path=joined(path, name), given="is missing", allowed="be there", source=_SDK)
        case kind if not _fits(kind, value):
            hidden = is_secret(path, secrets)
            given = "is something else" if hidden else f"is {shown(value)}"
            yield Fault(path=path, given=given, allowed=f"be {_WORDS[kind]}", source=_SDK, is_secret=hidden)


_WORDS = {
    Kind.STRING: "a text",
    Kind.INTEGER: "a whole number",
    Kind.NUMBER: "a number",
    Kind.BOOLEAN: "true or false",
    Kind.LIST: "a list",
    Kind.MAP: "a map",
    Kind.OBJECT: "an object",
}


def _fits(kind: Kind, value: Any) -> bool:
    """Whether the official provider can read a value as one of that kind; it reads numbers from texts too."""
    match kind:
        case Kind.STRING:
            return not isinstance(value, list | Mapping)
        case Kind.INTEGER:
            number = number_of(value)
            return number is not None and number == int(number)
        case Kind.NUMBER:
            return number_of(value) is not None
        case Kind.BOOLEAN:
            return isinstance(value, bool) or value in ("true", "false")
        case Kind.LIST:
            return isinstance(value, list)
        case Kind.MAP | Kind.OBJECT:
            return isinstance(value, Mapping)
    return True
