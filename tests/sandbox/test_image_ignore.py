"""The patterns of a `.dockerignore`."""

from pathlib import Path

import pytest

from sandbox.errors import SandboxError
from sandbox.image.ignore import Ignore


@pytest.mark.parametrize(
    ("patterns", "path", "ignored"),
    [
        ("", "a", False),
        ("a", "a", True),
        ("a", "a/b/c", True),
        ("a", "b/a", False),
        ("/a/", "a", True),
        ("*.py", "x.py", True),
        ("*.py", "a/x.py", False),
        ("**/*.py", "x.py", True),
        ("**/*.py", "a/b/x.py", True),
        ("**", "a/b", True),
        ("a/**", "a/b/c", True),
        ("a?", "ab", True),
        ("a?", "a/", False),
        ("[a-c]x", "bx", True),
        ("[^a-c]x", "bx", False),
        ("a.b", "axb", False),
        ("*\n!triage", "triage/x.py", False),
        ("*\n!triage", "judge/x.py", True),
        ("*\n!triage\n**/__pycache__", "triage/__pycache__/x.pyc", True),
        ("a\n!a/b", "a/b/c", False),
        ("!a/b\na", "a/b/c", True),
        ("# a", "a", False),
        ("./a", "a", True),
    ],
)
def test_the_last_pattern_that_matches_decides(patterns: str, path: str, ignored: bool) -> None:
    assert Ignore(patterns)(path) is ignored


@pytest.mark.parametrize("line", ["/", "../x", "!", "a/../../b", "[z-a]"])
def test_a_pattern_that_names_nothing_is_refused_with_its_line(line: str) -> None:
    with pytest.raises(SandboxError, match=r"\.dockerignore line 2"):
        Ignore(f"a\n{line}")


def test_the_file_named_after_the_dockerfile_comes_first(tmp_path: Path) -> None:
    dockerfile = tmp_path / "worker.Dockerfile"
    assert not Ignore.of(tmp_path, dockerfile)("a")
    (tmp_path / ".dockerignore").write_text("a")
    assert Ignore.of(tmp_path, dockerfile)("a")
    (tmp_path / "worker.Dockerfile.dockerignore").write_text("b")
    assert not Ignore.of(tmp_path, dockerfile)("a")
    assert Ignore.of(tmp_path, dockerfile)("b")
