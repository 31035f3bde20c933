"""The ECS service that answers requests, and how a new revision of it is let in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra import ports
from infra.components.entrance import Entrance
from infra.components.judge import Judge
from infra.components.workload import Workload, WorkloadArgs
from infra.naming import Label

# When ECS asks the judge: before it spends on a second set of tasks, when the test listener has the
# new one, before each step of the public's traffic, and after it.
HOOK_STAGES = (
    "PRE_SCALE_UP",
    "POST_TEST_TRAFFIC_SHIFT",
    "PRE_PRODUCTION_TRAFFIC_SHIFT",
    "PRODUCTION_TRAFFIC_SHIFT",
)


@dataclass(frozen=True, kw_only=True)
class Canary:
    """How a release is let in. ECS fills what is left out with its own defaults, so all of it is said."""

    percent: float
    canary_bake_minutes: int
    bake_minutes: int

    @property
    def timeout_minutes(self) -> int:
        """How long a release may take: tasks start, the judge may double the first bake, old tasks end."""
        return 30 + 2 * self.canary_bake_minutes + self.bake_minutes


@dataclass(frozen=True, kw_only=True)
class ServiceArgs:
    label: Label
    cluster_arn: pulumi.Input[str]
    subnet_ids: Sequence[pulumi.Input[str]]
    security_group_id: pulumi.Input[str]
    workload: WorkloadArgs
    task_count: int
    entrance: Entrance
    judge: Judge
    infrastructure_role_arn: pulumi.Input[str]  # whoever shifts traffic
    rollback_alarm_names: Sequence[pulumi.Input[str]]
    canary: Canary
    # False makes the program end before the release does, and so not learn of a rollback.
    wait_for_steady_state: bool = True


class Service(pulumi.ComponentResource):
    """A Fargate service whose every change is a canary that the judge and the alarms can stop.

    The number of tasks belongs to autoscaling once the service runs; `task_count` is what it starts with.
    """

    service_name: pulumi.Output[str]
    task_definition_arn: pulumi.Output[str]
    log_group_name: pulumi.Output[str]

    def __init__(self, name: str, args: ServiceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("slipway:service:Service", name, None, opts)
        self._name, self._args = name, args
        workload = Workload(f"{name}-task", args.workload, pulumi.ResourceOptions(parent=self))
        service = self._make_service(workload)

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

    def _make_service(self, workload: Workload) -> aws.ecs.Service:
        args = self._args
        timeout = f"{args.canary.timeout_minutes}m"
        return aws.ecs.Service(
            f"{self._name}-service",
            name=workload.family,
            cluster=args.cluster_arn,
            task_definition=workload.task_definition_arn,
            desired_count=args.task_count,
            launch_type="FARGATE",
            platform_version="LATEST",
            network_configuration=aws.ecs.ServiceNetworkConfigurationArgs(
                subnets=args.subnet_ids, security_groups=[args.security_group_id], assign_public_ip=False
            ),
            load_balancers=[
                aws.ecs.ServiceLoadBalancerArgs(
                    container_name=workload.container_name,
                    container_port=ports.SERVICE,
                    target_group_arn=args.entrance.target_group_arns["blue"],
                    advanced_configuration=aws.ecs.ServiceLoadBalancerAdvancedConfigurationArgs(
                        alternate_target_group_arn=args.entrance.target_group_arns["green"],
                        production_listener_rule=args.entrance.production_rule_arn,
                        test_listener_rule=args.entrance.test_rule_arn,
                        role_arn=args.infrastructure_role_arn,
                    ),
                )
            ],
            deployment_controller=aws.ecs.ServiceDeploymentControllerArgs(type="ECS"),
            deployment_configuration=self._canary(),
            deployment_maximum_percent=200,
            deployment_minimum_healthy_percent=100,
            deployment_circuit_breaker=aws.ecs.ServiceDeploymentCircuitBreakerArgs(
                enable=True, rollback=True
            ),
            alarms=aws.ecs.ServiceAlarmsArgs(
                alarm_names=args.rollback_alarm_names, enable=True, rollback=True
            ),
            health_check_grace_period_seconds=60,
            enable_execute_command=False,
            enable_ecs_managed_tags=True,
            propagate_tags="SERVICE",
            wait_for_steady_state=args.wait_for_steady_state,
            tags=args.label.tags(workload.container_name),
            opts=pulumi.ResourceOptions(
                parent=self,
                ignore_changes=["desiredCount"],
                # The provider's own 20 minutes are shorter than a release.
                custom_timeouts=pulumi.CustomTimeouts(create=timeout, update=timeout, delete="30m"),
            ),
        )

    def _canary(self) -> aws.ecs.ServiceDeploymentConfigurationArgs:
        canary, judge = self._args.canary, self._args.judge
        return aws.ecs.ServiceDeploymentConfigurationArgs(
            strategy="CANARY",
            bake_time_in_minutes=str(canary.bake_minutes),
            canary_configuration=aws.ecs.ServiceDeploymentConfigurationCanaryConfigurationArgs(
                canary_percent=canary.percent, canary_bake_time_in_minutes=str(canary.canary_bake_minutes)
            ),
            lifecycle_hooks=[
                aws.ecs.ServiceDeploymentConfigurationLifecycleHookArgs(
                    target_type="AWS_LAMBDA",
                    hook_target_arn=judge.function_arn,
                    role_arn=judge.hook_role_arn,
                    lifecycle_stages=list(HOOK_STAGES),
                )
            ],
        )
