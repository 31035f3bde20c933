"""The alarms of service level objectives: two windows must agree before anybody is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.alarms.alarm import Alert, Owner, Severity
from infra.alarms.slo import BurnRate, Metric, Slo, window_name
from infra.naming import Label

Query = aws.cloudwatch.MetricAlarmMetricQueryArgs

RELEASING = Alert(
    role="release-in-progress",
    meaning="A release is running, and tickets about objectives wait until it is over",
    severity=Severity.TICKET,
    owner=Owner.PLATFORM,
)
# How long a ticket waits for the alarm above to catch up, and how long it waits on after a release.
_SUPPRESSION_WAIT_SECONDS = 120
_SUPPRESSION_EXTENSION_SECONDS = 300


@dataclass(frozen=True, kw_only=True)
class SloAlarmsArgs:
    label: Label
    slos: Sequence[Slo]
    topic_arns: Mapping[Severity, pulumi.Input[str]]
    # Whose releases hold tickets back. A page is never held back.
    cluster_name: pulumi.Input[str]
    service_name: pulumi.Input[str]


class SloAlarms(pulumi.ComponentResource):
    """For each objective and severity one composite alarm that acts, over alarms of windows that do not.

    A window is one period: CloudWatch moves it on each minute. It allows a period of up to seven days
    (PutMetricAlarm); that it takes one of three days was read there and not tried on a live account.
    """

    arns: Sequence[pulumi.Output[str]]
    page_arns: Sequence[pulumi.Output[str]]  # of those that wake somebody

    def __init__(self, name: str, args: SloAlarmsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("slipway:slo_alarms:SloAlarms", name, None, opts)
        self._name, self._args = name, args
        self._child = pulumi.ResourceOptions(parent=self)
        releasing = self._make_release_alarm()
        made = [
            (severity, self._make_composite(slo, severity, releasing))
            for slo in args.slos
            for severity in slo.severities
        ]
        self.arns = [arn for _, arn in made]
        self.page_arns = [arn for severity, arn in made if severity is Severity.PAGE]
        self.register_outputs({"arns": self.arns})

    def _make_release_alarm(self) -> aws.cloudwatch.MetricAlarm:
        label = self._args.label
        return aws.cloudwatch.MetricAlarm(
            f"{self._name}-{RELEASING.role}",
            name=label.name(RELEASING.role, limit=255),
            alarm_description=RELEASING.description,
            namespace="ECS/ContainerInsights",
            metric_name="DeploymentCount",
            dimensions={"ClusterName": self._args.cluster_name, "ServiceName": self._args.service_name},
            statistic="Maximum",
            period=60,
            evaluation_periods=1,
            comparison_operator="GreaterThanThreshold",
            threshold=1,
            treat_missing_data="notBreaching",
            tags=label.tags(RELEASING.role),
            opts=self._child,
        )

    def _make_composite(
        self, slo: Slo, severity: Severity, releasing: aws.cloudwatch.MetricAlarm
    ) -> pulumi.Output[str]:
        alert, label = slo.alert(severity), self._args.label
        pairs = [
            (
                self._make_window(slo, rate, rate.long_seconds),
                self._make_window(slo, rate, rate.short_seconds),
            )
            for rate in slo.burn_rates
            if rate.severity is severity
        ]
        topic = self._args.topic_arns[severity]
        return aws.cloudwatch.CompositeAlarm(
            f"{self._name}-{alert.role}",
            alarm_name=label.name(alert.role, limit=255),
            alarm_description=alert.description,
            alarm_rule=_both_of_any(pairs),
            alarm_actions=[topic],
            ok_actions=[topic],
            actions_suppressor=(
                aws.cloudwatch.CompositeAlarmActionsSuppressorArgs(
                    alarm=releasing.name,
                    wait_period=_SUPPRESSION_WAIT_SECONDS,
                    extension_period=_SUPPRESSION_EXTENSION_SECONDS,
                )
                if severity is Severity.TICKET
                else None
            ),
            tags=label.tags(alert.role),
            opts=self._child,
        ).arn

    def _make_window(self, slo: Slo, rate: BurnRate, seconds: int) -> pulumi.Output[str]:
        """An alarm without an action of its own: only the composite alarm tells anybody."""
        alert, label = slo.alert(rate.severity), self._args.label
        role = f"{alert.role}-{window_name(seconds)}"
        return aws.cloudwatch.MetricAlarm(
            f"{self._name}-{role}",
            name=label.name(role, limit=255),
            alarm_description=alert.description,
            metric_queries=[*_expressions(slo), *_measured(slo, seconds)],
            evaluation_periods=1,
            comparison_operator="GreaterThanThreshold",
            threshold=rate.factor,
            # Where nothing happens, nothing burns.
            treat_missing_data="notBreaching",
            tags=label.tags(role),
            opts=self._child,
        ).name


def _expressions(slo: Slo) -> list[Query]:
    return [
        Query(id=query_id, expression=expression, label=query_id, return_data=query_id == "burn")
        for query_id, expression in slo.expressions().items()
    ]


def _measured(slo: Slo, seconds: int) -> list[Query]:
    def query(query_id: str, metric: Metric) -> Query:
        return Query(
            id=query_id,
            return_data=False,
            metric=aws.cloudwatch.MetricAlarmMetricQueryMetricArgs(
                namespace=metric.namespace,
                metric_name=metric.name,
                dimensions=metric.dimensions,
                stat=metric.stat,
                period=seconds,
            ),
        )

    return [query(query_id, metric) for query_id, metric in slo.metrics.items()]


def _both_of_any(pairs: Sequence[tuple[pulumi.Input[str], pulumi.Input[str]]]) -> pulumi.Output[str]:
    """The rule: of any pair of alarms, both."""
    each = [pulumi.Output.concat('(ALARM("', long, '") AND ALARM("', short, '"))') for long, short in pairs]
    return pulumi.Output.all(*each).apply(lambda parts: " OR ".join(str(part) for part in parts))
