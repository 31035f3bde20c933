"""How many tasks there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi_aws.appautoscaling import (
    PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetricArgsDict as Metric,
)

from infra.naming import Label


@dataclass(frozen=True, kw_only=True)
class ScalingArgs:
    label: Label
    cluster_name: pulumi.Input[str]
    service_name: pulumi.Input[str]
    target_group_dimensions: Sequence[pulumi.Input[str]]
    min_tasks: int
    max_tasks: int
    requests_per_task_per_minute: int


class Scaling(pulumi.ComponentResource):
    """Keeps the requests that a task gets near a target, by adding and removing tasks.

    The load is the sum over both target groups. The average CPU would halve while a release runs a
    second set of tasks that get no requests, and scale in just then.
    """

    def __init__(self, name: str, args: ScalingArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("slipway:scaling:Scaling", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)

        target = aws.appautoscaling.Target(
            f"{name}-target",
            service_namespace="ecs",
            resource_id=pulumi.Output.concat("service/", args.cluster_name, "/", args.service_name),
            scalable_dimension="ecs:service:DesiredCount",
            min_capacity=args.min_tasks,
            max_capacity=args.max_tasks,
            tags=args.label.tags("target"),
            opts=child,
        )
        aws.appautoscaling.Policy(
            f"{name}-policy",
            name=args.label.name("requests"),
            policy_type="TargetTrackingScaling",
            service_namespace=target.service_namespace,
            resource_id=target.resource_id,
            scalable_dimension=target.scalable_dimension,
            target_tracking_scaling_policy_configuration={
                "target_value": args.requests_per_task_per_minute,
                "scale_out_cooldown": 60,
                "scale_in_cooldown": 300,
                "customized_metric_specification": {
                    "metrics": _requests_per_task(args.target_group_dimensions)
                },
            },
            opts=child,
        )
        self.register_outputs({})


def _requests_per_task(
    target_group_dimensions: Sequence[pulumi.Input[str]],
) -> list[Metric]:
    each = [
        Metric(
            id=f"r{place}",
            return_data=False,
            metric_stat={
                "stat": "Sum",
                "metric": {
                    "namespace": "AWS/ApplicationELB",
                    "metric_name": "RequestCountPerTarget",
                    "dimensions": [{"name": "TargetGroup", "value": dimension}],
                },
            },
        )
        for place, dimension in enumerate(target_group_dimensions)
    ]
    total = " + ".join(f"FILL(r{place}, 0)" for place in range(len(each)))
    return [Metric(id="total", expression=total, label="requests per task", return_data=True), *each]
