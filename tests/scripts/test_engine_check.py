"""Which engines are taken, and what is said of the others."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scripts.engine_check import UnsuitableError, check_engine
from tests.scripts.machines import Machine

NUMBER = st.integers(min_value=0, max_value=400)


@pytest.mark.parametrize("answer", ["v3.259.0", "3.259.0", "v3.259.7", "v3.300.1", "v3.260.0-alpha.1+sha.x"])
def test_the_pinned_minor_and_later_ones_are_taken(machine: Machine, answer: str) -> None:
    path = machine.pulumi(machine.folder / "given", f"echo {answer}")
    assert check_engine(path, "3.259.0") == answer.removeprefix("v")


@given(major=NUMBER, minor=NUMBER, patch=NUMBER)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_only_the_same_major_and_at_least_the_same_minor_are_taken(
    machine: Machine, major: int, minor: int, patch: int
) -> None:
    path = machine.pulumi(machine.folder / "given", f"echo v{major}.{minor}.{patch}")
    if major == 3 and minor >= 259:
        assert check_engine(path, "3.259.4") == f"{major}.{minor}.{patch}"
    else:
        with pytest.raises(UnsuitableError, match=r"v3\.259 or a later v3 is needed"):
            check_engine(path, "3.259.4")


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        ("echo v3.100.0", r"is v3\.100\.0; v3\.259 or a later v3 is needed"),
        ("echo v4.0.0", r"is v4\.0\.0; v3\.259 or a later v3 is needed"),
        ("echo hello, world", "answers `pulumi version` with 'hello, world', which is no version"),
        ("echo v3.259.0; echo and more", "which is no version"),
        ("true", "with '', which is no version"),
        ("echo v3.259.0; exit 7", r"fails to answer `pulumi version` \(exit code 7\)"),
        ("sleep 600 & wait", "does not answer `pulumi version` within 0.5 seconds"),
    ],
)
def test_what_is_wrong_with_an_engine_is_said(machine: Machine, answer: str, complaint: str) -> None:
    path = machine.pulumi(machine.folder / "given", answer)
    with pytest.raises(UnsuitableError, match=complaint):
        check_engine(path, "3.259.0", timeout_seconds=0.5 if "sleep" in answer else 10)


def test_an_engine_without_its_own_language_host_is_refused(machine: Machine) -> None:
    path = machine.pulumi(machine.folder / "given", with_language_host=False)
    machine.script(machine.bin / "pulumi-language-python", "exit 0")
    with pytest.raises(UnsuitableError, match="has no pulumi-language-python beside it"):
        check_engine(path, "3.259.0")


def test_a_link_to_an_engine_has_the_language_host_of_what_it_links_to(machine: Machine) -> None:
    link = machine.bin / "pulumi"
    link.symlink_to(machine.pulumi(machine.folder / "opt"))
    assert check_engine(link, "3.259.0") == "3.259.0"


@pytest.mark.parametrize("content", [b"\x7fELF nonsense", b""])
def test_a_file_that_does_not_run_is_refused(machine: Machine, content: bytes) -> None:
    path: Path = machine.pulumi(machine.folder / "given")
    path.write_bytes(content)
    with pytest.raises(UnsuitableError, match="cannot be run"):
        check_engine(path, "3.259.0")
