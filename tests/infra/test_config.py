from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pulumi
import pytest

from infra import config
from infra.config import ConfigError, StackConfig
from infra.settings.faults import check, keys
from infra.settings.rules import RULES, value_at
from infra.topology import Nat
from tests.infra.recorder import record
from tests.infra.stackfiles import MINIMAL, MINIMAL_PROD, changed, settings, write


def faults(value: Any, moved: dict[str, str] | None = None) -> list[str]:
    return [str(fault) for fault in check(value, moved or {}).faults]


def fault(value: Any) -> str:
    (only,) = faults(value)
    return only


def test_what_is_left_out_is_what_production_needs() -> None:
    assert faults(MINIMAL) == []
    assert faults(MINIMAL_PROD) == []
    stack = check(MINIMAL_PROD, {}).config
    assert stack.deletion_protection
    assert stack.service.wait_for_steady_state
    assert stack.network.nat is Nat.ONE_PER_AZ
    assert stack.network.zones == 3
    assert stack.service.tasks.min >= 2
    assert stack.entrance.test_client_cidrs == ()
    assert stack.database.multi_az
    assert stack.database.backup_retention_days == 35
    assert stack.audit_retention_days >= 365
    assert stack.decommission is None


def test_what_has_no_safe_default_must_be_given() -> None:
    required = ("environment", "domain", "owner", "cost_center", "repository", "network", "models", "budget")
    assert faults({}) == [f"{key}: is missing" for key in required]


def test_a_wrong_name_a_wrong_value_and_values_that_do_not_go_together_are_listed_at_once() -> None:
    value = changed(
        MINIMAL,
        domian="x",
        owner="Two Words",
        network__nat="some",
        service__tasks__mni=1,
        worker__tasks={"min": 3, "max": 2},
    )
    assert faults(value) == [
        "owner: must be lower-case words joined by hyphens, such as 'triage-dev', got 'Two Words'",
        "network.nat: input should be 'none', 'single' or 'one_per_az', got 'some'",
        "service.tasks.mni: is not a key here; did you mean min?",
        "domian: is not a key here; did you mean domain?",
        "worker.tasks.min: must not be above worker.tasks.max, got 3 and 2",
    ]


def test_a_key_in_the_wrong_section_is_told_where_it_belongs() -> None:
    assert fault(changed(MINIMAL, zones=2)) == "zones: is not a key here; did you mean network.zones?"


def test_a_key_like_no_other_is_told_which_there_are() -> None:
    told = fault(changed(MINIMAL, budget__weather="fine"))
    assert told == "budget.weather: is not a key here; the keys are monthly_usd"


def test_a_key_that_has_moved_is_told_where_it_is_now() -> None:
    assert faults(changed(MINIMAL, service__size=3), {"service.size": "service.cpu_units"}) == [
        "service.size: is called service.cpu_units now"
    ]


def test_a_key_that_yaml_takes_for_something_else_is_told() -> None:
    assert fault({**MINIMAL, True: "on"}).startswith("True: is not a key here")


def test_a_section_that_is_none_is_told_its_keys() -> None:
    assert fault(changed(MINIMAL, schedules="UTC")) == (
        "schedules: must be a section with the keys time_zone, got 'UTC'"
    )


def test_what_follows_from_another_fault_is_not_told() -> None:
    assert fault(changed(MINIMAL, service__cpu_units=300, service__memory_mib=512)).startswith(
        "service.cpu_units: what Fargate gives a task in CPU units is one of 256, 512, 1024, 2048, 4096"
    )
    assert fault(changed(MINIMAL, models__text=["*"])).startswith("models.text.0: ")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.reads[0])
def test_a_rule_reads_keys_that_there_are(rule: Any) -> None:
    known = keys(StackConfig)
    for key in rule.reads:
        value_at(check(MINIMAL, {}).config, key)
        assert [each for each in known if each == key or each.startswith(f"{key}.")]


PROD_NEEDS: list[tuple[dict[str, Any], str]] = [
    ({"network__nat": "none"}, "network.nat: prod needs single or one_per_az, got none: "),
    ({"service__tasks__min": 1}, "service.tasks.min: prod needs at least 2, got 1: "),
    (
        {"service__wait_for_steady_state": False},
        "service.wait_for_steady_state: prod needs true, got false: ",
    ),
    (
        {"deletion_protection": False},
        "deletion_protection: prod needs true, got false; only with `decommission",
    ),
    ({"database__multi_az": False}, "database.multi_az: prod needs true, got false: "),
    (
        {"database__backup_retention_days": 34},
        "database.backup_retention_days: prod needs at least 35, got 34: ",
    ),
    ({"alerts__emails": []}, "alerts.emails: prod needs at least one address, got none: "),
    ({"audit_retention_days": 364}, "audit_retention_days: prod needs at least 365, got 364: "),
]


@pytest.mark.parametrize(("changes", "words"), PROD_NEEDS)
def test_prod_refuses_what_dev_may_do(changes: dict[str, Any], words: str) -> None:
    assert faults(changed(MINIMAL, **changes)) == []
    assert fault(changed(MINIMAL_PROD, **changes)).startswith(words)


def test_prod_lists_all_that_it_refuses() -> None:
    everything: dict[str, Any] = {}
    for changes, _ in PROD_NEEDS:
        everything |= changes
    assert len(faults(changed(MINIMAL_PROD, **everything))) == len(PROD_NEEDS)


def test_prod_with_one_zone_is_told_why_not() -> None:
    told = fault(changed(MINIMAL_PROD, network__zones=1))
    assert told.startswith("network.zones: prod needs at least 2, got 1: with the loss of its only zone")


def test_staging_keeps_a_week_of_backups() -> None:
    staging = changed(MINIMAL, environment="staging")
    assert faults(changed(staging, database__backup_retention_days=7)) == []
    told = fault(changed(staging, database__backup_retention_days=6))
    assert told.startswith("database.backup_retention_days: staging needs at least 7, got 6")


def test_prod_can_be_destroyed_only_once_its_end_is_declared() -> None:
    assert faults(changed(MINIMAL_PROD, deletion_protection=False, decommission="prod")) == []
    assert fault(changed(MINIMAL_PROD, decommission="dev")) == (
        "decommission: must be the environment's own name, prod, got dev"
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"network__zones": 4}, "network.zones: input should be less than or equal to 3, got 4"),
        ({"network__cidr": "10.0.0.0/8"}, "10.0.0.0/8 must be between a /16"),
        ({"network__cidr": "here"}, "network.cidr: must be the range of a VPC, such as 10.10.0.0/16"),
        ({"entrance__client_cidrs": ["10.0.0.1/8"]}, "entrance.client_cidrs.0: must be a range of addresses"),
        ({"domain": "no spaces.example.com"}, "domain: must be a full domain name in lower case"),
        ({"log_retention_days": 8}, "for how many days CloudWatch keeps logs is one of 1, 3, 5, 7, 14"),
        (
            {"worker__cpu_units": 300},
            "worker.cpu_units: what Fargate gives a task in CPU units is one of 256,",
        ),
        (
            {"service__memory_mib": 512},
            "service.memory_mib: for 512 CPU units must be one of 1024, 2048, 3072,",
        ),
        (
            {"worker__memory_mib": 512},
            "worker.memory_mib: for 512 CPU units must be one of 1024, 2048, 3072,",
        ),
        ({"service__tasks": {"min": 3, "max": 2}}, "must not be above service.tasks.max, got 3 and 2"),
        ({"service__canary__canary_bake_minutes": 4}, "canary_bake_minutes: must be at least 5"),
        ({"entrance__test_client_cidrs": ["0.0.0.0/0"]}, "test_client_cidrs: must name who tests"),
        ({"service__secrets": {"TOKEN": "token"}}, "service.secrets: TOKEN names 'token', which is no entry"),
        ({"service__secrets": {"to-ken": "token"}}, "service.secrets.to-ken: must be the name of a variable"),
        ({"repository": "https://github.com/a/b"}, "repository: must be owner/name"),
        (
            {"image": "registry.example.com/triage:1.2"},
            "image: must be an image by digest, <registry>/<name>@sha",
        ),
        ({"image": "triage@sha256:" + "0" * 64}, "image: must be an image by digest"),
        ({"image": "a.example.com/triage:1@sha256:" + "0" * 64}, "a tag can be moved to another image"),
        (
            {"database__instance_class": "m7g.large"},
            "another one is added, with its memory, to infra/database_settings.py",
        ),
        ({"database__storage_gib": 19}, "database.storage_gib: input should be greater than or equal to 20"),
        (
            {"database__storage_gib": 460},
            "max_storage_gib: must be at least a tenth more than database.storage",
        ),
        ({"database__backup_retention_days": 36}, "less than or equal to 35, got 36"),
        ({"alerts__emails": ["nobody"]}, "alerts.emails.0: must be an e-mail address, got 'nobody'"),
        ({"models__text": []}, "models.text: "),
        ({"models__text": ["amazon.*"]}, "must be a model such as"),
        ({"models__text": ["arn:aws:bedrock:eu-west-1::foundation-model/a.b"]}, "must be a model such as"),
        ({"models__embedding": ["global.amazon.x-v1"]}, "or a profile that stays in one geography"),
        ({"schedules__time_zone": "Mars/Base"}, "time_zone: must be a name of the IANA time zone database"),
        ({"slo__availability": 99.9}, "slo.availability: input should be less than or equal to 0.9999"),
        ({"decommission": "moon"}, "decommission: input should be 'dev', 'staging' or 'prod', got 'moon'"),
    ],
)
def test_a_value_that_aws_or_a_release_could_not_use_is_refused(changes: dict[str, Any], words: str) -> None:
    assert words in fault(changed(MINIMAL, **changes))


@pytest.mark.parametrize(
    "image",
    [
        f"111111111111.dkr.ecr.eu-west-1.amazonaws.com/slipway-dev-registry@sha256:{'0' * 64}",
        f"localhost:5000/team/triage_api@sha256:{'a' * 64}",
    ],
)
def test_an_image_by_digest_is_taken(image: str) -> None:
    assert faults(changed(MINIMAL, image=image)) == []


@pytest.mark.parametrize(
    "model", ["amazon.titan-embed-text-v2:0", "eu.anthropic.claude-sonnet-4-20250514-v1:0"]
)
def test_a_model_is_named_by_its_own_id_or_by_that_of_a_profile(model: str) -> None:
    assert faults(changed(MINIMAL, models__text=[model])) == []


def test_a_machine_without_time_zones_leaves_their_names_to_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zoneinfo.available_timezones", set)
    assert faults(changed(MINIMAL, schedules__time_zone="Europe/Berlin")) == []


def test_a_configuration_cannot_be_changed_once_it_is_read() -> None:
    with pytest.raises(ValueError, match="frozen"):
        check(MINIMAL, {}).config.owner = "someone-else"


def run_program(folder: Path, monkeypatch: pytest.MonkeyPatch, given: dict[str, Any]) -> StackConfig:
    """The configuration as the program reads it, which the engine runs in a folder of its own."""
    (folder / "infra").mkdir()
    monkeypatch.chdir(folder / "infra")
    as_text = {key: each if isinstance(each, str) else json.dumps(each) for key, each in given.items()}
    pulumi.runtime.set_all_config(as_text)
    found: list[StackConfig] = []
    record(lambda: found.append(config.from_pulumi()))
    return found[0]


def test_in_the_program_the_engines_configuration_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "dev", settings(changed(MINIMAL, owner="file")))
    found = run_program(tmp_path, monkeypatch, settings(changed(MINIMAL, owner="engine")))
    assert found.owner == "engine"


def test_in_the_program_a_wrong_file_ends_it_with_every_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "dev", {})
    write(tmp_path, "prod", settings(MINIMAL_PROD))
    with pytest.raises(pulumi.RunError) as caught:
        run_program(tmp_path, monkeypatch, settings(changed(MINIMAL, owner="A B")))
    told = str(caught.value)
    assert told.startswith("Pulumi.dev.yaml is wrong in 4 places:\n")
    for words in ("owner: must be", "is the account of prod too", "is the domain of prod too", "overlaps"):
        assert words in told


def test_in_the_program_a_configuration_that_is_no_object_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "dev", {})
    with pytest.raises(pulumi.RunError, match="slipway:stack"):
        run_program(tmp_path, monkeypatch, {"slipway:stack": "{"})


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot read"):
        config.load(tmp_path / "Pulumi.none.yaml")
