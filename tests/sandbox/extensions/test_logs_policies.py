from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

DOCUMENT = '{"Name":"mask","Version":"2021-06-01","Statement":[]}'


@pytest.fixture
def logs(client: Callable[[str], Any]) -> Any:
    logs = client("logs")
    logs.create_log_group(logGroupName="/app")
    return logs


def test_a_query_is_kept_changed_and_deleted(logs: Any) -> None:
    made = logs.put_query_definition(name="app/errors", logGroupNames=["/app"], queryString="fields @message")
    query_id = made["queryDefinitionId"]
    logs.put_query_definition(queryDefinitionId=query_id, name="app/all", queryString="fields @timestamp")
    [query] = logs.describe_query_definitions()["queryDefinitions"]
    assert (query["queryDefinitionId"], query["name"], query["logGroupNames"]) == (query_id, "app/all", [])
    assert logs.describe_query_definitions(queryDefinitionNamePrefix="other")["queryDefinitions"] == []
    logs.delete_query_definition(queryDefinitionId=query_id)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        logs.delete_query_definition(queryDefinitionId=query_id)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        logs.put_query_definition(queryDefinitionId=query_id, name="app/all", queryString="fields @message")


def test_the_data_of_a_group_is_protected_until_it_is_not(logs: Any) -> None:
    [group] = logs.describe_log_groups()["logGroups"]
    logs.put_data_protection_policy(logGroupIdentifier=group["logGroupArn"], policyDocument=DOCUMENT)
    assert logs.get_data_protection_policy(logGroupIdentifier="/app")["policyDocument"] == DOCUMENT
    assert logs.describe_log_groups()["logGroups"][0]["dataProtectionStatus"] == "ACTIVATED"
    logs.delete_data_protection_policy(logGroupIdentifier="/app")
    assert "policyDocument" not in logs.get_data_protection_policy(logGroupIdentifier="/app")
    assert "dataProtectionStatus" not in logs.describe_log_groups()["logGroups"][0]


def test_a_group_takes_its_metric_filters_with_it(logs: Any) -> None:
    metric = {"metricName": "Errors", "metricNamespace": "app", "metricValue": "1"}
    logs.put_metric_filter(
        logGroupName="/app", filterName="errors", filterPattern="ERROR", metricTransformations=[metric]
    )
    logs.delete_log_group(logGroupName="/app")
    assert logs.describe_metric_filters()["metricFilters"] == []


def test_how_a_subscription_delivers_is_kept(logs: Any) -> None:
    put_subscription(logs, "one", distribution="Random", emitSystemFields=["@aws.account"])
    [subscription] = logs.describe_subscription_filters(logGroupName="/app")["subscriptionFilters"]
    assert (subscription["distribution"], subscription["emitSystemFields"]) == ("Random", ["@aws.account"])


def test_one_of_two_subscriptions_can_be_changed(logs: Any) -> None:
    for name in ("one", "two", "two"):
        put_subscription(logs, name)
    assert len(logs.describe_subscription_filters(logGroupName="/app")["subscriptionFilters"]) == 2
    with pytest.raises(ClientError, match="LimitExceededException"):
        put_subscription(logs, "three")


def put_subscription(logs: Any, name: str, **changes: Any) -> None:
    logs.put_subscription_filter(
        logGroupName="/app",
        filterName=name,
        filterPattern="",
        destinationArn="arn:aws:logs:eu-west-1:111111111111:log-group:/app",
        **changes,
    )
