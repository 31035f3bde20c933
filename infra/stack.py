"""The stack: every component, in the order in which each needs the ones before it.

The only module that knows them all, and the only one that looks anything up.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws as aws

from infra.account import Account
from infra.ci.scope import CiScope
from infra.components.alarms import RollbackAlarms, RollbackAlarmsArgs
from infra.components.ci_access import CiAccess, CiAccessArgs
from infra.components.domain import Domain, DomainArgs
from infra.components.encryption import Encryption, EncryptionArgs
from infra.components.endpoints import Endpoints, EndpointsArgs
from infra.components.entrance import ACCESS_LOGS, CONNECTION_LOGS, Entrance, EntranceArgs
from infra.components.firewall import Firewall, FirewallArgs
from infra.components.identity import Boundary, BoundaryArgs
from infra.components.judge import Judge, JudgeArgs
from infra.components.log_group import LogPolicy
from infra.components.network import Network, NetworkArgs
from infra.components.registry import Registry, RegistryArgs
from infra.components.secret_store import SecretStore, SecretStoreArgs
from infra.components.storage import Bucket, BucketArgs, ServiceWriter
from infra.components.workload import execution_role_name
from infra.config import DETECTION_MINUTES, StackConfig
from infra.ground import Ground
from infra.naming import Label
from infra.topology import Tier, tier_cidr
from infra.workloads import WorkloadsArgs, build_task_groups, build_workloads

_APP = Path(__file__).resolve().parents[1] / "app"
_HEALTH_PATH = "/health"


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
    group_ids = build_task_groups(ground, network, endpoints, entrance)
    workloads = build_workloads(
        ground,
        WorkloadsArgs(
            network=network,
            group_ids=group_ids,
            entrance=entrance,
            registry=registry,
            secrets=secrets,
            judge=judge,
            rollback_alarms=alarms,
        ),
    )
    ci = _build_ci_access(ground)
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
        "cluster_name": workloads.cluster.name,
        "service_name": workloads.service.service_name,
        "task_definition_arn": workloads.service.task_definition_arn,
        "service_log_group_name": workloads.service.log_group_name,
        "worker_service_name": workloads.worker.service_name,
        "worker_task_definition_arn": workloads.worker.task_definition_arn,
        "worker_log_group_name": workloads.worker.log_group_name,
        "migration_task_definition_arn": workloads.migration.task_definition_arn,
        "migration_log_group_name": workloads.migration.log_group_name,
        "task_group_ids": group_ids,
        "judge_function_name": judge.function_name,
        "rollback_alarm_names": alarms.names,
        "secret_arns": secrets.arn_by_entry,
        "access_log_bucket_name": bucket.name,
        "plan_role_arn": ci.plan_role_arn,
        "deploy_role_arn": ci.deploy_role_arn,
    }


def _lay_ground(config: StackConfig) -> Ground:
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
    return Ground(
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


def _build_network(ground: Ground) -> tuple[Network, Endpoints]:
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


def _build_access_log_bucket(ground: Ground) -> Bucket:
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


def _build_entrance(ground: Ground, network: Network, bucket: Bucket) -> tuple[Entrance, Domain]:
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


def _build_registry(ground: Ground) -> Registry:
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


def _build_secrets(ground: Ground) -> SecretStore:
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


def _build_judge(ground: Ground) -> Judge:
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


def _build_alarms(ground: Ground, entrance: Entrance) -> RollbackAlarms:
    return RollbackAlarms(
        "rollback",
        RollbackAlarmsArgs(
            label=ground.label.of("rollback"),
            load_balancer_dimension=entrance.load_balancer_dimension,
            target_group_dimensions=list(entrance.target_group_dimensions.values()),
            evaluation_minutes=DETECTION_MINUTES,
        ),
    )


def _build_ci_access(ground: Ground) -> CiAccess:
    return CiAccess(
        "ci",
        CiAccessArgs(
            label=ground.label.of("ci"),
            scope=CiScope(
                account=ground.account,
                label=ground.label,
                repository=ground.config.repository,
                deletion_protection=ground.config.deletion_protection,
            ),
        ),
    )
