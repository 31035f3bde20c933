"""Short words for rules that most types have, with the name that the provider's source gives the check."""

from __future__ import annotations

from typing import Any

from awsmodel.checks import Arn, Cidr, Items, Json, Length, OneOf, Pattern, Range
from awsmodel.relations import ExactlyOneOf, Exclusive, Requires
from awsmodel.rule import Check, Rule

_CIDR = {
    0: "verify.ValidCIDRNetworkAddress",
    4: "verify.ValidIPv4CIDRNetworkAddress",
    6: "verify.ValidIPv6CIDRNetworkAddress",
}
_NAME_LIMIT = 26
"""Characters that Terraform puts after a prefix (`id.UniqueIDSuffixLength`)."""


def arn(path: str, service: str = "") -> Rule:
    """The ARN of something; the provider looks at its form, and AWS at its service."""
    return Rule(path=path, check=Arn(service), source=f"verify.ValidARN{', and AWS' if service else ''}")


def between(path: str, least: float | None, most: float | None, source: str = "") -> Rule:
    """A number between two; None is no limit."""
    said = f"IntBetween({least:g}, {most:g})" if least is not None and most is not None else ""
    said = said or (f"IntAtLeast({least:g})" if most is None else f"IntAtMost({most:g})")
    return Rule(path=path, check=Range(least, most), source=source or f"validation.{said}")


def length(path: str, least: int | None, most: int | None, source: str = "") -> Rule:
    """A text of so many characters."""
    return Rule(
        path=path,
        check=Length(least, most),
        source=source or f"validation.StringLenBetween({least or 0}, {most})",
    )


def one_of(path: str, *values: Any, source: str = "validation.StringInSlice") -> Rule:
    """One of some values."""
    return Rule(path=path, check=OneOf(values), source=source)


def matches(path: str, expression: str, words: str, source: str = "validation.StringMatch") -> Rule:
    """A text that the expression is found in."""
    return Rule(path=path, check=Pattern(expression, words), source=source)


def avoids(path: str, expression: str, words: str, source: str = "validation.StringDoesNotMatch") -> Rule:
    """A text that the expression is not found in."""
    return Rule(path=path, check=Pattern(expression, words, forbidden=True), source=source)


def json_text(path: str, source: str = "validation.StringIsJSON") -> Rule:
    """A JSON document."""
    return Rule(path=path, check=Json(), source=source)


def policy(path: str = "policy", most: int | None = None, source: str = "verify.ValidIAMPolicyJSON") -> Rule:
    """A policy document: a JSON object, of at most so many characters."""
    return Rule(path=path, check=Json(is_object=True, most=most), source=source)


def cidr(path: str, version: int = 4) -> Rule:
    """The address of a network."""
    return Rule(path=path, check=Cidr(version), source=_CIDR[version])


def items(path: str, least: int | None, most: int | None, source: str = "") -> Rule:
    """A list of so many items."""
    said = " and ".join(
        f"{word} {count}" for word, count in (("MinItems", least), ("MaxItems", most)) if count is not None
    )
    return Rule(path=path, check=Items(least, most), source=source or said)


def exclusive(*names: str, path: str = "", source: str = "ConflictsWith") -> Rule:
    """At most one of some properties."""
    return Rule(path=path, check=Exclusive(names), source=source)


def exactly_one_of(*names: str, path: str = "", source: str = "ExactlyOneOf") -> Rule:
    """One of some properties, and no more."""
    return Rule(path=path, check=ExactlyOneOf(names), source=source)


def together(name: str, *needs: str, path: str = "") -> Rule:
    """A property that others have to go with."""
    return Rule(path=path, check=Requires(name, needs=needs), source="RequiredWith")


def said(path: str, check: Check, source: str) -> Rule:
    """Any other check."""
    return Rule(path=path, check=check, source=source)


def prefixed(name: str, prefix: str, most: int, expression: str, words: str) -> tuple[Rule, ...]:
    """A name and, instead of it, a prefix, for a name of at most so many characters.

    The name's own length is left to the service model, as every length is that AWS says itself.
    """
    return (
        exclusive(name, prefix),
        matches(name, expression, words),
        length(prefix, 1, most - _NAME_LIMIT, source="StringLenBetween, less id.UniqueIDSuffixLength"),
    )
