"""Rules of budgets and of what watches the cost."""

from awsmodel.relations import AtLeastOneOf
from awsmodel.rule import TypeRules
from awsmodel.rule_words import arn, between, exclusive, items, json_text, length, matches, said

_TIME = r"\A\d{4}-\d\d-\d\d_\d\d:\d\d\Z"
_TIME_WORDS = "be a time as 2030-01-31_00:00"
_QUOTAS = "AWS: Cost Management User Guide, Quotas and restrictions"

BUDGET = TypeRules(
    of="aws:budgets/budget:Budget",
    source="internal/service/budgets/budget.go",
    rules=(
        matches("accountId", r"\A\d{12}\Z", "be the twelve digits of an account", "verify.ValidAccountID"),
        exclusive("name", "namePrefix"),
        between("autoAdjustData.historicalOptions.budgetAdjustmentPeriod", 1, 60),
        exclusive("limitAmount", "plannedLimits"),
        exclusive("limitUnit", "plannedLimits"),
        matches(
            "limitAmount", r"\A\d+(\.\d+)?\Z", "be a number as text", "AWS: Billing API Reference, Spend"
        ),
        arn("notifications[].subscriberSnsTopicArns[]", "sns"),
        said(
            "notifications[]",
            AtLeastOneOf(("subscriberEmailAddresses", "subscriberSnsTopicArns")),
            "AWS: Billing API Reference, CreateNotification",
        ),
        items("notifications", None, 10, _QUOTAS),
        items("notifications[].subscriberEmailAddresses", None, 10, _QUOTAS),
        items("notifications[].subscriberSnsTopicArns", None, 1, _QUOTAS),
        matches("timePeriodStart", _TIME, _TIME_WORDS, "validTimePeriodTimestamp"),
        matches("timePeriodEnd", _TIME, _TIME_WORDS, "validTimePeriodTimestamp"),
        matches("plannedLimits[].startTime", _TIME, _TIME_WORDS, "validTimePeriodTimestamp"),
        exclusive("costFilters", "filterExpression"),
    ),
)

ANOMALY_MONITOR = TypeRules(
    of="aws:costexplorer/anomalyMonitor:AnomalyMonitor",
    source="pulumi-aws SDK, aws.costexplorer.AnomalyMonitor",
    rules=(
        length("name", 1, 1024, "name"),
        json_text("monitorSpecification", source="monitor_specification"),
        exclusive("monitorDimension", "monitorSpecification"),
    ),
)

ANOMALY_SUBSCRIPTION = TypeRules(
    of="aws:costexplorer/anomalySubscription:AnomalySubscription",
    source="pulumi-aws SDK, aws.costexplorer.AnomalySubscription",
    rules=(
        length("name", 1, 1024, "name"),
        arn("monitorArnLists[]", "ce"),
    ),
)
