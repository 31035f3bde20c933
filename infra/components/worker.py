"""The ECS service that works through the queue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.components.workload import Workload, WorkloadArgs
from infra.naming import Label


@dataclass(frozen=True, kw_only=True)
class WorkerArgs:
    label: Label
    cluster_arn: pulumi.Input[str]
    subnet_ids: Sequence[pulumi.Input[str]]
    security_group_id: pulumi.Input[str]
    workload: WorkloadArgs
    task_count: int
    # Any of these takes a release back. None: only tasks that do not start do.
    rollback_alarm_names: Sequence[pulumi.Input[str]] = ()
    # False makes the program end before the release does, and so not learn of a rollback.
    wait_for_steady_state: bool = True


class Worker(pulumi.ComponentResource):
    """A Fargate service that nothing calls: it takes messages from a queue.

    There is no traffic to shift, so that a release is rolling: new tasks start beside the old ones, which
    are then told to stop and end the message that they are at. The number of tasks belongs to autoscaling
    once the service runs; `task_count` is what it starts with.
    """

    service_name: pulumi.Output[str]
    task_definition_arn: pulumi.Output[str]
    log_group_name: pulumi.Output[str]

    def __init__(self, name: str, args: WorkerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("slipway:worker:Worker", name, None, opts)
        workload = Workload(f"{name}-task", args.workload, pulumi.ResourceOptions(parent=self))
        alarms = (
            aws.ecs.ServiceAlarmsArgs(alarm_names=args.rollback_alarm_names, enable=True, rollback=True)
            if args.rollback_alarm_names
            else None
        )
        service = aws.ecs.Service(
            f"{name}-service",
            name=workload.family,
            cluster=args.cluster_arn,
            task_definition=workload.task_definition_arn,
            desired_count=args.task_count,
            launch_type="FARGATE",
            platform_version="LATEST",
            network_configuration=aws.ecs.ServiceNetworkConfigurationArgs(
                subnets=args.subnet_ids, security_groups=[args.security_group_id], assign_public_ip=False
            ),
            deployment_controller=aws.ecs.ServiceDeploymentControllerArgs(type="ECS"),
            deployment_maximum_percent=200,
            deployment_minimum_healthy_percent=100,
            deployment_circuit_breaker=aws.ecs.ServiceDeploymentCircuitBreakerArgs(
                enable=True, rollback=True
            ),
            alarms=alarms,
            enable_execute_command=False,
            enable_ecs_managed_tags=True,
            propagate_tags="SERVICE",
            wait_for_steady_state=args.wait_for_steady_state,
            tags=args.label.tags(workload.container_name),
            opts=pulumi.ResourceOptions(parent=self, ignore_changes=["desiredCount"]),
        )

        self.service_name = service.name
        self.task_definition_arn = workload.task_definition_arn
        self.log_group_name = workload.log_group_name
        self.register_outputs(
            {
                "service_name": self.service_name,
                "task_definition_arn": self.task_definition_arn,
                "log_group_name": self.log_group_name,
            }
        )
