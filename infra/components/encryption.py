"""One rotating key per kind of data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.account import Account
from infra.documents.key_policies import USE_BY_KIND, administration
from infra.iam import Allow, document
from infra.naming import Label


@dataclass(frozen=True, kw_only=True)
class EncryptionArgs:
    label: Label
    account: Account
    # How long a deleted key can be called back; AWS allows 7 to 30.
    deletion_window_days: int = 30
    # False lets a key go with its stack, and with it whatever was encrypted under it.
    deletion_protection: bool = True


class Encryption(pulumi.ComponentResource):
    """The keys of a stack, by what they encrypt.

    Each key policy lets the account administer its key and names who uses it, through which service.
    """

    logs_key_arn: pulumi.Output[str]
    # Secrets Manager, the password of the database included.
    secrets_key_arn: pulumi.Output[str]
    images_key_arn: pulumi.Output[str]
    # The disks, snapshots and Performance Insights of RDS.
    database_key_arn: pulumi.Output[str]
    # What the application keeps in buckets, and tables.
    storage_key_arn: pulumi.Output[str]
    # Queues, topics and schedules.
    messages_key_arn: pulumi.Output[str]
    # The record of what was done in the account: trail and configuration history.
    audit_key_arn: pulumi.Output[str]
    backups_key_arn: pulumi.Output[str]

    def __init__(self, name: str, args: EncryptionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("slipway:encryption:Encryption", name, None, opts)
        self._name, self._args = name, args
        arns = {
            kind: self._make_key(kind, users(args.account, args.label)) for kind, users in USE_BY_KIND.items()
        }
        self.logs_key_arn = arns["logs"]
        self.secrets_key_arn = arns["secrets"]
        self.images_key_arn = arns["images"]
        self.database_key_arn = arns["database"]
        self.storage_key_arn = arns["storage"]
        self.messages_key_arn = arns["messages"]
        self.audit_key_arn = arns["audit"]
        self.backups_key_arn = arns["backups"]
        self.register_outputs({f"{kind}_key_arn": arn for kind, arn in arns.items()})

    def _make_key(self, kind: str, users: Sequence[Allow]) -> pulumi.Output[str]:
        name, args = self._name, self._args
        key = aws.kms.Key(
            f"{name}-{kind}",
            description=f"Encrypts the {kind} of {args.label.prefix}",
            enable_key_rotation=True,
            deletion_window_in_days=args.deletion_window_days,
            policy=document([administration(args.account), *users]),
            tags=args.label.tags(kind),
            opts=pulumi.ResourceOptions(parent=self, protect=args.deletion_protection),
        )
        aws.kms.Alias(
            f"{name}-{kind}-alias",
            name=f"alias/{args.label.prefix}-{kind}",
            target_key_id=key.key_id,
            opts=pulumi.ResourceOptions(parent=self),
        )
        return key.arn
