"""A small matcher for filter patterns of CloudWatch Logs (user guide, "Filter pattern syntax").

What a comparison says of a field that is not there is not documented, so that a test has to hold either way:
`absent_differs` chooses.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any

_TOKEN = re.compile(
    r"\s*(?:(?P<word>NOT EXISTS|&&|\|\||!=|=|\(|\))|(?P<selector>\$[\w.]+)|\"(?P<text>[^\"]*)\")"
)
# What a regular expression may consist of ("Supported regular expressions (regex) syntax"): no parentheses.
_REGEX = re.compile(r"[A-Za-z0-9:_#=@/;,\-^$?\[\]{}|\\*+.]*")


def matches_json(pattern: str, event: dict[str, Any], *, absent_differs: bool) -> bool:
    """Whether a JSON event matches `{ … }`."""
    assert pattern.startswith("{ ")
    assert pattern.endswith(" }")
    tokens = _tokens(pattern[2:-2])
    result = _any(tokens, event, absent_differs)
    assert not tokens, f"left over: {tokens}"
    return result


def matches_fields(pattern: str, line: str) -> bool:
    """Whether a line of fields matches `[name, name=value, …]`."""
    assert pattern.startswith("[")
    assert pattern.endswith("]")
    conditions, values = re.split(r", ", pattern[1:-1]), line.split()
    return len(conditions) == len(values) and all(
        _field(condition, value) for condition, value in zip(conditions, values, strict=True)
    )


def regexes(pattern: str) -> list[str]:
    """The regular expressions of a pattern."""
    return re.findall(r"%([^%]*)%", pattern)


def _field(condition: str, value: str) -> bool:
    found = re.fullmatch(r"(\w+)(?:(!=|=)(.+))?", condition)
    assert found, condition
    if found[2] is None:
        return True
    wanted = found[3]
    if wanted.startswith("%"):
        expression = wanted.strip("%")
        assert _REGEX.fullmatch(expression), f"not supported by CloudWatch: {expression}"
        is_equal = re.search(expression, value) is not None
    else:
        is_equal = fnmatchcase(value, wanted)
    return is_equal == (found[2] == "=")


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens, place = [], 0
    while place < len(text.rstrip()):
        found = _TOKEN.match(text, place)
        assert found, f"not a pattern from here on: {text[place:]}"
        kind = found.lastgroup
        assert kind is not None
        tokens.append((kind, found[kind]))
        place = found.end()
    return tokens


def _any(tokens: list[tuple[str, str]], event: dict[str, Any], absent_differs: bool) -> bool:
    return _joined(tokens, "||", lambda: _all(tokens, event, absent_differs), any)


def _all(tokens: list[tuple[str, str]], event: dict[str, Any], absent_differs: bool) -> bool:
    return _joined(tokens, "&&", lambda: _one(tokens, event, absent_differs), all)


def _joined(
    tokens: list[tuple[str, str]],
    word: str,
    read: Callable[[], bool],
    join: Callable[[list[bool]], bool],
) -> bool:
    parts = [read()]
    while tokens and tokens[0] == ("word", word):
        tokens.pop(0)
        parts.append(read())
    return join(parts)


def _one(tokens: list[tuple[str, str]], event: dict[str, Any], absent_differs: bool) -> bool:
    kind, text = tokens.pop(0)
    if (kind, text) == ("word", "("):
        result = _any(tokens, event, absent_differs)
        assert tokens.pop(0) == ("word", ")")
        return result
    assert kind == "selector", text
    value: Any = event
    for step in text.split(".")[1:]:
        value = value.get(step) if isinstance(value, dict) else None
    _, operator = tokens.pop(0)
    if operator == "NOT EXISTS":
        return value is None
    kind, wanted = tokens.pop(0)
    assert kind == "text", wanted
    if value is None:
        return operator == "!=" and absent_differs
    return fnmatchcase(str(value), wanted) == (operator == "=")
