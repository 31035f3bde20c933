"""Rules of alarms and dashboards."""

from awsmodel.checks import Json, Multiple
from awsmodel.relations import NotAbove, Requires
from awsmodel.rule import Rule, TypeRules
from awsmodel.rule_words import (
    arn,
    exactly_one_of,
    exclusive,
    items,
    length,
    matches,
    one_of,
    said,
)

_ACTIONS = ("alarmActions", "insufficientDataActions", "okActions")
_VALUES = r"(\d+(\.\d+)?%?)?:(\d+(\.\d+)?%?)?"
_EXTENDED = r"\A((p|tm|wm|tc|ts)(\d{1,2}(\.\d{1,10})?|100)|IQM|(TM|WM|PR|TC|TS)\(" + _VALUES + r"\))\Z"
_EXTENDED_WORDS = "be a percentile or a trimmed statistic, such as p99 or TM(10%:90%)"
_BASIC = "SampleCount|Average|Sum|Minimum|Maximum"
_PERIOD = "validation.Any(IntInSlice, IntDivisibleBy(60))"


def _actions() -> tuple[Rule, ...]:
    return (
        *(arn(f"{name}[]") for name in _ACTIONS),
        *(items(name, None, 5, "AWS: CloudWatch API Reference, PutMetricAlarm") for name in _ACTIONS),
    )


METRIC_ALARM = TypeRules(
    of="aws:cloudwatch/metricAlarm:MetricAlarm",
    source="internal/service/cloudwatch/metric_alarm.go",
    rules=(
        *_actions(),
        said(
            "",
            NotAbove("datapointsToAlarm", "evaluationPeriods"),
            "AWS: CloudWatch API Reference, PutMetricAlarm",
        ),
        one_of("evaluateLowSampleCountPercentiles", "evaluate", "ignore"),
        one_of("treatMissingData", "breaching", "notBreaching", "ignore", "missing"),
        matches("extendedStatistic", _EXTENDED, _EXTENDED_WORDS),
        matches(
            "metricQueries[].metric.stat",
            rf"\A({_BASIC})\Z|{_EXTENDED}",
            f"be one of {_BASIC.replace('|', ', ')}, or a percentile such as p99",
        ),
        said("period", Multiple(60, (10, 20, 30)), _PERIOD),
        said("metricQueries[].metric.period", Multiple(60, (1, 5, 10, 20, 30)), _PERIOD),
        said("metricQueries[].period", Multiple(60, (1, 5, 10, 20, 30)), _PERIOD),
        length("metricQueries[].expression", 1, 1024),
        matches(
            "metricQueries[].id",
            r"\A[a-z]\w{0,254}\Z",
            "begin with a small letter and have only letters, digits and underscores",
            "AWS: CloudWatch API Reference, MetricDataQuery",
        ),
        items("metricQueries", None, 20, "AWS: CloudWatch API Reference, PutMetricAlarm"),
        *(
            exclusive(name, "metricQueries")
            for name in ("dimensions", "metricName", "namespace", "period", "statistic", "extendedStatistic")
        ),
        exclusive("statistic", "extendedStatistic"),
        exclusive("threshold", "thresholdMetricId"),
        exactly_one_of("metricName", "metricQueries", source="AWS: CloudWatch API Reference, PutMetricAlarm"),
        exactly_one_of("expression", "metric", path="metricQueries[]", source="CustomizeDiff, and AWS"),
        said(
            "",
            Requires("metricName", needs=("statistic|extendedStatistic", "period", "namespace")),
            "CustomizeDiff",
        ),
    ),
)

COMPOSITE_ALARM = TypeRules(
    of="aws:cloudwatch/compositeAlarm:CompositeAlarm",
    source="internal/service/cloudwatch/composite_alarm.go",
    rules=(
        *_actions(),
        matches(
            "alarmRule",
            r"ALARM\(|OK\(|INSUFFICIENT_DATA\(|TRUE|FALSE|AT_LEAST\(",
            "have a term such as ALARM(name)",
            "AWS: CloudWatch API Reference, PutCompositeAlarm",
        ),
    ),
)

DASHBOARD = TypeRules(
    of="aws:cloudwatch/dashboard:Dashboard",
    source="internal/service/cloudwatch/dashboard.go",
    rules=(
        matches(
            "dashboardName",
            r"\A[0-9A-Za-z_-]{1,255}\Z",
            "be at most 255 letters, digits, hyphens and underscores",
            "validDashboardName",
        ),
        said("dashboardBody", Json(is_object=True), "validation.StringIsJSON"),
    ),
)
