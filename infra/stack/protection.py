"""What guards the account and keeps a record of it."""

from __future__ import annotations

from infra.components.account_guard import AccountGuard, AccountGuardArgs
from infra.components.backup_vault import LockMode
from infra.components.backups import Backups, BackupsArgs, Retention
from infra.components.budget import Budget, BudgetArgs
from infra.components.configuration_recorder import (
    ConfigurationRecorder,
    ConfigurationRecorderArgs,
    Recording,
)
from infra.components.database import Database
from infra.components.table import Table
from infra.components.threat_detection import ThreatDetection, ThreatDetectionArgs
from infra.components.trail import Trail, TrailArgs
from infra.stack.ground import Ground
from infra.stack.stores import Buckets

# Who may delete a recovery point after all: a role of the account that no program makes, for two people at a
# time (docs/runbooks/backup-failed.md).
_BREAK_GLASS_ROLE = "break-glass"


def build_trail(ground: Ground, buckets: Buckets) -> Trail:
    """What is done in the account, and by whom."""
    return Trail(
        "trail",
        TrailArgs(
            label=ground.label.of("trail"),
            bucket_name=buckets.trail.name,
            key_arn=ground.keys.audit_key_arn,
            watched_bucket_arns=[buckets.audit.arn, buckets.exports.arn],
            boundary_arn=ground.boundary.arn,
            log_policy=ground.log_policy,
        ),
    )


def build_backups(ground: Ground, database: Database, releases: Table) -> Backups:
    """Copies of what cannot be made again."""
    days = ground.config.database.backup_retention_days
    return Backups(
        "backups",
        BackupsArgs(
            label=ground.label.of("backups"),
            account=ground.account,
            key_arn=ground.keys.backups_key_arn,
            topic_arn=ground.ticket_topic_arn,
            boundary_arn=ground.boundary.protection_arn,
            resource_arns=[database.arn, releases.arn],
            break_glass_role_name=_BREAK_GLASS_ROLE,
            retention=Retention(
                nightly_days=days, monthly_days=max(days, ground.config.audit_retention_days)
            ),
            # A vault that is locked for compliance outlives its stack.
            lock=LockMode.COMPLIANCE if ground.is_prod else LockMode.GOVERNANCE,
            deletion_protection=ground.config.deletion_protection,
        ),
    )


def build_guards(ground: Ground, buckets: Buckets) -> None:
    """Switches of the account, what looks for threats and changes, and what it may cost."""
    AccountGuard("guard", AccountGuardArgs(account_id=ground.account.account_id))
    ThreatDetection("threats", ThreatDetectionArgs(label=ground.label.of("threats")))
    ConfigurationRecorder(
        "config",
        ConfigurationRecorderArgs(
            label=ground.label.of("config"),
            bucket_name=buckets.history.name,
            key_arn=ground.keys.audit_key_arn,
            topic_arn=ground.ticket_topic_arn,
            dead_letter_queue_arn=ground.topics.dead_letter_queue_arn,
            # Elsewhere a day's delay costs less than the record of each change.
            recording=Recording.CONTINUOUS if ground.is_prod else Recording.DAILY,
        ),
    )
    Budget(
        "budget",
        BudgetArgs(
            label=ground.label.of("budget"),
            monthly_usd=ground.config.budget.monthly_usd,
            topic_arn=ground.ticket_topic_arn,
            emails=ground.config.alerts.emails,
        ),
    )
