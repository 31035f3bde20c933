"""The reference pages are printed from the code, and a stale one is told."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from awsmodel.catalogue import resource_types
from awsmodel.functions import FUNCTIONS
from scripts import cli, reference
from scripts.errors import CommandError

PAGE = Path("docs/reference/resource-types.md")
TYPES = tuple(resource_types().values())


@pytest.fixture(scope="module")
def printed() -> str:
    return reference.PAGES[PAGE.name]()


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "Pulumi.yaml").write_text("name: slipway\nruntime: python\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def slipway(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["slipway", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0)


def test_what_was_printed_is_fresh(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert slipway(monkeypatch, "reference") == 0
    assert slipway(monkeypatch, "reference", "--check") == 0


@pytest.mark.parametrize("content", [None, "# Resource types\n"], ids=["absent", "changed"])
def test_a_stale_page_is_named_and_left_as_it_is(
    checkout: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    content: str | None,
) -> None:
    if content is not None:
        (checkout / PAGE).parent.mkdir(parents=True)
        (checkout / PAGE).write_text(content)
    assert slipway(monkeypatch, "reference", "--check") == 1
    told = capsys.readouterr().err
    assert str(PAGE) in told
    assert "make reference" in told
    assert ((checkout / PAGE).read_text() if (checkout / PAGE).exists() else None) == content


def test_the_pages_are_those_of_the_checkout_wherever_one_stands(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (checkout / "docs").mkdir()
    monkeypatch.chdir(checkout / "docs")
    reference.run()
    assert (checkout / PAGE).exists()
    (checkout / PAGE).write_text("stale")
    with pytest.raises(CommandError, match="is not what the code says"):
        reference.run(check=True)


def section_of(page: str, token: str) -> str:
    return page.split(f"`{token}`\n", 1)[1].split("\n#", 1)[0]


@pytest.mark.parametrize("resource", TYPES, ids=lambda resource: resource.token)
def test_each_type_is_on_the_page_with_its_reasons(resource: object, printed: str) -> None:
    assert isinstance(resource, type(TYPES[0]))
    section = section_of(printed, resource.token)
    for reasons in (resource.unreadable, resource.not_modelled):
        for name, reason in reasons.items():
            assert f"`{name}`" in section
            assert f"({reason})" in section
    assert resource.leaves in section


@pytest.mark.parametrize("token", sorted(FUNCTIONS))
def test_each_function_is_on_the_page(token: str, printed: str) -> None:
    assert f"- `{token}`" in printed.split("## functions", 1)[1]


def test_each_module_of_the_table_is_a_section(printed: str) -> None:
    linked = re.findall(r"^\| \[\w+\]\(#(\w+)\)", printed, re.MULTILINE)
    assert linked == re.findall(r"^## (\w+)$", printed, re.MULTILINE)


def test_no_line_but_a_list_of_properties_is_long(printed: str) -> None:
    long = [line for line in printed.splitlines() if len(line) > 120 and not line.startswith(("- ", "| ["))]
    assert long == []
