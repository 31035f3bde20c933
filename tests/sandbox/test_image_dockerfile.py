"""What is read of a Dockerfile, and what is refused by its line."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.image.dockerfile import DockerfileError, parse
from sandbox.image.words import WordError, expand, split_words


def test_stages_instructions_and_their_lines_are_told_apart() -> None:
    parsed = parse(
        "# syntax=any\n"
        "ARG TAG=1\n"
        "\n"
        "from python:$TAG as Build\n"
        "COPY --chown=1:2 --chmod=644 a \\\n"
        "  # a comment in between\n"
        "\n"
        "  b /c/\n"
        "FROM scratch\n"
        'CMD ["a", "b c"]'
    )
    assert [argument.text for argument in parsed.arguments] == ["TAG=1"]
    first, second = parsed.stages
    assert (first.origin.text, first.origin.line) == ("python:$TAG as Build", 4)
    (copy,) = first.instructions
    assert (copy.line, copy.text, copy.flags) == (5, "a b /c/", {"chown": "1:2", "chmod": "644"})
    assert second.instructions[0].command() == ["a", "b c"]


def test_a_command_that_is_no_list_is_for_a_shell() -> None:
    assert parse("FROM a\nCMD run it").stages[0].instructions[0].command() == ["/bin/sh", "-c", "run it"]


@pytest.mark.parametrize(
    ("text", "line", "named"),
    [
        ("", 1, "no FROM"),
        ("RUN x\nFROM a", 1, "before the first FROM"),
        ("FROM a\nADD x y", 2, "ADD cannot be built here"),
        ("FROM a\n\nVOLUME /data", 3, "VOLUME cannot be built here"),
        ("FROM a\nFETCH x", 2, "FETCH cannot be built here; what can is ARG"),
        ("FROM a\nRUN --mount=type=cache x", 2, "does not take --mount"),
        ("FROM a\nCOPY --link x y", 2, "does not take --link here; it takes --chmod, --chown, --from"),
        ("FROM a\nRUN <<EOF\nx\nEOF", 2, "here-document"),
        ("FROM a\nCOPY <<-'EOF' /x\nEOF", 2, "here-document"),
        ("FROM a\nCOPY", 2, "says nothing"),
        ("FROM a\nENV X=1 \\", 2, "ends in a backslash"),
        ("# escape=`\nFROM a", 1, "escape character"),
    ],
)
def test_what_cannot_be_built_is_refused_with_its_line(text: str, line: int, named: str) -> None:
    with pytest.raises(DockerfileError) as raised:
        parse(text)
    assert raised.value.message.startswith(f"Dockerfile line {line}: ")
    assert named in raised.value.message
    assert raised.value.hint


def test_a_broken_list_is_refused_and_not_run_by_a_shell() -> None:
    with pytest.raises(DockerfileError, match=r"line 2: CMD: .* begins like a JSON list"):
        parse("FROM a\nCMD ['a']").stages[0].instructions[0].command()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$A-${A}", "one-one"),
        ("'$A'", "$A"),
        ('"$A b"', "one b"),
        ("\\$A", "$A"),
        ("${NONE:-x$A}", "xone"),
        ("${EMPTY:-x}", "x"),
        ("${A:+yes}", "yes"),
        ("${NONE:+yes}", ""),
        ("a\"b 'c'\"d", "ab 'c'd"),
    ],
)
def test_variables_and_quotes_mean_what_they_mean_to_a_container_engine(text: str, value: str) -> None:
    assert expand(text, {"A": "one", "EMPTY": ""}) == value


@pytest.mark.parametrize(
    ("text", "named"), [("$PATH", "PATH has no value here"), ("'a", "not closed"), ("a$", "not a variable")]
)
def test_what_has_no_value_is_an_error_and_not_an_empty_text(text: str, named: str) -> None:
    with pytest.raises(WordError, match=named):
        expand(text, {"A": "one"})


@settings(deadline=None)
@given(st.lists(st.text(st.characters(codec="ascii", exclude_characters="'\\\r\n"), min_size=1), max_size=5))
def test_words_survive_quoting(words: list[str]) -> None:
    quoted = " \t ".join(f"'{word}'" for word in words)
    assert [expand(word, {}) for word in split_words(quoted)] == words


@settings(deadline=None)
@given(st.text())
def test_no_text_makes_the_parser_fail_otherwise_than_with_a_line(text: str) -> None:
    with contextlib.suppress(DockerfileError):
        assert parse(text).stages
