"""One rotating key per kind of data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.account import Account
from infra.iam import Allow, document
from infra.naming import Label

# What the administrators of a key need, and nothing with which data could be read or written.
_ADMINISTRATION = (
    "kms:CancelKeyDeletion",
    "kms:CreateAlias",
    "kms:DeleteAlias",
    "kms:DescribeKey",
    "kms:DisableKey",
    "kms:DisableKeyRotation",
    "kms:EnableKey",
    "kms:EnableKeyRotation",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListAliases",
    "kms:ListGrants",
    "kms:ListKeyPolicies",
    "kms:ListResourceTags",
    "kms:PutKeyPolicy",
    "kms:RevokeGrant",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateAlias",
    "kms:UpdateKeyDescription",
)


@dataclass(frozen=True, kw_only=True)
class EncryptionArgs:
    label: Label
    account: Account
    # How long a deleted key can be called back; AWS allows 7 to 30.
    deletion_window_days: int = 30


class Encryption(pulumi.ComponentResource):
    """The keys of a stack: for logs, for secrets, for images.

    Each key policy lets the account administer its key and names who uses it, through which service.
    """

    logs_key_arn: pulumi.Output[str]
    secrets_key_arn: pulumi.Output[str]
    images_key_arn: pulumi.Output[str]

    def __init__(self, name: str, args: EncryptionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("slipway:encryption:Encryption", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)

        def make_key(purpose: str, users: Sequence[Allow]) -> pulumi.Output[str]:
            key = aws.kms.Key(
                f"{name}-{purpose}",
                description=f"Encrypts the {purpose} of {args.label.prefix}",
                enable_key_rotation=True,
                deletion_window_in_days=args.deletion_window_days,
                policy=document([administration(args.account), *users]),
                tags=args.label.tags(purpose),
                opts=child,
            )
            aws.kms.Alias(
                f"{name}-{purpose}-alias",
                name=f"alias/{args.label.prefix}-{purpose}",
                target_key_id=key.key_id,
                opts=child,
            )
            return key.arn

        self.logs_key_arn = make_key("logs", [log_use(args.account, args.label)])
        self.secrets_key_arn = make_key("secrets", [secret_use(args.account)])
        self.images_key_arn = make_key("images", image_use(args.account))
        self.register_outputs(
            {
                "logs_key_arn": self.logs_key_arn,
                "secrets_key_arn": self.secrets_key_arn,
                "images_key_arn": self.images_key_arn,
            }
        )


def administration(account: Account) -> Allow:
    """Lets the account's own IAM policies say who administers a key. No key can lock everybody out."""
    return Allow(_ADMINISTRATION, ["*"], principals={"AWS": account.root}, sid="Administration")


def log_use(account: Account, label: Label) -> Allow:
    """CloudWatch Logs, and only for the log groups of this stack."""
    groups = (
        f"{label.path_prefix}/*",
        f"aws-waf-logs-{label.prefix}-*",
        f"/aws/ecs/containerinsights/{label.prefix}-*",
    )
    return Allow(
        [
            "kms:Decrypt",
            "kms:DescribeKey",
            "kms:Encrypt",
            "kms:GenerateDataKey",
            "kms:GenerateDataKeyWithoutPlaintext",
            "kms:ReEncryptFrom",
            "kms:ReEncryptTo",
        ],
        ["*"],
        {
            "ArnLike": {
                "kms:EncryptionContext:aws:logs:arn": [
                    account.arn("logs", f"log-group:{group}") for group in groups
                ]
            }
        },
        principals={"Service": f"logs.{account.region}.amazonaws.com"},
        sid="EncryptOwnLogGroups",
    )


def secret_use(account: Account) -> Allow:
    """This account, and only through Secrets Manager: who reads a secret is the secret's own policy's to say.

    Writing a value needs kms:Decrypt as reading does (Secrets Manager user guide, "Permissions for the KMS
    key"), so that the key cannot tell one from the other.
    """
    return Allow(
        ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"],
        ["*"],
        {"StringEquals": _through("secretsmanager", account)},
        principals={"AWS": account.root},
        sid="UseThroughSecretsManager",
    )


def image_use(account: Account) -> list[Allow]:
    """The registry asks for a grant when a repository is made, and works by that grant from then on."""
    through = _through("ecr", account)
    return [
        Allow(
            ["kms:CreateGrant"],
            ["*"],
            {"StringEquals": through, "Bool": {"kms:GrantIsForAWSResource": "true"}},
            principals={"AWS": account.root},
            sid="GrantToRegistry",
        ),
        Allow(
            ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey", "kms:RetireGrant"],
            ["*"],
            {"StringEquals": through},
            principals={"AWS": account.root},
            sid="UseThroughRegistry",
        ),
    ]


def _through(service: str, account: Account) -> dict[str, str]:
    return {
        "kms:ViaService": f"{service}.{account.region}.amazonaws.com",
        "kms:CallerAccount": account.account_id,
    }
