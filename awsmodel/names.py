"""Which member of the API is which property.

A property `cidrBlock` and an API member `CidrBlock` are the same thing, and the service model says how it
is written on the wire; the schema of the SDK says how a program wrote it. What is left for a resource type
to say are the names that differ:

    names = {
        "name": "LoadBalancerName",                       # another name
        "kmsKeyId": "EncryptionConfiguration.KmsKey",     # the API keeps it one level deeper
        "policy": "PolicyDocument|Document",              # calls differ: the first that a call has
        "delaySeconds": "Attributes.DelaySeconds",        # an entry of a map
        "defaultActions.redirect": "RedirectConfig",      # inside a nested object, relative to it
        "*.asnLists": "AsnList",                          # inside all nested objects, at every depth
        "containerDefinitions": Field("containerDefinitions", JSON_TEXT),
        "egress": "",                                     # no member, in spite of the name
    }

`flat` names objects that only Pulumi has: their properties are members of the surrounding API structure.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

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


JSON_TEXT = Codec(encode=json.loads, decode=canonical_json)
"""A JSON text in Pulumi that is a structure in the API."""

BASE64_TEXT = Codec(
    encode=base64.b64decode,
    decode=lambda value: base64.b64encode(value).decode(),
)
"""Base64 text in Pulumi that is bytes in the API."""


def member_of(shape: StructureShape, names: Names, name: str) -> tuple[list[str], Shape, Codec | None] | None:
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


def empty_of(shape: Shape) -> Any:
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


def below(names: Names, name: str) -> Names:
    """The names that hold inside the object `name`; `*.x` holds at every depth."""
    if not any("." in key for key in names):
        return {}
    return _nested(tuple(names.items()), f"{name}.")
