from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.config import ConfigError, Environment, load
from infra.settings import stack_files
from infra.settings.stack_files import MOVED, TEMPLATE_NUMBER, UPGRADING
from tests.infra.stackfiles import MINIMAL, MINIMAL_PROD, changed, settings, write

ROOT = Path(__file__).resolve().parents[2]
STACK_FILES = sorted(ROOT.glob("Pulumi.*.yaml"))
STAGING = changed(
    MINIMAL_PROD, environment="staging", domain="staging.example.com", network={"cidr": "10.20.0.0/16"}
)
PROD = changed(MINIMAL_PROD, domain="example.com", network={"cidr": "10.30.0.0/16"})


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Three environments that go well together."""
    write(tmp_path, "dev", settings(MINIMAL, "111111111111"))
    write(tmp_path, "staging", settings(STAGING, "222222222222"))
    write(tmp_path, "prod", settings(PROD, "333333333333"))
    return tmp_path


def told(root: Path, name: str = "dev") -> list[str]:
    with pytest.raises(ConfigError) as caught:
        stack_files.load(root, name)
    first, *faults = str(caught.value).splitlines()
    assert first == f"Pulumi.{name}.yaml is wrong in {len(faults)} place{'s' if len(faults) > 1 else ''}:"
    return [fault.strip() for fault in faults]


def test_each_environment_has_a_stack_file_of_its_name() -> None:
    assert {path.name for path in STACK_FILES} == {f"Pulumi.{name}.yaml" for name in Environment}


def test_each_stack_file_is_right_by_itself_and_beside_the_others(stack_file: Path) -> None:
    assert stack_file.name == f"Pulumi.{load(stack_file).environment}.yaml"


def test_a_stack_file_brings_its_salt_so_that_no_engine_rewrites_it(stack_file: Path) -> None:
    assert stack_files.read(stack_file).salt.startswith("v1:")


def test_a_stack_file_holds_no_secret(stack_file: Path) -> None:
    assert "secure:" not in stack_file.read_text(encoding="utf-8")


def test_a_stack_file_holds_only_what_differs_from_the_defaults(stack_file: Path) -> None:
    config = load(stack_file)
    given = yaml.safe_load(stack_file.read_text(encoding="utf-8"))["config"]["slipway:stack"]
    assert config.model_dump(mode="json", exclude_defaults=True) == given


def test_only_example_names_are_used(stack_file: Path) -> None:
    config = load(stack_file)
    assert config.domain.endswith(".example.com")
    assert config.repository.startswith("example-")
    assert all(email.endswith("@example.com") for email in config.alerts.emails)


def test_environments_that_go_well_together_are_taken(checkout: Path) -> None:
    for name in Environment:
        assert stack_files.load(checkout, name).environment is name


def test_what_two_environments_must_not_share_is_told_to_either(checkout: Path) -> None:
    shared = changed(MINIMAL, domain="example.com", network__cidr="10.30.128.0/17")
    write(checkout, "dev", settings(shared, "333333333333"), salt="v1:prod")
    assert told(checkout, "dev") == [
        "aws:allowedAccountIds: 333333333333 is the account of prod too; each environment has one of its own",
        "encryptionsalt: is that of Pulumi.prod.yaml too; take the line out, and `pulumi stack init` writes "
        "a new one",
        "domain: example.com is the domain of prod too; give each environment its own",
        "network.cidr: 10.30.128.0/17 overlaps 10.30.0.0/16 of prod; two such networks can never be joined",
    ]
    assert len(told(checkout, "prod")) == 4
    stack_files.load(checkout, "staging")


def test_a_fault_of_another_file_alone_stops_nobody_else(checkout: Path) -> None:
    write(checkout, "prod", settings(changed(PROD, domian="x", network__cidr="here"), "333333333333"))
    assert stack_files.load(checkout, "dev")
    assert len(told(checkout, "prod")) == 2


def test_a_file_that_cannot_be_read_is_told_since_nothing_can_be_checked_against_it(checkout: Path) -> None:
    (checkout / "Pulumi.prod.yaml").write_text("config: [")
    (only,) = told(checkout, "dev")
    assert only.startswith("Pulumi.prod.yaml: cannot read")
    assert only.endswith("nothing can be checked against it")


def test_a_staging_that_differs_from_prod_without_a_reason_is_told_to_both(checkout: Path) -> None:
    value = changed(STAGING, network__zones=2, service__tasks__max=9)
    write(checkout, "staging", settings(value, "222222222222") | {"aws:region": "eu-north-1"})
    for name in ("staging", "prod"):
        region, zones, tasks = told(checkout, name)
        assert region.startswith(
            "aws:region: is eu-north-1 in staging and eu-west-1 in prod: not on the list"
        )
        assert zones.startswith("network.zones: is 2 in staging and 3 in prod: not on the list of allowed")
        assert tasks.startswith(
            "service.tasks.max: is 9 in staging and 6 in prod: allowed only where it is not"
        )
        assert "infra/settings/allowed_differences.yaml" in tasks
    stack_files.load(checkout, "dev")


def test_a_release_may_be_in_staging_before_prod_has_it(checkout: Path) -> None:
    image = f"registry.example.com/triage@sha256:{'0' * 64}"
    write(checkout, "staging", settings(changed(STAGING, image=image), "222222222222"))
    assert stack_files.load(checkout, "staging").image == image


def test_an_environment_that_is_taken_down_need_be_like_no_other(checkout: Path) -> None:
    end = changed(PROD, decommission="prod", deletion_protection=False)
    write(checkout, "prod", settings(end, "333333333333"))
    assert not stack_files.load(checkout, "prod").deletion_protection
    assert stack_files.load(checkout, "staging")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"aws:region": None}, "aws:region: must be the name of a region such as eu-west-1, got None"),
        ({"aws:region": "Ireland"}, "aws:region: must be the name of a region"),
        ({"aws:allowedAccountIds": None}, "must list the one account that the stack may touch"),
        ({"aws:allowedAccountIds": ["1" * 12, "2" * 12]}, "must list the one account"),
        ({"aws:allowedAccountIds": ["1" * 11]}, "12 digits in quotes, got ['11111111111']"),
        ({"aws:allowedAccountIds": "1" * 12}, "must list the one account"),
        (
            {"slipway:stack": "text"},
            "slipway:stack: is not there; copy it from another stack file and change it",
        ),
        (
            {"slipway:stack": changed(MINIMAL, environment="staging")},
            "is staging, and the file is Pulumi.dev.y",
        ),
        ({"slipway:template": 99}, "this file was written for template 99, and this checkout is of 2: bring"),
        ({"slipway:template": "two"}, "slipway:template: must be a number, 2 now, got 'two'"),
    ],
)
def test_a_wrong_setting_is_told(checkout: Path, changes: dict[str, Any], words: str) -> None:
    write(checkout, "dev", settings(MINIMAL) | changes)
    (only,) = told(checkout)
    assert words in only


def test_the_account_may_stand_there_as_the_engine_writes_it(checkout: Path) -> None:
    write(checkout, "dev", settings(MINIMAL) | {"aws:allowedAccountIds": '["111111111111"]'})
    assert stack_files.load(checkout, "dev")


def test_a_file_of_an_older_template_is_told_so_beside_what_it_lacks(checkout: Path) -> None:
    value = {key: each for key, each in MINIMAL.items() if key not in ("repository", "budget")}
    config = {key: each for key, each in settings(value).items() if key != "slipway:template"}
    write(checkout, "dev", config)
    assert told(checkout) == [
        "slipway:template: this file was written for template 1, and this checkout is of 2; "
        "docs/upgrading.md tells what to change",
        "repository: is missing",
        "budget: is missing",
    ]


def test_a_key_that_moved_twice_is_told_its_name_of_today(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stack_files, "MOVED", {2: {"team": "group"}, 3: {"group": "owner"}})
    monkeypatch.setattr(stack_files, "TEMPLATE_NUMBER", 3)
    write(checkout, "dev", settings(changed(MINIMAL, team="x")) | {"slipway:template": 1})
    assert "team: is called owner now" in told(checkout)
    write(checkout, "dev", settings(changed(MINIMAL, team="x")) | {"slipway:template": 2})
    assert "team: is called owner now" not in told(checkout)


def test_each_template_has_a_section_in_the_page_that_tells_how_to_upgrade() -> None:
    page = (ROOT / UPGRADING).read_text(encoding="utf-8")
    assert max(MOVED) == TEMPLATE_NUMBER
    for number, moved in MOVED.items():
        section = page.split(f"## Template {number}\n")[1].split("\n## ")[0]
        assert all(f"`{old}`" in section and f"`{new}`" in section for old, new in moved.items())


@pytest.mark.parametrize("text", ["config: [", "\x00", "", "config: text", "[]"])
def test_a_file_that_is_no_stack_file_is_refused_in_one_line(checkout: Path, text: str) -> None:
    (checkout / "Pulumi.dev.yaml").write_text(text)
    with pytest.raises(ConfigError, match=r"Pulumi\.dev\.yaml") as caught:
        stack_files.load(checkout, "dev")
    assert "\n" not in str(caught.value)


def test_a_stack_that_has_no_file_is_told_which_there_are(checkout: Path) -> None:
    with pytest.raises(ConfigError, match=r"there is no Pulumi\.moon\.yaml; there are: dev, prod, staging"):
        stack_files.load(checkout, "moon")


def test_outside_of_a_checkout_that_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no Pulumi\.yaml here or in any folder above"):
        stack_files.find_root(tmp_path)
