"""AWS Budgets: changes, tags, and who hears of a budget."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from moto.budgets.exceptions import DuplicateRecordException, NotFoundException
from moto.budgets.models import Budget, BudgetsBackend, Notification
from moto.budgets.responses import BudgetsResponse
from moto.core.exceptions import JsonRESTError
from moto.core.utils import unix_time

from sandbox.extensions.registry import adds, replaces

# API reference of AWS Budgets, CreateNotification.
_MOST_SUBSCRIBERS = {"SNS": 1, "EMAIL": 10}


@replaces(BudgetsResponse, "create_budget")
def _keep_tags(original: Callable[[Any], str], self: BudgetsResponse) -> str:
    """The tags that a budget is made with are kept."""
    answer = original(self)
    _budget(self).tags = {tag["Key"]: tag["Value"] for tag in self._get_param("ResourceTags", [])}
    return answer


@replaces(Notification, "__init__")
def _refuse_too_many(
    original: Callable[..., None], self: Notification, details: dict[str, Any], subscribers: Any
) -> None:
    """A notification has somebody who hears of it: a topic at most, and ten addresses."""
    kinds = [who["SubscriptionType"] for who in subscribers]
    if not kinds or any(kinds.count(kind) > most for kind, most in _MOST_SUBSCRIBERS.items()):
        raise JsonRESTError(
            "CreationLimitExceededException" if kinds else "InvalidParameterException",
            f"Unable to create subscribers: {len(kinds)} given - at most 1 of type SNS and 10 of type EMAIL.",
        )
    original(self, {"ThresholdType": "PERCENTAGE", **details}, subscribers)


@replaces(Budget, "add_notification")
def _add_once(original: Callable[..., None], self: Budget, details: dict[str, Any], subscribers: Any) -> None:
    """There is a notification of a kind once."""
    if _find(self, details):
        raise DuplicateRecordException("notification", details["NotificationType"])
    original(self, details, subscribers)


@replaces(Budget, "delete_notification")
def _delete_by_kind(original: Callable[..., None], self: Budget, details: dict[str, Any]) -> None:
    """What is deleted is told by its kind and threshold, however much of it a caller knows."""
    del original
    self.notifications = [each for each in self.notifications if _key(each.details) != _key(details)]


@adds(BudgetsResponse, "update_budget")
def _update_budget(self: BudgetsResponse) -> str:
    """UpdateBudget says all of a budget, but for its notifications."""
    given = self._get_param("NewBudget")
    budget = _budget(self, given["BudgetName"])
    made = Budget({"TimePeriod": budget.budget["TimePeriod"], **given}, [])
    budget.budget = made.budget | {"LastUpdatedTime": unix_time()}
    return json.dumps({})


@adds(BudgetsResponse, "describe_subscribers_for_notification")
def _describe_subscribers(self: BudgetsResponse) -> str:
    """DescribeSubscribersForNotification, all on one page."""
    found = _find(_budget(self, self._get_param("BudgetName")), self._get_param("Notification"))
    if found is None:
        raise NotFoundException("Unable to get subscribers - the notification doesn't exist.")
    return json.dumps({"Subscribers": found.subscribers})


@adds(BudgetsResponse, "list_tags_for_resource")
def _list_tags(self: BudgetsResponse) -> str:
    """ListTagsForResource."""
    tags = _tags(self)
    return json.dumps({"ResourceTags": [{"Key": key, "Value": value} for key, value in tags.items()]})


@adds(BudgetsResponse, "tag_resource")
def _tag(self: BudgetsResponse) -> str:
    """TagResource."""
    _tags(self).update({tag["Key"]: tag["Value"] for tag in self._get_param("ResourceTags")})
    return json.dumps({})


@adds(BudgetsResponse, "untag_resource")
def _untag(self: BudgetsResponse) -> str:
    """UntagResource."""
    for key in self._get_param("ResourceTagKeys"):
        _tags(self).pop(key, None)
    return json.dumps({})


@replaces(BudgetsBackend, "describe_notifications_for_budget")
def _refuse_missing(
    original: Callable[..., Any], self: BudgetsBackend, account_id: str, budget_name: str
) -> Any:
    """A budget that is not there has no notifications; moto fails."""
    self.describe_budget(account_id, budget_name)
    return original(self, account_id, budget_name)


def _budget(response: BudgetsResponse, name: str = "") -> Any:
    name = name or response._get_param("Budget")["BudgetName"]
    response.backend.describe_budget(response.current_account, name)
    return response.backend.budgets[response.current_account][name]


def _tags(response: BudgetsResponse) -> dict[str, str]:
    budget = _budget(response, response._get_param("ResourceARN").rpartition("budget/")[2])
    tags: dict[str, str] = vars(budget).setdefault("tags", {})
    return tags


def _find(budget: Budget, details: dict[str, Any]) -> Notification | None:
    return next((each for each in budget.notifications if _key(each.details) == _key(details)), None)


def _key(details: dict[str, Any]) -> tuple[Any, ...]:
    return (
        details["NotificationType"],
        details["ComparisonOperator"],
        details["Threshold"],
        details.get("ThresholdType", "PERCENTAGE"),
    )
