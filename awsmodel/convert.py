"""Between Pulumi's properties and the API's parameters, driven by botocore's service models.

`awsmodel.names` says which member is which property, the service model how it is written on the wire, and
the schema of the SDK how a program wrote it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

from awsmodel.errors import ModelError
from awsmodel.names import Names, Properties, below, canonical_json, empty_of, member_of
from awsmodel.schema import Kind, Property


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
            found = member_of(shape, self.names, name)
            empty = empty_of(found[1]) if found else None
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
                any(member_of(shape, below(self.names, name), inner) is not None for inner in schema.fields)
                if name in self.flat
                else member_of(shape, self.names, name) is not None
            )
        )

    def members_of(self, shape: StructureShape, name: str) -> list[str]:
        """The path of members that hold the property, or nothing."""
        found = member_of(shape, self.names, name)
        return found[0] if found else []


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
            inner = _to_structure(shape, value, property_schema.fields, below(names, name))
            _merge(result, inner)
            continue
        found = member_of(shape, names, name)
        if found is None:
            continue
        path, member, codec = found
        try:
            written = (
                codec.encode(value)
                if codec
                else _to_value(member, value, property_schema, below(names, name))
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
            inner = _from_structure(shape, item, property_schema.fields, below(names, name))
            if inner:
                result[name] = inner
            continue
        found = member_of(shape, names, name)
        if found is None:
            continue
        path, member, codec = found
        value: Any = item
        for step in path:
            value = value.get(step) if isinstance(value, Mapping) else None
        if value is None:
            continue
        read = (
            codec.decode(value) if codec else _from_value(member, value, property_schema, below(names, name))
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
