"""The tables that a cost is reckoned from: prices, what costs nothing, and the load."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts.costs import prices, workload
from scripts.costs.prices import PriceTable
from scripts.costs.rules import RULES, free_of_charge
from scripts.costs.workload import Workload, row_for
from scripts.errors import CommandError
from tests.scripts import costs
from tests.scripts.costs import EVERYTHING, TWICE, reckon

REGIONS = prices.known_regions()
# What a table says for a choice that the small stack does not make: another class, model, processor.
_OTHER_CHOICES = {
    "alarm_metric_month", "config_million_items", "fargate_gb_hour", "fargate_vcpu_hour",
    "insight_metric_month", "lambda_million_gb_seconds", "model_million_input", "model_million_output",
    "rds_hour", "sqs_million_requests",
}  # fmt: skip


@pytest.mark.parametrize("region", REGIONS)
def test_each_price_is_above_nothing_and_names_the_page_that_gives_it(region: str) -> None:
    table = prices.load(region)
    assert {
        key for key, price in table.prices.items() if price.usd <= 0 or "pricing" not in price.source
    } == set()


def test_the_tables_of_all_regions_price_the_same_things_by_the_same_units() -> None:
    units = [{key: price.unit for key, price in prices.load(region).prices.items()} for region in REGIONS]
    assert {"eu-west-1", "us-east-1"} <= set(REGIONS)
    assert all(each == units[0] for each in units)


def test_each_price_is_used() -> None:
    used = {line.price for line in reckon(EVERYTHING).lines}
    unused = {key for key in prices.load("eu-west-1").prices if key not in used}
    assert {key.partition("/")[0] for key in unused} <= _OTHER_CHOICES
    assert {key.partition("/")[0] for key in used} >= _OTHER_CHOICES


def test_a_price_is_the_number_that_stands_in_the_file() -> None:
    text = (prices.FOLDER / "eu-west-1.yaml").read_text()
    assert "fargate_gb_hour/X86_64: {usd: 0.004445," in text
    assert prices.load("eu-west-1").prices["fargate_gb_hour/X86_64"].usd == Decimal("0.004445")


def test_a_region_without_prices_is_told_with_those_that_have_them() -> None:
    with pytest.raises(CommandError, match="no prices of mars-north-1") as raised:
        prices.load("mars-north-1")
    assert raised.value.exit_code == 2
    assert "eu-west-1, us-east-1" in raised.value.hint


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"as_of": "soon"}, "as_of"),
        ({"region": "eu-west-2"}, "says that it is of eu-west-2"),
        ({"pages": {"A": {"nat_hour": {"usd": 1, "per": "fortnight"}}}}, "per: Input should be"),
        ({"pages": {"A": {"nat_hour": {"usd": -1, "per": "hour"}}}}, "greater than or equal to 0"),
        ({"pages": {"A": {"k": {"usd": 1, "per": "GB"}}, "B": {"k": {"usd": 1, "per": "GB"}}}}, "k twice"),
        ({"discount": 5}, "discount: Extra inputs"),
    ],
)
def test_a_table_that_is_wrong_is_told(tmp_path: Path, change: dict[str, Any], words: str) -> None:
    good: dict[str, Any] = {"region": "eu-west-1", "as_of": "2026-01-01", "pages": {}}
    (tmp_path / "eu-west-1.yaml").write_text(yaml.safe_dump(good | change))
    with pytest.raises(CommandError, match=words):
        prices.load("eu-west-1", tmp_path)


def test_a_table_is_old_after_a_year() -> None:
    table = PriceTable(region="eu-west-1", as_of=date(2026, 1, 1), prices={})
    assert not table.is_old(date(2026, 1, 1) + timedelta(days=365))
    assert table.is_old(date(2026, 1, 1) + timedelta(days=366))


def test_no_type_is_both_charged_and_free() -> None:
    assert RULES.keys() & free_of_charge().keys() == set()


@pytest.mark.parametrize("environment", ["dev", "staging", "prod", "another"])
def test_each_environment_has_a_load(environment: str) -> None:
    assert workload.load(environment).requests > 0


def test_an_environment_says_only_what_is_otherwise() -> None:
    dev, prod = workload.load("dev"), workload.load("prod")
    assert dev.traffic != prod.traffic
    assert dev.per_ticket == prod.per_ticket
    assert dev.standing.table_gb == prod.standing.table_gb


def test_each_figure_of_the_load_has_a_comment() -> None:
    lines = workload.FILE.read_text().partition("log_groups:")[0].splitlines()
    for section in (workload.Traffic, workload.PerRequest, workload.PerTicket, workload.Standing):
        for name in section.model_fields:
            said = [line for line in lines if line.startswith(f"    {name}:")]
            assert said, name
            assert all("#" in line for line in said), name


@pytest.mark.parametrize(
    ("section", "figures", "words"),
    [
        ("traffic", {"peak_requests_per_second": 1}, "below the average"),
        ("traffic", {"peak_requests_per_second": 100}, "peak hours alone bring more"),
        ("traffic", {"peak_hours_per_month": 730}, "less than 730"),
        ("per_request", {"tickets": 1.5}, "less than or equal to 1"),
        ("standing", {"image_gb": -1}, "greater than or equal to 0"),
        ("standing", {"images": 1}, "Extra inputs"),
    ],
)
def test_a_load_that_cannot_be_is_refused(section: str, figures: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        costs.workload(**{section: figures})


def test_a_load_file_that_is_wrong_is_told_with_the_key(tmp_path: Path) -> None:
    said = yaml.safe_load(workload.FILE.read_text())
    del said["everywhere"]["per_ticket"]["model_share"]
    path = tmp_path / "workload.yaml"
    path.write_text(yaml.safe_dump(said))
    with pytest.raises(CommandError, match=r"per_ticket\.model_share: Field required"):
        workload.load("prod", path)


def test_rows_are_taken_by_the_first_pattern_that_matches_and_the_last_takes_the_rest() -> None:
    load = workload.load("prod")
    assert row_for(load.log_groups, "aws-waf-logs-slipway").pattern == "aws-waf-logs-*"
    assert row_for(load.log_groups, "whatever").pattern == "*"
    # Not by what a fork calls itself.
    assert row_for(load.buckets, "audit-trail-prod-storage-exports-1").pattern == "*-storage-exports-*"
    bad = costs.workload().model_dump() | {"log_groups": [{"pattern": "a"}]}
    with pytest.raises(ValueError, match="last pattern of log_groups"):
        Workload.model_validate(bad)


def test_twice_the_load_is_twice_the_traffic_and_nothing_else() -> None:
    once = costs.workload()
    twice = once.times(TWICE)
    assert twice.requests == 2 * once.requests == Decimal(2 * 10 * 730 * 3600)
    assert (twice.standing, twice.per_ticket) == (once.standing, once.per_ticket)
