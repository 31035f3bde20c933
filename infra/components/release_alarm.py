"""One alarm that takes a release back, whatever it looks at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.alarms.alarm import Alert
from infra.naming import Label

_PERIOD_SECONDS = 60

Query = aws.cloudwatch.MetricAlarmMetricQueryArgs


@dataclass(frozen=True, kw_only=True)
class ReleaseWatch:
    """What the alarms of one kind of release have in common. Silence is no alarm."""

    name: str
    label: Label
    # How many minutes are looked at.
    evaluation_minutes: int
    # Who is told, beside ECS: topics.
    alarm_actions: Sequence[pulumi.Input[str]]
    opts: pulumi.ResourceOptions

    def alarm(
        self, alert: Alert, threshold: float, queries: Sequence[Query], *, datapoints: int
    ) -> aws.cloudwatch.MetricAlarm:
        """It goes off when so many of the minutes are above the threshold."""
        return aws.cloudwatch.MetricAlarm(
            f"{self.name}-{alert.role}",
            name=self.label.name(alert.role, limit=255),
            alarm_description=alert.description,
            metric_queries=queries,
            comparison_operator="GreaterThanThreshold",
            threshold=threshold,
            evaluation_periods=self.evaluation_minutes,
            datapoints_to_alarm=datapoints,
            treat_missing_data="notBreaching",
            alarm_actions=self.alarm_actions,
            tags=self.label.tags(alert.role),
            opts=self.opts,
        )


def measured(
    query_id: str, namespace: str, metric_name: str, stat: str, dimensions: Mapping[str, pulumi.Input[str]]
) -> Query:
    """A metric of each minute, for an expression to reckon with."""
    return Query(
        id=query_id,
        return_data=False,
        metric=aws.cloudwatch.MetricAlarmMetricQueryMetricArgs(
            namespace=namespace,
            metric_name=metric_name,
            stat=stat,
            period=_PERIOD_SECONDS,
            dimensions=dimensions,
        ),
    )
