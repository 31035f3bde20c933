"""What the services that watch an account promise beyond what holds for every type."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from awsmodel.clients import Clients

TOPIC = "arn:aws:sns:eu-west-1:111111111111:alarms"
USAGE = {
    "namespace": "AWS/Usage",
    "metricName": "ResourceCount",
    "stat": "Maximum",
    "period": 3600,
    "dimensions": {
        "Service": "Fargate",
        "Type": "Resource",
        "Resource": "vCPU",
        "Class": "Standard/OnDemand",
    },
}


def burn(seconds: int) -> list[dict[str, Any]]:
    """The share of failures in a window, as an expression over two sums."""
    metrics = [
        {
            "id": name.lower(),
            "returnData": False,
            "metric": {
                "namespace": "Slipway/Triage",
                "metricName": name,
                "stat": "Sum",
                "period": seconds,
                "dimensions": {"Service": "triage"},
            },
        }
        for name in ("Errors", "Requests")
    ]
    share = {
        "id": "share",
        "label": "failures",
        "expression": "IF(requests>0,errors/requests,0)",
        "returnData": True,
    }
    return [*metrics, share]


@pytest.mark.parametrize("seconds", [300, 21600, 86400])
def test_an_alarm_over_an_expression_reads_back_whole(make: Callable[..., Any], seconds: int) -> None:
    queries = burn(seconds)
    alarm = make(
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        name="burn",
        comparisonOperator="GreaterThanThreshold",
        evaluationPeriods=1,
        threshold=0.0144,
        alarmActions=[TOPIC],
        okActions=[TOPIC],
        insufficientDataActions=[TOPIC],
        metricQueries=queries,
    )
    assert alarm.lifecycle.compare.same("metricQueries", queries, alarm.read()["metricQueries"])
    changed = burn(seconds * 2)
    alarm.update(metricQueries=changed, okActions=[], threshold=0.006)
    assert alarm.lifecycle.compare.same("metricQueries", changed, alarm.state["metricQueries"])
    assert (alarm.state["okActions"], alarm.state["threshold"]) == ([], 0.006)


def test_an_alarm_measures_usage_against_the_account_s_quota(make: Callable[..., Any]) -> None:
    queries = [
        {"id": "used", "returnData": False, "metric": USAGE},
        {"id": "share", "returnData": True, "expression": "100*used/SERVICE_QUOTA(used)"},
    ]
    alarm = make(
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        name="quota",
        comparisonOperator="GreaterThanThreshold",
        evaluationPeriods=1,
        threshold=80,
        metricQueries=queries,
    )
    assert alarm.lifecycle.compare.same("metricQueries", queries, alarm.read()["metricQueries"])


def test_an_alarm_goes_back_from_an_expression_to_a_metric(make: Callable[..., Any]) -> None:
    alarm = make(
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        name="either",
        comparisonOperator="GreaterThanThreshold",
        evaluationPeriods=1,
        threshold=1,
        metricQueries=burn(60),
    )
    alarm.update(metricQueries=None, namespace="Example", metricName="Errors", statistic="Sum", period=60)
    live = alarm.read()
    assert not live.get("metricQueries")
    assert (live["metricName"], live["statistic"], live["period"]) == ("Errors", "Sum", 60)


def test_a_subscription_by_mail_waits_for_nobody(make: Callable[..., Any], clients: Clients) -> None:
    topic = make("aws:sns/topic:Topic", name="alarms")
    mail = make(
        "aws:sns/topicSubscription:TopicSubscription",
        topic=topic.physical_id,
        protocol="email",
        endpoint="somebody@example.com",
    )
    assert mail.state["pendingConfirmation"] is True
    assert set(mail.lifecycle.list()) == set()
    mail.delete()  # AWS would refuse
    topic.delete()
    assert mail.read() is None
    mail.delete()


def test_a_topic_goes_back_to_the_policy_that_it_began_with(make: Callable[..., Any]) -> None:
    topic = make("aws:sns/topic:Topic", name="alarms")
    began_with = topic.state["policy"]
    policy = make(
        "aws:sns/topicPolicy:TopicPolicy",
        arn=topic.physical_id,
        policy='{"Version":"2012-10-17","Statement":[]}',
    )
    assert not topic.lifecycle.compare.same("policy", began_with, topic.read()["policy"])
    policy.delete()
    assert topic.lifecycle.compare.same("policy", began_with, topic.read()["policy"])
