"""dev, staging and prod side by side in three accounts, by the project's own commands and the real engine.

The tests of this module share one checkout and follow each other: each begins where the one before ended.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from botocore.exceptions import ClientError

from infra.settings.values import Environment
from sandbox import daemon
from tests.e2e.checkouts import SECONDS, Checkout, counts
from tests.e2e.tampering import TAMPERINGS, Tampering

pytestmark = pytest.mark.e2e

ENVIRONMENTS = [str(environment) for environment in Environment]
ACCOUNTS = {"dev": "111111111111", "staging": "222222222222", "prod": "333333333333"}
TAMPERED = "prod"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory, engine: Path) -> Iterator[Checkout]:
    checkout = Checkout(tmp_path_factory.mktemp("environments"), engine)
    yield checkout
    daemon.stop(checkout.layout)


def held(checkout: Checkout) -> dict[str, dict[str, int]]:
    """How many resources each account holds, by service."""
    found = daemon.status(checkout.layout).resources_by_account
    return {environment: found[account] for environment, account in ACCOUNTS.items()}


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_an_environment_comes_up_whole_and_touches_no_other_account(
    checkout: Checkout, environment: str
) -> None:
    before = held(checkout) if daemon.running(checkout.layout) else {name: {} for name in ENVIRONMENTS}
    run = checkout.slipway("up", environment)
    assert run.code == 0, run.text
    assert re.search(rf"{environment} is up: \d+ resources", run.text)
    after = held(checkout)
    assert after[environment]
    assert {name: after[name] for name in after if name != environment} == {
        name: before[name] for name in before if name != environment
    }
    assert checkout.contents() == checkout.before, "a tracked file has changed"


def test_prod_has_at_least_200_aws_resources_of_75_types_and_all_are_in_the_account(
    checkout: Checkout,
) -> None:
    types = [
        resource["type"]
        for resource in checkout.environment("prod").resources().values()
        if resource["type"].startswith("aws:")
    ]
    assert len(types) >= 200
    assert len(set(types)) >= 75


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_a_second_up_changes_nothing(checkout: Checkout, environment: str) -> None:
    run = checkout.slipway("up", environment)
    assert run.code == 0, run.text
    assert counts(run.text).keys() == {"unchanged"}, run.text


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_there_is_no_drift_after_an_up(checkout: Checkout, environment: str) -> None:
    run = checkout.slipway("drift", environment)
    assert run.code == 0, run.text
    assert "no drift" in run.text


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_outputs_are_those_that_are_promised_and_lie_in_the_account_of_the_environment(
    checkout: Checkout, environment: str
) -> None:
    run = checkout.slipway("outputs", environment, "--json")
    assert run.code == 0, run.text
    outputs = json.loads(run.text)
    assert outputs["account_id"] == ACCOUNTS[environment]
    others = [account for name, account in ACCOUNTS.items() if name != environment]
    assert not [account for account in others if account in run.text]


def test_a_key_of_one_environment_sees_nothing_of_another(checkout: Checkout) -> None:
    names = [group["logGroupName"] for group in _log_groups(checkout, "dev")]
    assert names
    assert not [name for name in names if re.search("staging|prod", name)]
    queue = checkout.environment("prod").outputs()["ticket_queue_url"]
    with pytest.raises(ClientError):
        checkout.sandbox.client("sqs", "dev").get_queue_attributes(QueueUrl=queue)


def _log_groups(checkout: Checkout, environment: str) -> list[dict[str, Any]]:
    pages = checkout.sandbox.client("logs", environment).get_paginator("describe_log_groups").paginate()
    return [group for page in pages for group in page["logGroups"]]


def test_every_difference_of_staging_and_prod_has_a_reason(checkout: Checkout) -> None:
    run = checkout.slipway("diff", "staging", "prod", "--strict")
    assert run.code == 0, run.text
    assert ", 0 without a reason" in run.text


def test_a_stack_is_drawn_and_its_cost_is_estimated(checkout: Checkout) -> None:
    drawn = checkout.slipway("graph", "prod")
    assert drawn.code == 0, drawn.text
    picture = (checkout.layout.folder / "graph/prod/network.svg").read_text()
    assert all(word in picture for word in ("Internet", "load balancer", "database", "no route out"))
    cost = checkout.slipway("cost", "prod", "--json")
    assert cost.code == 0, cost.text


class Report:
    """What a drift report says of a stack with which somebody tampered, and what it was before."""

    def __init__(self, checkout: Checkout) -> None:
        resources = checkout.environment(TAMPERED).resources()

        def find(name: str) -> Mapping[str, Any]:
            return {**resources[name]["outputs"], "id": resources[name]["id"]}

        for tampering in TAMPERINGS:
            tampering.act(checkout.sandbox.client(tampering.service, TAMPERED), find)
        self.run = checkout.slipway("drift", TAMPERED, "--json")
        self.found = [
            (each["resource"], each["property"]) for each in json.loads(self.run.text)["differences"]
        ]


@pytest.fixture(scope="module")
def report(checkout: Checkout) -> Report:
    return Report(checkout)


@pytest.mark.parametrize("tampering", TAMPERINGS, ids=lambda each: each.what)
def test_drift_shows_that(report: Report, tampering: Tampering) -> None:
    shown = [name for resource, name in report.found if resource == tampering.resource]
    assert [name for name in shown if name.startswith(tampering.property)], report.run.text
    assert report.run.code == 1


def test_nobody_s_doing_is_not_reported(report: Report) -> None:
    assert {resource for resource, _ in report.found} <= {each.resource for each in TAMPERINGS}


def test_what_was_tampered_with_is_put_back(checkout: Checkout, report: Report) -> None:
    run = checkout.slipway("up", TAMPERED, "--refresh")
    assert run.code == 0, run.text
    run = checkout.slipway("drift", TAMPERED)
    assert run.code == 0, run.text


@pytest.mark.parametrize("environment", ["staging", "prod"])
def test_what_holds_data_is_not_removed_unless_that_is_said(checkout: Checkout, environment: str) -> None:
    before = held(checkout)
    run = checkout.slipway("down", environment, "--keep-sandbox")
    assert run.code == 1, run.text
    assert f"{environment} is protected, and nothing was removed" in run.text
    assert f"slipway down {environment} --decommission" in run.text
    assert held(checkout) == before


def test_a_replacement_of_what_holds_data_is_refused_and_names_what_forces_it(checkout: Checkout) -> None:
    path = checkout.folder / "Pulumi.prod.yaml"
    good = path.read_text()
    content = yaml.safe_load(good)
    content["config"]["slipway:stack"]["domain"] = "other.example.com"
    path.write_text(yaml.safe_dump(content))
    before = held(checkout)
    run = checkout.slipway("up", "prod")
    path.write_text(good)
    assert run.code == 1, run.text
    assert (
        "nothing was changed: prod protects domain-zone (aws:route53/zone:Zone), which would be replaced "
        "because of name" in run.text
    )
    assert held(checkout) == before


def test_two_runs_at_once_do_not_meet(checkout: Checkout) -> None:
    first = checkout.start("up", "staging")
    try:
        lock = checkout.layout.pulumi_backend / ".pulumi/locks"
        while not list(lock.rglob("*.json")):
            assert first.poll() is None, first.communicate()[0]
        second = checkout.slipway("up", "staging")
    finally:
        text, _ = first.communicate(timeout=SECONDS)
    assert second.code == 1
    assert "holds the stack staging" in second.text
    assert "wait until it ends" in second.text
    assert first.returncode == 0, text


@pytest.mark.parametrize("environment", ENVIRONMENTS[::-1])
def test_an_environment_goes_and_leaves_nothing_in_its_account(checkout: Checkout, environment: str) -> None:
    before = held(checkout)
    run = checkout.slipway("down", environment, "--decommission", "--keep-sandbox")
    assert run.code == 0, run.text
    after = held(checkout)
    assert after.pop(environment) == {}
    assert after == {name: before[name] for name in after}


def test_a_fork_with_another_name_in_another_region_comes_up_too(checkout: Checkout) -> None:
    project, stack = checkout.folder / "Pulumi.yaml", checkout.folder / "Pulumi.dev.yaml"
    before = project.read_text(), stack.read_text()
    project.write_text(before[0].replace("name: slipway", "name: acme"))
    content = yaml.safe_load(before[1])
    content["config"]["aws:region"] = "us-east-1"
    models = content["config"]["slipway:stack"]["models"]
    models["text"] = [model.replace("eu.", "us.", 1) for model in models["text"]]
    stack.write_text(yaml.safe_dump(content))
    # a region of a running sandbox is that of its start
    daemon.stop(checkout.layout)
    run = checkout.slipway("up", "dev")
    assert run.code == 0, run.text
    outputs = checkout.slipway("outputs", "dev")
    assert "us-east-1" in outputs.text
    assert "acme-dev" in outputs.text
    assert "slipway-dev" not in outputs.text
    run = checkout.slipway("drift", "dev")
    assert run.code == 0, run.text
    run = checkout.slipway("down", "dev")
    assert run.code == 0, run.text
    project.write_text(before[0])
    stack.write_text(before[1])
