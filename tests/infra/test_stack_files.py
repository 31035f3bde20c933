from __future__ import annotations

import ipaddress
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.config import Environment, load

ROOT = Path(__file__).resolve().parents[2]
STACK_FILES = sorted(ROOT.glob("Pulumi.*.yaml"))


def _content(path: Path) -> dict[str, Any]:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert isinstance(content, dict)
    return content


def test_each_environment_has_a_stack_file_of_its_name() -> None:
    assert {path.name for path in STACK_FILES} == {f"Pulumi.{name}.yaml" for name in Environment}


def test_a_stack_file_is_valid_and_says_the_environment_of_its_name(stack_file: Path) -> None:
    assert stack_file.name == f"Pulumi.{load(stack_file).environment}.yaml"


def test_a_stack_file_names_its_region_and_the_one_account_that_it_may_touch(stack_file: Path) -> None:
    config = _content(stack_file)["config"]
    assert config["aws:region"]
    (account_id,) = config["aws:allowedAccountIds"]
    assert len(account_id) == 12


def test_a_stack_file_brings_its_salt_so_that_no_engine_rewrites_it(stack_file: Path) -> None:
    assert str(_content(stack_file)["encryptionsalt"]).startswith("v1:")


def test_a_stack_file_holds_no_secret(stack_file: Path) -> None:
    assert "secure:" not in stack_file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("one", "other"), combinations(STACK_FILES, 2), ids=lambda path: path.name.split(".")[1]
)
def test_no_two_stacks_share_a_network_an_account_a_domain_or_a_salt(one: Path, other: Path) -> None:
    configs = load(one), load(other)
    ranges = [ipaddress.IPv4Network(each.network.cidr) for each in configs]
    assert not ranges[0].overlaps(ranges[1])
    assert configs[0].domain != configs[1].domain
    contents = _content(one), _content(other)
    assert contents[0]["encryptionsalt"] != contents[1]["encryptionsalt"]
    assert contents[0]["config"]["aws:allowedAccountIds"] != contents[1]["config"]["aws:allowedAccountIds"]


def test_only_example_names_are_used(stack_file: Path) -> None:
    assert load(stack_file).domain.endswith(".example.com")
