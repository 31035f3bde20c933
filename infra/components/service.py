"""The ECS service: its cluster, its task, and how a new revision of it is let in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra import ports
from infra.components.entrance import Entrance
from infra.components.judge import Judge
from infra.components.log_group import LogGroup, LogGroupArgs, LogPolicy
from infra.naming import Label
from infra.task import Container, container_definitions

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
class ServiceRoles:
    """Who acts for a service: whoever starts its tasks, the tasks themselves, and whoever shifts traffic."""

    execution_arn: pulumi.Input[str]
    task_arn: pulumi.Input[str]
    infrastructure_arn: pulumi.Input[str]


@dataclass(frozen=True, kw_only=True)
class ServiceArgs:
    label: Label
    region: str
    subnet_ids: Sequence[pulumi.Input[str]]
    security_group_id: pulumi.Input[str]
    container: Container
    log_policy: LogPolicy
    entrance: Entrance
    judge: Judge
    logs: LogGroup  # of the task; the execution role may write to it
    roles: ServiceRoles
    rollback_alarm_names: Sequence[pulumi.Input[str]]
    cpu_architecture: str  # as ECS says it: "ARM64" or "X86_64"
    cpu_units: int
    memory_mib: int
    task_count: int
    canary: Canary
    # ECS cannot go back to a revision that was deregistered. False only where nothing is gone back to.
    keeps_old_revisions: bool = True
    # False makes the program end before the release does, and so not learn of a rollback.
    wait_for_steady_state: bool = True


class Service(pulumi.ComponentResource):
    """A Fargate service whose every change is a canary that the judge and the alarms can stop.

    The number of tasks belongs to autoscaling once the service runs; `task_count` is what it starts with.
    """

    cluster_name: pulumi.Output[str]
    service_name: pulumi.Output[str]
    task_definition_arn: pulumi.Output[str]

    def __init__(self, name: str, args: ServiceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("slipway:service:Service", name, None, opts)
        self._name, self._args = name, args
        self._child = pulumi.ResourceOptions(parent=self)

        # ECS makes this group itself when it is not there, with no key and for ever.
        insights = LogGroup(
            f"{name}-insights",
            LogGroupArgs(
                label=args.label,
                log_group_name=f"/aws/ecs/containerinsights/{args.label.name()}/performance",
                policy=args.log_policy,
            ),
            self._child,
        )
        cluster = aws.ecs.Cluster(
            f"{name}-cluster",
            name=args.label.name(),
            settings=[aws.ecs.ClusterSettingArgs(name="containerInsights", value="enhanced")],
            tags=args.label.tags("cluster"),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[insights]),
        )
        task = aws.ecs.TaskDefinition(
            f"{name}-task",
            family=args.label.name("triage"),
            requires_compatibilities=["FARGATE"],
            network_mode="awsvpc",
            cpu=str(args.cpu_units),
            memory=str(args.memory_mib),
            runtime_platform=aws.ecs.TaskDefinitionRuntimePlatformArgs(
                operating_system_family="LINUX", cpu_architecture=args.cpu_architecture
            ),
            execution_role_arn=args.roles.execution_arn,
            task_role_arn=args.roles.task_arn,
            container_definitions=container_definitions(args.container, args.logs.name, args.region),
            skip_destroy=args.keeps_old_revisions,
            tags=args.label.tags("triage"),
            opts=self._child,
        )
        service = self._make_service(cluster, task)

        self.cluster_name = cluster.name
        self.service_name = service.name
        self.task_definition_arn = task.arn
        self.register_outputs(
            {
                "cluster_name": self.cluster_name,
                "service_name": self.service_name,
                "task_definition_arn": self.task_definition_arn,
            }
        )

    def _make_service(self, cluster: aws.ecs.Cluster, task: aws.ecs.TaskDefinition) -> aws.ecs.Service:
        args = self._args
        timeout = f"{args.canary.timeout_minutes}m"
        return aws.ecs.Service(
            f"{self._name}-service",
            name=args.label.name("triage"),
            cluster=cluster.arn,
            task_definition=task.arn,
            desired_count=args.task_count,
            launch_type="FARGATE",
            platform_version="LATEST",
            network_configuration=aws.ecs.ServiceNetworkConfigurationArgs(
                subnets=args.subnet_ids, security_groups=[args.security_group_id], assign_public_ip=False
            ),
            load_balancers=[
                aws.ecs.ServiceLoadBalancerArgs(
                    container_name=args.container.name,
                    container_port=ports.SERVICE,
                    target_group_arn=args.entrance.target_group_arns["blue"],
                    advanced_configuration=aws.ecs.ServiceLoadBalancerAdvancedConfigurationArgs(
                        alternate_target_group_arn=args.entrance.target_group_arns["green"],
                        production_listener_rule=args.entrance.production_rule_arn,
                        test_listener_rule=args.entrance.test_rule_arn,
                        role_arn=args.roles.infrastructure_arn,
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
            tags=args.label.tags("triage"),
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
