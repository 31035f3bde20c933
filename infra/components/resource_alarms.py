"""The required alarms of the resources of a stack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.alarms.alarm import Severity
from infra.alarms.catalogue import alarms_of
from infra.alarms.spec import AlarmSpec, Measure, Watched, check, threshold
from infra.naming import Label

Query = aws.cloudwatch.MetricAlarmMetricQueryArgs

_STATISTICS = frozenset({"SampleCount", "Average", "Sum", "Minimum", "Maximum"})


@dataclass(frozen=True, kw_only=True)
class ResourceAlarmsArgs:
    label: Label
    watched: Sequence[Watched]
    topic_arns: Mapping[Severity, pulumi.Input[str]]


class ResourceAlarms(pulumi.ComponentResource):
    """Each watched resource gets every alarm that the catalogue holds for its kind.

    Raises ValueError for a resource that lacks a dimension or a limit that one of them needs.
    """

    arns: Sequence[pulumi.Output[str]]

    def __init__(
        self, name: str, args: ResourceAlarmsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("slipway:resource_alarms:ResourceAlarms", name, None, opts)
        self._name, self._args = name, args
        self._child = pulumi.ResourceOptions(parent=self)
        for watched in args.watched:
            check(watched, alarms_of(watched.kind))
        self.arns = [
            self._make_alarm(watched, spec) for watched in args.watched for spec in alarms_of(watched.kind)
        ]
        self.register_outputs({"arns": self.arns})

    def _make_alarm(self, watched: Watched, spec: AlarmSpec) -> pulumi.Output[str]:
        role = f"{watched.name}-{spec.role}"
        topic = self._args.topic_arns[spec.severity]
        single = None if spec.expression else spec.measures[0]
        return aws.cloudwatch.MetricAlarm(
            f"{self._name}-{role}",
            name=self._args.label.name(role, limit=255),
            alarm_description=spec.description,
            namespace=spec.namespace if single else None,
            metric_name=single.metric if single else None,
            dimensions={**watched.dimensions, **single.fixed} if single else None,
            statistic=spec.stat if single and spec.stat in _STATISTICS else None,
            extended_statistic=spec.stat if single and spec.stat not in _STATISTICS else None,
            period=spec.period_seconds if single else None,
            metric_queries=None if single else _queries(watched, spec),
            comparison_operator=spec.comparison,
            threshold=threshold(spec, watched),
            evaluation_periods=spec.evaluation_periods,
            datapoints_to_alarm=spec.datapoints_to_alarm,
            treat_missing_data=spec.missing,
            alarm_actions=[topic],
            ok_actions=[topic],
            tags=self._args.label.tags(role),
            opts=self._child,
        ).arn


def _queries(watched: Watched, spec: AlarmSpec) -> list[Query]:
    def measured(place: int, measure: Measure) -> Query:
        return Query(
            id=f"m{place}",
            return_data=False,
            metric=aws.cloudwatch.MetricAlarmMetricQueryMetricArgs(
                namespace=spec.namespace,
                metric_name=measure.metric,
                dimensions={**watched.dimensions, **measure.fixed},
                stat=spec.stat,
                period=spec.period_seconds,
            ),
        )

    return [
        Query(id="value", expression=spec.expression, label=spec.role, return_data=True),
        *(measured(place, measure) for place, measure in enumerate(spec.measures)),
    ]
