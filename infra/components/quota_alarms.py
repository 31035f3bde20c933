"""Alarms on quotas of the account, before one is reached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.alarms.alarm import Alert, Owner, Severity
from infra.naming import Label

_PERCENT = 80
# Ten minutes: long enough to leave out a burst.
_MINUTES = 10


@dataclass(frozen=True, kw_only=True)
class Quota(Alert):
    """A metric of use for which CloudWatch knows the quota (user guide, "AWS usage metrics")."""

    namespace: str = "AWS/Usage"
    metric: str
    dimensions: Mapping[str, str]
    stat: str
    severity: Severity = Severity.TICKET
    owner: Owner = Owner.PLATFORM


def _calls(service: str, resource: str) -> dict[str, str]:
    return {"Service": service, "Type": "API", "Resource": resource, "Class": "None"}


# What this stack can use up. Quotas of Bedrock have no such metric: its throttles have an alarm instead.
QUOTAS: tuple[Quota, ...] = (
    Quota(
        role="quota-fargate",
        meaning="Over 80 % of Fargate's vCPUs are in use; a release needs as many again as the service has",
        metric="ResourceCount",
        dimensions={
            "Service": "Fargate",
            "Type": "Resource",
            "Resource": "vCPU",
            "Class": "Standard/OnDemand",
        },
        stat="Maximum",
    ),
    Quota(
        role="quota-function-concurrency",
        meaning="Over 80 % of Lambda's concurrency is in use; the judge of releases could be refused",
        namespace="AWS/Lambda",
        metric="ConcurrentExecutions",
        dimensions={},
        stat="Maximum",
    ),
    Quota(
        role="quota-key-use",
        meaning="Over 80 % of the allowed calls to KMS are made; above, queues, logs and secrets fail",
        metric="CallCount",
        dimensions=_calls("KMS", "CryptographicOperationsSymmetric"),
        stat="Sum",
    ),
    Quota(
        role="quota-alarm-reads",
        meaning="Over 80 % of the allowed reads of alarms are made; ECS could miss one that stops a release",
        metric="CallCount",
        dimensions=_calls("CloudWatch", "DescribeAlarms"),
        stat="Sum",
    ),
)


@dataclass(frozen=True, kw_only=True)
class QuotaAlarmsArgs:
    label: Label
    topic_arns: Mapping[Severity, pulumi.Input[str]]


class QuotaAlarms(pulumi.ComponentResource):
    """An alarm for each quota that the stack can use up, at 80 percent of what is applied to the account."""

    arns: Sequence[pulumi.Output[str]]

    def __init__(self, name: str, args: QuotaAlarmsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("slipway:quota_alarms:QuotaAlarms", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.arns = [
            aws.cloudwatch.MetricAlarm(
                f"{name}-{quota.role}",
                name=args.label.name(quota.role, limit=255),
                alarm_description=quota.description,
                metric_queries=_queries(quota),
                evaluation_periods=_MINUTES,
                datapoints_to_alarm=_MINUTES,
                comparison_operator="GreaterThanThreshold",
                threshold=_PERCENT,
                # What is not used is not measured.
                treat_missing_data="notBreaching",
                alarm_actions=[args.topic_arns[quota.severity]],
                ok_actions=[args.topic_arns[quota.severity]],
                tags=args.label.tags(quota.role),
                opts=child,
            ).arn
            for quota in QUOTAS
        ]
        self.register_outputs({"arns": self.arns})


def _queries(quota: Quota) -> list[aws.cloudwatch.MetricAlarmMetricQueryArgs]:
    return [
        aws.cloudwatch.MetricAlarmMetricQueryArgs(
            id="used",
            expression="m0 / SERVICE_QUOTA(m0) * 100",
            label="percent of the quota",
            return_data=True,
        ),
        aws.cloudwatch.MetricAlarmMetricQueryArgs(
            id="m0",
            return_data=False,
            metric=aws.cloudwatch.MetricAlarmMetricQueryMetricArgs(
                namespace=quota.namespace,
                metric_name=quota.metric,
                dimensions=quota.dimensions,
                stat=quota.stat,
                period=60,
            ),
        ),
    ]
