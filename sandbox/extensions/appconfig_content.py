"""What AppConfig refuses of a configuration: by the profile's schema, or by the form of feature flags."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from jsonschema import Draft4Validator, Draft7Validator

FEATURE_FLAGS = "AWS.AppConfig.FeatureFlags"
"""The type of a profile whose configurations are feature flags."""

# AppConfig user guide, "Type reference for AWS.AppConfig.FeatureFlags".
_KEY = r"^[a-z][a-zA-Z\d_-]{0,63}$"
_TEXT = {"type": "string", "maxLength": 1024}
_NAME = {"type": "string", "pattern": r"^[^\n]{1,64}$"}
_ATTRIBUTE_VALUE = {
    "oneOf": [
        _TEXT,
        {"type": "number"},
        {"type": "boolean"},
        {"type": "array", "items": _TEXT},
        {"type": "array", "items": {"type": "number"}, "minItems": 1},
    ]
}


def _closed(properties: dict[str, Any], *required: str, **more: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
        **more,
    }


def _keyed(value: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "object", "patternProperties": {_KEY: value}, "additionalProperties": False, **more}


def _constraints(kind: str, **properties: Any) -> dict[str, Any]:
    return _closed({"type": {"enum": [kind]}, "required": {"type": "boolean"}, **properties}, "type")


_NUMBER = _constraints("number", minimum={"type": "integer"}, maximum={"type": "integer"})
_STRING = _constraints("string", pattern=_TEXT, enum={"type": "array"}) | {
    "not": {"required": ["pattern", "enum"]}
}
_ATTRIBUTE = _closed(
    {
        "description": _TEXT,
        "constraints": {
            "oneOf": [
                _NUMBER,
                _STRING,
                _constraints("boolean"),
                _constraints("array", elements={"oneOf": [_NUMBER, _STRING]}),
            ]
        },
    }
)
_STAMPS = {"_createdAt": {"type": "string"}, "_updatedAt": {"type": "string"}}
_FLAG = _closed(
    {
        "name": _NAME,
        "description": _TEXT,
        "attributes": _keyed(_ATTRIBUTE, maxProperties=25),
        "_deprecation": _closed({"status": {"enum": ["planned"]}, "date": {"type": "string"}}),
        **_STAMPS,
    }
)
_VARIANT = _closed(
    {
        "name": _NAME,
        "enabled": {"type": "boolean"},
        "rule": {"type": "string", "maxLength": 16384},
        "attributeValues": _keyed(_ATTRIBUTE_VALUE, maxProperties=25),
    },
    "name",
    "enabled",
)
_VALUE = _closed(
    {"enabled": {"type": "boolean"}, "_variants": {"type": "array", "items": _VARIANT}, **_STAMPS},
    patternProperties={_KEY: _ATTRIBUTE_VALUE},
)
_DOCUMENT = _closed({"version": {"enum": ["1"]}, "flags": _keyed(_FLAG), "values": _keyed(_VALUE)}, "version")


def problem_with_schema(schema: str) -> str:
    """Why AppConfig does not take a schema as a validator, or nothing. It reads JSON Schema draft 4."""
    try:
        parsed = json.loads(schema)
    except ValueError as error:
        return f"it is no JSON: {error}"
    return _first(Draft4Validator(Draft4Validator.META_SCHEMA).iter_errors(parsed))


def problem_with_content(content: bytes, schemas: list[str], *, is_flags: bool) -> str:
    """Why AppConfig does not take a configuration, or nothing."""
    if not schemas and not is_flags:
        return ""
    try:
        document = json.loads(content)
    except ValueError as error:
        return f"it is no JSON: {error}"
    if is_flags:
        problem = _first(Draft7Validator(_DOCUMENT).iter_errors(document))
        problem = problem or next(_problems_with_values(document), "")
        if problem:
            return problem
    for schema in schemas:
        if problem := _first(Draft4Validator(json.loads(schema)).iter_errors(document)):
            return problem
    return ""


def _problems_with_values(document: dict[str, Any]) -> Iterator[str]:
    """Values of flags that are not declared, and attributes against their constraints."""
    flags = document.get("flags") or {}
    for key, value in (document.get("values") or {}).items():
        if key not in flags:
            yield f"values.{key}: there is no flag {key}"
            continue
        attributes = flags[key].get("attributes") or {}
        variants = value.get("_variants")
        given = [each.get("attributeValues") or {} for each in variants or ()] if variants else [value]
        for each in given:
            yield from _problems_with_attributes(f"values.{key}", attributes, each)


def _problems_with_attributes(place: str, attributes: dict[str, Any], given: dict[str, Any]) -> Iterator[str]:
    for name in given.keys() - attributes.keys() - {"enabled", "_createdAt", "_updatedAt"}:
        yield f"{place}.{name}: there is no attribute {name}"
    for name, attribute in attributes.items():
        constraints = attribute.get("constraints") or {}
        if name not in given:
            if constraints.get("required"):
                yield f"{place}.{name}: it is required"
            continue
        for problem in _problems_with_value(given[name], constraints):
            yield f"{place}.{name}: {problem}"


def _problems_with_value(value: Any, constraints: dict[str, Any]) -> Iterator[str]:
    if not constraints:
        return
    schema = {
        name: constraints[name] for name in ("type", "minimum", "maximum", "enum") if name in constraints
    }
    if problem := _first(Draft7Validator(schema).iter_errors(value)):
        yield problem
    elif "pattern" in constraints and not re.search(constraints["pattern"], value):
        yield f"{value!r} does not match {constraints['pattern']!r}"
    elif constraints["type"] == "array":
        for element in value:
            yield from _problems_with_value(element, constraints.get("elements") or {})


def _first(errors: Iterator[Any]) -> str:
    """The first problem by its place in the document."""
    found = sorted((".".join(str(step) for step in error.absolute_path), error.message) for error in errors)
    if not found:
        return ""
    place, message = found[0]
    return f"{place}: {message}" if place else message
