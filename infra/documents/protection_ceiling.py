"""The most that AWS Backup can do for a stack: what its permissions boundary says."""

from __future__ import annotations

from infra.account import Account
from infra.iam import Allow
from infra.naming import Label


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
