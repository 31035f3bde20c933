"""The stack: every component, in the order in which each needs the ones before it.

The only package that knows them all, and the only one that looks anything up. Here is the order; what belongs
together is wired in the module of its kind.
"""

from __future__ import annotations

from typing import Any

import pulumi_aws as aws

from infra.ci.scope import CiScope
from infra.components.ci_access import CiAccess, CiAccessArgs
from infra.components.flags import Flags, FlagsArgs
from infra.components.judge import Judge, JudgeArgs
from infra.components.models import Models, ModelsArgs
from infra.components.registry import Registry, RegistryArgs
from infra.components.slo_alarms import SloAlarms
from infra.components.table import Table
from infra.config import StackConfig
from infra.stack import observation, protection, stores
from infra.stack.access import Sources, migration_access, service_access, worker_access
from infra.stack.ground import Ground, lay_ground
from infra.stack.network import build_entrance, build_network
from infra.stack.watched import Observed
from infra.stack.workloads import WorkloadsArgs, build_task_groups, build_workloads
from infra.topology import Tier


def build(config: StackConfig) -> dict[str, Any]:
    """Make the whole of an environment, and return what it promises (`outputs.StackOutputs`)."""
    ground = lay_ground(config)
    buckets = stores.build_buckets(ground)
    network, endpoints = build_network(ground)
    entrance, domain = build_entrance(ground, network, buckets.access_logs)
    registry = _build_registry(ground)
    secrets = stores.build_secrets(ground)
    releases = stores.build_releases(ground)
    judge = _build_judge(ground, releases)
    messaging = stores.build_messaging(ground)
    group_ids = build_task_groups(ground, network, endpoints, entrance)
    database = stores.build_database(ground, network, group_ids)
    models = _build_models(ground)
    rollback = observation.build_rollback_alarms(ground, entrance)
    worker_rollback = observation.build_worker_alarms(ground, messaging)
    promises = observation.build_slo_alarms(ground, entrance)
    flags = _build_flags(ground, promises)
    sources = Sources(
        buckets=buckets,
        database=database,
        messaging=messaging,
        secrets=secrets,
        models=models,
        flags=flags,
    )
    workloads = build_workloads(
        ground,
        WorkloadsArgs(
            network=network,
            group_ids=group_ids,
            entrance=entrance,
            registry=registry,
            secrets=secrets.store,
            judge=judge,
            rollback_alarms=rollback,
            worker_alarms=worker_rollback,
            tickets=messaging.tickets,
            service=service_access(ground, sources),
            worker=worker_access(ground, sources),
            migration=migration_access(sources),
        ),
    )
    ci = _build_ci_access(ground)
    trail = protection.build_trail(ground, buckets)
    backups = protection.build_backups(ground, database, releases)
    protection.build_guards(ground, buckets)
    dashboard = observation.build_observation(
        ground,
        Observed(
            network=network,
            entrance=entrance,
            domain=domain,
            database=database,
            releases=releases,
            messaging=messaging,
            secrets=secrets,
            judge=judge,
            models=models,
            workloads=workloads,
            trail=trail,
            backups=backups,
        ),
        [*rollback.arns, *worker_rollback.arns, *promises.arns],
    )
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
        "release_table_name": releases.name,
        "rollback_alarm_names": rollback.names,
        "secret_arns": {**secrets.store.arn_by_entry, **secrets.rotation.arn_by_entry},
        "access_log_bucket_name": buckets.access_logs.name,
        "audit_bucket_name": buckets.audit.name,
        "exports_bucket_name": buckets.exports.name,
        "trail_bucket_name": buckets.trail.name,
        "database_identifier": database.identifier,
        "database_address": database.address,
        "ticket_queue_url": messaging.tickets.url,
        "ticket_dead_letter_queue_url": messaging.tickets.dead_letters.url,
        "schedule_group_name": messaging.schedules.group_name,
        "flags_application_id": flags.application_id,
        "flags_environment_id": flags.environment_id,
        "flags_profile_id": flags.profile_id,
        "guardrail_id": models.guardrail_id,
        "model_profile_arns": models.profile_arn_by_model,
        "alarm_topic_arns": ground.topics.topic_arns,
        "dashboard_name": dashboard.name,
        "backup_vault_name": backups.vault_name,
        "restore_role_arn": backups.restore_role_arn,
        "plan_role_arn": ci.plan_role_arn,
        "deploy_role_arn": ci.deploy_role_arn,
    }


def _build_models(ground: Ground) -> Models:
    config = ground.config.models
    return Models(
        "models",
        ModelsArgs(
            label=ground.label.of("models"),
            account=ground.account,
            boundary_arn=ground.boundary.arn,
            key_arn=ground.keys.storage_key_arn,
            log_policy=ground.log_policy,
            text_model_ids=config.text,
            embedding_model_ids=config.embedding,
        ),
    )


def _build_flags(ground: Ground, promises: SloAlarms) -> Flags:
    return Flags(
        "flags",
        FlagsArgs(
            label=ground.label.of("flags"),
            account=ground.account,
            boundary_arn=ground.boundary.arn,
            key_arn=ground.keys.storage_key_arn,
            alarm_arns=promises.page_arns,
        ),
    )


def _build_registry(ground: Ground) -> Registry:
    token = aws.ecr.get_authorization_token_output(registry_id=ground.account.account_id)
    return Registry(
        "registry",
        RegistryArgs(
            label=ground.label.of("registry"),
            key_arn=ground.keys.images_key_arn,
            platform=ground.config.service.architecture.docker_platform,
            image=ground.config.image,
            context=ground.app_folder,
            username=token.user_name,
            password=token.password,
            force_delete=not ground.config.deletion_protection,
        ),
    )


def _build_judge(ground: Ground, releases: Table) -> Judge:
    return Judge(
        "judge",
        JudgeArgs(
            label=ground.label.of("judge"),
            account=ground.account,
            source=f"{ground.app_folder}/judge",
            architecture=ground.function_architecture,
            boundary_arn=ground.boundary.arn,
            log_policy=ground.log_policy,
            messages_key_arn=ground.keys.messages_key_arn,
            releases=releases,
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
