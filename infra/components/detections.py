"""Alarms on what should not happen, read out of the trail and out of the flow logs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.alarms.alarm import Severity
from infra.alarms.detections import Detection, Source
from infra.naming import Label

_PERIOD_SECONDS = 300


@dataclass(frozen=True, kw_only=True)
class DetectionsArgs:
    label: Label
    detections: Sequence[Detection]
    log_group_names: Mapping[Source, pulumi.Input[str]]
    topic_arns: Mapping[Severity, pulumi.Input[str]]


class Detections(pulumi.ComponentResource):
    """For each detection a filter that counts in its log, and an alarm on the count.

    There is no message when an alarm is over: that a thief has gone is no good news.
    """

    arns: Sequence[pulumi.Output[str]]

    def __init__(self, name: str, args: DetectionsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("slipway:detections:Detections", name, None, opts)
        self._name, self._args = name, args
        self._child = pulumi.ResourceOptions(parent=self)
        self.arns = [
            self._make_alarm(detection, self._make_filter(detection)) for detection in args.detections
        ]
        self.register_outputs({"arns": self.arns})

    def _make_filter(self, detection: Detection) -> aws.cloudwatch.LogMetricFilter:
        label = self._args.label
        return aws.cloudwatch.LogMetricFilter(
            f"{self._name}-{detection.role}-filter",
            name=label.name(detection.role, limit=255),
            log_group_name=self._args.log_group_names[detection.source],
            pattern=detection.pattern,
            metric_transformation=aws.cloudwatch.LogMetricFilterMetricTransformationArgs(
                name=detection.role, namespace=label.name(), value=detection.value, default_value="0"
            ),
            opts=self._child,
        )

    def _make_alarm(
        self, detection: Detection, metric_filter: aws.cloudwatch.LogMetricFilter
    ) -> pulumi.Output[str]:
        transformation = metric_filter.metric_transformation
        return aws.cloudwatch.MetricAlarm(
            f"{self._name}-{detection.role}",
            name=self._args.label.name(detection.role, limit=255),
            alarm_description=detection.description,
            namespace=transformation.namespace,
            metric_name=transformation.name,
            statistic="Sum",
            period=_PERIOD_SECONDS,
            evaluation_periods=1,
            comparison_operator="GreaterThanThreshold",
            threshold=detection.threshold,
            # A log without a line has no count.
            treat_missing_data="notBreaching",
            alarm_actions=[self._args.topic_arns[detection.severity]],
            tags=self._args.label.tags(detection.role),
            opts=self._child,
        ).arn
