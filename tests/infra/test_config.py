from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pulumi
import pytest

from infra import config
from infra.config import ConfigError, parse
from infra.topology import Nat
from tests.infra.recorder import record

MINIMAL: dict[str, Any] = {
    "environment": "dev",
    "domain": "dev.triage.example.com",
    "owner": "platform",
    "cost_center": "triage",
    "network": {"cidr": "10.10.0.0/16"},
}


def _with(**changes: Any) -> dict[str, Any]:
    """The smallest configuration, changed: `_with(network__zones=2)`."""
    value = copy.deepcopy(MINIMAL)
    for path, change in changes.items():
        *sections, key = path.split("__")
        section = value
        for name in sections:
            section = section.setdefault(name, {})
        section[key] = change
    return value


def _faults(value: Any) -> str:
    with pytest.raises(ConfigError) as caught:
        parse(value, "Pulumi.dev.yaml")
    return str(caught.value)


def test_what_is_left_out_is_what_production_needs() -> None:
    stack = parse(MINIMAL, "Pulumi.dev.yaml")
    assert stack.deletion_protection
    assert stack.service.wait_for_steady_state
    assert stack.network.nat is Nat.ONE_PER_AZ
    assert stack.network.zones == 3
    assert stack.service.tasks.min >= 2
    assert stack.entrance.test_client_cidrs == ()
    assert parse(_with(environment="prod"), "Pulumi.prod.yaml") is not None


def test_every_wrong_key_is_listed_at_once() -> None:
    message = _faults(_with(domian="x", owner="Two Words", network__nat="some", service__tasks__mni=1))
    assert message.startswith("Pulumi.dev.yaml: slipway:stack is wrong in 4 places:\n")
    assert "domian: is not a key here; the keys are environment, domain, owner," in message
    assert "owner: string should match pattern" in message
    assert "got 'Two Words'" in message
    assert "network.nat: input should be 'none', 'single' or 'one_per_az', got 'some'" in message
    assert "service.tasks.mni: is not a key here; the keys are min, max, requests_per_minute_each" in message


def test_what_is_missing_is_named() -> None:
    message = _faults({})
    for key in ("environment", "domain", "owner", "cost_center", "network"):
        assert f"  {key}: is missing" in message


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"network__nat": "none"}, "prod needs network.nat to be single or one_per_az, got none"),
        ({"service__tasks__min": 1}, "prod needs service.tasks.min of at least 2, got 1"),
        ({"deletion_protection": False}, "prod needs deletion_protection, got false"),
        ({"service__wait_for_steady_state": False}, "prod needs service.wait_for_steady_state, got false"),
    ],
)
def test_prod_refuses_what_dev_may_do(changes: dict[str, Any], words: str) -> None:
    assert parse(_with(**changes), "Pulumi.dev.yaml") is not None
    assert words in _faults(_with(environment="prod", **changes))


def test_prod_lists_all_that_it_refuses() -> None:
    message = _faults(_with(environment="prod", deletion_protection=False, network__nat="none"))
    assert "network.nat" in message
    assert "deletion_protection" in message


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"network__zones": 1}, "network.zones: input should be greater than or equal to 2, got 1"),
        ({"network__cidr": "10.0.0.0/8"}, "network.cidr: 10.0.0.0/8 must be between a /16"),
        ({"domain": "no spaces.example.com"}, "is not a full domain name in lower case"),
        ({"log_retention_days": 8}, "CloudWatch keeps logs for one of 1, 3, 5, 7, 14"),
        ({"service__cpu_units": 300}, "cpu_units must be one of 256, 512, 1024, 2048, 4096, got 300"),
        ({"service__memory_mib": 512}, "memory_mib for 512 CPU units must be one of 1024, 2048, 3072, 4096"),
        ({"service__tasks": {"min": 3, "max": 2}}, "min must not be above max, got 3 and 2"),
        ({"service__canary__canary_bake_minutes": 4}, "canary_bake_minutes must be at least 5"),
        ({"entrance__test_client_cidrs": ["0.0.0.0/0"]}, "test_client_cidrs must name who tests"),
        ({"service__secrets": {"TOKEN": "token"}}, "service.secrets.TOKEN names 'token', which is no entry"),
        ({"service__secrets": {"to-ken": "token"}}, "service.secrets.to-ken"),
    ],
)
def test_a_value_that_aws_or_a_release_could_not_use_is_refused(changes: dict[str, Any], words: str) -> None:
    assert words in _faults(_with(**changes))


@pytest.mark.parametrize("value", [None, [], "text"])
def test_a_stack_file_without_the_object_says_where_to_put_it(value: Any) -> None:
    assert "Pulumi.dev.yaml has no object slipway:stack under config" in _faults(value)


@pytest.mark.parametrize("text", ["config: [", "\x00"])
def test_a_file_that_is_no_yaml_is_refused_in_one_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "Pulumi.dev.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=r"cannot read .*Pulumi\.dev\.yaml") as caught:
        config.load(path)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot read"):
        config.load(tmp_path / "Pulumi.none.yaml")


def test_a_configuration_cannot_be_changed_once_it_is_read() -> None:
    with pytest.raises(ValueError, match="frozen"):
        parse(MINIMAL, "Pulumi.dev.yaml").owner = "someone-else"


def test_in_the_program_a_wrong_file_ends_it_with_the_same_message() -> None:
    pulumi.runtime.set_all_config({"slipway:stack": '{"environment": "moon"}'})
    with pytest.raises(pulumi.RunError, match=r"Pulumi\.dev\.yaml: slipway:stack is wrong in 5 places"):
        record(lambda: {"config": config.from_pulumi()})


def test_in_the_program_the_engines_configuration_is_read() -> None:
    pulumi.runtime.set_all_config({"slipway:stack": json.dumps(MINIMAL)})
    found: list[object] = []
    record(lambda: found.append(config.from_pulumi()))
    assert found == [parse(MINIMAL, "Pulumi.dev.yaml")]
