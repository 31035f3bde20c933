"""The alarms that take a release back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.alarms.alarm import Alert, Owner, Severity
from infra.components.release_alarm import Query, ReleaseWatch, measured
from infra.naming import Label

_NAMESPACE = "AWS/ApplicationELB"
# Below this many requests a minute a share of errors says nothing.
_FEWEST_REQUESTS = 20


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
        watch = ReleaseWatch(
            name=name,
            label=args.label,
            evaluation_minutes=args.evaluation_minutes,
            alarm_actions=args.alarm_actions,
            opts=pulumi.ResourceOptions(parent=self),
        )
        places = range(len(args.target_group_dimensions))
        alerts = {alert.role: alert for alert in rollback_alerts(args.error_share, args.p95_seconds)}

        def worst(of_one: str) -> Query:
            each = ", ".join(of_one.format(place) for place in places)
            return Query(id="worst", expression=f"MAX([{each}])", label="worst group", return_data=True)

        def of_each(letter: str, metric_name: str, stat: str) -> list[Query]:
            return [
                measured(
                    f"{letter}{place}",
                    _NAMESPACE,
                    metric_name,
                    stat,
                    {
                        "LoadBalancer": args.load_balancer_dimension,
                        "TargetGroup": args.target_group_dimensions[place],
                    },
                )
                for place in places
            ]

        def alarm(role: str, threshold: float, queries: Sequence[Query]) -> aws.cloudwatch.MetricAlarm:
            return watch.alarm(alerts[role], threshold, queries, datapoints=args.evaluation_minutes - 1)

        alarms = [
            alarm(
                "error-share",
                args.error_share,
                [
                    worst(f"IF(FILL(r{{0}}, 0) > {_FEWEST_REQUESTS}, FILL(e{{0}}, 0) / FILL(r{{0}}, 0), 0)"),
                    *of_each("r", "RequestCount", "Sum"),
                    *of_each("e", "HTTPCode_Target_5XX_Count", "Sum"),
                ],
            ),
            alarm(
                "p95-latency",
                args.p95_seconds,
                [worst("FILL(t{0}, 0)"), *of_each("t", "TargetResponseTime", "p95")],
            ),
            alarm(
                "unhealthy-tasks",
                0,
                [worst("FILL(u{0}, 0)"), *of_each("u", "UnHealthyHostCount", "Maximum")],
            ),
        ]
        self.names = [alarm.name for alarm in alarms]
        self.arns = [alarm.arn for alarm in alarms]
        self.register_outputs({"names": self.names, "arns": self.arns})


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
