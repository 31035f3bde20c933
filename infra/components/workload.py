"""What a kind of task needs whoever starts it: its definition, its roles, its log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra import iam
from infra.account import Account
from infra.components.log_group import LogGroup, LogGroupArgs, LogPolicy
from infra.components.role import Role, RoleArgs
from infra.naming import Label
from infra.task import Container, container_definitions

_EXECUTION, _TASK = "execution", "task"


@dataclass(frozen=True, kw_only=True)
class WorkloadArgs:
    label: Label
    account: Account
    boundary_arn: pulumi.Input[str]
    log_policy: LogPolicy
    container: Container
    # What starting the task takes: its image, and the secrets of this workload and of no other.
    start_access: Sequence[iam.Allow]
    # What the task itself may do.
    grants: Sequence[iam.Statement] = ()
    cpu_architecture: str  # as ECS says it: "ARM64" or "X86_64"
    cpu_units: int
    memory_mib: int
    # ECS cannot go back to a revision that was deregistered. False only where nothing is gone back to.
    keeps_old_revisions: bool = True


class Workload(pulumi.ComponentResource):
    """A Fargate task definition with an execution role, a task role and a log group of its own.

    Each change is a new revision. The role that starts a task can read its secrets and the task cannot;
    the task can do what it was granted and whoever starts it cannot.
    """

    task_definition_arn: pulumi.Output[str]
    family: str
    container_name: str
    log_group_name: pulumi.Output[str]

    def __init__(self, name: str, args: WorkloadArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("slipway:workload:Workload", name, None, opts)
        self._name, self._args = name, args
        self._child = pulumi.ResourceOptions(parent=self)

        logs = LogGroup(
            f"{name}-logs",
            LogGroupArgs(label=args.label, log_group_name=args.label.path(), policy=args.log_policy),
            self._child,
        )
        definition = aws.ecs.TaskDefinition(
            f"{name}-definition",
            family=args.label.name(args.container.name),
            requires_compatibilities=["FARGATE"],
            network_mode="awsvpc",
            cpu=str(args.cpu_units),
            memory=str(args.memory_mib),
            runtime_platform=aws.ecs.TaskDefinitionRuntimePlatformArgs(
                operating_system_family="LINUX", cpu_architecture=args.cpu_architecture
            ),
            execution_role_arn=self._make_role(_EXECUTION, [*args.start_access, *logs.write_access()]),
            task_role_arn=self._make_role(_TASK, args.grants),
            container_definitions=container_definitions(args.container, logs.name, args.account.region),
            skip_destroy=args.keeps_old_revisions,
            tags=args.label.tags(args.container.name),
            opts=self._child,
        )

        self.task_definition_arn = definition.arn
        self.family = args.label.name(args.container.name)
        self.container_name = args.container.name
        self.log_group_name = logs.name
        self.register_outputs(
            {
                "task_definition_arn": self.task_definition_arn,
                "family": self.family,
                "log_group_name": self.log_group_name,
            }
        )

    def _make_role(self, role: str, grants: Sequence[iam.Statement]) -> pulumi.Output[str]:
        return Role(
            f"{self._name}-{role}",
            RoleArgs(
                label=self._args.label,
                role=role,
                trust=iam.trust("ecs-tasks.amazonaws.com", source_account_id=self._args.account.account_id),
                boundary_arn=self._args.boundary_arn,
                grants=grants,
            ),
            self._child,
        ).arn


def execution_role_name(label: Label) -> str:
    """The name of the role that starts a workload's tasks, for a policy that is made before the role is."""
    return label.name(_EXECUTION)


def task_role_name(label: Label) -> str:
    """The name of the role of a workload's tasks, for a policy that is made before the role is."""
    return label.name(_TASK)
