"""Python for the resources that `pulumi import` took over.

The engine describes them in its own language (PCL, a dialect of HCL) and leaves it to a language host to
write them down. An import needs little of it: resource blocks with literals, references and options.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from awsmodel.errors import ModelError
from awsmodel.schema import Kind, Property, type_schema

_TOKEN = re.compile(
    r"""(?P<space>[ \t\r]+|\#[^\n]*|//[^\n]*)|(?P<newline>\n)|(?P<text>"(?:[^"\\]|\\.)*")"""
    r"""|(?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?P<word>[A-Za-z_][\w-]*)|(?P<sign>[{}\[\]()=,.:])"""
)


class GenerateError(Exception):
    """The description holds something that an import never does."""


@dataclass(frozen=True)
class Reference:
    """A property of another resource, such as `net.id`."""

    path: tuple[str, ...]


@dataclass(frozen=True)
class Block:
    """`resource net "aws:ec2/vpc:Vpc" { … }`: its labels, attributes and inner blocks."""

    labels: tuple[str, ...]
    attributes: Mapping[str, Any]
    blocks: Mapping[str, Block]


def generate(source: str) -> str:
    """The program that declares each resource of a description. Raises GenerateError."""
    resources = [block for kind, block in _Parser(source).blocks() if kind == "resource"]
    lines = ["import pulumi", "import pulumi_aws as aws", ""]
    lines += [_resource(block) for block in resources]
    return "\n".join(lines) + "\n"


def _resource(block: Block) -> str:
    variable, token = block.labels[0], block.labels[1]
    name = block.attributes.get("__logicalName", variable)
    package, module, class_name = token.split(":")
    module = module.split("/")[0]
    if module in ("lambda",):
        module += "_"
    schema = _schema(token)
    arguments = [json.dumps(name)]
    arguments += [
        f"{_snake(key)}={_value(value, schema.get(key), indent=1)}"
        for key, value in block.attributes.items()
        if key != "__logicalName"
    ]
    options = block.blocks.get("options")
    if options is not None:
        inner = ", ".join(
            f"{_snake(key)}={_value(value, None, 1)}" for key, value in options.attributes.items()
        )
        arguments.append(f"opts=pulumi.ResourceOptions({inner})")
    body = ",\n    ".join(arguments)
    return f"{_snake(variable)} = {package}.{module}.{class_name}(\n    {body},\n)"


def _schema(token: str) -> Mapping[str, Property]:
    try:
        return type_schema(token).inputs
    except ModelError:
        return {}


def _value(value: Any, schema: Property | None, indent: int) -> str:
    pad = "    " * (indent + 1)
    match value:
        case Reference(path=path):
            return ".".join(_snake(step) for step in path)
        case dict():
            names_are_keys = schema is not None and schema.kind is Kind.MAP
            fields = schema.fields if schema is not None else {}
            entries = [
                f"{pad}{json.dumps(key if names_are_keys else _snake(key))}: "
                f"{_value(entry, schema.item if schema and names_are_keys else fields.get(key), indent + 1)},"
                for key, entry in value.items()
            ]
            return "{\n" + "\n".join(entries) + "\n" + "    " * indent + "}" if entries else "{}"
        case list():
            item = schema.item if schema is not None else None
            if all(not isinstance(entry, dict | list) for entry in value):
                return "[" + ", ".join(_value(entry, item, indent) for entry in value) + "]"
            entries = [f"{pad}{_value(entry, item, indent + 1)}," for entry in value]
            return "[\n" + "\n".join(entries) + "\n" + "    " * indent + "]"
        case str():
            return json.dumps(value, ensure_ascii=False)
    return repr(value)


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).replace("-", "_").lower()


class _Parser:
    def __init__(self, source: str) -> None:
        self._tokens = list(_tokens(source))
        self._at = 0

    def blocks(self) -> Iterator[tuple[str, Block]]:
        while self._skip_newlines() != "":
            yield self._take(), self._block()

    def _block(self) -> Block:
        labels = []
        while self._peek() != "{":
            label = self._take()
            labels.append(json.loads(label) if label.startswith('"') else label)
        self._take("{")
        attributes: dict[str, Any] = {}
        blocks: dict[str, Block] = {}
        while self._skip_newlines() != "}":
            name = self._take()
            if self._peek() == "=":
                self._take("=")
                attributes[name] = self._expression()
            else:
                blocks[name] = self._block()
        self._take("}")
        return Block(tuple(labels), attributes, blocks)

    def _expression(self) -> Any:
        token = self._take()
        if token == "{":  # noqa: S105 a brace
            return self._object()
        if token == "[":  # noqa: S105 a bracket
            return self._list()
        if token.startswith('"'):
            return _text(token)
        if re.match(r"-?\d", token):
            number = float(token)
            return int(number) if number.is_integer() else number
        literals = {"true": True, "false": False, "null": None}
        if token in literals:
            return literals[token]
        path = [token]
        while self._peek() == ".":
            self._take(".")
            path.append(self._take())
        return Reference(tuple(path))

    def _object(self) -> dict[str, Any]:
        entries: dict[str, Any] = {}
        while self._skip_newlines() != "}":
            key = self._take()
            if self._take() not in "=:":
                raise GenerateError(f"an entry of an object must be `key = value`, at {key}")
            entries[_text(key) if key.startswith('"') else key] = self._expression()
            if self._peek() == ",":
                self._take(",")
        self._take("}")
        return entries

    def _list(self) -> list[Any]:
        items = []
        while self._skip_newlines() != "]":
            items.append(self._expression())
            if self._skip_newlines() == ",":
                self._take(",")
        self._take("]")
        return items

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _skip_newlines(self) -> str:
        while self._peek() == "\n":
            self._at += 1
        return self._peek()

    def _take(self, wanted: str = "") -> str:
        token = self._peek()
        if not token or (wanted and token != wanted):
            raise GenerateError(f"{wanted or 'more'} was due, {token or 'nothing'} came")
        self._at += 1
        return token


def _text(token: str) -> str:
    # HCL doubles what would begin a template
    text: str = json.loads(token)
    return text.replace("$${", "${").replace("%%{", "%{")


def _tokens(source: str) -> Iterator[str]:
    at = 0
    while at < len(source):
        match = _TOKEN.match(source, at)
        if match is None:
            raise GenerateError(f"{source[at : at + 20]!r} is not understood")
        at = match.end()
        if match.lastgroup != "space":
            yield match[0]
