"""By what tasks are added and removed: metrics of a service's load, and the value to keep them near."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_aws.appautoscaling import (
    PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetricArgsDict as Metric,
)


@dataclass(frozen=True, kw_only=True)
class LoadTarget:
    """`name` is the policy's, `value` is in the unit of the one metric that returns data."""

    name: str
    value: float
    metrics: Sequence[Metric]


def requests_per_task(target_group_dimensions: Sequence[pulumi.Input[str]], *, per_minute: int) -> LoadTarget:
    """Requests that a task gets in a minute: the sum over both target groups.

    The average CPU would halve while a release runs a second set of tasks that get no requests, and scale
    in just then.
    """
    each = [
        _measured(
            f"r{place}", "AWS/ApplicationELB", "RequestCountPerTarget", "Sum", {"TargetGroup": dimension}
        )
        for place, dimension in enumerate(target_group_dimensions)
    ]
    total = " + ".join(f"FILL(r{place}, 0)" for place in range(len(each)))
    return LoadTarget(
        name="requests",
        value=per_minute,
        metrics=[Metric(id="total", expression=total, label="requests per task", return_data=True), *each],
    )


@dataclass(frozen=True, kw_only=True)
class Backlog:
    """A queue and who works it off. `seconds_per_message`: how long a task is busy with one."""

    queue_name: pulumi.Input[str]
    cluster_name: pulumi.Input[str]
    service_name: pulumi.Input[str]
    seconds_per_message: float = 5.0


def message_wait(backlog: Backlog, *, seconds: int) -> LoadTarget:
    """The longer of how long the oldest message has waited and how long the newest one will.

    A message waits for what lies before it: messages, times seconds of work, by tasks. The age of the oldest
    message alone would tell it only afterwards, and does not halve when the tasks double; it is looked at
    beside the estimate, for the day when messages take longer than was said.

    Target tracking alone is enough: SQS measures each minute and the policy acts within a few of them,
    while a ticket may wait for longer. A step policy beside it would only fight with it.

    Scaling in needs no protection of tasks: a task that is told to stop ends the message that it is at
    within its stop timeout, and a message that is not ended comes back when its visibility timeout is over.
    """
    # A queue that nobody used for six hours sends no metrics, and where no task runs one will.
    tasks = "IF(FILL(tasks, 0) > 0, FILL(tasks, 1), 1)"
    estimate = f"FILL(waiting, 0) * {backlog.seconds_per_message:g} / {tasks}"
    of_queue = {"QueueName": backlog.queue_name}
    of_service = {"ClusterName": backlog.cluster_name, "ServiceName": backlog.service_name}
    return LoadTarget(
        name="wait",
        value=seconds,
        metrics=[
            Metric(
                id="wait",
                expression=f"MAX([FILL(age, 0), {estimate}])",
                label="seconds that a message waits",
                return_data=True,
            ),
            _measured("age", "AWS/SQS", "ApproximateAgeOfOldestMessage", "Maximum", of_queue),
            _measured("waiting", "AWS/SQS", "ApproximateNumberOfMessagesVisible", "Sum", of_queue),
            _measured("tasks", "ECS/ContainerInsights", "RunningTaskCount", "Average", of_service),
        ],
    )


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
