"""Of docs/reference, what a stack file may say: a page for people, and a schema for editors."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from infra.settings import rules, stack_files
from infra.settings.faults import section_of
from infra.settings.sections import StackConfig

SCHEMA = "stack-file.schema.json"
_ACCOUNT_ID = "^[0-9]{12}$"
_SETTINGS: Mapping[str, Mapping[str, Any]] = {
    stack_files.REGION: {"type": "string", "description": "The region of all that the stack makes."},
    stack_files.ACCOUNTS: {
        "type": "array",
        "items": {"type": "string", "pattern": _ACCOUNT_ID},
        "minItems": 1,
        "maxItems": 1,
        "description": "The one account that the stack may touch; no other environment's.",
    },
    stack_files.TEMPLATE: {
        "const": stack_files.TEMPLATE_NUMBER,
        "description": f"For which template the file was written; see {stack_files.UPGRADING}.",
    },
}
_ENGINE = {
    "encryptionsalt": "Written by the engine: of the passphrase that guards the secrets of the state.",
    "secretsprovider": "Written by the engine: the key of AWS that guards the secrets of the state.",
    "encryptedkey": "Written by the engine: the key of the state's secrets, under that key.",
}


def schema() -> str:
    """The JSON schema of a whole stack file, of the draft that editors know."""
    stack = StackConfig.model_json_schema()
    definitions = stack.pop("$defs")
    document = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$comment": "printed by `make reference` from infra/settings/sections.py; change it there",
        "title": "A stack file, Pulumi.<environment>.yaml",
        "type": "object",
        "required": ["config"],
        "additionalProperties": False,
        "properties": {
            **{name: {"type": "string", "description": said} for name, said in _ENGINE.items()},
            "config": {
                "type": "object",
                "required": [*_SETTINGS, stack_files.STACK],
                "properties": {**_SETTINGS, stack_files.STACK: {"$ref": "#/$defs/StackConfig"}},
                # what other providers read is theirs, and of ours there is nothing else
                "patternProperties": {"^slipway:(?!(stack|template)$)": False},
                "propertyNames": {"pattern": "^[^:]+:[^:]+$"},
            },
        },
        "$defs": {**definitions, "StackConfig": stack},
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def configuration() -> str:
    """Every key of a stack file: its type, its default and what it means."""
    return "\n".join([*_head(), *_section(StackConfig, ""), *_rules()]) + "\n"


def _head() -> Iterator[str]:
    yield "# Configuration"
    yield ""
    yield "<!-- printed by `make reference` from infra/settings (sections.py, rules.py); change it there -->"
    yield ""
    yield "A stack file holds only what differs from the defaults, and those are what production needs."
    yield "Every fault of it is listed at once, before the engine touches anything, and an editor that knows"
    yield f"[the schema]({SCHEMA}) shows most of them while one types."
    yield ""
    yield "## config"
    yield ""
    yield "| key | meaning |"
    yield "| --- | --- |"
    for key, setting in _SETTINGS.items():
        yield f"| `{key}` | {setting['description']} |"
    yield f"| `{stack_files.STACK}` | All else: the sections below. |"


def _section(model: type[BaseModel], prefix: str) -> Iterator[str]:
    properties = model.model_json_schema()["properties"]
    yield from ("", f"## {prefix.removesuffix('.') or stack_files.STACK}", "")
    yield "| key | type | default | meaning |"
    yield "| --- | --- | --- | --- |"
    inner: dict[str, type[BaseModel]] = {}
    for name, field in model.model_fields.items():
        if section := section_of(field.annotation):
            inner[f"{prefix}{name}."] = section
            kind, default = f"[section](#{prefix}{name})".replace(".", ""), "its own"
        else:
            kind, default = _type(properties[name], model), _spell(field)
        default = "required" if field.is_required() else default
        yield f"| `{name}` | {kind} | {default} | {field.description} |"
    for path, section in inner.items():
        yield from _section(section, path)


def _rules() -> Iterator[str]:
    yield from ("", "## What values must be to each other, and in an environment", "")
    yield from (f"- `{rule.reads[0]}`: {rule.demand}." for rule in rules.RULES)
    yield ""
    yield "No two environments share an account, a domain, an encryption salt or an address. Staging differs"
    allowed = "infra/settings/allowed_differences.yaml"
    yield f"from prod only as [{allowed}](../../{allowed}) allows."


def _spell(field: FieldInfo) -> str:
    value = field.get_default(call_default_factory=True, validated_data={})
    return "none" if value in (None, (), {}) or field.is_required() else f"`{_plain(value)}`"


def _type(schema: Mapping[str, Any], model: type[BaseModel]) -> str:
    """What a key takes, from its schema."""
    definitions = model.model_json_schema().get("$defs", {})
    if "$ref" in schema:
        return _type(definitions[schema["$ref"].rpartition("/")[2]], model)
    if "anyOf" in schema:
        return " or ".join(_type(each, model) for each in schema["anyOf"] if each.get("type") != "null")
    if "enum" in schema:
        return ", ".join(f"`{_plain(each)}`" for each in schema["enum"])
    if "patternErrorMessage" in schema:
        return str(schema["patternErrorMessage"]).removeprefix("must be ").replace("<", "&lt;")
    match schema["type"]:
        case "array":
            return f"list, each {_type(schema['items'], model)}"
        case "object":
            ((_, inner),) = schema["patternProperties"].items()
            return f"map, each value {_type(inner, model)}"
        case "boolean":
            return "`true`, `false`"
        case kind:
            return " ".join(filter(None, (kind, _range(schema))))


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _range(schema: Mapping[str, Any]) -> str:
    least, most = schema.get("minimum"), schema.get("maximum")
    if "exclusiveMinimum" in schema:
        return f"above {schema['exclusiveMinimum']}, up to {most}"
    if least is not None and most is not None:
        return f"{least} to {most}"
    return f"from {least}" if least is not None else ""
