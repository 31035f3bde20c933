"""How many tasks there are."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.load_targets import LoadTarget
from infra.naming import Label


@dataclass(frozen=True, kw_only=True)
class ScalingArgs:
    label: Label
    cluster_name: pulumi.Input[str]
    service_name: pulumi.Input[str]
    min_tasks: int
    max_tasks: int
    target: LoadTarget


class Scaling(pulumi.ComponentResource):
    """Keeps the load of a service's tasks near a target, by adding and removing tasks."""

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
            name=args.label.name(args.target.name),
            policy_type="TargetTrackingScaling",
            service_namespace=target.service_namespace,
            resource_id=target.resource_id,
            scalable_dimension=target.scalable_dimension,
            target_tracking_scaling_policy_configuration={
                "target_value": args.target.value,
                "scale_out_cooldown": 60,
                "scale_in_cooldown": 300,
                "customized_metric_specification": {"metrics": args.target.metrics},
            },
            opts=child,
        )
        self.register_outputs({})
