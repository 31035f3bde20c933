from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

MONITOR: dict[str, Any] = {
    "MonitorName": "services",
    "MonitorType": "DIMENSIONAL",
    "MonitorDimension": "SERVICE",
}
TOPIC = {"Type": "SNS", "Address": "arn:aws:sns:eu-west-1:111111111111:costs"}
PERSON = {"Type": "EMAIL", "Address": "somebody@example.com"}


@pytest.fixture
def costs(client: Callable[[str], Any]) -> Any:
    return client("ce")


def subscription(monitor: str, **changes: Any) -> dict[str, Any]:
    given = {"SubscriptionName": "all", "MonitorArnList": [monitor], "Threshold": 10.0}
    return {**given, "Frequency": "IMMEDIATE", "Subscribers": [TOPIC], **changes}


def test_a_monitor_is_made_changed_and_deleted(costs: Any) -> None:
    tags = [{"Key": "a", "Value": "b"}]
    arn = costs.create_anomaly_monitor(AnomalyMonitor=MONITOR, ResourceTags=tags)["MonitorArn"]
    costs.update_anomaly_monitor(MonitorArn=arn, MonitorName="renamed")
    [found] = costs.get_anomaly_monitors()["AnomalyMonitors"]
    assert (MONITOR | {"MonitorName": "renamed", "MonitorArn": arn}).items() <= found.items()
    assert costs.list_tags_for_resource(ResourceArn=arn)["ResourceTags"] == tags
    costs.delete_anomaly_monitor(MonitorArn=arn)
    for call in (costs.delete_anomaly_monitor, costs.update_anomaly_monitor):
        with pytest.raises(ClientError, match="UnknownMonitorException"):
            call(MonitorArn=arn)
    with pytest.raises(ClientError, match="UnknownMonitorException"):
        costs.get_anomaly_monitors(MonitorArnList=[arn])


def test_an_account_has_one_monitor_of_all_services(costs: Any) -> None:
    costs.create_anomaly_monitor(AnomalyMonitor=MONITOR)
    with pytest.raises(ClientError, match="LimitExceededException"):
        costs.create_anomaly_monitor(AnomalyMonitor=MONITOR)


def test_a_subscription_is_made_changed_and_deleted(costs: Any) -> None:
    monitor = costs.create_anomaly_monitor(AnomalyMonitor=MONITOR)["MonitorArn"]
    made = costs.create_anomaly_subscription(AnomalySubscription=subscription(monitor))
    arn = made["SubscriptionArn"]
    costs.update_anomaly_subscription(SubscriptionArn=arn, Frequency="DAILY", Subscribers=[PERSON])
    [found] = costs.get_anomaly_subscriptions(SubscriptionArnList=[arn])["AnomalySubscriptions"]
    assert subscription(monitor, Frequency="DAILY", Subscribers=[PERSON]).items() <= found.items()
    costs.delete_anomaly_subscription(SubscriptionArn=arn)
    with pytest.raises(ClientError, match="UnknownSubscriptionException"):
        costs.delete_anomaly_subscription(SubscriptionArn=arn)


@pytest.mark.parametrize(("frequency", "subscriber"), [("DAILY", TOPIC), ("IMMEDIATE", PERSON)])
def test_a_topic_hears_at_once_and_people_in_summaries(
    costs: Any, frequency: str, subscriber: dict[str, str]
) -> None:
    monitor = costs.create_anomaly_monitor(AnomalyMonitor=MONITOR)["MonitorArn"]
    with pytest.raises(ClientError, match="ValidationException"):
        costs.create_anomaly_subscription(
            AnomalySubscription=subscription(monitor, Frequency=frequency, Subscribers=[subscriber])
        )
