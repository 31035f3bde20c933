"""What the services that watch an account promise beyond what holds for every type."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from awsmodel.calls import AwsError
from awsmodel.clients import Clients
from awsmodel.lifecycle import Lifecycle, Patience
from awsmodel.types.budgets import BUDGET
from awsmodel.types.cloudwatch_dashboards import DASHBOARD
from awsmodel.types.events import EVENT_TARGET
from tests.awsmodel.fakes import clients_of

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


def test_a_rule_and_its_target_live_on_a_bus_of_their_own(make: Callable[..., Any], clients: Clients) -> None:
    clients.get("events").create_event_bus(Name="own")
    rule = make("aws:cloudwatch/eventRule:EventRule", name="rule", eventBusName="own", eventPattern="{}")
    target = make(
        "aws:cloudwatch/eventTarget:EventTarget",
        rule="rule",
        eventBusName="own",
        targetId="queue",
        arn="arn:aws:sqs:eu-west-1:111111111111:queue.fifo",
        sqsTarget={"messageGroupId": "all"},
    )
    assert (rule.physical_id, target.physical_id) == ("own/rule", "own/rule/queue")
    for made in (rule, target):
        imported = made.lifecycle.read(made.physical_id)
        assert imported is not None
        assert {**made.state, "forceDestroy": None} == {**imported, "forceDestroy": None}
    assert target.state["sqsTarget"] == {"messageGroupId": "all"}
    target.delete()
    rule.delete()
    clients.get("events").delete_event_bus(Name="own")


def test_a_target_that_eventbridge_does_not_take_is_an_error() -> None:
    def answer(operation: str, params: dict[str, Any]) -> dict[str, Any]:
        failed = {"TargetId": "queue", "ErrorCode": "ConcurrentModification", "ErrorMessage": "try again"}
        return {"FailedEntryCount": 1, "FailedEntries": [failed]}

    lifecycle = Lifecycle(EVENT_TARGET, clients_of(answer))
    with pytest.raises(AwsError, match="ConcurrentModification: try again"):
        lifecycle.create({"rule": "rule", "targetId": "queue", "arn": "arn:aws:sqs:::queue"}, Patience.of(1))


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ('{"widgets": []}', '{"widgets":[]}', True),
        ('{"a":1,"b":2}', '{"b":2,"a":1}', True),
        ('{"widgets":[1,2]}', '{"widgets":[2,1]}', False),
        ("no JSON", "no JSON", True),
        ("no JSON", "{}", False),
    ],
)
def test_a_dashboard_is_compared_by_what_it_shows(one: str, other: str, is_same: bool) -> None:
    same = DASHBOARD.canonical["dashboardBody"]
    assert (same(one) == same(other)) is is_same


def test_a_channel_goes_once_the_recorder_stands_still(make: Callable[..., Any], clients: Clients) -> None:
    clients.get("s3").create_bucket(
        Bucket="config", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    recorder = make("aws:cfg/recorder:Recorder", roleArn="arn:aws:iam::111111111111:role/config")
    channel = make("aws:cfg/deliveryChannel:DeliveryChannel", s3BucketName="config")
    status = make("aws:cfg/recorderStatus:RecorderStatus", name="default", isEnabled=True)
    with pytest.raises(AwsError, match="LastDeliveryChannelDeleteFailed"):
        channel.lifecycle.delete(channel.physical_id, channel.state, Patience.of(0.1))
    status.delete()
    channel.delete()
    recorder.delete()
    assert status.read() is None
    status.delete()
    clients.get("s3").delete_bucket(Bucket="config")


def test_a_recorder_that_is_not_to_run_is_stopped(make: Callable[..., Any]) -> None:
    make("aws:cfg/recorder:Recorder", roleArn="arn:aws:iam::111111111111:role/config")
    status = make("aws:cfg/recorderStatus:RecorderStatus", name="default", isEnabled=False)
    assert status.state["isEnabled"] is False


def test_a_part_of_a_feature_that_nobody_names_is_off(make: Callable[..., Any]) -> None:
    detector = make("aws:guardduty/detector:Detector")
    fargate = {"name": "ECS_FARGATE_AGENT_MANAGEMENT", "status": "ENABLED"}
    feature = make(
        "aws:guardduty/detectorFeature:DetectorFeature",
        detectorId=detector.physical_id,
        name="RUNTIME_MONITORING",
        status="ENABLED",
        additionalConfigurations=[fargate],
    )
    covers = feature.lifecycle.compare.covers
    assert covers("additionalConfigurations", [fargate], feature.read()["additionalConfigurations"])
    assert not covers("additionalConfigurations", [], feature.read()["additionalConfigurations"])
    other = make(
        "aws:guardduty/detectorFeature:DetectorFeature",
        detectorId=detector.physical_id,
        name="S3_DATA_EVENTS",
        status="DISABLED",
    )
    assert (feature.read()["status"], other.read()["status"]) == ("ENABLED", "DISABLED")
    detector.delete()
    assert detector.read() is None
    assert feature.read() is None


def test_a_budget_makes_anew_the_notification_whose_hearers_change_and_no_other(
    make: Callable[..., Any],
) -> None:
    budget = make(
        "aws:budgets/budget:Budget",
        name="month",
        budgetType="COST",
        timeUnit="MONTHLY",
        limitAmount="100",
        limitUnit="USD",
        notifications=[notification(80, "a@example.com"), notification(100, "a@example.com")],
    )
    assert budget.read()["accountId"] == "111111111111"
    wanted = [notification(80, "a@example.com"), notification(100, "b@example.com")]
    known = {"notifications": wanted, "live": budget.state}
    gone, new = (as_list(update.build(known)) for update in BUDGET.updates[1:] if update.build)
    assert [each["Notification"]["Threshold"] for each in gone] == [100.0]
    assert [each["Subscribers"][0]["Address"] for each in new] == ["b@example.com"]
    budget.update(notifications=wanted)
    imported = budget.lifecycle.read("111111111111:month")
    for live in (budget.read(), imported):
        assert budget.lifecycle.compare.covers("notifications", wanted, live["notifications"])


def as_list(built: Any) -> list[dict[str, Any]]:
    assert isinstance(built, list)
    return built


def notification(percent: int, address: str) -> dict[str, Any]:
    return {
        "notificationType": "FORECASTED",
        "comparisonOperator": "GREATER_THAN",
        "threshold": percent,
        "thresholdType": "PERCENTAGE",
        "subscriberEmailAddresses": [address],
    }


def test_a_trail_without_selectors_of_its_own_shows_none(make: Callable[..., Any], clients: Clients) -> None:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "cloudtrail.amazonaws.com"},
        "Action": ["s3:GetBucketAcl", "s3:PutObject"],
        "Resource": "arn:aws:s3:::trails/*",
    }
    make("aws:s3/bucket:Bucket", bucket="trails")
    make("aws:s3/bucketPolicy:BucketPolicy", bucket="trails", policy=json.dumps({"Statement": [statement]}))
    trail = make("aws:cloudtrail/trail:Trail", name="trail", s3BucketName="trails")
    assert trail.state["enableLogging"] is True
    assert not trail.state.keys() & {"eventSelectors", "advancedEventSelectors", "insightSelectors"}
    cloudtrail = clients.get("cloudtrail")
    only_reads = {"ReadWriteType": "ReadOnly", "IncludeManagementEvents": True, "DataResources": []}
    cloudtrail.put_event_selectors(TrailName="trail", EventSelectors=[only_reads])
    assert trail.read()["eventSelectors"][0]["readWriteType"] == "ReadOnly"
    cloudtrail.stop_logging(Name="trail")
    assert trail.read()["enableLogging"] is False
