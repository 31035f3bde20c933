"""An estimate, and the command that tells it."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts import cli, cost
from scripts.costs import prices, workload
from scripts.costs.estimate import estimate
from tests.infra.stackfiles import MINIMAL_PROD, changed, settings, write
from tests.scripts import costs
from tests.scripts.costs import API, EVERYTHING, TWICE, WORKER, made, reckon, state

PROD = workload.load("prod")
FACTORS = st.decimals(min_value=0, max_value=50, places=2)


@hypothesis.settings(max_examples=30, deadline=None)
@given(FACTORS, FACTORS)
def test_more_load_never_costs_less_and_what_is_fixed_stays(one: Decimal, other: Decimal) -> None:
    less, more = sorted((one, other))
    low, high = (reckon(EVERYTHING, PROD.times(factor)).total for factor in (less, more))
    assert low.total <= high.total
    assert low.fixed == high.fixed


@hypothesis.settings(max_examples=30, deadline=None)
@given(FACTORS)
def test_a_whole_is_the_sum_of_its_parts_at_any_load(factor: Decimal) -> None:
    found = reckon(EVERYTHING, PROD, factor)
    for parts in (found.components(), found.drivers()):
        for amount in ("fixed", "by_load", "total", "other"):
            assert sum(getattr(each, amount) for each in parts) == getattr(found.total, amount)
    assert all(Decimal(0) <= line.fixed_usd <= line.usd for line in found.lines)


def test_the_other_load_is_reckoned_and_not_multiplied() -> None:
    found = reckon([*API, *WORKER], costs.workload(), Decimal(3))
    assert found.total.other == reckon([*API, *WORKER], costs.workload().times(Decimal(3))).total.total
    assert found.total.total < found.total.other < 3 * found.total.total


def test_costs_stand_with_the_component_that_makes_them_the_dearest_first() -> None:
    found = reckon([made("ec2/eip:Eip", "a", "network"), made("ec2/natGateway:NatGateway", "n", "network"),
                    made("route53/zone:Zone", "z", "domain")])  # fmt: skip
    assert [(each.component, each.driver) for each in found.components()] == [
        ("network", "data through NAT gateways"),
        ("domain", "hosted zones"),
    ]


@pytest.mark.parametrize(
    ("resource", "words"),
    [
        (made("mq/broker:Broker", "broker"), "nothing is known of what aws:mq/broker:Broker costs: broker"),
        (
            made(
                "rds/instance:Instance", "db",
                instanceClass="db.x2g.large", allocatedStorage=20, storageType="gp3",
            ),
            "rds_hour/db.x2g.large has no price in eu-west-1: db",
        ),
        (
            made(
                "rds/instance:Instance", "db",
                instanceClass="db.t4g.micro", allocatedStorage=20, storageType="gp3",
                performanceInsightsRetentionPeriod=31,
            ),
            "rds_insights has no price in eu-west-1: db",
        ),
        (made("ecs/service:Service", "s", launchType="EC2"), "task_hour/EC2 has no price in eu-west-1: s"),
        (
            made("guardduty/detectorFeature:DetectorFeature", "eks", name="EKS_AUDIT_LOGS", status="ENABLED"),
            "guardduty_feature/EKS_AUDIT_LOGS has no price in eu-west-1: eks",
        ),
        (
            made(
                "ecr/registryScanningConfiguration:RegistryScanningConfiguration", "scan", scanType="ENHANCED"
            ),
            "inspector_image/ENHANCED has no price in eu-west-1: scan",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_reckoned_is_told_as_missing(resource: dict[str, Any], words: str) -> None:
    assert reckon([resource]).gaps == (words,)


def test_a_price_by_another_unit_is_a_fault_of_the_table() -> None:
    table = prices.load("eu-west-1")
    wrong = replace(table.prices["nat_hour"], unit=prices.Unit.GB)
    with pytest.raises(ValueError, match="nat_hour is charged by GB and reckoned by hour"):
        estimate(
            state(made("ec2/natGateway:NatGateway", "nat")),
            costs.workload(),
            replace(table, prices={**table.prices, "nat_hour": wrong}),
            TWICE,
        )


def test_a_resource_that_waits_for_its_deletion_costs_nothing() -> None:
    assert reckon([{**made("ec2/eip:Eip", "old"), "delete": True}]).lines == ()


class FakeStack:
    settled = True

    def deployed(self) -> list[dict[str, Any]]:
        return list(state_of_everything())

    def is_settled(self) -> bool:
        return self.settled


def state_of_everything() -> list[dict[str, Any]]:
    return [costs.component("part"), costs.component("api"), costs.component("worker"), *EVERYTHING]


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with prod, whose stack is the small one."""
    write(tmp_path, "prod", settings(changed(MINIMAL_PROD, budget={"monthly_usd": 5000}), "333333333333"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setattr(cost, "open_stack", lambda name, console, on_aws: FakeStack())
    return tmp_path


def slipway(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["slipway", "cost", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0)


def test_a_person_reads_the_total_first_then_what_makes_it(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert slipway(monkeypatch, "prod", "--strict") == 0
    told = capsys.readouterr().out
    lines = told.splitlines()
    assert lines[0].startswith(f"prod, {len(EVERYTHING)} resources in eu-west-1: about ")
    assert max(map(len, lines)) <= 100
    for words in (
        "component", "at x2", "mostly", "what drives it most", "within the budget", "infra/workload.yaml",
        f"list prices of {prices.load('eu-west-1').as_of}", "not checked", "taxes, support",
    ):  # fmt: skip
        assert words in told


def test_above_the_budget_is_said_and_is_a_no_only_when_asked_strictly(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(checkout, "prod", settings(changed(MINIMAL_PROD, budget={"monthly_usd": 10}), "333333333333"))
    assert slipway(monkeypatch, "prod") == 0
    assert "above the budget by " in capsys.readouterr().out
    assert slipway(monkeypatch, "prod", "--strict") == 1


def test_a_gap_is_said_and_leaves_a_strict_question_open(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stack = FakeStack()
    monkeypatch.setattr(stack, "deployed", lambda: [*state_of_everything(), made("mq/broker:Broker", "b")])
    monkeypatch.setattr(cost, "open_stack", lambda name, console, on_aws: stack)
    assert slipway(monkeypatch, "prod") == 0
    assert "nothing is known of what aws:mq/broker:Broker costs" in capsys.readouterr().out
    assert slipway(monkeypatch, "prod", "--strict") == 2


def test_a_stack_whose_last_run_failed_is_told_with_the_total_and_leaves_a_strict_question_open(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(FakeStack, "settled", False)
    assert slipway(monkeypatch, "prod") == 0
    assert "the stack may not be whole" in capsys.readouterr().out.splitlines()[1]
    assert slipway(monkeypatch, "prod", "--json") == 0
    assert json.loads(capsys.readouterr().out)["is_settled"] is False
    assert slipway(monkeypatch, "prod", "--strict") == 2


def test_a_program_gets_the_same_as_json_at_the_load_that_it_asks_for(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert slipway(monkeypatch, "prod", "--json", "--load", "3.5") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["load_factor"] == 3.5
    assert told["currency"] == "USD"
    assert told["total"]["total_usd"] == pytest.approx(sum(each["usd"] for each in told["items"]), abs=0.01)
    assert told["total"]["at_load_factor_usd"] > told["total"]["total_usd"]
    assert len(told["largest_drivers"]) == 5
    assert told["budget"] == {"monthly_usd": 5000, "exceeded": False}


def test_old_prices_are_told_with_a_warning(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    table = replace(prices.load("eu-west-1"), as_of=date(2020, 1, 1))
    monkeypatch.setattr(prices, "load", lambda region: table)
    slipway(monkeypatch, "prod")
    assert "warning: they are more than a year old" in capsys.readouterr().out


def test_a_service_at_its_limit_is_told_with_the_load(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    slipway(monkeypatch, "prod", "--load", "10")
    assert "tasks in the busy hours and may have 6, at 10 times the load" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("region", "words"), [("ap-south-9", "no prices of ap-south-9"), ("nowhere", "aws:region")]
)
def test_what_cannot_be_read_is_no_estimate(
    checkout: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    region: str,
    words: str,
) -> None:
    path = checkout / "Pulumi.prod.yaml"
    path.write_text(path.read_text().replace("eu-west-1", region))
    assert slipway(monkeypatch, "prod") == 2
    assert words in capsys.readouterr().err


def test_an_environment_that_is_not_there_is_told(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert slipway(monkeypatch, "qa") == 2
    assert "qa" in capsys.readouterr().err
