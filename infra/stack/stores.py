"""Where a stack keeps things: buckets, the database, the table of releases, queues, secrets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from infra.components.database import Database, DatabaseArgs
from infra.components.entrance import ACCESS_LOGS, CONNECTION_LOGS
from infra.components.function import FUNCTION_ROLE
from infra.components.network import Network
from infra.components.queue import Queue, QueueArgs
from infra.components.rotation import Rotation, RotationArgs
from infra.components.schedules import Schedules, SchedulesArgs, ScheduleSpec, message_of
from infra.components.secret_store import SecretStore, SecretStoreArgs
from infra.components.storage import AccessLogs, Bucket, BucketArgs, LockMode, ObjectLock
from infra.components.table import Table, TableArgs
from infra.components.trail import trail_arn
from infra.components.workload import execution_role_name, task_role_name
from infra.documents.bucket_policies import (
    ServiceWriter,
    access_log_writer,
    configuration_writer,
    trail_writer,
)
from infra.stack.ground import Ground
from infra.topology import Tier

# The key that signs the tokens of the API; the service reads it while it runs.
SIGNING_KEY = "token-signing-key"
_S3_LOGS = "s3"
_EXPORT_DAYS = 90
# Longer than a task is given to end its work (`workloads`), so that no message is worked on twice.
_VISIBILITY_TIMEOUT_SECONDS = 180
# In the local time of the stack file. None lies where clocks change.
_SCHEDULES = {
    "retriage": "cron(15 * * * ? *)",
    "digest": "cron(0 7 * * ? *)",
    "audit-export": "cron(30 4 * * ? *)",
    "privacy-retention": "cron(30 5 * * ? *)",
}


@dataclass(frozen=True, kw_only=True)
class Buckets:
    """The buckets of a stack, by what they hold."""

    access_logs: Bucket  # what load balancer and S3 write down of each request
    audit: Bucket  # what the application hands over for an audit
    exports: Bucket
    trail: Bucket
    history: Bucket  # of the configuration of all resources


@dataclass(frozen=True, kw_only=True)
class Secrets:
    store: SecretStore
    rotation: Rotation


@dataclass(frozen=True, kw_only=True)
class Messaging:
    tickets: Queue
    schedules: Schedules


def build_buckets(ground: Ground) -> Buckets:
    """Each with its own rules for how long, for whom, and under which key."""
    account, config = ground.account, ground.config
    access_logs = _build_access_logs(ground)

    def make(
        role: str,
        *,
        key_arn: pulumi.Output[str],
        days: int,
        lock: ObjectLock | None = None,
        writers: tuple[ServiceWriter, ...] = (),
    ) -> Bucket:
        return Bucket(
            role,
            BucketArgs(
                label=ground.label.of("storage"),
                role=role,
                account_id=account.account_id,
                expiration_days=days,
                key_arn=key_arn,
                writers=writers,
                access_logs=AccessLogs(bucket_name=access_logs.name, prefix=f"{_S3_LOGS}/{role}"),
                object_lock=lock,
                force_destroy=not config.deletion_protection,
            ),
        )

    lock = ObjectLock(
        # In prod not even an administrator shortens it.
        mode=LockMode.COMPLIANCE if ground.is_prod else LockMode.GOVERNANCE,
        days=config.audit_retention_days,
    )
    trail = trail_writer(account, trail_arn(account, ground.label.of("trail")))
    audit_days = config.audit_retention_days
    return Buckets(
        access_logs=access_logs,
        audit=make("audit", key_arn=ground.keys.storage_key_arn, days=audit_days, lock=lock),
        exports=make("exports", key_arn=ground.keys.storage_key_arn, days=_EXPORT_DAYS),
        trail=make("trail", key_arn=ground.keys.audit_key_arn, days=audit_days, lock=lock, writers=(trail,)),
        history=make(
            "config-history",
            key_arn=ground.keys.audit_key_arn,
            days=audit_days,
            writers=(configuration_writer(account),),
        ),
    )


def build_releases(ground: Ground) -> Table:
    """What happened in each release."""
    return Table(
        "releases",
        TableArgs(
            label=ground.label.of("storage"),
            role="releases",
            key_arn=ground.keys.storage_key_arn,
            deletion_protection=ground.config.deletion_protection,
        ),
    )


def build_database(ground: Ground, network: Network, group_ids: Mapping[str, pulumi.Output[str]]) -> Database:
    """The database, for the tasks of these groups and for nobody else."""
    config = ground.config.database
    return Database(
        "database",
        DatabaseArgs(
            label=ground.label.of("database"),
            account=ground.account,
            vpc_id=network.vpc_id,
            subnet_ids=network.subnets(Tier.DATA),
            client_group_ids=group_ids,
            key_arn=ground.keys.database_key_arn,
            secrets_key_arn=ground.keys.secrets_key_arn,
            boundary_arn=ground.boundary.arn,
            log_policy=ground.log_policy,
            alarm_topic_arn=ground.ticket_topic_arn,
            instance_class=config.instance_class,
            storage_gib=config.storage_gib,
            max_storage_gib=config.max_storage_gib,
            multi_az=config.multi_az,
            backup_retention_days=config.backup_retention_days,
            deletion_protection=ground.config.deletion_protection,
        ),
    )


def build_messaging(ground: Ground) -> Messaging:
    """The queue of tickets, and what is put into it at set times."""
    tickets = Queue(
        "tickets",
        QueueArgs(
            label=ground.label.of("messaging"),
            role="tickets",
            account=ground.account,
            key_arn=ground.keys.messages_key_arn,
            visibility_timeout_seconds=_VISIBILITY_TIMEOUT_SECONDS,
            # The tickets of a customer are a conversation: its group keeps them in order.
            fifo=True,
        ),
    )
    schedules = Schedules(
        "schedules",
        SchedulesArgs(
            label=ground.label.of("schedules"),
            account=ground.account,
            boundary_arn=ground.boundary.arn,
            key_arn=ground.keys.messages_key_arn,
            target=tickets,
            specs=[
                ScheduleSpec(name=name, cron=cron, message=message_of(name))
                for name, cron in _SCHEDULES.items()
            ],
            time_zone=ground.config.schedules.time_zone,
        ),
    )
    return Messaging(tickets=tickets, schedules=schedules)


def build_secrets(ground: Ground) -> Secrets:
    """Entries that an operator fills, and the signing key, which fills and rotates itself."""
    service = ground.label.of("service")
    rotation = ground.label.of("rotation")
    store = SecretStore(
        "secrets",
        SecretStoreArgs(
            label=ground.label.of("secrets"),
            account=ground.account,
            entry_names=ground.config.secrets,
            # By name, since the roles in turn need the secrets that they may read.
            reader_role_names=[execution_role_name(service)],
            generated_entry_names=[SIGNING_KEY],
            generated_reader_role_names=[task_role_name(service), rotation.name(FUNCTION_ROLE)],
            key_arn=ground.keys.secrets_key_arn,
            recovery_window_days=30 if ground.config.deletion_protection else 0,
            deletion_protection=ground.config.deletion_protection,
        ),
    )
    return Secrets(
        store=store,
        rotation=Rotation(
            "rotation",
            RotationArgs(
                label=rotation,
                account=ground.account,
                source=f"{ground.app_folder}/rotator",
                architecture=ground.function_architecture,
                boundary_arn=ground.boundary.arn,
                log_policy=ground.log_policy,
                messages_key_arn=ground.keys.messages_key_arn,
                secrets=store,
            ),
        ),
    )


def secret_reader_names(ground: Ground) -> list[str]:
    """The roles that are meant to read values of secrets."""
    service = ground.label.of("service")
    return [
        execution_role_name(service),
        task_role_name(service),
        task_role_name(ground.label.of("migration")),
        ground.label.of("rotation").name(FUNCTION_ROLE),
    ]


def _build_access_logs(ground: Ground) -> Bucket:
    account = ground.account
    return Bucket(
        "access-logs",
        BucketArgs(
            label=ground.label.of("entrance"),
            role="access-logs",
            account_id=account.account_id,
            expiration_days=ground.config.log_retention_days,
            # "The only server-side encryption option that's supported is Amazon S3-managed keys"
            # (Application Load Balancers, "Enable access logs").
            key_arn=None,
            writers=[
                *(
                    ServiceWriter(
                        service="logdelivery.elasticloadbalancing.amazonaws.com",
                        prefix=f"{kind}/AWSLogs/{account.account_id}",
                    )
                    for kind in (ACCESS_LOGS, CONNECTION_LOGS)
                ),
                access_log_writer(account, ground.label, _S3_LOGS),
            ],
            force_destroy=not ground.config.deletion_protection,
        ),
    )
