"""Copies of what the stack must not lose, in a vault that nobody empties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra import iam
from infra.account import Account
from infra.components.backup_vault import BackupVault, BackupVaultArgs, LockMode
from infra.components.role import Role, RoleArgs
from infra.naming import Label

_SERVICE = "backup.amazonaws.com"
_TAG_KEY = "Backup"
# Cold storage is paid for at least this long (AWS Backup API, "Lifecycle").
_LEAST_COLD_DAYS = 90
_NIGHTLY, _MONTHLY = "cron(0 3 * * ? *)", "cron(0 4 1 * ? *)"  # UTC
_START_WINDOW_MINUTES, _COMPLETION_WINDOW_MINUTES = 60, 360


@dataclass(frozen=True, kw_only=True)
class Retention:
    """For how many days recovery points are kept. Raises ValueError for what AWS Backup would refuse."""

    nightly_days: int = 35
    monthly_days: int = 365
    # For monthly recovery points of resources that can be stored cold, which a database on RDS cannot;
    # AWS Backup leaves those where they are.
    cold_after_days: int | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.nightly_days <= self.monthly_days:
            raise ValueError(
                "nightly recovery points are kept for at least a day and no longer than monthly ones, got "
                f"{self.nightly_days} and {self.monthly_days} days"
            )
        if self.cold_after_days is not None and self.cold_after_days + _LEAST_COLD_DAYS > self.monthly_days:
            raise ValueError(
                f"what goes cold stays cold for at least {_LEAST_COLD_DAYS} days: monthly_days must be at "
                f"least {self.cold_after_days + _LEAST_COLD_DAYS}, got {self.monthly_days}"
            )


@dataclass(frozen=True, kw_only=True)
class BackupsArgs:
    label: Label
    account: Account
    key_arn: pulumi.Input[str]
    topic_arn: pulumi.Input[str]
    boundary_arn: pulumi.Input[str]
    # What has to be in the plan, whatever its tags say.
    resource_arns: Sequence[pulumi.Input[str]]
    # The role, outside this program, with which somebody may delete a recovery point after all.
    break_glass_role_name: str
    retention: Retention = Retention()
    lock: LockMode = LockMode.COMPLIANCE
    # A vault in another region or account, whose policy lets this account copy into it.
    copy_to_vault_arn: str | None = None
    # False lets the vault go with its stack, and what it holds with it.
    deletion_protection: bool = True


class Backups(pulumi.ComponentResource):
    """A locked vault, a plan for each night and each month, and the roles that back up and restore.

    Selected are the given resources and whatever carries the tag of `backup_tag`. Buckets are not: they keep
    versions and locks of their own. Two roles, since who can make a copy need not be able to bring one back.
    """

    vault_name: pulumi.Output[str]
    vault_arn: pulumi.Output[str]
    plan_id: pulumi.Output[str]
    restore_role_arn: pulumi.Output[str]

    def __init__(self, name: str, args: BackupsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("slipway:backups:Backups", name, None, opts)
        self._name, self._args = name, args
        self._child = pulumi.ResourceOptions(parent=self)

        vault = BackupVault(
            f"{name}-vault",
            BackupVaultArgs(
                label=args.label,
                account=args.account,
                key_arn=args.key_arn,
                topic_arn=args.topic_arn,
                break_glass_role_name=args.break_glass_role_name,
                min_retention_days=args.retention.nightly_days,
                max_retention_days=args.retention.monthly_days,
                lock=args.lock,
                deletion_protection=args.deletion_protection,
            ),
            self._child,
        )
        plan = aws.backup.Plan(
            f"{name}-plan",
            name=args.label.name(limit=50),
            rules=[
                self._rule("nightly", vault.name, _NIGHTLY, args.retention.nightly_days, None),
                self._rule(
                    "monthly",
                    vault.name,
                    _MONTHLY,
                    args.retention.monthly_days,
                    args.retention.cold_after_days,
                ),
            ],
            tags=args.label.tags("plan"),
            opts=self._child,
        )
        tag = backup_tag(args.label)
        aws.backup.Selection(
            f"{name}-selection",
            name=args.label.name("stateful", limit=50),
            plan_id=plan.id,
            iam_role_arn=self._make_role("backup", "AWSBackupServiceRolePolicyForBackup").arn,
            # Given together, AWS Backup takes what is in either ("Assigning resources programmatically").
            resources=args.resource_arns,
            selection_tags=[
                aws.backup.SelectionSelectionTagArgs(type="STRINGEQUALS", key=key, value=value)
                for key, value in tag.items()
            ],
            opts=self._child,
        )

        self.vault_name = vault.name
        self.vault_arn = vault.arn
        self.plan_id = plan.id
        self.restore_role_arn = self._make_role("restore", "AWSBackupServiceRolePolicyForRestores").arn
        self.register_outputs(
            {
                "vault_name": self.vault_name,
                "vault_arn": self.vault_arn,
                "plan_id": self.plan_id,
                "restore_role_arn": self.restore_role_arn,
            }
        )

    def _rule(
        self,
        rule: str,
        vault_name: pulumi.Input[str],
        schedule: str,
        days: int,
        cold_after_days: int | None,
    ) -> aws.backup.PlanRuleArgs:
        copies = [self._args.copy_to_vault_arn] if self._args.copy_to_vault_arn else []
        return aws.backup.PlanRuleArgs(
            rule_name=rule,
            target_vault_name=vault_name,
            schedule=schedule,
            start_window=_START_WINDOW_MINUTES,
            completion_window=_COMPLETION_WINDOW_MINUTES,
            lifecycle=aws.backup.PlanRuleLifecycleArgs(delete_after=days, cold_storage_after=cold_after_days),
            copy_actions=[
                aws.backup.PlanRuleCopyActionArgs(
                    destination_vault_arn=arn,
                    lifecycle=aws.backup.PlanRuleCopyActionLifecycleArgs(
                        delete_after=days, cold_storage_after=cold_after_days
                    ),
                )
                for arn in copies
            ]
            or None,
            recovery_point_tags=self._args.label.tags(rule),
        )

    def _make_role(self, role: str, managed_policy: str) -> Role:
        args = self._args
        return Role(
            f"{self._name}-{role}-role",
            RoleArgs(
                label=args.label,
                role=role,
                trust=iam.trust(_SERVICE),
                boundary_arn=args.boundary_arn,
                # What AWS documents as needed (AWS Backup developer guide, "Managed policies").
                managed_policy_arn=f"arn:{args.account.partition}:iam::aws:policy/service-role/{managed_policy}",
            ),
            self._child,
        )


def backup_tag(label: Label) -> dict[str, str]:
    """The tag that puts a resource into the plan of its stack, beside its others."""
    return {_TAG_KEY: label.prefix}
