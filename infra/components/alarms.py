"""The alarms that take a release back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.alarms.alarm import Alert, Owner, Severity
from infra.naming import Label

_NAMESPACE = "AWS/ApplicationELB"
_PERIOD_SECONDS = 60
# Below this many requests a minute a share of errors says nothing.
_FEWEST_REQUESTS = 20

Query = aws.cloudwatch.MetricAlarmMetricQueryArgs


@dataclass(frozen=True, kw_only=True)
class RollbackAlarmsArgs:
    label: Label
    load_balancer_dimension: pulumi.Input[str]
    target_group_dimensions: Sequence[pulumi.Input[str]]
    # How many minutes are looked at; one of them may be good.
    evaluation_minutes: int
    error_share: float = 0.05
    p95_seconds: float = 2.0
    # Who is told, beside ECS: topics.
    alarm_actions: Sequence[pulumi.Input[str]] = ()


class RollbackAlarms(pulumi.ComponentResource):
    """What ECS watches while a release runs: errors, latency, and unhealthy tasks.

    Each alarm looks at both target groups and takes the worse one: which of them holds the new
    release changes with every release. Silence is no alarm, since an idle group sends nothing; that
    silence is no success either is for the judge to see.
    """

    names: Sequence[pulumi.Output[str]]
    arns: Sequence[pulumi.Output[str]]

    def __init__(
        self, name: str, args: RollbackAlarmsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("slipway:alarms:RollbackAlarms", name, None, opts)
        self._name, self._args = name, args
        self._child = pulumi.ResourceOptions(parent=self)
        places = range(len(args.target_group_dimensions))
        alerts = {alert.role: alert for alert in rollback_alerts(args.error_share, args.p95_seconds)}

        def worst(of_one: str) -> Query:
            each = ", ".join(of_one.format(place) for place in places)
            return Query(id="worst", expression=f"MAX([{each}])", label="worst group", return_data=True)

        def measured(letter: str, metric_name: str, stat: str) -> list[Query]:
            return [self._measure(f"{letter}{place}", metric_name, stat, place) for place in places]

        alarms = [
            self._make_alarm(
                alerts["error-share"],
                args.error_share,
                [
                    worst(f"IF(FILL(r{{0}}, 0) > {_FEWEST_REQUESTS}, FILL(e{{0}}, 0) / FILL(r{{0}}, 0), 0)"),
                    *measured("r", "RequestCount", "Sum"),
                    *measured("e", "HTTPCode_Target_5XX_Count", "Sum"),
                ],
            ),
            self._make_alarm(
                alerts["p95-latency"],
                args.p95_seconds,
                [worst("FILL(t{0}, 0)"), *measured("t", "TargetResponseTime", "p95")],
            ),
            self._make_alarm(
                alerts["unhealthy-tasks"],
                0,
                [worst("FILL(u{0}, 0)"), *measured("u", "UnHealthyHostCount", "Maximum")],
            ),
        ]
        self.names = [alarm.name for alarm in alarms]
        self.arns = [alarm.arn for alarm in alarms]
        self.register_outputs({"names": self.names, "arns": self.arns})

    def _make_alarm(
        self, alert: Alert, threshold: float, queries: Sequence[Query]
    ) -> aws.cloudwatch.MetricAlarm:
        return aws.cloudwatch.MetricAlarm(
            f"{self._name}-{alert.role}",
            name=self._args.label.name(alert.role, limit=255),
            alarm_description=alert.description,
            metric_queries=queries,
            comparison_operator="GreaterThanThreshold",
            threshold=threshold,
            evaluation_periods=self._args.evaluation_minutes,
            datapoints_to_alarm=self._args.evaluation_minutes - 1,
            treat_missing_data="notBreaching",
            alarm_actions=self._args.alarm_actions,
            tags=self._args.label.tags(alert.role),
            opts=self._child,
        )

    def _measure(self, query_id: str, metric_name: str, stat: str, place: int) -> Query:
        return Query(
            id=query_id,
            return_data=False,
            metric=aws.cloudwatch.MetricAlarmMetricQueryMetricArgs(
                namespace=_NAMESPACE,
                metric_name=metric_name,
                stat=stat,
                period=_PERIOD_SECONDS,
                dimensions={
                    "LoadBalancer": self._args.load_balancer_dimension,
                    "TargetGroup": self._args.target_group_dimensions[place],
                },
            ),
        )


def rollback_alerts(error_share: float, p95_seconds: float) -> list[Alert]:
    """What each of the alarms tells."""
    meanings = {
        "error-share": f"more than {error_share:.0%} of a group's answers are errors of the service",
        "p95-latency": f"one in twenty answers of a group takes longer than {p95_seconds:g} seconds",
        "unhealthy-tasks": "a task of a group fails its health check",
    }
    return [
        Alert(
            role=role,
            meaning=f"Rolls a release back: {meaning}",
            severity=Severity.TICKET,
            owner=Owner.TRIAGE,
        )
        for role, meaning in meanings.items()
    ]
