"""The engine's values as plain Python, and back.

On the wire every property value is a protobuf `Value`; the special ones are structs that carry a signature
(sdk/go/common/resource/sig in the engine's source).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from google.protobuf.struct_pb2 import NULL_VALUE, ListValue, Struct, Value

_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 a type's signature, no secret
_ASSET = "c44067f5952c0a294b673a41bacd8c17"
_ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7"
_RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e"
_OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
_UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


class _Unknown:
    """A value that only the deployment will know."""

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __deepcopy__(self, _: object) -> _Unknown:
        return self


UNKNOWN: Final = _Unknown()


@dataclass(frozen=True, kw_only=True)
class Asset:
    """A file or a text of a program. Two are equal when their content is: `digest` is its SHA-256."""

    digest: str
    content: Mapping[str, Any]
    signature: str = _ASSET

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Asset) and bool(self.digest) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)


def from_struct(struct: Struct) -> dict[str, Any]:
    """A property map without its secrets' wrapping; unknown values become UNKNOWN."""
    return {key: _from_value(value) for key, value in struct.fields.items()}


def to_struct(properties: Mapping[str, Any]) -> Struct:
    """A property map for the wire; absent (None) values are left out."""
    return Struct(fields={key: _to_value(value) for key, value in properties.items() if value is not None})


def has_unknown(value: Any) -> bool:
    """Whether a value, or anything inside it, is not known yet."""
    if isinstance(value, Mapping):
        return any(has_unknown(entry) for entry in value.values())
    if isinstance(value, list):
        return any(has_unknown(entry) for entry in value)
    return value is UNKNOWN


def _from_value(value: Value) -> Any:
    match value.WhichOneof("kind"):
        case "string_value":
            return UNKNOWN if value.string_value == _UNKNOWN else value.string_value
        case "number_value":
            number = value.number_value
            return int(number) if number.is_integer() else number
        case "bool_value":
            return value.bool_value
        case "list_value":
            return [_from_value(entry) for entry in value.list_value.values]
        case "struct_value":
            return _from_signed(value.struct_value)
    return None


def _from_signed(struct: Struct) -> Any:
    fields = struct.fields
    signature = fields[_SIGNATURE].string_value if _SIGNATURE in fields else ""
    match signature:
        case "":
            return from_struct(struct)
        case _ if signature == _SECRET:
            return _from_value(fields["value"])
        case _ if signature == _OUTPUT:
            return _from_value(fields["value"]) if "value" in fields else UNKNOWN
        case _ if signature == _RESOURCE:
            return _from_value(fields["id"]) if "id" in fields else fields["urn"].string_value
    content = {key: _from_value(entry) for key, entry in fields.items() if key != _SIGNATURE}
    return Asset(digest=content.get("hash") or "", content=content, signature=signature)


def _to_value(value: Any) -> Value:
    match value:
        case _ if value is UNKNOWN:
            return Value(string_value=_UNKNOWN)
        case None:
            return Value(null_value=NULL_VALUE)
        case bool():
            return Value(bool_value=value)
        case int() | float():
            return Value(number_value=value)
        case str():
            return Value(string_value=value)
        case Asset():
            content = {key: _to_value(entry) for key, entry in value.content.items()}
            return Value(
                struct_value=Struct(fields={**content, _SIGNATURE: Value(string_value=value.signature)})
            )
        case Mapping():
            return Value(struct_value=to_struct(value))
        case list() | tuple():
            return Value(list_value=ListValue(values=[_to_value(entry) for entry in value]))
    raise TypeError(f"a property cannot be a {type(value).__name__}")
