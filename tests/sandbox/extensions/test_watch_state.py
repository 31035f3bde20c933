"""What the services that watch an account hold is counted, and survives a restart."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from sandbox.controlplane.inventory import count_resources

ACCOUNT = "111111111111"
QUEUE = f"arn:aws:sqs:eu-west-1:{ACCOUNT}:queue"


def make_trail(client: Callable[[str], Any]) -> None:
    bucket = {"Bucket": "trails", "CreateBucketConfiguration": {"LocationConstraint": "eu-west-1"}}
    client("s3").create_bucket(**bucket)
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "cloudtrail.amazonaws.com"},
        "Action": ["s3:GetBucketAcl", "s3:PutObject"],
        "Resource": "*",
    }
    client("s3").put_bucket_policy(Bucket="trails", Policy=json.dumps({"Statement": [statement]}))
    client("cloudtrail").create_trail(Name="trail", S3BucketName="trails")


def make_config(client: Callable[[str], Any]) -> None:
    config = client("config")
    config.put_configuration_recorder(
        ConfigurationRecorder={"name": "default", "roleARN": "arn:aws:iam::1:role/r"}
    )
    config.put_config_rule(
        ConfigRule={
            "ConfigRuleName": "rule",
            "Source": {"Owner": "AWS", "SourceIdentifier": "ENCRYPTED_VOLUMES"},
        }
    )
    config.put_retention_configuration(RetentionPeriodInDays=365)


def make_rule(client: Callable[[str], Any]) -> None:
    client("events").put_rule(Name="rule", EventPattern="{}")
    client("events").put_targets(Rule="rule", Targets=[{"Id": "queue", "Arn": QUEUE}])


def make_query(client: Callable[[str], Any]) -> None:
    client("logs").put_query_definition(name="query", queryString="fields @message")


def make_subscription(client: Callable[[str], Any]) -> None:
    client("logs").create_log_group(logGroupName="/app")
    client("logs").put_subscription_filter(
        logGroupName="/app",
        filterName="all",
        filterPattern="",
        destinationArn=f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:/app",
    )


def make_alarm(client: Callable[[str], Any]) -> None:
    client("cloudwatch").put_dashboard(DashboardName="all", DashboardBody='{"widgets":[]}')


def make_mail(client: Callable[[str], Any]) -> None:
    topic = client("sns").create_topic(Name="alarms")["TopicArn"]
    client("sns").subscribe(TopicArn=topic, Protocol="email", Endpoint="somebody@example.com")


def make_budget(client: Callable[[str], Any]) -> None:
    budget = {
        "BudgetName": "month",
        "BudgetType": "COST",
        "TimeUnit": "MONTHLY",
        "BudgetLimit": {"Amount": "1", "Unit": "USD"},
    }
    client("budgets").create_budget(
        AccountId=ACCOUNT, Budget=budget, ResourceTags=[{"Key": "a", "Value": "b"}]
    )


def make_detector(client: Callable[[str], Any]) -> None:
    client("guardduty").create_detector(Enable=True)


def make_analyzer(client: Callable[[str], Any]) -> None:
    client("accessanalyzer").create_analyzer(analyzerName="outside", type="ACCOUNT")


def make_monitor(client: Callable[[str], Any]) -> None:
    client("ce").create_anomaly_monitor(
        AnomalyMonitor={"MonitorName": "a", "MonitorType": "DIMENSIONAL", "MonitorDimension": "SERVICE"}
    )


MAKERS = [
    (make_analyzer, "accessanalyzer", 1),
    (make_monitor, "ce", 1),
    (make_trail, "cloudtrail", 1),
    (make_config, "config", 3),
    (make_rule, "events", 1),
    (make_query, "logs", 1),
    (make_subscription, "logs", 2),
    (make_alarm, "cloudwatch", 1),
    (make_mail, "sns", 2),
    (make_budget, "budgets", 1),
    (make_detector, "guardduty", 1),
]


@pytest.mark.parametrize(
    ("make", "service", "count"), MAKERS, ids=lambda value: getattr(value, "__name__", "")
)
def test_what_an_account_holds_is_counted_after_a_restart_too(
    start_cloud: Callable[[], Any], make: Callable[[Callable[[str], Any]], None], service: str, count: int
) -> None:
    make(start_cloud().client)
    assert count_resources(ACCOUNT)[service] == count
    start_cloud()
    assert count_resources(ACCOUNT)[service] == count


def test_a_query_and_a_mask_are_as_they_were_after_a_restart(start_cloud: Callable[[], Any]) -> None:
    logs = start_cloud().client("logs")
    logs.create_log_group(logGroupName="/app")
    logs.put_data_protection_policy(logGroupIdentifier="/app", policyDocument="{}")
    logs.put_query_definition(name="query", queryString="fields @message")
    before = logs.describe_query_definitions()["queryDefinitions"]
    logs = start_cloud().client("logs")
    assert logs.describe_query_definitions()["queryDefinitions"] == before
    assert logs.get_data_protection_policy(logGroupIdentifier="/app")["policyDocument"] == "{}"
