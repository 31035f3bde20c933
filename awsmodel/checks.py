"""What one value may be: each check is a kind of rule, with its words for a person."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from awsmodel.rule import listed, number_of, shown


@dataclass(frozen=True)
class OneOf:
    """One of some texts or numbers."""

    values: tuple[Any, ...]
    kind = "one of"

    @property
    def allowed(self) -> str:
        return f"be one of {listed(self.values)}"

    def given(self, value: Any) -> str | None:
        if isinstance(value, list | Mapping):
            return None
        spelled = {str(each) for each in self.values}
        number = number_of(value)
        is_number = number is not None and number in {number_of(each) for each in self.values}
        return None if str(value) in spelled or is_number else f"is {shown(value)}"


@dataclass(frozen=True)
class Range:
    """A number between two, both included; None is no limit."""

    least: float | None
    most: float | None
    kind = "range"

    @property
    def allowed(self) -> str:
        return f"be {_between(self.least, self.most)}"

    def given(self, value: Any) -> str | None:
        number = number_of(value)
        if number is None:
            return None
        return None if _is_within(number, self.least, self.most) else f"is {shown(value)}"


@dataclass(frozen=True)
class Multiple:
    """A whole multiple of a number, or one of a few besides."""

    of: int
    besides: tuple[int, ...] = ()
    kind = "multiple"

    @property
    def allowed(self) -> str:
        others = f" or one of {listed(self.besides)}" if self.besides else ""
        return f"be a multiple of {self.of}{others}"

    def given(self, value: Any) -> str | None:
        number = number_of(value)
        if number is None or number in self.besides:
            return None
        return None if number % self.of == 0 else f"is {shown(value)}"


@dataclass(frozen=True)
class Length:
    """The number of characters of a text."""

    least: int | None
    most: int | None
    kind = "length"

    @property
    def allowed(self) -> str:
        return f"be {_between(self.least, self.most)} characters long"

    def given(self, value: Any) -> str | None:
        if not isinstance(value, str) or _is_within(len(value), self.least, self.most):
            return None
        return f"has {len(value)} characters" if value else "is empty"


@dataclass(frozen=True)
class Items:
    """The number of items of a list, or of entries of a map."""

    least: int | None
    most: int | None
    kind = "items"

    @property
    def allowed(self) -> str:
        return f"have {_between(self.least, self.most)} item{'' if self.most == 1 else 's'}"

    def given(self, value: Any) -> str | None:
        if not isinstance(value, list | Mapping) or _is_within(len(value), self.least, self.most):
            return None
        return f"has {len(value)}"


@dataclass(frozen=True)
class Pattern:
    """A text that the expression is found in, or is not if it is `forbidden`; `words` say what it means."""

    expression: str
    words: str
    forbidden: bool = False
    kind = "pattern"

    @property
    def allowed(self) -> str:
        return self.words

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self.expression)

    def given(self, value: Any) -> str | None:
        if not isinstance(value, str) or (self._compiled.search(value) is None) is self.forbidden:
            return None
        return f"is {shown(value)}"


@dataclass(frozen=True)
class Json:
    """A text that is a JSON document; of an object only, where `is_object`; at most so many characters.

    An empty text is as none, but for what has to be an object.
    """

    is_object: bool = False
    most: int | None = None
    kind = "JSON"

    @property
    def allowed(self) -> str:
        size = f" of at most {self.most} characters" if self.most else ""
        return f"be a JSON {'object' if self.is_object else 'document'}{size}"

    def given(self, value: Any) -> str | None:
        if not isinstance(value, str) or (not value and not self.is_object):
            return None
        try:
            document = json.loads(value)
        except ValueError as error:
            return f"is no JSON ({error})"
        if self.is_object and not isinstance(document, Mapping):
            return "is JSON, but no object"
        # what counts is what carries meaning: the services leave white space out
        size = len(re.sub(r"\s+", "", value))
        return f"has {size} characters" if self.most and size > self.most else None


# `verify.ValidARN`: partition, service, region, account and resource, where region and account may be empty;
# an alarm that stops an instance names `ec2` in the account's place (`validEC2AutomateARN`)
_ARN = re.compile(
    r"arn:aws[a-z-]*:[^:\s]+:([a-z]{2,4}(-[a-z]+)+-\d{1,2}|global|\*)?:"
    r"(\d{12}|ec2|aws|aws-managed|aws-marketplace|third-party|o-[a-z0-9]+|cw[a-z0-9]{10})?:.+"
)


@dataclass(frozen=True)
class Arn:
    """The ARN of something, of one service where that is named. An empty text is as none."""

    service: str = ""
    kind = "ARN"

    @property
    def allowed(self) -> str:
        return f"be an ARN{f' of {self.service}' if self.service else ''}"

    def given(self, value: Any) -> str | None:
        if not isinstance(value, str) or not value:
            return None
        if _ARN.fullmatch(value) and (not self.service or value.split(":")[2] == self.service):
            return None
        return f"is {shown(value)}"


@dataclass(frozen=True)
class Cidr:
    """The address of a network: no bit is set behind its mask. `version` is 4 or 6, or 0 for both."""

    version: int = 0
    kind = "CIDR"

    @property
    def allowed(self) -> str:
        return f"be the address of an IP{f'v{self.version}' if self.version else ''} network, such as " + (
            "2001:db8::/56" if self.version == 6 else "10.0.0.0/16"
        )

    def given(self, value: Any) -> str | None:
        if not isinstance(value, str):
            return None
        try:
            network = ipaddress.ip_network(value)
        except ValueError:
            return f"is {shown(value)}"
        is_right = "/" in value and self.version in (0, network.version)
        return None if is_right else f"is {shown(value)}"


@dataclass(frozen=True)
class Distinct:
    """A list without the same thing twice; of objects, by one of their properties."""

    by: str = ""
    kind = "distinct"

    @property
    def allowed(self) -> str:
        return f"name no {self.by or 'value'} twice"

    def given(self, value: Any) -> str | None:
        if not isinstance(value, list):
            return None
        keys = [each.get(self.by) if self.by and isinstance(each, Mapping) else each for each in value]
        texts = [key for key in keys if isinstance(key, str | int)]
        twice = next((key for key in texts if texts.count(key) > 1), None)
        return None if twice is None else f"has {shown(twice)} twice"


def _between(least: float | None, most: float | None) -> str:
    if least is not None and least == most:
        return f"{least:g}"
    if least is None or most is None:
        return f"at most {most:.10g}" if least is None else f"at least {least:.10g}"
    return f"{least:.10g} to {most:.10g}"


def _is_within(number: float, least: float | None, most: float | None) -> bool:
    return (least is None or number >= least) and (most is None or number <= most)
