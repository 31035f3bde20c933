"""What `slipway cost` makes of the three stacks as the program asks for them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from infra.config import load
from scripts.costs import prices, workload
from scripts.costs.estimate import Estimate, estimate, limits
from scripts.costs.rules import RULES, free_of_charge
from scripts.costs.workload import row_for
from scripts.state import State
from tests.infra.recorder import Recording, computed

TWICE = Decimal(2)


def state_of(recording: Recording) -> State:
    """A recording as the state that it would become."""

    def urn(kind: str, name: str) -> str:
        return f"urn:pulumi:prod::slipway::{kind}::{name}"

    stack = urn("pulumi:pulumi:Stack", "slipway-prod")
    return State(
        [
            {"urn": stack, "type": "pulumi:pulumi:Stack"},
            *(
                {
                    "urn": urn(each.type, each.name),
                    "type": each.type,
                    "custom": not each.is_component,
                    "id": f"{each.name}-id",
                    "parent": urn(each.parent_type, each.parent_name),
                    "inputs": dict(each.inputs),
                    "outputs": computed(each.type, each.name, each.inputs) | dict(each.inputs),
                }
                for each in recording.resources
            ),
        ]
    )


@pytest.fixture
def reckoned(built: Recording, stack_file: Path) -> Estimate:
    """Each stack in turn, at its own load."""
    config = load(stack_file)
    table = prices.load("eu-west-1")
    assumed = workload.load(config.environment)
    return estimate(state_of(built), assumed, table, TWICE, config.models.embedding)


def test_each_type_of_the_stacks_has_a_rule_or_a_reason_to_cost_nothing(built: Recording) -> None:
    types = {each.type for each in built.resources if not each.is_component}
    assert types - RULES.keys() - free_of_charge().keys() == set()


def test_nothing_is_missing_from_what_a_stack_costs(reckoned: Estimate) -> None:
    assert reckoned.gaps == ()


def test_each_pattern_of_the_load_meets_something_in_each_stack(built: Recording, stack_file: Path) -> None:
    assumed, state = workload.load(load(stack_file).environment), state_of(built)
    for rows, kind, name in (
        (assumed.log_groups, "cloudwatch/logGroup:LogGroup", "name"),
        (assumed.buckets, "s3/bucket:Bucket", "bucket"),
    ):
        met = {row_for(rows, str(each.outputs.get(name))).pattern for each in state.of(kind)}
        assert met == {row.pattern for row in rows}


def test_each_stack_keeps_within_its_budget(reckoned: Estimate, stack_file: Path) -> None:
    assert reckoned.total.total <= load(stack_file).budget.monthly_usd


def test_twice_the_load_costs_more_and_not_twice_as_much(reckoned: Estimate) -> None:
    total = reckoned.total
    assert total.fixed <= total.total < total.other < 2 * total.total


def test_no_stack_needs_more_tasks_than_it_may_have(built: Recording, stack_file: Path) -> None:
    assumed = workload.load(load(stack_file).environment)
    assert limits(state_of(built), assumed) == []


def test_production_is_dearer_than_staging_and_staging_than_dev(
    dev: Recording, staging: Recording, prod: Recording
) -> None:
    table = prices.load("eu-west-1")
    totals = [
        estimate(state_of(recording), workload.load(name), table, TWICE).total.total
        for name, recording in (("dev", dev), ("staging", staging), ("prod", prod))
    ]
    assert totals == sorted(totals)
