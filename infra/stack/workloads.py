"""The three workloads of a stack: the service, the worker and the migration, and how each is wired."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from infra import iam, ports
from infra.components.alarms import RollbackAlarms
from infra.components.cluster import Cluster, ClusterArgs
from infra.components.endpoints import Endpoints
from infra.components.entrance import Entrance
from infra.components.judge import Judge
from infra.components.migration import Migration, MigrationArgs
from infra.components.network import Network
from infra.components.queue import Queue
from infra.components.registry import Registry
from infra.components.role import Role, RoleArgs
from infra.components.scaling import Scaling, ScalingArgs
from infra.components.secret_store import SecretStore
from infra.components.service import Canary, Service, ServiceArgs
from infra.components.task_group import TaskGroup, TaskGroupArgs
from infra.components.worker import Worker, WorkerArgs
from infra.components.worker_alarms import WorkerAlarms
from infra.components.workload import WorkloadArgs
from infra.load_targets import Backlog, message_wait, requests_per_task
from infra.stack.access import Access
from infra.stack.ground import Ground
from infra.task import Container
from infra.topology import Tier

_CONTAINER = "triage"
# Fargate waits no longer for a task that was told to stop.
_LONGEST_STOP_SECONDS = 120


@dataclass(frozen=True, kw_only=True)
class WorkloadsArgs:
    network: Network
    group_ids: Mapping[str, pulumi.Output[str]]  # of `build_task_groups`
    entrance: Entrance
    registry: Registry
    secrets: SecretStore
    judge: Judge
    rollback_alarms: RollbackAlarms
    worker_alarms: WorkerAlarms
    tickets: Queue
    service: Access
    worker: Access
    migration: Access


@dataclass(frozen=True, kw_only=True)
class Workloads:
    cluster: Cluster
    service: Service
    worker: Worker
    migration: Migration


def cluster_name(ground: Ground) -> str:
    """The name of the cluster, for what is made before it."""
    return ground.label.of("cluster").name()


def service_name(ground: Ground) -> str:
    """The name of the service that answers requests, for what is made before it."""
    return ground.label.of("service").name(_CONTAINER)


def build_task_groups(
    ground: Ground, network: Network, endpoints: Endpoints, entrance: Entrance
) -> dict[str, pulumi.Output[str]]:
    """The security group of each workload's tasks, by workload. Requests come to the service alone."""

    def make(workload: str, entrance_group_id: pulumi.Output[str] | None = None) -> pulumi.Output[str]:
        return TaskGroup(
            f"{workload}-tasks",
            TaskGroupArgs(
                label=ground.label.of(workload),
                vpc_id=network.vpc_id,
                endpoints_group_id=endpoints.security_group_id,
                gateway_prefix_list_ids=endpoints.prefix_list_ids,
                entrance_group_id=entrance_group_id,
            ),
        ).security_group_id

    return {
        "service": make("service", entrance.security_group_id),
        "worker": make("worker"),
        "migration": make("migration"),
    }


def build_workloads(ground: Ground, args: WorkloadsArgs) -> Workloads:
    """The cluster and what runs in it."""
    cluster = Cluster("cluster", ClusterArgs(label=ground.label.of("cluster"), log_policy=ground.log_policy))
    service = _build_service(ground, args, cluster)
    return Workloads(
        cluster=cluster,
        service=service,
        worker=_build_worker(ground, args, cluster),
        migration=_build_migration(ground, args),
    )


def _build_service(ground: Ground, args: WorkloadsArgs, cluster: Cluster) -> Service:
    config = ground.config.service
    container = Container(
        name=_CONTAINER,
        image=args.registry.image,
        port=ports.SERVICE,
        health_command=("python", "-m", "triage.healthcheck"),
        environment={**_environment(ground, args, args.service), "TRIAGE_PORT": str(ports.SERVICE)},
        secret_arns={
            variable: args.secrets.arn_by_entry[entry] for variable, entry in config.secrets.items()
        },
    )
    service = Service(
        "service",
        ServiceArgs(
            label=ground.label.of("service"),
            cluster_arn=cluster.arn,
            subnet_ids=args.network.subnets(Tier.APP),
            security_group_id=args.group_ids["service"],
            workload=WorkloadArgs(
                label=ground.label.of("service"),
                account=ground.account,
                boundary_arn=ground.boundary.arn,
                log_policy=ground.log_policy,
                container=container,
                start_access=[*args.registry.pull_access(), *args.secrets.read_access()],
                grants=args.service.grants,
                cpu_architecture=config.architecture,
                cpu_units=config.cpu_units,
                memory_mib=config.memory_mib,
                keeps_old_revisions=ground.config.deletion_protection,
            ),
            task_count=config.tasks.min,
            entrance=args.entrance,
            judge=args.judge,
            infrastructure_role_arn=_build_infrastructure_role(ground),
            rollback_alarm_names=args.rollback_alarms.names,
            canary=Canary(
                percent=config.canary.percent,
                canary_bake_minutes=config.canary.canary_bake_minutes,
                bake_minutes=config.canary.bake_minutes,
            ),
            wait_for_steady_state=config.wait_for_steady_state,
        ),
    )
    Scaling(
        "scaling",
        ScalingArgs(
            label=ground.label.of("scaling"),
            cluster_name=cluster.name,
            service_name=service.service_name,
            min_tasks=config.tasks.min,
            max_tasks=config.tasks.max,
            target=requests_per_task(
                list(args.entrance.target_group_dimensions.values()),
                per_minute=config.tasks.requests_per_minute_each,
            ),
        ),
    )
    return service


def _build_worker(ground: Ground, args: WorkloadsArgs, cluster: Cluster) -> Worker:
    config = ground.config.worker
    worker = Worker(
        "worker",
        WorkerArgs(
            label=ground.label.of("worker"),
            cluster_arn=cluster.arn,
            subnet_ids=args.network.subnets(Tier.APP),
            security_group_id=args.group_ids["worker"],
            workload=_command(ground, args, "worker", "worker", args.worker),
            task_count=config.tasks.min,
            rollback_alarm_names=args.worker_alarms.names,
            wait_for_steady_state=ground.config.service.wait_for_steady_state,
        ),
    )
    Scaling(
        "worker-scaling",
        ScalingArgs(
            label=ground.label.of("worker-scaling"),
            cluster_name=cluster.name,
            service_name=worker.service_name,
            min_tasks=config.tasks.min,
            max_tasks=config.tasks.max,
            target=message_wait(
                Backlog(
                    queue_name=args.tickets.name, cluster_name=cluster.name, service_name=worker.service_name
                ),
                seconds=config.message_age_seconds,
            ),
        ),
    )
    return worker


def _build_migration(ground: Ground, args: WorkloadsArgs) -> Migration:
    return Migration(
        "migration",
        MigrationArgs(workload=_command(ground, args, "migration", "migrate", args.migration)),
    )


def _command(
    ground: Ground, args: WorkloadsArgs, component: str, command: str, access: Access
) -> WorkloadArgs:
    """A task that nobody calls, the size of a worker's, and that needs no secret of the stack."""
    config = ground.config.worker
    return WorkloadArgs(
        label=ground.label.of(component),
        account=ground.account,
        boundary_arn=ground.boundary.arn,
        log_policy=ground.log_policy,
        container=Container(
            name=_CONTAINER,
            image=args.registry.image,
            command=(command,),
            environment=_environment(ground, args, access),
            stop_timeout_seconds=_LONGEST_STOP_SECONDS,
        ),
        start_access=args.registry.pull_access(),
        grants=access.grants,
        cpu_architecture=ground.config.service.architecture,
        cpu_units=config.cpu_units,
        memory_mib=config.memory_mib,
        keeps_old_revisions=ground.config.deletion_protection,
    )


def _environment(ground: Ground, args: WorkloadsArgs, access: Access) -> dict[str, pulumi.Input[str]]:
    return {
        "TRIAGE_ENVIRONMENT": ground.config.environment,
        "TRIAGE_LOG_LEVEL": ground.config.service.log_level,
        "TRIAGE_REVISION": args.registry.revision,
        **access.surroundings.variables(),
    }


def _build_infrastructure_role(ground: Ground) -> pulumi.Output[str]:
    """Whoever shifts traffic: ECS, with the policy that AWS documents for it."""
    policy = "AmazonECSInfrastructureRolePolicyForLoadBalancers"
    return Role(
        "service-infrastructure",
        RoleArgs(
            label=ground.label.of("service"),
            role="infrastructure",
            trust=iam.trust("ecs.amazonaws.com"),
            boundary_arn=ground.boundary.arn,
            managed_policy_arn=f"arn:{ground.account.partition}:iam::aws:policy/{policy}",
        ),
    ).arn
