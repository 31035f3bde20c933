"""What an environment may cost, and who hears of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import pulumi
import pulumi_aws as aws

from infra.naming import Label

_ACTUAL_PERCENT = (50, 80, 100)
_FORECAST_PERCENT = 100


class Scope(StrEnum):
    """Which costs count."""

    # All of the account. The stack has one of its own, and much has no tag: data transfer, GuardDuty, tax.
    ACCOUNT = "account"
    # Those of resources that carry this stack's Project tag, for an account with other inhabitants. The
    # organisation has to activate Project as a cost allocation tag first, in its management account, and
    # it counts from the day after: until then this budget sees no cost and warns of none.
    TAGGED = "tagged"


@dataclass(frozen=True, kw_only=True)
class BudgetArgs:
    label: Label
    monthly_usd: int
    topic_arn: pulumi.Input[str]
    emails: Sequence[str] = ()
    scope: Scope = Scope.ACCOUNT

    def __post_init__(self) -> None:
        if self.monthly_usd < 1:
            raise ValueError(f"a budget is at least 1 US dollar a month, got {self.monthly_usd}")


class Budget(pulumi.ComponentResource):
    """A monthly budget that warns at half, at four fifths, when it is used up, and when it is going to be.

    It stops nothing. The policy of the topic has to let budgets.amazonaws.com publish for this account.
    """

    def __init__(self, name: str, args: BudgetArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("slipway:budget:Budget", name, None, opts)
        thresholds = [("ACTUAL", percent) for percent in _ACTUAL_PERCENT]
        aws.budgets.Budget(
            f"{name}-budget",
            name=args.label.name(limit=100),
            budget_type="COST",
            time_unit="MONTHLY",
            limit_amount=str(args.monthly_usd),
            limit_unit="USD",
            cost_filters=_filters(args.label) if args.scope is Scope.TAGGED else None,
            notifications=[
                aws.budgets.BudgetNotificationArgs(
                    notification_type=kind,
                    threshold=percent,
                    threshold_type="PERCENTAGE",
                    comparison_operator="GREATER_THAN",
                    subscriber_sns_topic_arns=[args.topic_arn],
                    subscriber_email_addresses=list(args.emails),
                )
                for kind, percent in [*thresholds, ("FORECASTED", _FORECAST_PERCENT)]
            ],
            tags=args.label.tags(),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({})


def _filters(label: Label) -> list[aws.budgets.BudgetCostFilterArgs]:
    # As Budgets writes a tag of a user: `user:Key$value`.
    return [aws.budgets.BudgetCostFilterArgs(name="TagKeyValue", values=[f"user:Project${label.project}"])]
