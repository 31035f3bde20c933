"""Between Pulumi's properties and the API's parameters, driven by botocore's service models.

A property `cidrBlock` and an API member `CidrBlock` are the same thing, and the service model says how it
is written on the wire; the schema of the SDK says how a program wrote it. What is left for a resource type
to say are the names that differ:

    names = {
        "name": "LoadBalancerName",                       # another name
        "kmsKeyId": "EncryptionConfiguration.KmsKey",     # the API keeps it one level deeper
        "policy": "PolicyDocument|Document",              # calls differ: the first that a call has
        "delaySeconds": "Attributes.DelaySeconds",        # an entry of a map
        "defaultActions.redirect": "RedirectConfig",      # inside a nested object, relative to it
        "containerDefinitions": Field("containerDefinitions", JSON_TEXT),
        "egress": "",                                     # no member, in spite of the name
    }

`flat` names objects that only Pulumi has: their properties are members of the surrounding API structure.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

from awsmodel.errors import ModelError
from awsmodel.schema import Kind, Property

Properties = dict[str, Any]


@dataclass(frozen=True)
class Codec:
    """How a value is written to the API and read back, where the spelling differs.

    What is written as None is not sent.
    """

    encode: Callable[[Any], Any]
    decode: Callable[[Any], Any]


@dataclass(frozen=True)
class Field:
    """An API member with a value that is spelled otherwise in Pulumi."""

    member: str
    codec: Codec


Names = Mapping[str, "str | Field"]


def canonical_json(value: Any) -> str:
    """A document as text in one spelling: no spaces, keys in the order given."""
    return json.dumps(value, separators=(",", ":"))


def _decode_json(value: Any) -> Any:
    return value if isinstance(value, str) else canonical_json(value)


JSON_TEXT = Codec(encode=json.loads, decode=canonical_json)
"""A JSON text in Pulumi that is a structure in the API."""

POLICY_TEXT = Codec(encode=lambda text: text, decode=_decode_json)
"""A policy document: sent as text, and parsed by botocore on the way back."""

BASE64_TEXT = Codec(
    encode=base64.b64decode,
    decode=lambda value: base64.b64encode(value).decode(),
)
"""Base64 text in Pulumi that is bytes in the API."""


@dataclass(frozen=True, kw_only=True)
class Converter:
    """Both directions for one resource type; `schema` is its properties by name."""

    schema: Mapping[str, Property]
    names: Names
    flat: frozenset[str] = frozenset()

    def to_api(
        self, shape: StructureShape, properties: Mapping[str, Any], taken_away: Iterable[str] = ()
    ) -> dict[str, Any]:
        """The parameters that `shape` takes of `properties`; the others are left out.

        Those `taken_away` are said to be empty, where the API can say so.
        """
        result = _to_structure(shape, properties, self.schema, self.names, self.flat)
        for name in taken_away:
            found = _member(shape, self.names, name)
            empty = _empty(found[1]) if found else None
            if found and empty is not None:
                _put(result, found[0], empty)
        return result

    def from_api(self, shape: StructureShape, item: Mapping[str, Any]) -> Properties:
        """The properties that an API structure shows; members without a property are left out."""
        return _from_structure(shape, item, self.schema, self.names, self.flat)

    def taken_by(self, shape: StructureShape) -> frozenset[str]:
        """The properties that an API structure has a member for."""
        return frozenset(
            name
            for name, schema in self.schema.items()
            if (
                any(_member(shape, _below(self.names, name), inner) is not None for inner in schema.fields)
                if name in self.flat
                else _member(shape, self.names, name) is not None
            )
        )

    def members_of(self, shape: StructureShape, name: str) -> list[str]:
        """The path of members that hold the property, or nothing."""
        found = _member(shape, self.names, name)
        return found[0] if found else []


def _member(shape: StructureShape, names: Names, name: str) -> tuple[list[str], Shape, Codec | None] | None:
    """Where a property lives in a structure: the path of members, the last one's shape, its codec."""
    given = names.get(name)
    codec = given.codec if isinstance(given, Field) else None
    wanted = given.member if isinstance(given, Field) else given
    if wanted is None:
        member = _folded_members(shape).get(name.lower())
        return ([member], shape.members[member], codec) if member else None
    for path in (alternative.split(".") for alternative in wanted.split("|")):
        found = _at(shape, path)
        if found is not None:
            return path, found, codec
    return None


def _at(shape: Shape, path: list[str]) -> Shape | None:
    """The shape at the end of a path of members, or None when a structure has no such member."""
    for step in path:
        if isinstance(shape, MapShape):
            shape = shape.value
        elif isinstance(shape, StructureShape) and step in shape.members:
            shape = shape.members[step]
        else:
            return None
    return shape


def _empty(shape: Shape) -> Any:
    """The value of an API member that means nothing, or None when there is no such value."""
    if isinstance(shape, ListShape):
        return []
    if isinstance(shape, MapShape) or (isinstance(shape, StructureShape) and not shape.required_members):
        return {}
    if shape.type_name == "boolean":
        return False
    if shape.type_name == "string" and not shape.metadata.get("min") and not shape.metadata.get("enum"):
        return ""
    return None


_FOLDED: dict[int, tuple[StructureShape, dict[str, str]]] = {}


def _folded_members(shape: StructureShape) -> dict[str, str]:
    """Member names without case, by shape; shapes live as long as their service model."""
    known = _FOLDED.get(id(shape))
    if known is None or known[0] is not shape:
        known = (shape, {member.lower(): member for member in shape.members})
        _FOLDED[id(shape)] = known
    return known[1]


@cache
def _nested(names: tuple[tuple[str, str | Field], ...], prefix: str) -> Names:
    return (
        {key.removeprefix(prefix): value for key, value in names if key.startswith(prefix)}
        | {key: value for key, value in names if key.startswith("*.")}
        | {key.removeprefix("*."): value for key, value in names if key.startswith("*.")}
    )


def _below(names: Names, name: str) -> Names:
    """The names that hold inside the object `name`; `*.x` holds at every depth."""
    if not any("." in key for key in names):
        return {}
    return _nested(tuple(names.items()), f"{name}.")


def _to_structure(
    shape: StructureShape,
    properties: Mapping[str, Any],
    schema: Mapping[str, Property],
    names: Names,
    flat: frozenset[str] = frozenset(),
) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for name, value in properties.items():
        if value is None:
            continue
        property_schema = schema.get(name)
        if name in flat and property_schema is not None:
            inner = _to_structure(shape, value, property_schema.fields, _below(names, name))
            _merge(result, inner)
            continue
        found = _member(shape, names, name)
        if found is None:
            continue
        path, member, codec = found
        try:
            written = (
                codec.encode(value)
                if codec
                else _to_value(member, value, property_schema, _below(names, name))
            )
        except (ValueError, TypeError) as error:
            raise ModelError(
                f"{value!r:.200} is no {member.type_name} ({error})", property_path=name
            ) from error
        if written is not None:
            _put(result, path, written)
    return result


def _put(into: dict[str, Any], path: list[str], value: Any) -> None:
    for step in path[:-1]:
        into = into.setdefault(step, {})
    if isinstance(value, dict) and isinstance(into.get(path[-1]), dict):
        _merge(into[path[-1]], value)
    else:
        into[path[-1]] = value


def _merge(into: dict[str, Any], other: Mapping[str, Any]) -> None:
    for key, value in other.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            _merge(into[key], value)
        else:
            into[key] = value


def _to_value(shape: Shape, value: Any, schema: Property | None, names: Names) -> Any:
    if isinstance(shape, ListShape):
        pair = _pair(shape)
        if pair and schema and schema.kind is Kind.MAP:
            return [{pair[0]: key, pair[1]: _text(item)} for key, item in value.items()]
        items = value if isinstance(value, list) else [value]
        item_schema = schema.item if schema and schema.kind is Kind.LIST else schema
        return [_to_value(shape.member, item, item_schema, names) for item in items if item is not None]
    if isinstance(shape, MapShape):
        item_schema = schema.item if schema else None
        return {key: _to_value(shape.value, item, item_schema, names) for key, item in value.items()}
    if isinstance(shape, StructureShape):
        if isinstance(value, list):
            value = value[0] if value else {}
            schema = schema.item if schema else None
        if not isinstance(value, Mapping) and list(shape.members) == ["Value"]:
            # EC2 wraps a single value where absence has a meaning: AttributeBooleanValue
            return {"Value": _to_value(shape.members["Value"], value, schema, names)}
        return _to_structure(shape, value, schema.fields if schema else {}, names)
    return _to_scalar(shape, value)


def _to_scalar(shape: Shape, value: Any) -> Any:
    match shape.type_name:
        case "integer" | "long":
            return int(value)
        case "double" | "float":
            return float(value)
        case "boolean":
            return value if isinstance(value, bool) else {"true": True, "false": False}[str(value).lower()]
        case "string":
            return _text(value)
        case "blob":
            return value.encode() if isinstance(value, str) else value
    return value


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _from_structure(
    shape: StructureShape,
    item: Mapping[str, Any],
    schema: Mapping[str, Property],
    names: Names,
    flat: frozenset[str] = frozenset(),
) -> Properties:
    result: Properties = {}
    for name, property_schema in schema.items():
        if name in flat:
            inner = _from_structure(shape, item, property_schema.fields, _below(names, name))
            if inner:
                result[name] = inner
            continue
        found = _member(shape, names, name)
        if found is None:
            continue
        path, member, codec = found
        value: Any = item
        for step in path:
            value = value.get(step) if isinstance(value, Mapping) else None
        if value is None:
            continue
        read = (
            codec.decode(value) if codec else _from_value(member, value, property_schema, _below(names, name))
        )
        if read is not None:
            result[name] = read
    return result


def _from_value(shape: Shape, value: Any, schema: Property, names: Names) -> Any:
    if schema.kind is Kind.LIST and schema.item is not None:
        if not isinstance(shape, ListShape):
            return [_from_value(shape, value, schema.item, names)]
        return [_from_value(shape.member, item, schema.item, names) for item in value]
    if isinstance(shape, ListShape):
        pair = _pair(shape)
        if pair and schema.kind is Kind.MAP:
            return {entry[pair[0]]: entry.get(pair[1], "") for entry in value}
        return _from_value(shape.member, value[0], schema, names) if value else None
    if schema.kind is Kind.OBJECT and isinstance(shape, StructureShape):
        return _from_structure(shape, value, schema.fields, names)
    if schema.kind is Kind.MAP and isinstance(value, Mapping):
        item = schema.item or Property(kind=Kind.ANY)
        inner = shape.value if isinstance(shape, MapShape) else None
        return {
            key: _from_value(inner, entry, item, names) if inner else entry for key, entry in value.items()
        }
    if isinstance(shape, StructureShape) and list(shape.members) == ["Value"]:
        value = value.get("Value")
    return None if value is None else _from_scalar(value, schema.kind)


def _pair(shape: ListShape) -> tuple[str, str] | None:
    """The members of a list of keys and values (names and values), which is a map in Pulumi."""
    if isinstance(shape.member, StructureShape) and len(shape.member.members) == 2:
        members = {name.lower(): name for name in shape.member.members}
        key = members.get("key") or members.get("name")
        if key and "value" in members:
            return key, members["value"]
    return None


def _from_scalar(value: Any, kind: Kind) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, bytes):
        value = value.decode()
    match kind:
        case Kind.STRING:
            return canonical_json(value) if isinstance(value, dict | list) else _text(value)
        case Kind.INTEGER:
            return int(value)
        case Kind.NUMBER:
            return float(value)
        case Kind.BOOLEAN:
            return value if isinstance(value, bool) else str(value).lower() == "true"
    return value
