from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

ALARM: dict[str, Any] = {
    "AlarmName": "errors",
    "Namespace": "app",
    "MetricName": "Errors",
    "Statistic": "Sum",
    "Period": 60,
    "EvaluationPeriods": 1,
    "Threshold": 1.0,
    "ComparisonOperator": "GreaterThanThreshold",
}

# an alarm over an expression has none of these
NO_METRIC: dict[str, Any] = dict.fromkeys(("Namespace", "MetricName", "Statistic", "Period"))


def put_filter(logs: Any, pattern: str) -> None:
    metric = {"metricName": "Errors", "metricNamespace": "app", "metricValue": "1"}
    logs.put_metric_filter(
        logGroupName="/app", filterName="errors", filterPattern=pattern, metricTransformations=[metric]
    )


def test_the_key_of_a_log_group_can_be_set_and_taken_off(client: Callable[[str], Any]) -> None:
    logs = client("logs")
    logs.create_log_group(logGroupName="/app")
    key = "arn:aws:kms:eu-west-1:111111111111:key/1"
    logs.associate_kms_key(logGroupName="/app", kmsKeyId=key)
    assert logs.describe_log_groups()["logGroups"][0]["kmsKeyId"] == key
    logs.disassociate_kms_key(logGroupName="/app")
    assert "kmsKeyId" not in logs.describe_log_groups()["logGroups"][0]


@pytest.mark.parametrize("given", [{}, {"logGroupClass": "INFREQUENT_ACCESS"}], ids=["default", "given"])
def test_the_class_of_a_log_group_reads_back(client: Callable[[str], Any], given: dict[str, str]) -> None:
    logs = client("logs")
    logs.create_log_group(logGroupName="/app", **given)
    [group] = logs.describe_log_groups()["logGroups"]
    assert group["logGroupClass"] == given.get("logGroupClass", "STANDARD")
    assert group["logGroupArn"].endswith(":log-group:/app")


def test_logs_are_kept_for_a_number_of_days_that_aws_takes(client: Callable[[str], Any]) -> None:
    logs = client("logs")
    logs.create_log_group(logGroupName="/app")
    logs.put_retention_policy(logGroupName="/app", retentionInDays=7)
    with pytest.raises(ClientError, match=r"InvalidParameterException.*retentionInDays"):
        logs.put_retention_policy(logGroupName="/app", retentionInDays=4)


def test_a_metric_filter_put_again_replaces_itself(client: Callable[[str], Any]) -> None:
    logs = client("logs")
    logs.create_log_group(logGroupName="/app")
    for pattern in ("one", "two", "three"):
        put_filter(logs, pattern)
    filters = logs.describe_metric_filters(logGroupName="/app")["metricFilters"]
    assert [entry["filterPattern"] for entry in filters] == ["three"]
    logs.delete_metric_filter(logGroupName="/app", filterName="errors")
    assert logs.describe_metric_filters(logGroupName="/app")["metricFilters"] == []


def test_a_new_alarm_has_seen_no_data(client: Callable[[str], Any]) -> None:
    cloudwatch = client("cloudwatch")
    cloudwatch.put_metric_alarm(**ALARM)
    assert cloudwatch.describe_alarms()["MetricAlarms"][0]["StateValue"] == "INSUFFICIENT_DATA"


def test_an_update_of_an_alarm_leaves_its_state(client: Callable[[str], Any]) -> None:
    cloudwatch = client("cloudwatch")
    cloudwatch.put_metric_alarm(**ALARM)
    cloudwatch.set_alarm_state(AlarmName="errors", StateValue="ALARM", StateReason="test")
    cloudwatch.put_metric_alarm(**ALARM | {"Threshold": 2.0})
    [alarm] = cloudwatch.describe_alarms()["MetricAlarms"]
    assert (alarm["StateValue"], alarm["Threshold"]) == ("ALARM", 2.0)


@pytest.mark.parametrize(("period", "periods"), [(60, 1441), (1800, 49), (3600, 169), (86400, 8)])
def test_an_alarm_looks_back_for_a_day_or_a_week_by_the_hour(
    client: Callable[[str], Any], period: int, periods: int
) -> None:
    cloudwatch = client("cloudwatch")
    for changes in ({"Period": period}, {"Metrics": [sum_of("errors", period)], **NO_METRIC}):
        alarm = {name: value for name, value in {**ALARM, **changes}.items() if value is not None}
        cloudwatch.put_metric_alarm(**alarm | {"EvaluationPeriods": periods - 1})
        with pytest.raises(ClientError, match="ValidationError"):
            cloudwatch.put_metric_alarm(**alarm | {"EvaluationPeriods": periods})


def test_an_alarm_watches_one_of_its_results(client: Callable[[str], Any]) -> None:
    alarm = {name: value for name, value in {**ALARM, **NO_METRIC}.items() if value is not None}
    queries = [sum_of("errors", 60), {"Id": "twice", "Expression": "errors*2", "ReturnData": True}]
    with pytest.raises(ClientError, match=r"ValidationError.*one element"):
        client("cloudwatch").put_metric_alarm(**alarm, Metrics=queries)


def test_what_an_alarm_says_of_its_evaluation_is_kept(client: Callable[[str], Any]) -> None:
    cloudwatch = client("cloudwatch")
    alarm = {name: value for name, value in {**ALARM, **NO_METRIC}.items() if value is not None}
    cloudwatch.put_metric_alarm(
        **alarm,
        Metrics=[sum_of("errors", 60) | {"AccountId": "222222222222"}],
        EvaluationInterval=60,
        WarmUpConfiguration={"WarmUpPeriodDurationInMinutes": 5},
    )
    [found] = cloudwatch.describe_alarms()["MetricAlarms"]
    assert found["Metrics"][0]["AccountId"] == "222222222222"
    assert found["EvaluationInterval"] == 60
    assert found["WarmUpConfiguration"]["WarmUpPeriodDurationInMinutes"] == 5


def sum_of(name: str, period: int) -> dict[str, Any]:
    metric = {"Namespace": "app", "MetricName": name}
    return {"Id": name, "MetricStat": {"Metric": metric, "Period": period, "Stat": "Sum"}, "ReturnData": True}


def test_a_composite_alarm_is_made_changed_and_deleted(client: Callable[[str], Any]) -> None:
    cloudwatch = client("cloudwatch")
    cloudwatch.put_metric_alarm(**ALARM)
    composite: dict[str, Any] = {
        "AlarmName": "any",
        "AlarmRule": 'ALARM("errors")',
        "AlarmDescription": "any of them",
        "ActionsEnabled": False,
        "AlarmActions": ["arn:aws:sns:eu-west-1:111111111111:alarms"],
        "ActionsSuppressor": "errors",
        "ActionsSuppressorWaitPeriod": 60,
        "ActionsSuppressorExtensionPeriod": 120,
    }
    cloudwatch.put_composite_alarm(**composite, Tags=[{"Key": "a", "Value": "b"}])
    for rule in ('ALARM("errors")', 'OK("errors")'):
        cloudwatch.put_composite_alarm(**composite | {"AlarmRule": rule})
        [alarm] = cloudwatch.describe_alarms(AlarmTypes=["CompositeAlarm"])["CompositeAlarms"]
        assert (composite | {"AlarmRule": rule}).items() <= alarm.items()
    assert cloudwatch.list_tags_for_resource(ResourceARN=alarm["AlarmArn"])["Tags"] == [
        {"Key": "a", "Value": "b"}
    ]
    assert cloudwatch.describe_alarms()["CompositeAlarms"] == []
    cloudwatch.delete_alarms(AlarmNames=["any"])
    assert cloudwatch.describe_alarms(AlarmTypes=["CompositeAlarm"])["CompositeAlarms"] == []


def test_scaling_policies_are_found_by_name(client: Callable[[str], Any]) -> None:
    scaling = client("application-autoscaling")
    target = {
        "ServiceNamespace": "ecs",
        "ResourceId": "service/main/app",
        "ScalableDimension": "ecs:service:DesiredCount",
    }
    make_service(client)
    scaling.register_scalable_target(**target, MinCapacity=1, MaxCapacity=3)
    for name in ("one", "two"):
        scaling.put_scaling_policy(
            **target,
            PolicyName=name,
            PolicyType="TargetTrackingScaling",
            TargetTrackingScalingPolicyConfiguration={"TargetValue": 50.0},
        )
    answer = scaling.describe_scaling_policies(ServiceNamespace="ecs", PolicyNames=["two"])
    assert [policy["PolicyName"] for policy in answer["ScalingPolicies"]] == ["two"]


def test_a_target_cannot_have_its_limits_crossed(client: Callable[[str], Any]) -> None:
    make_service(client)
    with pytest.raises(ClientError, match="MinCapacity"):
        client("application-autoscaling").register_scalable_target(
            ServiceNamespace="ecs",
            ResourceId="service/main/app",
            ScalableDimension="ecs:service:DesiredCount",
            MinCapacity=3,
            MaxCapacity=1,
        )


def make_service(client: Callable[[str], Any]) -> None:
    ecs = client("ecs")
    ecs.create_cluster(clusterName="main")
    ecs.register_task_definition(
        family="app", containerDefinitions=[{"name": "app", "image": "app", "memory": 1}]
    )
    ecs.create_service(cluster="main", serviceName="app", taskDefinition="app", desiredCount=1)
