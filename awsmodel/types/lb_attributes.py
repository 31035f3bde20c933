"""What load balancers keep as attributes: pairs of texts, with calls of their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from awsmodel.compare import covers
from awsmodel.names import Properties
from awsmodel.resource import Tags
from awsmodel.schema import Kind, type_schema

LB_TAGS = Tags(tag="add_tags", untag="remove_tags", target="ResourceArns", by="id", read="describe_tags")


@dataclass(frozen=True)
class Attributes:
    """The attributes of one resource type: `keys` is the path of a property → AWS's key for it.

    `initial` is what AWS begins with, and what a property goes back to that the program took away.
    """

    token: str
    keys: Mapping[str, str]
    initial: Mapping[str, Any] = field(default_factory=dict)

    @property
    def properties(self) -> frozenset[str]:
        """The properties that are kept as attributes."""
        return frozenset(path.split(".")[0] for path in self.keys)

    def changes(self, known: Properties) -> list[dict[str, str]]:
        """The attributes that differ from what AWS shows now (`live`), each object of them whole."""
        live = known.get("live") or {}
        found = []
        for path, key in self.keys.items():
            top = path.split(".")[0]
            value = _at(known, path)
            if known.get(top) is None and _at(live, path):
                value = False if path.endswith(".enabled") else self.initial.get(path)
            if value is not None and not covers(known.get(top) or value, live.get(top)):
                found.append({"Key": key, "Value": _text(value)})
        return found

    def read(self, attributes: Iterable[Mapping[str, Any]] | None) -> Properties:
        """The properties that a list of attributes shows; an object with nothing set or on is left out."""
        values = {entry["Key"]: str(entry.get("Value", "")) for entry in attributes or ()}
        shown: Properties = {}
        for path, key in self.keys.items():
            if values.get(key):
                _put(shown, path, _parsed(values[key], self._kind(path)))
        schema = type_schema(self.token).state
        return {
            name: [value] if schema[name].kind is Kind.LIST else value
            for name, value in shown.items()
            if not isinstance(value, dict) or any(value.values())
        }

    def _kind(self, path: str) -> Kind:
        top, *inner = path.split(".")
        schema = type_schema(self.token).state[top]
        for step in inner:
            schema = (schema.item or schema).fields[step]
        return schema.kind


def _at(properties: Mapping[str, Any], path: str) -> Any:
    value: Any = properties
    for step in path.split("."):
        if isinstance(value, list):
            value = value[0] if value else None
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def _put(properties: dict[str, Any], path: str, value: Any) -> None:
    *above, last = path.split(".")
    for step in above:
        properties = properties.setdefault(step, {})
    properties[last] = value


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _parsed(text: str, kind: Kind) -> Any:
    if kind is Kind.BOOLEAN:
        return text == "true"
    return int(text) if kind is Kind.INTEGER else text
