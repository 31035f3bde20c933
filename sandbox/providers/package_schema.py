"""The package schema of the modelled types, which `pulumi import` writes a program from.

Made from the SDK's own classes when it is asked for: an import is rare, and the whole is large.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from awsmodel.schema import Kind, Property, type_schema

# WAF's statements nest into each other; a program that goes deeper writes it by hand
_DEEPEST = 8


def package_schema(name: str, version: str, tokens: Iterable[str]) -> str:
    """The schema as JSON text (github.com/pulumi/pulumi, pkg/codegen/schema/pulumi.json)."""
    types: dict[str, Any] = {}
    resources = {token: _resource(token, types) for token in tokens}
    return json.dumps({"name": name, "version": version, "types": types, "resources": resources})


def _resource(token: str, types: dict[str, Any]) -> dict[str, Any]:
    schema = type_schema(token)
    module = token.split(":")[1].split("/")[0]
    return {
        "inputProperties": _properties(schema.inputs, module, types, 1),
        "requiredInputs": sorted(schema.required),
        "properties": _properties(schema.state, module, types, 1),
    }


def _properties(
    properties: Mapping[str, Property], module: str, types: dict[str, Any], depth: int
) -> dict[str, Any]:
    return {name: _type(each, module, types, depth) for name, each in properties.items()}


def _type(property_: Property, module: str, types: dict[str, Any], depth: int) -> dict[str, Any]:
    match property_.kind:
        case Kind.LIST:
            return {"type": "array", "items": _item(property_, module, types, depth)}
        case Kind.MAP:
            return {"type": "object", "additionalProperties": _item(property_, module, types, depth)}
        case Kind.ASSET:
            return {"$ref": "pulumi.json#/Archive"}
        case Kind.OBJECT if depth < _DEEPEST:
            return {"$ref": f"#/types/{_object(property_, module, types, depth)}"}
        case Kind.OBJECT | Kind.ANY:
            return {"$ref": "pulumi.json#/Any"}
    return {"type": property_.kind.value}


def _item(property_: Property, module: str, types: dict[str, Any], depth: int) -> dict[str, Any]:
    return _type(property_.item or Property(kind=Kind.ANY), module, types, depth)


def _object(property_: Property, module: str, types: dict[str, Any], depth: int) -> str:
    token = f"aws:{module}/{property_.object_name}:{property_.object_name}"
    if token not in types:
        types[token] = {}  # known before its fields are, which may hold it
        types[token] = {
            "type": "object",
            "properties": _properties(property_.fields, module, types, depth + 1),
        }
    return token
