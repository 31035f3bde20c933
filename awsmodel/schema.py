"""The properties of each pulumi-aws resource type, read from the installed SDK.

The SDK is generated from the provider's schema, so its argument classes say what a type takes and
gives. They are read as text, class by class: importing them would cost seconds and hundreds of
megabytes, of which a stack uses a few dozen classes.
"""

from __future__ import annotations

import ast
import importlib.util
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cache, cached_property
from pathlib import Path

from awsmodel.errors import ModelError


class Kind(Enum):
    """What a property holds, in the words of the Pulumi schema."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    LIST = "list"
    MAP = "map"
    OBJECT = "object"
    ASSET = "asset"
    ANY = "any"


@dataclass(frozen=True, kw_only=True)
class Property:
    """A property's kind; `item` is what a list or a map holds, `fields` what an object holds."""

    kind: Kind
    item: Property | None = None
    _object: _ObjectReference | None = field(default=None, repr=False)

    @property
    def object_name(self) -> str:
        """The SDK's name of an object's type, or nothing."""
        return self._object.class_name.removesuffix("Args") if self._object else ""

    @cached_property
    def fields(self) -> Mapping[str, Property]:
        return self._object.fields() if self._object else {}

    @cached_property
    def required(self) -> frozenset[str]:
        """The fields that an object cannot do without."""
        return self._object.required() if self._object else frozenset()


@dataclass(frozen=True, kw_only=True)
class TypeSchema:
    """`inputs` may be set by a program; `state` is all that the type has, inputs included.

    `secret` are those that the provider keeps as secrets whatever the program says.
    """

    token: str
    inputs: Mapping[str, Property]
    state: Mapping[str, Property]
    required: frozenset[str]
    secret: frozenset[str]

    @property
    def write_only(self) -> frozenset[str]:
        """The inputs that no state may hold; the provider's names for them end in `Wo`."""
        return frozenset(name for name in self.inputs if name.endswith("Wo"))


@dataclass(frozen=True)
class _ObjectReference:
    file: Path
    class_name: str

    def fields(self) -> Mapping[str, Property]:
        return _properties(self.file, self.class_name)

    def required(self) -> frozenset[str]:
        return _required(self.file, self.class_name)


@cache
def type_schema(token: str) -> TypeSchema:
    """The schema of a resource type such as `aws:ec2/vpc:Vpc`.

    Raises ModelError when the installed pulumi-aws SDK has no such type.
    """
    file, class_name = _locate(token)
    args = _args_class(file, class_name)
    return TypeSchema(
        token=token,
        inputs=_properties(file, args),
        state=_properties(file, f"_{class_name}State"),
        required=_required(file, args),
        secret=_secret(file, class_name),
    )


def known_tokens() -> frozenset[str]:
    """The tokens of every resource type that the installed pulumi-aws SDK has."""
    return frozenset(_locations())


_GETTER = re.compile(
    r'@pulumi\.getter(?:\(name="(?P<name>\w+)"\))?\n    def (?P<python>\w+)\(self\) -> (?P<type>.+):\n'
)
_INIT = re.compile(r"def __init__\(__self__, \*,\n(?P<parameters>.*?)\):\n", re.DOTALL)
_PARAMETER = re.compile(r"^\s+(?P<python>\w+): (?P<rest>.+?),?$", re.MULTILINE)


@cache
def _sdk() -> Path:
    spec = importlib.util.find_spec("pulumi_aws")
    if spec is None or spec.origin is None:
        raise ModelError("the pulumi-aws SDK is not installed; run `make setup`")
    return Path(spec.origin).parent


@cache
def _locations() -> Mapping[str, str]:
    """Resource token → dotted Python class, from the SDK's own registration table."""
    text = (_sdk() / "__init__.py").read_text()
    table = re.search(r'resource_modules="""\n(.*?)\n"""', text, re.DOTALL)
    if table is None:
        raise ModelError("the installed pulumi-aws SDK has no registration table; its layout has changed")
    return {
        token: f"{module['fqn']}.{class_name}"
        for module in json.loads(table[1])
        for token, class_name in module["classes"].items()
    }


def _locate(token: str) -> tuple[Path, str]:
    dotted = _locations().get(token)
    if dotted is None:
        raise ModelError(f"the pulumi-aws SDK has no resource type {token!r}")
    package, class_name = dotted.removeprefix("pulumi_aws").lstrip(".").rpartition(".")[::2]
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", class_name).lower()
    return _sdk() / package / f"{snake}.py", class_name


def _args_class(file: Path, class_name: str) -> str:
    """The class of a resource's arguments: `InitArgs` where a nested type has the plain name."""
    init = f"{class_name}InitArgs"
    return init if init in _class_spans(file) else f"{class_name}Args"


@cache
def _class_spans(file: Path) -> Mapping[str, tuple[int, int]]:
    """Class name → its byte span, so that one class is read without keeping megabytes of text."""
    text = file.read_bytes()
    starts = [
        (match[1].decode(), match.start()) for match in re.finditer(rb"^class (\w+)", text, re.MULTILINE)
    ]
    ends = [start for _, start in starts[1:]] + [len(text)]
    return {name: (start, end) for (name, start), end in zip(starts, ends, strict=True)}


def _class_text(file: Path, class_name: str) -> str:
    # a type without settings has no class for them
    start, end = _class_spans(file).get(class_name, (0, 0))
    with file.open("rb") as stream:
        stream.seek(start)
        return stream.read(end - start).decode()


@cache
def _properties(file: Path, class_name: str) -> Mapping[str, Property]:
    return {
        match["name"] or match["python"]: _property(ast.parse(match["type"], mode="eval").body, file)
        for match in _GETTER.finditer(_class_text(file, class_name))
    }


def _required(file: Path, class_name: str) -> frozenset[str]:
    text = _class_text(file, class_name)
    names = {match["python"]: match["name"] or match["python"] for match in _GETTER.finditer(text)}
    signature = _INIT.search(text)
    return frozenset(
        names[match["python"]]
        for match in _PARAMETER.finditer(signature["parameters"] if signature else "")
        if " = " not in match["rest"] and match["python"] in names
    )


_SECRETS = re.compile(r"additional_secret_outputs=\[([^\]]*)\]")


def _secret(file: Path, class_name: str) -> frozenset[str]:
    found = _SECRETS.search(_class_text(file, class_name))
    return frozenset(re.findall(r"\w+", found[1])) if found else frozenset()


_SCALARS = {"str": Kind.STRING, "int": Kind.INTEGER, "float": Kind.NUMBER, "bool": Kind.BOOLEAN}


def _property(node: ast.expr, file: Path) -> Property:
    """The property that a type annotation of the SDK describes."""
    match node:
        case ast.Subscript(value=ast.Attribute(attr="Input") | ast.Name(id="Optional"), slice=inner):
            return _property(inner, file)
        case ast.Subscript(value=ast.Name(id="Sequence"), slice=inner):
            return Property(kind=Kind.LIST, item=_property(inner, file))
        case ast.Subscript(value=ast.Name(id="Mapping"), slice=ast.Tuple(elts=[_, inner])):
            return Property(kind=Kind.MAP, item=_property(inner, file))
        case ast.Subscript(value=ast.Name(id="Union"), slice=ast.Tuple(elts=[first, *_])):
            return _property(first, file)
        case ast.Attribute(attr=name) if name in _SCALARS:
            return Property(kind=_SCALARS[name])
        case ast.Attribute(attr="Asset" | "Archive"):
            return Property(kind=Kind.ASSET)
        case ast.Constant(value=str(name)) if name.endswith("Args"):
            return Property(kind=Kind.OBJECT, _object=_ObjectReference(file.parent / "_inputs.py", name))
        case ast.Constant(value=str()):
            return Property(kind=Kind.STRING)
    return Property(kind=Kind.ANY)
