from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

ACCOUNT = {"AccountId": "111111111111"}
OF_BUDGET = {**ACCOUNT, "BudgetName": "month"}
BUDGET: dict[str, Any] = {
    "BudgetName": "month",
    "BudgetType": "COST",
    "TimeUnit": "MONTHLY",
    "BudgetLimit": {"Amount": "100", "Unit": "USD"},
}
FORECAST = {
    "NotificationType": "FORECASTED",
    "ComparisonOperator": "GREATER_THAN",
    "Threshold": 100.0,
    "ThresholdType": "PERCENTAGE",
}
SOMEBODY = {"SubscriptionType": "EMAIL", "Address": "somebody@example.com"}
TOPIC = {"SubscriptionType": "SNS", "Address": "arn:aws:sns:eu-west-1:111111111111:costs"}


@pytest.fixture
def budgets(client: Callable[[str], Any]) -> Any:
    budgets = client("budgets")
    budgets.create_budget(
        **ACCOUNT,
        Budget={**BUDGET, "CostFilters": {"Service": ["AWS Lambda"]}},
        NotificationsWithSubscribers=[{"Notification": FORECAST, "Subscribers": [SOMEBODY, TOPIC]}],
        ResourceTags=[{"Key": "a", "Value": "b"}],
    )
    return budgets


def test_an_update_says_all_of_a_budget_but_its_notifications(budgets: Any) -> None:
    before = budgets.describe_budget(**OF_BUDGET)["Budget"]
    limit = {"Amount": "200", "Unit": "USD"}
    budgets.update_budget(**ACCOUNT, NewBudget={**BUDGET, "BudgetLimit": limit})
    budget = budgets.describe_budget(**OF_BUDGET)["Budget"]
    assert (budget["BudgetLimit"], budget["TimePeriod"]) == (limit, before["TimePeriod"])
    assert "CostFilters" not in budget
    assert budgets.describe_notifications_for_budget(**OF_BUDGET)["Notifications"] == [FORECAST]
    with pytest.raises(ClientError, match="NotFoundException"):
        budgets.update_budget(**ACCOUNT, NewBudget={**BUDGET, "BudgetName": "other"})


def test_who_hears_of_a_budget_reads_back(budgets: Any) -> None:
    answer = budgets.describe_subscribers_for_notification(**OF_BUDGET, Notification=FORECAST)
    assert answer["Subscribers"] == [SOMEBODY, TOPIC]
    budgets.delete_notification(
        **OF_BUDGET, Notification={**FORECAST, "ThresholdType": "PERCENTAGE", "NotificationState": "OK"}
    )
    with pytest.raises(ClientError, match="NotFoundException"):
        budgets.describe_subscribers_for_notification(**OF_BUDGET, Notification=FORECAST)


def test_a_notification_is_made_once(budgets: Any) -> None:
    with pytest.raises(ClientError, match="DuplicateRecordException"):
        budgets.create_notification(**OF_BUDGET, Notification=FORECAST, Subscribers=[SOMEBODY])


@pytest.mark.parametrize("subscribers", [[TOPIC] * 2, [SOMEBODY] * 11], ids=["topics", "addresses"])
def test_a_notification_has_so_many_subscribers_and_no_more(budgets: Any, subscribers: Any) -> None:
    actual = {**FORECAST, "NotificationType": "ACTUAL"}
    with pytest.raises(ClientError, match="CreationLimitExceededException"):
        budgets.create_notification(**OF_BUDGET, Notification=actual, Subscribers=subscribers)


def test_a_budget_that_is_not_there_has_no_notifications(client: Callable[[str], Any]) -> None:
    with pytest.raises(ClientError, match="NotFoundException"):
        client("budgets").describe_notifications_for_budget(**OF_BUDGET)


def test_a_budget_has_tags(budgets: Any) -> None:
    arn = "arn:aws:budgets::111111111111:budget/month"
    budgets.tag_resource(ResourceARN=arn, ResourceTags=[{"Key": "c", "Value": "d"}])
    tags = budgets.list_tags_for_resource(ResourceARN=arn)["ResourceTags"]
    assert tags == [{"Key": "a", "Value": "b"}, {"Key": "c", "Value": "d"}]
    budgets.untag_resource(ResourceARN=arn, ResourceTagKeys=["a", "c"])
    assert budgets.list_tags_for_resource(ResourceARN=arn)["ResourceTags"] == []
