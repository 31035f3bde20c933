"""Wildcards, ARNs and variables, as policies write them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

# Key in lower case → what the call says of it; a key that it says nothing of is not there.
Context = Mapping[str, Sequence[str]]

_ARN_PARTS = 6
# `${key}` and `${key, 'what stands for it when it is missing'}` ("IAM policy elements: Variables and tags").
_VARIABLE = re.compile(r"\$\{\s*(?P<key>[^},]+?)\s*(,\s*'(?P<default>[^']*)'\s*)?\}")
# What stands for the sign itself.
_SIGNS = {"*", "?", "$"}
# Private use characters, which no ARN has: a sign that is meant as itself, until the pattern is made.
_MEANT = {"*": "\ue000", "?": "\ue001"}


class MissingVariableError(Exception):
    """A variable names a key that the call says nothing of, or more than one thing: nothing matches."""


def is_like(pattern: str, text: str) -> bool:
    """Whether a text is as a pattern says; `*` is anything, `?` is one character."""
    return _compiled(pattern).fullmatch(text) is not None


def is_action(pattern: str, action: str) -> bool:
    """Whether an action is meant by a pattern; neither cares for upper and lower case."""
    return is_like(pattern.lower(), action.lower())


def is_arn_like(pattern: str, arn: str) -> bool:
    """Whether an ARN is as a pattern says, part by part: no wildcard reaches over a colon but the last's."""
    if pattern == "*":
        return True
    patterns, parts = pattern.split(":", _ARN_PARTS - 1), arn.split(":", _ARN_PARTS - 1)
    return len(patterns) == len(parts) and all(map(is_like, patterns, parts))


def fill_in(text: str, context: Context) -> str:
    """A text of a policy with its variables replaced. Raises MissingVariableError."""

    def value(found: re.Match[str]) -> str:
        key = found["key"]
        if key in _SIGNS:
            return _MEANT.get(key, key)
        values = context.get(key.lower(), ())
        if len(values) == 1:
            # What a caller calls itself is no pattern.
            return "".join(_MEANT.get(each, each) for each in values[0])
        if not values and found["default"] is not None:
            return str(found["default"])
        raise MissingVariableError(key)

    return _VARIABLE.sub(value, text)


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    signs = {"*": ".*", "?": ".", **{stands: re.escape(sign) for sign, stands in _MEANT.items()}}
    return re.compile("".join(signs.get(each, re.escape(each)) for each in pattern), re.DOTALL)


def as_meant(text: str) -> str:
    """A text whose variables are filled in, for a comparison that knows no wildcards."""
    for sign, stands in _MEANT.items():
        text = text.replace(stands, sign)
    return text
