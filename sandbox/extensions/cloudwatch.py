"""CloudWatch: composite alarms, how far an alarm looks back, and its state when it has seen nothing yet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.cloudwatch.exceptions import ValidationError
from moto.cloudwatch.models import Alarm, CloudWatchBackend
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import camelcase_to_underscores, utcnow

from sandbox.extensions.registry import adds, replaces

_STATE = ("state_value", "state_reason", "state_reason_data", "state_updated_timestamp", "history")
_SUPPRESSOR = (
    ("ActionsSuppressor", "actions_suppressor"),
    ("ActionsSuppressorWaitPeriod", "actions_suppressor_wait_period"),
    ("ActionsSuppressorExtensionPeriod", "actions_suppressor_extension_period"),
)
_NEWER = ("EvaluationCriteria", "EvaluationInterval", "EvaluationWindow", "WarmUpConfiguration")
_HOUR_SECONDS = 3600
_DAY_SECONDS = 24 * _HOUR_SECONDS


@replaces(Alarm, "__init__")
def _start_without_data(original: Callable[..., None], self: Alarm, *args: Any, **kwargs: Any) -> None:
    """A new alarm has seen no data: INSUFFICIENT_DATA. moto says OK, which nobody has found."""
    original(self, *args, **kwargs)
    self.state_value = "INSUFFICIENT_DATA"


@replaces(CloudWatchBackend, "put_metric_alarm")
def _keep_state_over_update(
    original: Callable[..., Alarm], self: CloudWatchBackend, *args: Any, **kwargs: Any
) -> Alarm:
    """An update of an alarm leaves its state as it is."""
    name = kwargs["name"] if "name" in kwargs else args[0]
    before = self.alarms.get(name)
    alarm = original(self, *args, **kwargs)
    if before is not None:
        for attribute in _STATE:
            setattr(alarm, attribute, getattr(before, attribute))
    return alarm


@replaces(CloudWatchResponse, "put_metric_alarm")
def _put_metric_alarm(original: Callable[[Any], ActionResult], self: CloudWatchResponse) -> ActionResult:
    """An alarm watches one result, for a day or by the hour for a week; what moto does not know is kept."""
    queries = self._get_param("Metrics", [])
    if queries and sum(query.get("ReturnData", True) for query in queries) != 1:
        raise ValidationError("Exactly one element of the metrics list should return data.")
    periods = [query.get("Period") or query.get("MetricStat", {}).get("Period") or 0 for query in queries]
    period_seconds = max([*periods, self._get_param("Period") or 0])
    limit_seconds = _DAY_SECONDS if period_seconds < _HOUR_SECONDS else 7 * _DAY_SECONDS
    if period_seconds * (self._get_param("EvaluationPeriods") or 1) > limit_seconds:
        raise ValidationError(
            "Metrics cannot be checked across more than "
            f"{limit_seconds // _DAY_SECONDS} day(s) (EvaluationPeriods * Period must be <= {limit_seconds})."
        )
    answer = original(self)
    alarm: Any = self.cloudwatch_backend.alarms[self._get_param("AlarmName")]
    for parameter in _NEWER:
        setattr(alarm, camelcase_to_underscores(parameter), self._get_param(parameter))
    for kept, given in zip(alarm.metric_data_queries, queries, strict=True):
        kept.account_id = given.get("AccountId")
    return answer


@adds(CloudWatchResponse, "put_composite_alarm")
def _put_composite_alarm(self: CloudWatchResponse) -> ActionResult:
    """PutCompositeAlarm."""
    alarm: Any = self.cloudwatch_backend.put_metric_alarm(
        name=self._get_param("AlarmName"),
        rule=self._get_param("AlarmRule"),
        description=self._get_param("AlarmDescription"),
        actions_enabled=self._get_param("ActionsEnabled"),
        alarm_actions=self._get_param("AlarmActions", []),
        ok_actions=self._get_param("OKActions", []),
        insufficient_data_actions=self._get_param("InsufficientDataActions", []),
        tags=self._get_param("Tags", []),
        **dict.fromkeys(_METRIC_ONLY),  # type: ignore[arg-type]  # a composite alarm has no metric
        dimensions=[],
    )
    for parameter, attribute in _SUPPRESSOR:
        setattr(alarm, attribute, self._get_param(parameter))
    alarm.alarm_configuration_updated_timestamp = utcnow()
    return EmptyResult()


_METRIC_ONLY = (
    "namespace",
    "metric_name",
    "comparison_operator",
    "evaluation_periods",
    "period",
    "threshold",
    "statistic",
)


@replaces(CloudWatchResponse, "describe_alarms")
def _describe_by_type(original: Callable[[Any], ActionResult], self: CloudWatchResponse) -> ActionResult:
    """DescribeAlarms returns metric alarms, unless AlarmTypes asks for composite ones."""
    answer = original(self)
    result: Any = answer.result
    types = self._get_param("AlarmTypes", ["MetricAlarm"])
    for alarm_type, key in (("MetricAlarm", "MetricAlarms"), ("CompositeAlarm", "CompositeAlarms")):
        if alarm_type not in types:
            result[key] = []
    return answer
