"""A vault for recovery points that nobody empties."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import pulumi
import pulumi_aws as aws

from infra import iam
from infra.account import Account
from infra.naming import Label

# Before a lock for compliance can never be taken back (AWS Backup API, "PutBackupVaultLockConfiguration").
_LEAST_CHANGEABLE_DAYS = 3
# That a recovery point was moved, copied in vain, or taken out: each is somebody's act, or a fault. A backup
# that failed has an alarm, since the event of its end does not say how it ended.
_VAULT_EVENTS = (
    "COPY_JOB_FAILED",
    "RECOVERY_POINT_MODIFIED",
    "RESTORE_JOB_COMPLETED",
    "RESTORE_JOB_STARTED",
)


class LockMode(StrEnum):
    """Who can end the lock of the vault: whoever administers backups, or, after a while, nobody at all."""

    GOVERNANCE = "governance"
    COMPLIANCE = "compliance"


@dataclass(frozen=True, kw_only=True)
class BackupVaultArgs:
    label: Label
    account: Account
    key_arn: pulumi.Input[str]
    topic_arn: pulumi.Input[str]
    # The role, outside this program, with which somebody may delete a recovery point after all.
    break_glass_role_name: str
    min_retention_days: int
    max_retention_days: int
    lock: LockMode = LockMode.COMPLIANCE
    # In which a lock for compliance can still be taken back.
    changeable_for_days: int = 14
    # False lets the vault go with its stack, and what it holds with it.
    deletion_protection: bool = True

    def __post_init__(self) -> None:
        if self.changeable_for_days < _LEAST_CHANGEABLE_DAYS:
            raise ValueError(
                f"changeable_for_days must be at least {_LEAST_CHANGEABLE_DAYS}, the time that AWS Backup "
                f"gives for second thoughts, got {self.changeable_for_days}"
            )


class BackupVault(pulumi.ComponentResource):
    """A vault under its own key, with a lock, a policy against deleting, and notices of what is done."""

    name: pulumi.Output[str]
    arn: pulumi.Output[str]

    def __init__(self, name: str, args: BackupVaultArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("slipway:backup_vault:BackupVault", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        vault = aws.backup.Vault(
            f"{name}-vault",
            name=args.label.name(limit=50),
            kms_key_arn=args.key_arn,
            force_destroy=not args.deletion_protection,
            tags=args.label.tags("vault"),
            opts=pulumi.ResourceOptions(parent=self, protect=args.deletion_protection),
        )
        aws.backup.VaultLockConfiguration(
            f"{name}-lock",
            backup_vault_name=vault.name,
            min_retention_days=args.min_retention_days,
            max_retention_days=args.max_retention_days,
            # Given, the lock is one for compliance as soon as these days are over.
            changeable_for_days=args.changeable_for_days if args.lock is LockMode.COMPLIANCE else None,
            opts=child,
        )
        aws.backup.VaultPolicy(
            f"{name}-policy",
            backup_vault_name=vault.name,
            policy=iam.document([keep_recovery_points(args.account, args.break_glass_role_name)]),
            opts=child,
        )
        aws.backup.VaultNotifications(
            f"{name}-notifications",
            backup_vault_name=vault.name,
            sns_topic_arn=args.topic_arn,
            backup_vault_events=_VAULT_EVENTS,
            opts=child,
        )
        self.name = vault.name
        self.arn = vault.arn
        self.register_outputs({"name": self.name, "arn": self.arn})


def keep_recovery_points(account: Account, break_glass_role_name: str) -> iam.Deny:
    """Refuses to all but one role what would end a recovery point before its time.

    The policy itself can still be changed by whoever deploys: refusing that too would lock the stack out of
    its own vault. That the lock holds even then is what it is for.
    """
    return iam.Deny(
        [
            "backup:DeleteRecoveryPoint",
            "backup:DisassociateRecoveryPoint",
            "backup:UpdateRecoveryPointLifecycle",
        ],
        ["*"],
        {"ArnNotEquals": {"aws:PrincipalArn": account.global_arn("iam", f"role/{break_glass_role_name}")}},
        principals={"AWS": "*"},
        sid="KeepRecoveryPoints",
    )
