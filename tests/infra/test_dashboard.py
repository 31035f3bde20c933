from __future__ import annotations

import json
from typing import Any

import pytest

from infra.alarms.widgets import MOST_ALARMS_IN_WIDGET, alarm_widgets
from tests.infra.observed import SLOS, observed

# The value of each dimension that the dashboard was given.
GIVEN = {
    "LoadBalancer": {"balancer-dimension"},
    "TargetGroup": {"blue-dimension", "green-dimension"},
    "ClusterName": {"cluster"},
    "ServiceName": {"api-service", "worker-service"},
    "Service": {"triage"},
    "QueueName": {"tickets", "tickets-dead", "schedules-dead"},
    "DBInstanceIdentifier": {"database"},
    "ModelId": {"model-one", "model-two"},
}


def _body() -> dict[str, Any]:
    body = json.loads(observed().one("cloudwatch/dashboard:Dashboard").inputs["dashboardBody"])
    assert isinstance(body, dict)
    return body


def _metrics() -> list[list[Any]]:
    return [
        metric
        for widget in _body()["widgets"]
        for metric in widget["properties"].get("metrics", ())
        if isinstance(metric[0], str)
    ]


def _titles() -> dict[str, dict[str, Any]]:
    return {widget["properties"]["title"]: widget["properties"] for widget in _body()["widgets"]}


def test_every_metric_is_of_a_resource_that_the_dashboard_was_given() -> None:
    seen: dict[str, set[str]] = {}
    for _, _, *rest in _metrics():
        assert isinstance(rest[-1], dict)
        for name, value in zip(rest[:-1:2], rest[1:-1:2], strict=True):
            seen.setdefault(name, set()).add(value)
    assert seen == GIVEN


def test_every_alarm_is_on_the_dashboard() -> None:
    shown = [arn for widget in _body()["widgets"] for arn in widget["properties"].get("alarms", ())]
    assert shown == observed().outputs["alarm_arns"]


def test_no_widget_has_more_alarms_than_cloudwatch_shows() -> None:
    parts = alarm_widgets([f"arn-{number}" for number in range(MOST_ALARMS_IN_WIDGET + 1)])
    assert [len(part["properties"]["alarms"]) for part in parts] == [MOST_ALARMS_IN_WIDGET, 1]


@pytest.mark.parametrize("slo", SLOS, ids=lambda slo: slo.name)
def test_each_objective_shows_what_is_left_of_its_budget(slo: Any) -> None:
    (widget,) = [properties for title, properties in _titles().items() if title.startswith(f"{slo.name}:")]
    shown = [metric[-1] for metric in widget["metrics"] if metric[-1]["visible"]]
    assert [each["expression"] for each in shown] == [slo.budget_left()]
    assert (widget["start"], widget["period"]) == ("-P30D", 30 * 86400)


@pytest.mark.parametrize("metric", ["Requests", "Errors", "Slow", "SchemaFailures", "Escalations"])
def test_releases_stand_side_by_side(metric: str) -> None:
    ((search,),) = _titles()[f"{metric} by release"]["metrics"]
    assert search["expression"] == (
        f"SEARCH('{{Slipway/Triage,Service,Release}} MetricName=\"{metric}\" Service=\"triage\"', 'Sum', 60)"
    )


def test_the_cost_of_models_is_shown_in_dollars() -> None:
    expression, measured = _titles()["Models: cost in US dollars an hour"]["metrics"]
    assert expression[0]["expression"] == "micro_usd / 1000000"
    assert measured[1] == "CostMicroUsd"


def test_widgets_lie_side_by_side_and_do_not_overlap() -> None:
    taken: set[tuple[int, int]] = set()
    for widget in _body()["widgets"]:
        assert widget["x"] + widget["width"] <= 24
        cells = {
            (widget["x"] + x, widget["y"] + y)
            for x in range(widget["width"])
            for y in range(widget["height"])
        }
        assert not taken & cells
        taken |= cells


def test_the_text_is_the_same_each_time() -> None:
    text = observed().one("cloudwatch/dashboard:Dashboard").inputs["dashboardBody"]
    assert text == json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"))
