from __future__ import annotations

import pytest

from infra.components.budget import Budget, BudgetArgs, Scope
from tests.infra.parts import TOPIC, label
from tests.infra.recorder import Recording, record


def _recorded(scope: Scope = Scope.ACCOUNT) -> Recording:
    args = BudgetArgs(
        label=label("budget"), monthly_usd=900, topic_arn=TOPIC, emails=["costs@example.com"], scope=scope
    )

    def program() -> None:
        Budget("budget", args)

    return record(program)


def test_the_budget_is_of_costs_by_the_month() -> None:
    budget = _recorded().one("budgets/budget:Budget").inputs
    assert (budget["budgetType"], budget["timeUnit"]) == ("COST", "MONTHLY")
    assert (budget["limitAmount"], budget["limitUnit"]) == ("900", "USD")


def test_it_warns_at_half_at_four_fifths_when_it_is_used_up_and_when_it_will_be() -> None:
    notifications = _recorded().one("budgets/budget:Budget").inputs["notifications"]
    assert [(each["notificationType"], each["threshold"]) for each in notifications] == [
        ("ACTUAL", 50),
        ("ACTUAL", 80),
        ("ACTUAL", 100),
        ("FORECASTED", 100),
    ]
    assert {(each["thresholdType"], each["comparisonOperator"]) for each in notifications} == {
        ("PERCENTAGE", "GREATER_THAN")
    }


def test_every_warning_reaches_the_topic_and_the_people() -> None:
    for notification in _recorded().one("budgets/budget:Budget").inputs["notifications"]:
        assert notification["subscriberSnsTopicArns"] == [TOPIC]
        assert notification["subscriberEmailAddresses"] == ["costs@example.com"]


def test_all_costs_of_the_account_count_unless_it_is_shared() -> None:
    assert "costFilters" not in _recorded().one("budgets/budget:Budget").inputs
    shared = _recorded(Scope.TAGGED).one("budgets/budget:Budget").inputs
    assert shared["costFilters"] == [{"name": "TagKeyValue", "values": ["user:Project$slipway"]}]


def test_a_budget_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1 US dollar a month, got 0"):
        BudgetArgs(label=label("budget"), monthly_usd=0, topic_arn=TOPIC)
