"""The command that compares two environments."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from scripts import cli, diff
from scripts.errors import CommandError
from tests.infra.stackfiles import MINIMAL_PROD, changed, settings, write

STAGING = changed(
    MINIMAL_PROD, environment="staging", domain="staging.example.com", network={"cidr": "10.20.0.0/16"}
)
PROD = changed(MINIMAL_PROD, domain="example.com", network={"cidr": "10.30.0.0/16"})


class FakeStack:
    """A stack with one resource; with none it is not up."""

    def __init__(self, name: str, inputs: dict[str, Any] | None) -> None:
        self.name = name
        self.inputs = inputs

    def deployed(self) -> list[dict[str, Any]]:
        if self.inputs is None:
            raise CommandError(f"{self.name} is not up", f"slipway up {self.name}", exit_code=2)
        urn = f"urn:pulumi:{self.name}::slipway::aws:ecs/taskDefinition:TaskDefinition::service-task"
        kind = "aws:ecs/taskDefinition:TaskDefinition"
        return [{"urn": urn, "type": kind, "custom": True, "inputs": self.inputs}]


@pytest.fixture
def stacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, Any] | None]:
    """The inputs of the only resource of staging and prod, which a test may change."""
    write(tmp_path, "staging", settings(STAGING, "222222222222"))
    write(tmp_path, "prod", settings(PROD, "333333333333"))
    monkeypatch.chdir(tmp_path)
    inputs: dict[str, dict[str, Any] | None] = {"staging": {"cpu": "512"}, "prod": {"cpu": "1024"}}
    monkeypatch.setattr(diff, "open_stack", lambda name, console, on_aws: FakeStack(name, inputs[name]))
    monkeypatch.setenv("COLUMNS", "120")
    return inputs


def slipway(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["slipway", "diff", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0)


def test_each_difference_is_shown_with_its_reason(
    stacks: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert slipway(monkeypatch, "staging", "prod", "--strict") == 0
    told = capsys.readouterr().out
    for words in ("domain", "staging.example.com", "an account and addresses", "service-task: cpu", "1024"):
        assert words in told
    assert "0 without a reason" in told


def test_a_difference_without_a_reason_is_marked_and_is_a_no_only_when_asked_strictly(
    stacks: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stacks["staging"] = {"cpu": "512", "user": "root"}
    assert slipway(monkeypatch) == 0
    told = capsys.readouterr().out
    assert "no reason: not on the list of allowed differences" in told
    assert "aws:ecs/taskDefinition:TaskDefinition.user" in told
    assert "infra/settings/allowed_differences.yaml" in told
    assert slipway(monkeypatch, "--strict") == 1


def test_files_that_could_not_stand_together_can_be_compared(
    stacks: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    write(tmp_path, "staging", settings(changed(STAGING, network__zones=2), "222222222222"))
    assert slipway(monkeypatch, "--strict") == 1
    assert "network.zones" in capsys.readouterr().out


def test_a_stack_that_is_not_up_leaves_the_configuration_and_no_verdict(
    stacks: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stacks["prod"] = None
    assert slipway(monkeypatch) == 2
    told = capsys.readouterr()
    assert "staging.example.com" in told.out
    assert "service-task" not in told.out
    assert "only the configuration could be compared: prod is not up" in told.err
    assert "slipway up prod" in told.err


def test_a_program_gets_the_same_as_json(
    stacks: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stacks["staging"] = {"cpu": "512", "user": "root"}
    assert slipway(monkeypatch, "--json", "--strict") == 1
    told = json.loads(capsys.readouterr().out)
    assert told["resources_compared"] is True
    by_path = {each["path"]: each for each in told["differences"]}
    assert by_path["domain"]["staging"] == "staging.example.com"
    user = by_path["aws:ecs/taskDefinition:TaskDefinition.user"]
    assert user == {
        "group": "service-task",
        "resources": ["service-task"],
        "path": "aws:ecs/taskDefinition:TaskDefinition.user",
        "staging": "root",
        "prod": None,
        "reason": None,
    }


@pytest.mark.parametrize("name", ["moon", "staging"])
def test_what_cannot_be_read_is_no_verdict(
    stacks: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    name: str,
) -> None:
    write(tmp_path, "staging", settings(changed(STAGING, domian="x"), "222222222222"))
    assert slipway(monkeypatch, name, "prod") == 2
    told = capsys.readouterr().err
    assert ("did you mean domain?" if name == "staging" else "there is no Pulumi.moon.yaml") in told


def test_a_long_value_is_shortened_and_a_list_shows_what_it_has_alone(
    stacks: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stacks["staging"] = {"long": "a" * 500, "subnets": ["one", "two"]}
    stacks["prod"] = {"long": "b" * 500, "subnets": ["one", "two", "three"]}
    slipway(monkeypatch)
    told = capsys.readouterr().out
    assert "a" * 60 not in told
    assert "…, three" in told
