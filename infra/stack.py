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
from infra.components.domain import Domain, DomainArgs
from infra.components.encryption import Encryption, EncryptionArgs
from infra.components.endpoints import Endpoints, EndpointsArgs
from infra.components.entrance import ACCESS_LOGS, CONNECTION_LOGS, Entrance, EntranceArgs
from infra.components.firewall import Firewall, FirewallArgs
from infra.components.identity import Boundary, BoundaryArgs
from infra.components.judge import Judge, JudgeArgs
from infra.components.log_group import LogGroup, LogGroupArgs, LogPolicy
from infra.components.network import Network, NetworkArgs
from infra.components.registry import Registry, RegistryArgs
from infra.components.role import Role, RoleArgs
from infra.components.scaling import Scaling, ScalingArgs
from infra.components.secret_store import SecretStore, SecretStoreArgs
from infra.components.service import Canary, Service, ServiceArgs, ServiceRoles
from infra.components.storage import Bucket, BucketArgs, ServiceWriter
from infra.components.task_group import TaskGroup, TaskGroupArgs
from infra.config import DETECTION_MINUTES, StackConfig
from infra.naming import Label
from infra.task import Container
from infra.topology import Tier, tier_cidr

_APP = Path(__file__).resolve().parents[1] / "app"
_HEALTH_PATH = "/health"
_EXECUTION_ROLE = "execution"


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
    logs = LogGroup(
        "service-logs",
        LogGroupArgs(
            label=ground.label.of("service"),
            log_group_name=ground.label.of("service").path(),
            policy=ground.log_policy,
        ),
    )
    service = Service(
        "service",
        ServiceArgs(
            label=ground.label.of("service"),
            region=ground.account.region,
            subnet_ids=network.subnets(Tier.APP),
            security_group_id=_build_task_group(ground, network, endpoints, entrance).security_group_id,
            container=_container(config, registry, secrets),
            log_policy=ground.log_policy,
            logs=logs,
            roles=_build_service_roles(ground, registry, secrets, logs),
            entrance=entrance,
            judge=judge,
            rollback_alarm_names=alarms.names,
            cpu_architecture=config.service.architecture,
            cpu_units=config.service.cpu_units,
            memory_mib=config.service.memory_mib,
            task_count=config.service.tasks.min,
            canary=Canary(
                percent=config.service.canary.percent,
                canary_bake_minutes=config.service.canary.canary_bake_minutes,
                bake_minutes=config.service.canary.bake_minutes,
            ),
            keeps_old_revisions=config.deletion_protection,
            wait_for_steady_state=config.service.wait_for_steady_state,
        ),
    )
    _build_scaling(ground, service, entrance)
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
        "cluster_name": service.cluster_name,
        "service_name": service.service_name,
        "task_definition_arn": service.task_definition_arn,
        "service_log_group_name": logs.name,
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
            reader_role_names=[ground.label.of("service").name(_EXECUTION_ROLE)],
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


def _build_task_group(
    ground: _Ground, network: Network, endpoints: Endpoints, entrance: Entrance
) -> TaskGroup:
    return TaskGroup(
        "tasks",
        TaskGroupArgs(
            label=ground.label.of("tasks"),
            vpc_id=network.vpc_id,
            entrance_group_id=entrance.security_group_id,
            endpoints_group_id=endpoints.security_group_id,
            gateway_prefix_list_ids=endpoints.prefix_list_ids,
        ),
    )


def _container(config: StackConfig, registry: Registry, secrets: SecretStore) -> Container:
    return Container(
        name="triage",
        image=registry.image,
        port=ports.SERVICE,
        health_command=("python", "-m", "triage.healthcheck"),
        environment={
            "TRIAGE_ENVIRONMENT": config.environment,
            "TRIAGE_LOG_LEVEL": config.service.log_level,
            "TRIAGE_PORT": str(ports.SERVICE),
            "TRIAGE_REVISION": registry.revision,
        },
        secret_arns={
            variable: secrets.arn_by_entry[entry] for variable, entry in config.service.secrets.items()
        },
    )


def _build_service_roles(
    ground: _Ground, registry: Registry, secrets: SecretStore, logs: LogGroup
) -> ServiceRoles:
    tasks = iam.trust("ecs-tasks.amazonaws.com", source_account_id=ground.account.account_id)

    def role(name: str, trust: iam.Allow, grants: Sequence[iam.Allow], managed: str | None = None) -> Role:
        return Role(
            f"service-{name}",
            RoleArgs(
                label=ground.label.of("service"),
                role=name,
                trust=trust,
                boundary_arn=ground.boundary.arn,
                grants=grants,
                managed_policy_arn=managed,
            ),
        )

    execution = role(
        _EXECUTION_ROLE, tasks, [*registry.pull_access(), *secrets.read_access(), *logs.write_access()]
    )
    # The service asks nothing of AWS yet, so that its role may do nothing.
    task = role("task", tasks, [])
    infrastructure = role(
        "infrastructure",
        iam.trust("ecs.amazonaws.com"),
        [],
        f"arn:{ground.account.partition}:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers",
    )
    return ServiceRoles(execution_arn=execution.arn, task_arn=task.arn, infrastructure_arn=infrastructure.arn)


def _build_scaling(ground: _Ground, service: Service, entrance: Entrance) -> Scaling:
    tasks = ground.config.service.tasks
    return Scaling(
        "scaling",
        ScalingArgs(
            label=ground.label.of("scaling"),
            cluster_name=service.cluster_name,
            service_name=service.service_name,
            target_group_dimensions=list(entrance.target_group_dimensions.values()),
            min_tasks=tasks.min,
            max_tasks=tasks.max,
            requests_per_task_per_minute=tasks.requests_per_minute_each,
        ),
    )
