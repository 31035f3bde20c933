"""How many tasks work through the queue."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi_aws.appautoscaling import (
    PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetricArgsDict as Metric,
)

from infra.naming import Label


@dataclass(frozen=True, kw_only=True)
class QueueScalingArgs:
    label: Label
    cluster_name: pulumi.Input[str]
    service_name: pulumi.Input[str]
    queue_name: pulumi.Input[str]
    min_tasks: int
    max_tasks: int
    # How long a message may wait.
    message_age_seconds: int
    # How long a task works on a message, one after the other; the estimate of a wait is as good as this.
    seconds_per_message: float = 5.0


class QueueScaling(pulumi.ComponentResource):
    """Keeps the time that a message waits near a target, by adding and removing tasks.

    A message waits for what lies before it: messages, times seconds of work, by tasks. The age of the oldest
    message alone would tell it only afterwards, and does not halve when the tasks double; it is looked at
    beside the estimate, for the day when messages take longer than was said.

    Target tracking alone is enough: SQS measures each minute and the policy acts within a few of them,
    while a ticket may wait for longer. A step policy beside it would only fight with it.

    Scaling in needs no protection of tasks: a task that is told to stop ends the message that it is at
    within its stop timeout, and a message that is not ended comes back when its visibility timeout is over.
    """

    def __init__(self, name: str, args: QueueScalingArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("slipway:queue_scaling:QueueScaling", name, None, opts)
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
            name=args.label.name("wait"),
            policy_type="TargetTrackingScaling",
            service_namespace=target.service_namespace,
            resource_id=target.resource_id,
            scalable_dimension=target.scalable_dimension,
            target_tracking_scaling_policy_configuration={
                "target_value": args.message_age_seconds,
                "scale_out_cooldown": 60,
                "scale_in_cooldown": 300,
                "customized_metric_specification": {"metrics": _wait_seconds(args)},
            },
            opts=child,
        )
        self.register_outputs({})


def _wait_seconds(args: QueueScalingArgs) -> list[Metric]:
    """The longer of how long the oldest message has waited and how long the newest one will."""
    # A queue that nobody used for six hours sends no metrics, and where no task runs one will.
    tasks = "IF(FILL(tasks, 0) > 0, FILL(tasks, 1), 1)"
    estimate = f"FILL(waiting, 0) * {args.seconds_per_message:g} / {tasks}"
    of_queue = {"QueueName": args.queue_name}
    of_service = {"ClusterName": args.cluster_name, "ServiceName": args.service_name}
    return [
        Metric(
            id="wait",
            expression=f"MAX([FILL(age, 0), {estimate}])",
            label="seconds that a message waits",
            return_data=True,
        ),
        _measured("age", "AWS/SQS", "ApproximateAgeOfOldestMessage", "Maximum", of_queue),
        _measured("waiting", "AWS/SQS", "ApproximateNumberOfMessagesVisible", "Sum", of_queue),
        _measured("tasks", "ECS/ContainerInsights", "RunningTaskCount", "Average", of_service),
    ]


def _measured(
    query_id: str, namespace: str, metric_name: str, stat: str, dimensions: dict[str, pulumi.Input[str]]
) -> Metric:
    return Metric(
        id=query_id,
        return_data=False,
        metric_stat={
            "stat": stat,
            "metric": {
                "namespace": namespace,
                "metric_name": metric_name,
                "dimensions": [{"name": name, "value": value} for name, value in dimensions.items()],
            },
        },
    )
