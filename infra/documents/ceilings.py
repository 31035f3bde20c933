"""The most that whatever runs the service can do: what the permissions boundary of its roles says.

A boundary grants nothing. Whatever a role is given by mistake, it reaches nothing outside of this.
Backups have a boundary of their own (protection_ceiling.py): a managed policy holds 6,144 characters (IAM
user guide, "IAM and AWS STS quotas"), and no task should ever be able to do what a backup must.
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
            # A profile of the account's own has an id that AWS makes; the model behind it is checked as well.
            [*model_arns, account.arn("bedrock", "application-inference-profile/*")],
            sid="AskListedModels",
        ),
        Allow(["bedrock:ApplyGuardrail"], [account.arn("bedrock", "guardrail/*")], sid="ApplyGuardrails"),
    ]
