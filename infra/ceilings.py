"""The most that the roles of a stack can do, class by class: what their permissions boundaries say.

A boundary grants nothing. Whatever a role is given by mistake, it reaches nothing outside of this.
A managed policy holds 6,144 characters (IAM user guide, "IAM and AWS STS quotas"), which is one reason for
two of them; the other is that no task should ever be able to do what a backup must.
"""

from __future__ import annotations

from collections.abc import Sequence

from infra.account import Account
from infra.iam import Allow
from infra.naming import Label

# What each class of boundary is called.
SERVICES = "boundary"
PROTECTION = "protection-boundary"
# The users of the database that log in by IAM.
DATABASE_USERS = ("triage_api", "triage_worker", "triage_migration")


def boundary_arns(account: Account, label: Label) -> list[str]:
    """The ARNs of both boundaries, for policies that must know them before they are made."""
    identity = label.of("identity")
    return [account.global_arn("iam", f"policy/{identity.name(role)}") for role in (SERVICES, PROTECTION)]


def service_ceiling(account: Account, label: Label, model_arns: Sequence[str] = ()) -> list[Allow]:
    """For all that runs the service: tasks, functions, and the services of AWS that act for them."""
    prefix = label.prefix
    # As the entrance names it: so short that a long prefix does not fit.
    balancer = label.of("entrance").name(limit=32)
    return [
        *_logs(account, label),
        Allow(
            ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            [account.arn("ecr", f"repository/{prefix}-*")],
            sid="PullOwnImages",
        ),
        *_secrets(account, label),
        Allow(
            ["kms:Decrypt", "kms:GenerateDataKey"],
            [account.arn("kms", "key/*")],
            sid="UseKeysThatNameTheUser",
        ),
        Allow(
            ["lambda:InvokeFunction"], [account.arn("lambda", f"function:{prefix}-*")], sid="CallOwnFunctions"
        ),
        Allow(
            [
                "elasticloadbalancing:DeregisterTargets",
                "elasticloadbalancing:ModifyListener",
                "elasticloadbalancing:ModifyRule",
                "elasticloadbalancing:RegisterTargets",
            ],
            [
                account.arn("elasticloadbalancing", "targetgroup/*"),
                account.arn("elasticloadbalancing", f"listener/app/{balancer}/*"),
                account.arn("elasticloadbalancing", f"listener-rule/app/{balancer}/*"),
            ],
            sid="ShiftOwnTraffic",
        ),
        Allow(
            [
                "ecs:DescribeServiceDeployments",
                "ecs:DescribeServiceRevisions",
                "ecs:ListServiceDeployments",
            ],
            [
                account.arn("ecs", f"{kind}/{prefix}-*")
                for kind in ("service", "service-deployment", "service-revision")
            ],
            sid="JudgeOwnReleases",
        ),
        *_data(account, label),
        *_models(account, model_arns),
        # None of these knows a resource: AWS accepts no narrower one.
        Allow(
            [
                "cloudwatch:DescribeAlarms",
                "cloudwatch:GetMetricData",
                "ecr:GetAuthorizationToken",
                "elasticloadbalancing:DescribeListeners",
                "elasticloadbalancing:DescribeRules",
                "elasticloadbalancing:DescribeTargetGroups",
                "elasticloadbalancing:DescribeTargetHealth",
                "logs:DescribeLogGroups",
                "secretsmanager:GetRandomPassword",
                "xray:PutTelemetryRecords",
                "xray:PutTraceSegments",
            ],
            ["*"],
            sid="WhatKnowsNoResource",
        ),
    ]


def protection_ceiling(account: Account, label: Label) -> list[Allow]:
    """For AWS Backup: of what its own managed policies let it do, what databases, tables and buckets need.

    AWSBackupServiceRolePolicyForBackup, AWSBackupServiceRolePolicyForRestores and the two of S3 (AWS
    managed policy reference) reach every service that AWS Backup knows.
    """
    prefix = label.prefix
    buckets = f"arn:{account.partition}:s3:::{prefix}-*"
    return [
        *_database_backup(account, prefix),
        *_table_backup(account, prefix),
        Allow(
            [
                "s3:GetBucketAcl",
                "s3:GetBucketLocation",
                "s3:GetBucketNotification",
                "s3:GetBucketOwnershipControls",
                "s3:GetBucketTagging",
                "s3:GetBucketVersioning",
                "s3:GetInventoryConfiguration",
                "s3:ListBucket",
                "s3:ListBucketVersions",
                "s3:ListTagsForResource",
                "s3:PutBucketNotification",
                "s3:PutInventoryConfiguration",
            ],
            [buckets],
            sid="BackUpBuckets",
        ),
        Allow(
            [
                "s3:DeleteObject",
                "s3:GetObject",
                "s3:GetObjectAcl",
                "s3:GetObjectTagging",
                "s3:GetObjectVersion",
                "s3:GetObjectVersionAcl",
                "s3:GetObjectVersionTagging",
                "s3:ListMultipartUploadParts",
                "s3:PutObject",
                "s3:PutObjectAcl",
                "s3:PutObjectTagging",
                "s3:PutObjectVersionAcl",
            ],
            [f"{buckets}/*"],
            sid="CopyObjects",
        ),
        # AWS Backup learns of changed objects by rules of its own.
        Allow(
            [
                "events:DeleteRule",
                "events:DescribeRule",
                "events:DisableRule",
                "events:EnableRule",
                "events:ListTargetsByRule",
                "events:PutRule",
                "events:PutTargets",
                "events:RemoveTargets",
            ],
            [account.arn("events", "rule/AwsBackupManagedRule*")],
            sid="WatchBuckets",
        ),
        Allow(
            ["backup:CopyFromBackupVault", "backup:CopyIntoBackupVault", "backup:DescribeBackupVault"],
            [account.arn("backup", f"backup-vault:{prefix}-*")],
            sid="FillOwnVaults",
        ),
        Allow(["backup:TagResource"], [account.arn("backup", "recovery-point:*")], sid="TagCopies"),
        Allow(
            [
                "kms:Decrypt",
                "kms:DescribeKey",
                "kms:Encrypt",
                "kms:GenerateDataKey",
                "kms:GenerateDataKeyWithoutPlaintext",
                "kms:ReEncryptFrom",
                "kms:ReEncryptTo",
            ],
            [account.arn("kms", "key/*")],
            sid="UseKeysThatNameTheUser",
        ),
        Allow(
            ["kms:CreateGrant"],
            [account.arn("kms", "key/*")],
            {"Bool": {"kms:GrantIsForAWSResource": "true"}},
            sid="GrantToServices",
        ),
        # None of these knows a resource: AWS accepts no narrower one.
        Allow(
            ["cloudwatch:GetMetricData", "events:ListRules", "s3:ListAllMyBuckets", "tag:GetResources"],
            ["*"],
            sid="WhatKnowsNoResource",
        ),
    ]


def _logs(account: Account, label: Label) -> list[Allow]:
    return [
        Allow(
            ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            [account.arn("logs", f"log-group:{label.path_prefix}/*")],
            sid="WriteOwnLogs",
        ),
        # RDS writes what enhanced monitoring sees to this group, whose name nobody chooses.
        Allow(
            [
                "logs:CreateLogGroup",
                "logs:CreateLogStream",
                "logs:DescribeLogStreams",
                "logs:GetLogEvents",
                "logs:PutLogEvents",
                "logs:PutRetentionPolicy",
            ],
            [account.arn("logs", "log-group:RDSOSMetrics"), account.arn("logs", "log-group:RDSOSMetrics:*")],
            sid="MonitorDatabases",
        ),
    ]


def _secrets(account: Account, label: Label) -> list[Allow]:
    return [
        Allow(
            [
                "secretsmanager:DescribeSecret",
                "secretsmanager:GetSecretValue",
                "secretsmanager:PutSecretValue",
                "secretsmanager:UpdateSecretVersionStage",
            ],
            [account.arn("secretsmanager", f"secret:{label.prefix}-*")],
            sid="ReadAndRotateOwnSecrets",
        ),
        # RDS names what it keeps of its master user, as whom the migration makes those who log in by IAM.
        Allow(
            ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
            [account.arn("secretsmanager", "secret:rds!db-*")],
            sid="ReadMasterSecrets",
        ),
    ]


def _data(account: Account, label: Label) -> list[Allow]:
    own_names = f"{label.prefix}-*"
    return [
        Allow(
            ["rds-db:connect"],
            [account.arn("rds-db", f"dbuser:*/{user}") for user in DATABASE_USERS],
            sid="LogInToDatabases",
        ),
        Allow(
            [
                "sqs:ChangeMessageVisibility",
                "sqs:DeleteMessage",
                "sqs:GetQueueAttributes",
                "sqs:GetQueueUrl",
                "sqs:ReceiveMessage",
                "sqs:SendMessage",
            ],
            [account.arn("sqs", own_names)],
            sid="UseOwnQueues",
        ),
        Allow(
            [
                "dynamodb:ConditionCheckItem",
                "dynamodb:DeleteItem",
                "dynamodb:GetItem",
                "dynamodb:PutItem",
                "dynamodb:Query",
                "dynamodb:UpdateItem",
            ],
            [account.arn("dynamodb", f"table/{own_names}")],
            sid="UseOwnTables",
        ),
        # Adds and reads, and never deletes: what is audited stays.
        Allow(
            ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"],
            [
                f"arn:{account.partition}:s3:::{own_names}{kind}-{account.account_id}/*"
                for kind in ("audit", "exports")
            ],
            sid="FillOwnBuckets",
        ),
        # Applications of AppConfig are known by ids that AWS makes.
        Allow(
            ["appconfig:GetLatestConfiguration", "appconfig:StartConfigurationSession"],
            [account.arn("appconfig", "application/*")],
            sid="ReadFlags",
        ),
    ]


def _models(account: Account, model_arns: Sequence[str]) -> list[Allow]:
    if not model_arns:
        return []
    return [
        Allow(
            ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"],
            model_arns,
            sid="AskListedModels",
        ),
        Allow(["bedrock:ApplyGuardrail"], [account.arn("bedrock", "guardrail/*")], sid="ApplyGuardrails"),
    ]


def _database_backup(account: Account, prefix: str) -> list[Allow]:
    return [
        Allow(
            [
                "rds:AddTagsToResource",
                "rds:CopyDBSnapshot",
                "rds:CreateDBInstance",
                "rds:CreateDBSnapshot",
                "rds:DeleteDBInstanceAutomatedBackup",
                "rds:DeleteDBSnapshot",
                "rds:DescribeDBInstances",
                "rds:DescribeDBSnapshots",
                "rds:ListTagsForResource",
                "rds:ModifyDBInstance",
                "rds:ModifyDBSnapshotAttribute",
                "rds:RestoreDBInstanceFromDBSnapshot",
                "rds:RestoreDBInstanceToPointInTime",
            ],
            [
                account.arn("rds", f"{kind}:{name}")
                for kind, name in (
                    ("auto-backup", "*"),
                    ("db", f"{prefix}-*"),
                    # Restored beside the one that is there, under a name that AWS Backup makes.
                    ("db", "awsbackup-*"),
                    ("og", "*"),
                    ("pg", "*"),
                    ("snapshot", "awsbackup:*"),
                    ("subgrp", f"{prefix}-*"),
                )
            ],
            sid="BackUpDatabases",
        ),
    ]


def _table_backup(account: Account, prefix: str) -> list[Allow]:
    table = account.arn("dynamodb", f"table/{prefix}-*")
    return [
        Allow(
            [
                "dynamodb:BatchWriteItem",
                "dynamodb:CreateBackup",
                "dynamodb:DeleteBackup",
                "dynamodb:DeleteItem",
                "dynamodb:DescribeBackup",
                "dynamodb:DescribeTable",
                "dynamodb:GetItem",
                "dynamodb:ListTagsOfResource",
                "dynamodb:PutItem",
                "dynamodb:Query",
                "dynamodb:RestoreTableFromAwsBackup",
                "dynamodb:RestoreTableFromBackup",
                "dynamodb:Scan",
                "dynamodb:StartAwsBackupJob",
                "dynamodb:UpdateItem",
            ],
            [table],
            sid="BackUpTables",
        ),
    ]
