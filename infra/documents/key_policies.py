"""Who may use each kind of key, through which service, and for what: key policies as data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from infra.account import Account
from infra.iam import Allow
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
_DATA_KEYS = ("kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey")
_WHOLE_USE = (
    *_DATA_KEYS,
    "kms:Encrypt",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
)
# Who writes to the topics of a stack. S3 does not, and AWS Config cannot write to an encrypted one.
_PUBLISHERS = (
    "backup.amazonaws.com",
    "budgets.amazonaws.com",
    "cloudwatch.amazonaws.com",
    "events.amazonaws.com",
    "events.rds.amazonaws.com",
)


def administration(account: Account) -> Allow:
    """Lets the account's own IAM policies say who administers a key. No key can lock everybody out."""
    return Allow(_ADMINISTRATION, ["*"], principals={"AWS": account.root}, sid="Administration")


def log_use(account: Account, label: Label) -> list[Allow]:
    """CloudWatch Logs, and only for the log groups of this stack."""
    groups = (
        f"{label.path_prefix}/*",
        f"aws-waf-logs-{label.prefix}-*",
        f"/aws/ecs/containerinsights/{label.prefix}-*",
        f"/aws/rds/instance/{label.prefix}-*",
        # The one group of an account to which every database's operating system reports.
        "RDSOSMetrics",
    )
    return [
        Allow(
            _WHOLE_USE,
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
    ]


def secret_use(account: Account, label: Label) -> list[Allow]:
    """This account, and only through Secrets Manager: who reads a secret is the secret's own policy's to say.

    Writing a value needs kms:Decrypt as reading does (Secrets Manager user guide, "Permissions for the KMS
    key"), so that the key cannot tell one from the other. The grant is for RDS, which rotates the password
    that it manages (RDS user guide, "Permissions required for Secrets Manager integration").
    """
    return [
        _use(account, ["secretsmanager"], _DATA_KEYS, "UseThroughSecretsManager"),
        _grant(account, ["rds", "secretsmanager"], "GrantToDatabase"),
    ]


def image_use(account: Account, label: Label) -> list[Allow]:
    """The registry asks for a grant when a repository is made, and works by that grant from then on."""
    return [
        _grant(account, ["ecr"], "GrantToRegistry"),
        _use(account, ["ecr"], (*_DATA_KEYS, "kms:RetireGrant"), "UseThroughRegistry"),
    ]


def database_use(account: Account, label: Label) -> list[Allow]:
    """RDS works by a grant for storage and snapshots, and calls as whoever asks for Performance Insights."""
    return [
        _grant(account, ["rds"], "GrantToDatabase"),
        _use(account, ["rds"], _DATA_KEYS, "UseThroughDatabase"),
    ]


def storage_use(account: Account, label: Label) -> list[Allow]:
    """S3 and DynamoDB, each as whoever calls it; DynamoDB keeps a grant for work that nobody asked for.

    The actions are those that DynamoDB lists ("Authorizing use of a customer managed key"); S3 needs fewer.
    """
    return [
        _grant(account, ["dynamodb"], "GrantToTables"),
        _use(account, ["dynamodb", "s3"], _WHOLE_USE, "UseThroughStorage"),
    ]


def message_use(account: Account, label: Label) -> list[Allow]:
    """Queues, topics and schedules as whoever calls them, and the services that write to a topic or a queue.

    A service is held to the stack's own by what SNS and SQS give KMS as context: a condition on the source
    account would stop EventBridge, which sends none to an encrypted topic (SNS developer guide, "Key
    management").
    """
    return [
        _use(account, ["scheduler", "sns", "sqs"], _DATA_KEYS, "UseThroughMessaging"),
        Allow(
            ["kms:Decrypt", "kms:GenerateDataKey"],
            ["*"],
            {"ArnLike": {"kms:EncryptionContext:aws:sns:topicArn": account.arn("sns", f"{label.prefix}-*")}},
            principals={"Service": list(_PUBLISHERS)},
            sid="PublishToOwnTopics",
        ),
        # Where they put what they could not deliver.
        Allow(
            ["kms:Decrypt", "kms:GenerateDataKey"],
            ["*"],
            {"ArnLike": {"kms:EncryptionContext:aws:sqs:arn": account.arn("sqs", f"{label.prefix}-*")}},
            principals={"Service": ["events.amazonaws.com", "sns.amazonaws.com"]},
            sid="SendToOwnQueues",
        ),
    ]


def audit_use(account: Account, label: Label) -> list[Allow]:
    """CloudTrail for the stack's own trails, AWS Config for this account, and readers through S3."""
    trails = account.arn("cloudtrail", f"trail/{label.prefix}-*")
    cloudtrail = {"Service": "cloudtrail.amazonaws.com"}
    return [
        Allow(
            ["kms:GenerateDataKey"],
            ["*"],
            {"ArnLike": {"aws:SourceArn": trails, "kms:EncryptionContext:aws:cloudtrail:arn": trails}},
            principals=cloudtrail,
            sid="EncryptOwnTrails",
        ),
        Allow(
            ["kms:DescribeKey"],
            ["*"],
            {"ArnLike": {"aws:SourceArn": trails}},
            principals=cloudtrail,
            sid="DescribeForOwnTrails",
        ),
        Allow(
            ["kms:Decrypt", "kms:GenerateDataKey"],
            ["*"],
            {"StringEquals": {"aws:SourceAccount": account.account_id}},
            principals={"Service": "config.amazonaws.com"},
            sid="EncryptConfigurationHistory",
        ),
        _use(account, ["s3"], _DATA_KEYS, "UseThroughStorage"),
    ]


def backup_use(account: Account, label: Label) -> list[Allow]:
    """AWS Backup encrypts what it keeps of tables and buckets by itself; a database keeps its own key."""
    return [
        _grant(account, ["backup"], "GrantToBackup"),
        _use(account, ["backup"], _WHOLE_USE, "UseThroughBackup"),
    ]


# Each kind of data that has a key of its own, and who uses it.
USE_BY_KIND: Mapping[str, Callable[[Account, Label], list[Allow]]] = {
    "logs": log_use,
    "secrets": secret_use,
    "images": image_use,
    "database": database_use,
    "storage": storage_use,
    "messages": message_use,
    "audit": audit_use,
    "backups": backup_use,
}


def _use(account: Account, services: Sequence[str], actions: Sequence[str], sid: str) -> Allow:
    """Lets this account's IAM policies allow a use, and only a use that comes by one of the services."""
    return Allow(
        actions,
        ["*"],
        {"StringEquals": _through(account, services)},
        principals={"AWS": account.root},
        sid=sid,
    )


def _grant(account: Account, services: Sequence[str], sid: str) -> Allow:
    """Lets a service give itself a lasting use of the key, for a resource that somebody makes with it."""
    return Allow(
        ["kms:CreateGrant"],
        ["*"],
        {
            "StringEquals": _through(account, services),
            "Bool": {"kms:GrantIsForAWSResource": "true"},
        },
        principals={"AWS": account.root},
        sid=sid,
    )


def _through(account: Account, services: Sequence[str]) -> dict[str, str | list[str]]:
    names = [f"{service}.{account.region}.amazonaws.com" for service in services]
    return {
        "kms:ViaService": names if len(names) > 1 else names[0],
        "kms:CallerAccount": account.account_id,
    }
