"""What AWS's own service models say of a value: enumerations, limits, patterns, required members.

The value is followed through the schema of the SDK and the shapes of botocore at once, by the names that the
type's table gives (`awsmodel.names`), so that nothing of it has to be written down again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

from awsmodel.checks import Items, Json, Length, OneOf, Pattern, Range
from awsmodel.fault import Fault, fault
from awsmodel.names import JSON_TEXT, Names, below, member_of
from awsmodel.rule import Check, is_known, joined
from awsmodel.schema import Kind, Property

# a class of Java's that Python spells otherwise, or that only a wider one stands for
_CLASSES = {
    r"\p{L}": r"\w",
    r"\p{Z}": r"\s",
    r"\p{N}": r"\w",
    r"\p{M}": r"\w",
    r"\p{IsAlphabetic}": r"\w",
    r"\p{Alnum}": "0-9A-Za-z",
    r"\p{Graph}": r"!-~",
    r"\p{Print}": r" -~",
    r"\p{ASCII}": r"\x00-\x7f",
    r"\w-_": r"\w_\-",
    r"\d-_": r"\d_\-",
    # pairs of surrogates, which a text of Python does not have
    r"\uD800\uDC00-\uDBFF\uDFFF": "\U00010000-\U0010ffff",
}


@dataclass(frozen=True, kw_only=True)
class ServiceRules:
    """Follows values of one type: `names` and `flat` are the type's, `secrets` what is never shown."""

    service: str
    names: Names
    flat: frozenset[str]
    secrets: Sequence[str] = ()

    def faults(
        self, shape: StructureShape, schema: Mapping[str, Property], properties: Mapping[str, Any]
    ) -> Iterator[Fault]:
        """What the structure that a call sends says of the properties that it has a member for."""
        yield from self._structure(shape, schema, properties, self.names, "", is_whole=False)

    def _structure(
        self,
        shape: StructureShape,
        schema: Mapping[str, Property],
        properties: Mapping[str, Any],
        names: Names,
        at: str,
        *,
        is_whole: bool = True,
    ) -> Iterator[Fault]:
        """`is_whole`: all that the structure needs has to be among the properties."""
        for name, value in properties.items():
            known = schema.get(name)
            if known is None or not is_known(value):
                continue
            path = joined(at, name)
            if not at and name in self.flat:
                inner = value if isinstance(value, Mapping) else {}
                yield from self._structure(
                    shape, known.fields, inner, below(names, name), path, is_whole=False
                )
                continue
            found = member_of(shape, names, name)
            if found is None:
                continue
            _, member, codec = found
            if codec is None:
                yield from self._value(member, known, value, below(names, name), path)
            elif codec is JSON_TEXT:
                yield from self._fault(path, Json(), value, member)
        if is_whole:
            yield from self._missing(shape, schema, properties, names, at)

    def _missing(
        self,
        shape: StructureShape,
        schema: Mapping[str, Property],
        properties: Mapping[str, Any],
        names: Names,
        at: str,
    ) -> Iterator[Fault]:
        """The required members whose property is there in the SDK, and not in the program."""
        required = set(shape.required_members)
        for name in schema if required else ():
            found = member_of(shape, names, name)
            if found and found[0][0] in required and len(found[0]) == 1 and properties.get(name) is None:
                yield Fault(
                    path=joined(at, name),
                    given="is missing",
                    allowed="be there",
                    source=self._source(shape),
                )

    def _value(self, shape: Shape, schema: Property, value: Any, names: Names, at: str) -> Iterator[Fault]:
        if not is_known(value):
            return
        if isinstance(shape, ListShape):
            yield from self._list(shape, schema, value, names, at)
        elif isinstance(shape, MapShape):
            yield from self._map(shape.key, shape.value, schema, value, names, at)
        elif isinstance(shape, StructureShape):
            if isinstance(value, list) and schema.item is not None:
                yield from self._fault(at, Items(None, 1), value, shape)
                for index, item in enumerate(value):
                    yield from self._value(shape, schema.item, item, names, f"{at}[{index}]")
            elif isinstance(value, Mapping) and schema.kind is Kind.OBJECT:
                yield from self._structure(shape, schema.fields, value, names, at)
            elif list(shape.members) == ["Value"]:
                yield from self._value(shape.members["Value"], schema, value, names, at)
        elif not isinstance(value, list | Mapping):
            for check in _checks(shape):
                yield from self._fault(at, check, value, shape)

    def _list(self, shape: ListShape, schema: Property, value: Any, names: Names, at: str) -> Iterator[Fault]:
        if (
            isinstance(value, Mapping)
            and schema.kind is Kind.MAP
            and isinstance(shape.member, StructureShape)
        ):
            members = {name.lower(): member for name, member in shape.member.members.items()}
            key = members.get("key") or members.get("name")
            if key is not None and "value" in members:
                yield from self._map(key, members["value"], schema, value, names, at)
            return
        if not isinstance(value, list) or schema.item is None:
            yield from self._value(shape.member, schema, value, names, at)
            return
        least, most = _limits(shape)
        if least is not None or most is not None:
            yield from self._fault(at, Items(least, most), value, shape)
        for index, item in enumerate(value):
            yield from self._value(shape.member, schema.item, item, names, f"{at}[{index}]")

    def _map(
        self, key: Shape, entry: Shape, schema: Property, value: Any, names: Names, at: str
    ) -> Iterator[Fault]:
        if not isinstance(value, Mapping) or schema.kind is not Kind.MAP:
            return
        for name, item in value.items():
            for check in _checks(key):
                yield from self._fault(joined(at, name), check, name, key)
            yield from self._value(
                entry, schema.item or Property(kind=Kind.ANY), item, names, joined(at, name)
            )

    def _fault(self, at: str, check: Check, value: Any, shape: Shape) -> Iterator[Fault]:
        found = fault(at, check, value, self._source(shape), self.secrets)
        if found:
            yield found

    def _source(self, shape: Shape) -> str:
        return f"botocore, {self.service}: {shape.name}"


_CHECKS: dict[int, tuple[Shape, tuple[Check, ...]]] = {}


def _checks(shape: Shape) -> tuple[Check, ...]:
    """The checks of a single value, made once for each shape; shapes live as long as their service model."""
    known = _CHECKS.get(id(shape))
    if known is None or known[0] is not shape:
        known = (shape, tuple(_made(shape)))
        _CHECKS[id(shape)] = known
    return known[1]


def _made(shape: Shape) -> Iterator[Check]:
    enumeration = shape.metadata.get("enum")
    least, most = _limits(shape)
    is_limited = least is not None or most is not None
    if shape.type_name == "string":
        if enumeration:
            yield OneOf(tuple(enumeration))
        elif is_limited:
            yield Length(least, most)
        pattern = python_pattern(shape.metadata.get("pattern") or "")
        if pattern and not enumeration:
            yield Pattern(pattern, f"match {shape.metadata['pattern']}")
    elif shape.type_name in ("integer", "long", "double", "float") and is_limited:
        yield Range(least, most)


def _limits(shape: Shape) -> tuple[int | None, int | None]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    # a minimum of nothing is none
    return (least or None) if shape.type_name not in ("integer", "long", "double", "float") else least, most


def _replaced(java: str, python: str, found: re.Match[str]) -> str:
    return found[0].replace(java, python)


@cache
def python_pattern(pattern: str) -> str:
    """A service model's pattern as one of Python's that never refuses more, or nothing where there is none.

    The services hold a whole value against a pattern; one that names its beginning or its end says so itself.
    """
    if not pattern or re.search(r"\[\^[^]]*\\p", pattern):
        return ""
    for java, python in _CLASSES.items():
        # inside of brackets, a class stands beside others; outside, it needs brackets of its own
        pattern = re.sub(rf"(?<!\\)\[[^]]*{re.escape(java)}", partial(_replaced, java, python), pattern)
        pattern = pattern.replace(java, f"[{python}]")
    is_anchored = pattern.startswith("^") or pattern.endswith("$")
    pattern = pattern if is_anchored else rf"\A(?:{pattern})\Z"
    try:
        re.compile(pattern)
    except re.error:
        return ""
    return pattern
