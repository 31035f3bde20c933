"""What a stack file may say, as a page and as a schema."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from infra.settings.faults import keys
from infra.settings.rules import RULES
from infra.settings.sections import StackConfig
from scripts import reference_config

ROOT = Path(__file__).resolve().parents[2]
STACK_FILES = sorted(ROOT.glob("Pulumi.*.yaml"))
SCHEMA = json.loads(reference_config.schema())
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)


def content(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return document


def test_the_schema_is_one() -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("path", STACK_FILES, ids=lambda path: path.name)
def test_each_stack_file_is_valid_and_tells_the_editor_of_the_schema(path: Path) -> None:
    assert list(VALIDATOR.iter_errors(content(path))) == []
    first, _ = path.read_text(encoding="utf-8").split("\n", 1)
    named = first.removeprefix("# yaml-language-server: $schema=")
    assert json.loads((ROOT / named).read_text(encoding="utf-8")) == SCHEMA


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("config", "aws:region"), None),
        (("config", "aws:allowedAccountIds"), ["1"]),
        (("config", "aws:allowedAccountIds"), ["1" * 12, "2" * 12]),
        (("config", "slipway:template"), 1),
        (("config", "slipway:stak"), {}),
        (("config", "no_namespace"), 1),
        (("konfig",), {}),
        (("config", "slipway:stack", "domian"), "x"),
        (("config", "slipway:stack", "owner"), "Two Words"),
        (("config", "slipway:stack", "network", "zones"), 1),
        (("config", "slipway:stack", "network", "nat"), "some"),
        (("config", "slipway:stack", "service", "cpu_units"), 300),
        (("config", "slipway:stack", "service", "secrets"), {"to-ken": "desk-api-token"}),
        (("config", "slipway:stack", "image"), "registry.example.com/triage:latest"),
        (("config", "slipway:stack", "models", "text"), []),
        (("config", "slipway:stack", "log_retention_days"), 8),
        (("config", "slipway:stack", "alerts"), {"emails": ["nobody"]}),
    ],
    ids=lambda each: each[-1] if isinstance(each, tuple) else "",
)
def test_a_wrong_stack_file_is_not_valid(path: tuple[str, ...], value: Any) -> None:
    document = copy.deepcopy(content(ROOT / "Pulumi.prod.yaml"))
    holder = document
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    (fault,) = VALIDATOR.iter_errors(document)
    assert list(fault.absolute_path)[: len(path) - 1] == list(path[: len(path) - 1])


def test_the_editor_says_what_a_text_should_be_as_the_commands_do() -> None:
    owner = SCHEMA["$defs"]["StackConfig"]["properties"]["owner"]
    assert owner["patternErrorMessage"] == "must be lower-case words joined by hyphens, such as 'triage-dev'"


@pytest.mark.parametrize("key", keys(StackConfig))
def test_each_key_is_on_the_page_with_its_meaning(key: str) -> None:
    section, _, name = key.rpartition(".")
    page = reference_config.configuration().split(f"## {section or 'slipway:stack'}\n")[1].split("\n## ")[0]
    (row,) = [line for line in page.splitlines() if line.startswith(f"| `{name}` |")]
    meaning = row.split(" | ")[3].removesuffix(" |")
    assert meaning.endswith(".")


def test_each_rule_is_on_the_page() -> None:
    page = reference_config.configuration()
    for rule in RULES:
        assert f"- `{rule.reads[0]}`: {rule.demand}." in page


@pytest.mark.parametrize(
    "section", [each for each in SCHEMA["$defs"]["StackConfig"]["properties"].values() if "$ref" in each]
)
def test_each_section_has_a_description_for_the_editor(section: dict[str, Any]) -> None:
    assert section["description"]
