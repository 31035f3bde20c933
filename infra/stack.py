"""The stack: every component, in the order in which each needs the ones before it.

The only module that knows them all, and the only one that looks anything up.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws as aws

from infra import iam, ports
from infra.account import Account
from infra.components.alarms import RollbackAlarms, RollbackAlarmsArgs
from infra.components.cluster import Cluster, ClusterArgs
from infra.components.domain import Domain, DomainArgs
from infra.components.encryption import Encryption, EncryptionArgs
from infra.components.endpoints import Endpoints, EndpointsArgs
from infra.components.entrance import ACCESS_LOGS, CONNECTION_LOGS, Entrance, EntranceArgs
from infra.components.firewall import Firewall, FirewallArgs
from infra.components.identity import Boundary, BoundaryArgs
from infra.components.judge import Judge, JudgeArgs
from infra.components.log_group import LogPolicy
from infra.components.migration import Migration, MigrationArgs
from infra.components.network import Network, NetworkArgs
from infra.components.registry import Registry, RegistryArgs
from infra.components.role import Role, RoleArgs
from infra.components.scaling import Scaling, ScalingArgs
from infra.components.secret_store import SecretStore, SecretStoreArgs
from infra.components.service import Canary, Service, ServiceArgs
from infra.components.storage import Bucket, BucketArgs, ServiceWriter
from infra.components.task_group import TaskGroup, TaskGroupArgs
from infra.components.worker import Worker, WorkerArgs
from infra.components.workload import WorkloadArgs, execution_role_name
from infra.config import DETECTION_MINUTES, StackConfig
from infra.naming import Label
from infra.task import Container, Surroundings
from infra.topology import Tier, tier_cidr

_APP = Path(__file__).resolve().parents[1] / "app"
_HEALTH_PATH = "/health"
_CONTAINER = "triage"
# Fargate waits no longer for a task that was told to stop.
_LONGEST_STOP_SECONDS = 120


@dataclass(frozen=True, kw_only=True)
class _Ground:
    """What every part of the stack stands on."""

    config: StackConfig
    account: Account
    label: Label
    keys: Encryption
    boundary: Boundary
    log_policy: LogPolicy
    # Relative to where the program runs, so that the state is the same whichever folder the project lies in.
    app_folder: str


def build(config: StackConfig) -> dict[str, Any]:
    """Make the whole of an environment, and return what it promises (`outputs.StackOutputs`)."""
    ground = _lay_ground(config)
    network, endpoints = _build_network(ground)
    bucket = _build_access_log_bucket(ground)
    entrance, domain = _build_entrance(ground, network, bucket)
    registry = _build_registry(ground)
    secrets = _build_secrets(ground)
    judge = _build_judge(ground)
    alarms = _build_alarms(ground, entrance)
    groups = _build_task_groups(ground, network, endpoints, entrance)
    cluster = Cluster("cluster", ClusterArgs(label=ground.label.of("cluster"), log_policy=ground.log_policy))
    subnet_ids = network.subnets(Tier.APP)
    service = Service(
        "service",
        ServiceArgs(
            label=ground.label.of("service"),
            cluster_arn=cluster.arn,
            subnet_ids=subnet_ids,
            security_group_id=groups["service"],
            workload=_serve(ground, registry, secrets),
            task_count=config.service.tasks.min,
            entrance=entrance,
            judge=judge,
            infrastructure_role_arn=_build_infrastructure_role(ground),
            rollback_alarm_names=alarms.names,
            canary=Canary(
                percent=config.service.canary.percent,
                canary_bake_minutes=config.service.canary.canary_bake_minutes,
                bake_minutes=config.service.canary.bake_minutes,
            ),
            wait_for_steady_state=config.service.wait_for_steady_state,
        ),
    )
    worker = Worker(
        "worker",
        WorkerArgs(
            label=ground.label.of("worker"),
            cluster_arn=cluster.arn,
            subnet_ids=subnet_ids,
            security_group_id=groups["worker"],
            workload=_work(ground, registry),
            task_count=config.service.tasks.min,
            wait_for_steady_state=config.service.wait_for_steady_state,
        ),
    )
    migration = Migration("migration", MigrationArgs(workload=_migrate(ground, registry)))
    _build_scaling(ground, cluster, service, entrance)
    return {
        "environment": config.environment,
        "account_id": ground.account.account_id,
        "region": ground.account.region,
        "url": entrance.url,
        "name_servers": domain.name_servers,
        "vpc_id": network.vpc_id,
        "public_subnet_ids": network.subnets(Tier.PUBLIC),
        "app_subnet_ids": network.subnets(Tier.APP),
        "data_subnet_ids": network.subnets(Tier.DATA),
        "load_balancer_arn": entrance.load_balancer_arn,
        "load_balancer_dns_name": entrance.dns_name,
        "production_rule_arn": entrance.production_rule_arn,
        "test_rule_arn": entrance.test_rule_arn,
        "target_group_arns": entrance.target_group_arns,
        "repository_url": registry.repository_url,
        "image": registry.image,
        "cluster_name": cluster.name,
        "service_name": service.service_name,
        "task_definition_arn": service.task_definition_arn,
        "service_log_group_name": service.log_group_name,
        "worker_service_name": worker.service_name,
        "worker_task_definition_arn": worker.task_definition_arn,
        "worker_log_group_name": worker.log_group_name,
        "migration_task_definition_arn": migration.task_definition_arn,
        "migration_log_group_name": migration.log_group_name,
        "task_group_ids": groups,
        "judge_function_name": judge.function_name,
        "rollback_alarm_names": alarms.names,
        "secret_arns": secrets.arn_by_entry,
        "access_log_bucket_name": bucket.name,
    }


def _lay_ground(config: StackConfig) -> _Ground:
    account = Account(
        partition=aws.get_partition().partition,
        account_id=aws.get_caller_identity().account_id,
        region=aws.get_region().region,
    )
    label = Label(
        project=pulumi.get_project(),
        environment=config.environment,
        owner=config.owner,
        cost_center=config.cost_center,
    )
    keys = Encryption(
        "encryption",
        EncryptionArgs(
            label=label.of("encryption"),
            account=account,
            deletion_window_days=30 if config.deletion_protection else 7,
        ),
    )
    return _Ground(
        config=config,
        account=account,
        label=label,
        keys=keys,
        boundary=Boundary("identity", BoundaryArgs(label=label.of("identity"), account=account)),
        log_policy=LogPolicy(key_arn=keys.logs_key_arn, retention_days=config.log_retention_days),
        app_folder=os.path.relpath(_APP),
    )


def _zones(count: int) -> Sequence[str]:
    """The first zones of the region by name. AWS adds zones at the end, and so moves none of these."""
    names = sorted(
        aws.get_availability_zones(
            state="available",
            # Local zones and the like take neither load balancers nor NAT gateways.
            filters=[
                aws.GetAvailabilityZonesFilterArgs(name="opt-in-status", values=["opt-in-not-required"])
            ],
        ).names
    )
    if len(names) < count:
        raise pulumi.RunError(
            f"network.zones asks for {count} zones and the region has {len(names)}: {', '.join(names)}; "
            "ask for fewer or take another region"
        )
    return names[:count]


def _build_network(ground: _Ground) -> tuple[Network, Endpoints]:
    config = ground.config.network
    network = Network(
        "network",
        NetworkArgs(
            label=ground.label.of("network"),
            account=ground.account,
            cidr=config.cidr,
            zones=_zones(config.zones),
            nat=config.nat,
            boundary_arn=ground.boundary.arn,
            log_policy=ground.log_policy,
        ),
    )
    endpoints = Endpoints(
        "endpoints",
        EndpointsArgs(
            label=ground.label.of("endpoints"),
            account=ground.account,
            vpc_id=network.vpc_id,
            client_cidr=tier_cidr(config.cidr, Tier.APP),
            subnet_ids=network.subnets(Tier.APP),
            route_table_ids=network.app_route_table_ids,
        ),
    )
    return network, endpoints


def _build_access_log_bucket(ground: _Ground) -> Bucket:
    account_id = ground.account.account_id
    return Bucket(
        "access-logs",
        BucketArgs(
            label=ground.label.of("entrance"),
            role="access-logs",
            account_id=account_id,
            expiration_days=ground.config.log_retention_days,
            # "The only server-side encryption option that's supported is Amazon S3-managed keys"
            # (Application Load Balancers, "Enable access logs").
            key_arn=None,
            writers=[
                ServiceWriter(
                    service="logdelivery.elasticloadbalancing.amazonaws.com",
                    prefix=f"{kind}/AWSLogs/{account_id}",
                )
                for kind in (ACCESS_LOGS, CONNECTION_LOGS)
            ],
            force_destroy=not ground.config.deletion_protection,
        ),
    )


def _build_entrance(ground: _Ground, network: Network, bucket: Bucket) -> tuple[Entrance, Domain]:
    config = ground.config
    domain = Domain(
        "domain",
        DomainArgs(
            label=ground.label.of("domain"),
            domain_name=config.domain,
            force_destroy=not config.deletion_protection,
        ),
    )
    entrance = Entrance(
        "entrance",
        EntranceArgs(
            label=ground.label.of("entrance"),
            vpc_id=network.vpc_id,
            subnet_ids=network.subnets(Tier.PUBLIC),
            domain_name=config.domain,
            zone_id=domain.zone_id,
            certificate_arn=domain.certificate_arn,
            log_bucket_name=bucket.name,
            health_path=_HEALTH_PATH,
            client_cidrs=config.entrance.client_cidrs,
            test_client_cidrs=config.entrance.test_client_cidrs,
            deletion_protection=config.deletion_protection,
        ),
    )
    Firewall(
        "firewall",
        FirewallArgs(
            label=ground.label.of("firewall"),
            load_balancer_arn=entrance.load_balancer_arn,
            log_policy=ground.log_policy,
            requests_per_five_minutes=config.entrance.requests_per_five_minutes,
        ),
    )
    return entrance, domain


def _build_registry(ground: _Ground) -> Registry:
    token = aws.ecr.get_authorization_token_output(registry_id=ground.account.account_id)
    return Registry(
        "registry",
        RegistryArgs(
            label=ground.label.of("registry"),
            key_arn=ground.keys.images_key_arn,
            platform=ground.config.service.architecture.docker_platform,
            context=ground.app_folder,
            username=token.user_name,
            password=token.password,
            force_delete=not ground.config.deletion_protection,
        ),
    )


def _build_secrets(ground: _Ground) -> SecretStore:
    return SecretStore(
        "secrets",
        SecretStoreArgs(
            label=ground.label.of("secrets"),
            account=ground.account,
            entry_names=ground.config.secrets,
            # By name, since the role in turn needs the secrets that it may read.
            reader_role_names=[execution_role_name(ground.label.of("service"))],
            key_arn=ground.keys.secrets_key_arn,
            recovery_window_days=30 if ground.config.deletion_protection else 0,
        ),
    )


def _build_judge(ground: _Ground) -> Judge:
    return Judge(
        "judge",
        JudgeArgs(
            label=ground.label.of("judge"),
            source=f"{ground.app_folder}/judge",
            architecture=ground.config.service.architecture.lower(),
            boundary_arn=ground.boundary.arn,
            log_policy=ground.log_policy,
        ),
    )


def _build_alarms(ground: _Ground, entrance: Entrance) -> RollbackAlarms:
    return RollbackAlarms(
        "rollback",
        RollbackAlarmsArgs(
            label=ground.label.of("rollback"),
            load_balancer_dimension=entrance.load_balancer_dimension,
            target_group_dimensions=list(entrance.target_group_dimensions.values()),
            evaluation_minutes=DETECTION_MINUTES,
        ),
    )


def _build_task_groups(
    ground: _Ground, network: Network, endpoints: Endpoints, entrance: Entrance
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


def _serve(ground: _Ground, registry: Registry, secrets: SecretStore) -> WorkloadArgs:
    """The task that answers requests."""
    config = ground.config.service
    container = Container(
        name=_CONTAINER,
        image=registry.image,
        port=ports.SERVICE,
        health_command=("python", "-m", "triage.healthcheck"),
        environment={
            **_environment(ground, registry, Surroundings()),
            "TRIAGE_PORT": str(ports.SERVICE),
        },
        secret_arns={variable: secrets.arn_by_entry[entry] for variable, entry in config.secrets.items()},
    )
    return _workload(ground, "service", container, [*registry.pull_access(), *secrets.read_access()], [])


def _work(ground: _Ground, registry: Registry) -> WorkloadArgs:
    """The task that works through the queue."""
    container = Container(
        name=_CONTAINER,
        image=registry.image,
        command=("worker",),
        environment=_environment(ground, registry, Surroundings()),
        stop_timeout_seconds=_LONGEST_STOP_SECONDS,
    )
    return _workload(ground, "worker", container, registry.pull_access(), [])


def _migrate(ground: _Ground, registry: Registry) -> WorkloadArgs:
    """The task that brings the database up to date, and ends."""
    container = Container(
        name=_CONTAINER,
        image=registry.image,
        command=("migrate",),
        environment=_environment(ground, registry, Surroundings()),
        stop_timeout_seconds=_LONGEST_STOP_SECONDS,
    )
    return _workload(ground, "migration", container, registry.pull_access(), [])


def _environment(
    ground: _Ground, registry: Registry, surroundings: Surroundings
) -> dict[str, pulumi.Input[str]]:
    return {
        "TRIAGE_ENVIRONMENT": ground.config.environment,
        "TRIAGE_LOG_LEVEL": ground.config.service.log_level,
        "TRIAGE_REVISION": registry.revision,
        **surroundings.variables(),
    }


def _workload(
    ground: _Ground,
    component: str,
    container: Container,
    start_access: Sequence[iam.Allow],
    grants: Sequence[iam.Allow],
) -> WorkloadArgs:
    config = ground.config.service
    return WorkloadArgs(
        label=ground.label.of(component),
        account=ground.account,
        boundary_arn=ground.boundary.arn,
        log_policy=ground.log_policy,
        container=container,
        start_access=start_access,
        grants=grants,
        cpu_architecture=config.architecture,
        cpu_units=config.cpu_units,
        memory_mib=config.memory_mib,
        keeps_old_revisions=ground.config.deletion_protection,
    )


def _build_infrastructure_role(ground: _Ground) -> pulumi.Output[str]:
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


def _build_scaling(ground: _Ground, cluster: Cluster, service: Service, entrance: Entrance) -> None:
    tasks = ground.config.service.tasks
    Scaling(
        "scaling",
        ScalingArgs(
            label=ground.label.of("scaling"),
            cluster_name=cluster.name,
            service_name=service.service_name,
            target_group_dimensions=list(entrance.target_group_dimensions.values()),
            min_tasks=tasks.min,
            max_tasks=tasks.max,
            requests_per_task_per_minute=tasks.requests_per_minute_each,
        ),
    )
