"""AWS Budgets: what a month may cost, and who hears of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from awsmodel.names import Codec, Field, Properties
from awsmodel.resource import AutoName, Call, Example, Params, ResourceType, Scope, Tags

_ACCOUNT = {"AccountId": "account_id"}
_BUDGET = {**_ACCOUNT, "BudgetName": "name"}
_SUBSCRIBERS = {"subscriberEmailAddresses": "EMAIL", "subscriberSnsTopicArns": "SNS"}
# the form of the real provider: the documentation of `timePeriodStart`
_TIME = "%Y-%m-%d_%H:%M"
_MEMBERS = {
    "budgetType": "BudgetType",
    "costTypes": "CostTypes",
    "limitAmount": "BudgetLimit.Amount",
    "limitUnit": "BudgetLimit.Unit",
    "name": "BudgetName",
    "timeUnit": "TimeUnit",
}


def _anywhere(member: str) -> str:
    """A member that a create, an update and a description keep in structures of other names."""
    return f"Budget.{member}|NewBudget.{member}|{member}"


def _instant(text: str) -> datetime:
    return datetime.strptime(text, _TIME).replace(tzinfo=UTC)


_WHEN = Codec(encode=_instant, decode=lambda instant: instant.astimezone(UTC).strftime(_TIME))
_FILTERS = Codec(
    encode=lambda filters: {each["name"]: list(each["values"]) for each in filters},
    decode=lambda filters: [{"name": name, "values": values} for name, values in sorted(filters.items())],
)


def _notification(each: Properties) -> Params:
    return {
        "NotificationType": each["notificationType"],
        "ComparisonOperator": each["comparisonOperator"],
        "Threshold": float(each["threshold"]),
        "ThresholdType": each["thresholdType"],
    }


def _notifications(known: Properties) -> list[Params]:
    """Each notification, with those who hear of it."""
    return [
        {
            "Notification": _notification(each),
            "Subscribers": [
                {"SubscriptionType": kind, "Address": address}
                for name, kind in _SUBSCRIBERS.items()
                for address in each.get(name) or ()
            ],
        }
        for each in known.get("notifications") or ()
    ]


def _beyond(some: Iterable[Params], others: list[Params]) -> list[Params]:
    key = _by_address
    return [each for each in some if key(each) not in [key(other) for other in others]]


def _by_address(each: Params) -> Any:
    subscribers = sorted((who["SubscriptionType"], who["Address"]) for who in each["Subscribers"])
    return each["Notification"], subscribers


def _no_longer(known: Properties) -> list[Params]:
    """A notification whose subscribers change is made anew."""
    gone = _beyond(_notifications(known["live"]), _notifications(known))
    return [{"Notification": each["Notification"]} for each in gone]


def _not_yet(known: Properties) -> list[Params]:
    return _beyond(_notifications(known), _notifications(known["live"]))


def _with_subscribers(client: Any, params: Params, answer: Any) -> Any:
    def subscribers(notification: Params) -> list[Params]:
        pages = client.get_paginator("describe_subscribers_for_notification").paginate(
            **params, Notification=notification
        )
        return [who for page in pages for who in page["Subscribers"]]

    found = answer.get("Notifications") or ()
    return {"Notifications": [{**each, "Subscribers": subscribers(each)} for each in found]}


def _shown_notifications(answer: Any) -> Properties:
    return {
        "notifications": [
            {
                "notificationType": each["NotificationType"],
                "comparisonOperator": each["ComparisonOperator"],
                "threshold": each["Threshold"],
                "thresholdType": each.get("ThresholdType", "PERCENTAGE"),
                **{
                    name: [who["Address"] for who in each["Subscribers"] if who["SubscriptionType"] == kind]
                    for name, kind in _SUBSCRIBERS.items()
                },
            }
            for each in answer["Notifications"]
        ]
    }


def _named(known: Properties, scope: Scope) -> Properties:
    arn = f"arn:{scope.partition}:budgets::{scope.account_id}:budget/{known['name']}"
    return {"accountId": scope.account_id, "arn": arn}


BUDGET = ResourceType(
    token="aws:budgets/budget:Budget",
    service="budgets",
    create=Call(
        operation="create_budget",
        identify=_ACCOUNT,
        build=lambda known: {"NotificationsWithSubscribers": _notifications(known)},
    ),
    id="{name}",
    # the documented import id has the account's number before it
    parse_id=lambda physical_id: {"name": physical_id.rpartition(":")[2]},
    read=Call(operation="describe_budget", identify=_BUDGET, result="Budget"),
    more_reads=(
        Call(
            operation="describe_notifications_for_budget",
            identify=_BUDGET,
            fixed={"MaxResults": 100},
            after=_with_subscribers,
            decode=_shown_notifications,
        ),
    ),
    updates=(
        Call(operation="update_budget", identify=_ACCOUNT, whole=True),
        Call(
            operation="delete_notification",
            identify=_BUDGET,
            properties=frozenset({"notifications"}),
            build=_no_longer,
        ),
        Call(
            operation="create_notification",
            identify=_BUDGET,
            properties=frozenset({"notifications"}),
            build=_not_yet,
        ),
    ),
    delete=Call(operation="delete_budget", identify=_BUDGET),
    list=Call(operation="describe_budgets", identify=_ACCOUNT, result="Budgets[].BudgetName"),
    names={
        **{name: _anywhere(member) for name, member in _MEMBERS.items()},
        "costFilters": Field(_anywhere("CostFilters"), _FILTERS),
        "timePeriodEnd": Field(_anywhere("TimePeriod.End"), _WHEN),
        "timePeriodStart": Field(_anywhere("TimePeriod.Start"), _WHEN),
    },
    canonical={"limitAmount": float},
    derive=_named,
    auto_name=AutoName(limit=100),
    tags=Tags(
        tag="tag_resource",
        untag="untag_resource",
        target="ResourceARN",
        untag_keys="ResourceTagKeys",
        read="list_tags_for_resource",
    ),
    not_modelled={
        "accountId": "a budget is of the account that its stack is in",
        "autoAdjustData": "a limit that follows what was spent does not hold the spending",
        "billingViewArn": "billing views are outside of this model",
        "filterExpression": "`costFilters` says what a budget is of",
        "metrics": "goes with `filterExpression`",
        "plannedLimits": "one limit holds for each period",
    },
    replace_on=frozenset({"name"}),
    gone=frozenset({"NotFoundException"}),
    example=Example(
        inputs=lambda need: {
            "name": "example",
            "budgetType": "COST",
            "limitAmount": "100",
            "limitUnit": "USD",
            "timeUnit": "MONTHLY",
            "timePeriodStart": "2026-01-01_00:00",
            "costFilters": [{"name": "TagKeyValue", "values": ["user:Service$example"]}],
            "notifications": [
                {
                    "notificationType": "ACTUAL",
                    "comparisonOperator": "GREATER_THAN",
                    "threshold": 80,
                    "thresholdType": "PERCENTAGE",
                    "subscriberSnsTopicArns": [need("aws:sns/topic:Topic", "arn")],
                },
                {
                    "notificationType": "FORECASTED",
                    "comparisonOperator": "GREATER_THAN",
                    "threshold": 100,
                    "thresholdType": "PERCENTAGE",
                    "subscriberEmailAddresses": ["somebody@example.com"],
                },
            ],
            "tags": {"Service": "example"},
        },
        update=lambda need: {
            "limitAmount": "250.5",
            "timePeriodStart": "2026-02-01_00:00",
            "costFilters": [{"name": "Service", "values": ["AWS Lambda"]}],
            "costTypes": {"includeCredit": False, "includeRefund": False},
            "notifications": [
                {
                    "notificationType": "FORECASTED",
                    "comparisonOperator": "GREATER_THAN",
                    "threshold": 100,
                    "thresholdType": "PERCENTAGE",
                    "subscriberEmailAddresses": ["somebody@example.com", "else@example.com"],
                    "subscriberSnsTopicArns": [need("aws:sns/topic:Topic", "arn")],
                },
            ],
            "tags": {"Service": "other", "Owner": "platform"},
        },
        replace=lambda need: {"name": "another"},
    ),
)
