from __future__ import annotations

from typing import Any

import pytest

from infra.components.worker_alarms import WorkerAlarms, WorkerAlarmsArgs
from tests.infra.metric_math import evaluate
from tests.infra.parts import TOPIC, label
from tests.infra.recorder import Recording, record

ALARM = "cloudwatch/metricAlarm:MetricAlarm"
FAILING, GIVEN_UP = "worker-rollback-work-failing", "worker-rollback-message-given-up"


def _recorded() -> Recording:
    args = WorkerAlarmsArgs(
        label=label("worker-rollback"),
        application="triage-worker",
        dead_letter_queue_name="tickets-dead-letters",
        evaluation_minutes=3,
        alarm_actions=[TOPIC],
    )
    return record(lambda: {"names": WorkerAlarms("worker-rollback", args).names})


def _queries(name: str) -> tuple[str, dict[str, dict[str, Any]]]:
    """The expression that is compared, and the metrics that it is made from by their ids."""
    value, *measured = _recorded().one(ALARM, name).inputs["metricQueries"]
    assert value["returnData"] is True
    assert [each["id"] for each in measured if each["returnData"]] == []
    return value["expression"], {each["id"]: each["metric"] for each in measured}


@pytest.mark.parametrize(
    ("requests", "errors", "share"),
    [(None, None, 0), (4, 4, 0), (10, None, 0), (10, 2, 0.2), (10, 3, 0.3)],
)
def test_work_fails_by_its_share_and_few_messages_say_nothing(
    requests: float | None, errors: float | None, share: float
) -> None:
    expression, metrics = _queries(FAILING)
    assert evaluate(expression, {"requests": requests, "errors": errors}) == share
    assert _recorded().one(ALARM, FAILING).inputs["threshold"] == 0.2
    assert {key: (each["namespace"], each["metricName"]) for key, each in metrics.items()} == {
        "requests": ("Slipway/Triage", "Requests"),
        "errors": ("Slipway/Triage", "Errors"),
    }
    assert {each["dimensions"]["Service"] for each in metrics.values()} == {"triage-worker"}


def test_only_what_is_given_up_now_counts_and_not_what_lay_there_before() -> None:
    expression, metrics = _queries(GIVEN_UP)
    assert expression == "DIFF(FILL(waiting, 0))"
    assert _recorded().one(ALARM, GIVEN_UP).inputs["threshold"] == 0
    assert metrics["waiting"]["metricName"] == "ApproximateNumberOfMessagesVisible"
    assert metrics["waiting"]["dimensions"] == {"QueueName": "tickets-dead-letters"}


@pytest.mark.parametrize(("name", "datapoints"), [(FAILING, 2), (GIVEN_UP, 1)])
def test_silence_is_no_alarm_and_somebody_is_told(name: str, datapoints: int) -> None:
    alarm = _recorded().one(ALARM, name).inputs
    assert alarm["treatMissingData"] == "notBreaching"
    assert (alarm["evaluationPeriods"], alarm["datapointsToAlarm"]) == (3, datapoints)
    assert alarm["alarmActions"] == [TOPIC]
    assert alarm["alarmDescription"].startswith("Takes a release of the worker back: ")


def test_ecs_is_given_the_names_of_all_that_are_made() -> None:
    recorded = _recorded()
    assert set(recorded.outputs["names"]) == {each.inputs["name"] for each in recorded.of(ALARM)}
