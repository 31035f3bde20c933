"""Words, quotes and variables as Dockerfiles write them."""

import re
from collections.abc import Iterator, Mapping

VARIABLE = re.compile(
    r"\$(?:(?P<bare>[A-Za-z_]\w*)|\{(?P<name>[A-Za-z_]\w*)(?::(?P<mark>[-+])(?P<word>[^}]*))?\})"
)


class WordError(Exception):
    """A text that cannot be read as words."""


def split_words(text: str) -> list[str]:
    """Split at white space outside quotes; the quotes stay, for `expand` to read."""
    words: list[str] = []
    word, quote = "", ""
    for character, escaped in _characters(text):
        if not quote and not escaped and character.isspace():
            words += [word] if word else []
            word = ""
            continue
        if not escaped and character in "'\"" and quote in ("", character):
            quote = "" if quote else character
        word += ("\\" if escaped else "") + character
    if quote:
        raise WordError(f"the quote {quote} is not closed")
    return words + ([word] if word else [])


def expand(text: str, variables: Mapping[str, str]) -> str:
    """Take the quotes off, and put in `$NAME`, `${NAME}`, `${NAME:-default}` and `${NAME:+other}`.

    Raises WordError for a variable that has no value here: a variable of the base image is not known, and an
    empty text in its place would be a wrong image instead of an error.
    """
    result, quote, position = "", "", 0
    while position < len(text):
        character = text[position]
        if quote != "'" and character == "\\" and position + 1 < len(text):
            result += text[position + 1]
            position += 2
            continue
        if character in "'\"" and quote in ("", character):
            quote = "" if quote else character
        elif character == "$" and quote != "'":
            match = VARIABLE.match(text, position)
            if match is None:
                raise WordError(f"{text[position:]!r} is not a variable; write $NAME or ${{NAME}}, or \\$")
            result += _value(match, variables)
            position = match.end()
            continue
        else:
            result += character
        position += 1
    if quote:
        raise WordError(f"the quote {quote} is not closed")
    return result


def _value(match: re.Match[str], variables: Mapping[str, str]) -> str:
    name = match["bare"] or match["name"]
    value = variables.get(name)
    if match["mark"] == "+":
        return expand(match["word"], variables) if value else ""
    if match["mark"] == "-" and not value:
        return expand(match["word"], variables)
    if value is None:
        known = ", ".join(sorted(variables)) or "none"
        raise WordError(f"the variable {name} has no value here; set by ARG or ENV so far: {known}")
    return value


def _characters(text: str) -> Iterator[tuple[str, bool]]:
    escaped = False
    for character in text:
        if character == "\\" and not escaped:
            escaped = True
            continue
        yield character, escaped
        escaped = False
    if escaped:
        yield "\\", False
