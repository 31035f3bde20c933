from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from infra.account import Account
from infra.documents.ceilings import boundary_arns, service_ceiling
from infra.documents.protection_ceiling import protection_ceiling
from infra.iam import Allow, policy
from infra.naming import Label
from tests.infra.evaluator import allows
from tests.infra.recorder import ACCOUNT_ID, REGION, Recording

ACCOUNT = Account(partition="aws", account_id=ACCOUNT_ID, region=REGION)
LABEL = Label(project="slipway", environment="dev", owner="platform", cost_center="triage")
MODEL = "arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-lite-v1:0"
HERE = f"{REGION}:{ACCOUNT_ID}"

CEILINGS = (lambda account, label: service_ceiling(account, label, [MODEL] * 4), protection_ceiling)
# Tasks, whoever starts them, the judge, the rotator, the scheduler, flow logs, the trail, monitoring.
NEEDED_BY_SERVICES = [
    ("sqs:SendMessage", f"arn:aws:sqs:{HERE}:slipway-dev-messaging-tickets"),
    ("sqs:ReceiveMessage", f"arn:aws:sqs:{HERE}:slipway-dev-messaging-tickets"),
    ("sqs:DeleteMessage", f"arn:aws:sqs:{HERE}:slipway-dev-messaging-tickets"),
    ("sqs:ChangeMessageVisibility", f"arn:aws:sqs:{HERE}:slipway-dev-messaging-tickets"),
    ("rds-db:connect", f"arn:aws:rds-db:{HERE}:dbuser:db-ABCDEFGH/triage_api"),
    ("rds-db:connect", f"arn:aws:rds-db:{HERE}:dbuser:db-ABCDEFGH/triage_migration"),
    (
        "appconfig:GetLatestConfiguration",
        f"arn:aws:appconfig:{HERE}:application/a/environment/e/configuration/c",
    ),
    (
        "appconfig:StartConfigurationSession",
        f"arn:aws:appconfig:{HERE}:application/a/environment/e/configuration/c",
    ),
    ("bedrock:InvokeModel", MODEL),
    ("bedrock:ApplyGuardrail", f"arn:aws:bedrock:{HERE}:guardrail/abc"),
    ("s3:PutObject", f"arn:aws:s3:::slipway-dev-storage-exports-{ACCOUNT_ID}/2026/export.csv"),
    ("s3:PutObject", f"arn:aws:s3:::slipway-dev-storage-audit-{ACCOUNT_ID}/2026/audit.json"),
    (
        "secretsmanager:GetSecretValue",
        f"arn:aws:secretsmanager:{HERE}:secret:slipway-dev-secrets-desk-AbCdEf",
    ),
    ("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:{HERE}:secret:rds!db-1234-AbCdEf"),
    (
        "secretsmanager:PutSecretValue",
        f"arn:aws:secretsmanager:{HERE}:secret:slipway-dev-secrets-desk-AbCdEf",
    ),
    (
        "secretsmanager:UpdateSecretVersionStage",
        f"arn:aws:secretsmanager:{HERE}:secret:slipway-dev-secrets-desk-AbCdEf",
    ),
    ("secretsmanager:GetRandomPassword", "*"),
    ("kms:Decrypt", f"arn:aws:kms:{HERE}:key/1234"),
    ("kms:GenerateDataKey", f"arn:aws:kms:{HERE}:key/1234"),
    ("ecr:BatchGetImage", f"arn:aws:ecr:{HERE}:repository/slipway-dev-registry-triage"),
    ("cloudwatch:GetMetricData", "*"),
    ("cloudwatch:DescribeAlarms", "*"),
    (
        "ecs:DescribeServiceDeployments",
        f"arn:aws:ecs:{HERE}:service-deployment/slipway-dev-cluster/slipway-dev-service-triage/1",
    ),
    (
        "ecs:DescribeServiceRevisions",
        f"arn:aws:ecs:{HERE}:service-revision/slipway-dev-cluster/slipway-dev-service-triage/1",
    ),
    (
        "ecs:ListServiceDeployments",
        f"arn:aws:ecs:{HERE}:service/slipway-dev-cluster/slipway-dev-service-triage",
    ),
    ("dynamodb:PutItem", f"arn:aws:dynamodb:{HERE}:table/slipway-dev-releases"),
    ("dynamodb:GetItem", f"arn:aws:dynamodb:{HERE}:table/slipway-dev-releases"),
    ("dynamodb:Query", f"arn:aws:dynamodb:{HERE}:table/slipway-dev-releases"),
    ("lambda:InvokeFunction", f"arn:aws:lambda:{HERE}:function:slipway-dev-judge"),
    ("logs:PutLogEvents", f"arn:aws:logs:{HERE}:log-group:/slipway/dev/network/flow-logs:*"),
    ("logs:PutLogEvents", f"arn:aws:logs:{HERE}:log-group:RDSOSMetrics:log-stream:db-1"),
    (
        "elasticloadbalancing:ModifyRule",
        f"arn:aws:elasticloadbalancing:{HERE}:listener-rule/app/slipway-dev-entrance/1/2/3",
    ),
    ("xray:PutTraceSegments", "*"),
]
NEEDED_BY_PROTECTION = [
    ("rds:CreateDBSnapshot", f"arn:aws:rds:{HERE}:db:slipway-dev-database"),
    ("rds:CreateDBSnapshot", f"arn:aws:rds:{HERE}:snapshot:awsbackup:job-1"),
    ("rds:RestoreDBInstanceFromDBSnapshot", f"arn:aws:rds:{HERE}:snapshot:awsbackup:job-1"),
    ("rds:RestoreDBInstanceFromDBSnapshot", f"arn:aws:rds:{HERE}:subgrp:slipway-dev-database"),
    ("dynamodb:StartAwsBackupJob", f"arn:aws:dynamodb:{HERE}:table/slipway-dev-releases"),
    ("dynamodb:RestoreTableFromAwsBackup", f"arn:aws:dynamodb:{HERE}:table/slipway-dev-releases-restored"),
    ("s3:GetObjectVersion", f"arn:aws:s3:::slipway-dev-storage-exports-{ACCOUNT_ID}/a"),
    ("s3:PutBucketNotification", f"arn:aws:s3:::slipway-dev-storage-exports-{ACCOUNT_ID}"),
    ("events:PutRule", f"arn:aws:events:{HERE}:rule/AwsBackupManagedRule1"),
    ("backup:CopyIntoBackupVault", f"arn:aws:backup:{HERE}:backup-vault:slipway-dev-backups"),
    ("kms:CreateGrant", f"arn:aws:kms:{HERE}:key/1234"),
    ("tag:GetResources", "*"),
]
OUT_OF_REACH = [
    ("iam:CreateRole", f"arn:aws:iam::{ACCOUNT_ID}:role/slipway-dev-anything"),
    ("iam:PassRole", f"arn:aws:iam::{ACCOUNT_ID}:role/slipway-dev-service-task"),
    ("iam:PutRolePolicy", f"arn:aws:iam::{ACCOUNT_ID}:role/slipway-dev-service-task"),
    ("sts:AssumeRole", f"arn:aws:iam::{ACCOUNT_ID}:role/slipway-dev-ci-deploy"),
    ("organizations:LeaveOrganization", "*"),
    ("account:CloseAccount", "*"),
    ("cloudtrail:StopLogging", f"arn:aws:cloudtrail:{HERE}:trail/slipway-dev-trail"),
    ("guardduty:DeleteDetector", f"arn:aws:guardduty:{HERE}:detector/1"),
    ("config:StopConfigurationRecorder", "*"),
    ("kms:ScheduleKeyDeletion", f"arn:aws:kms:{HERE}:key/1234"),
    ("kms:PutKeyPolicy", f"arn:aws:kms:{HERE}:key/1234"),
    ("kms:Decrypt", "arn:aws:kms:eu-west-1:999999999999:key/1234"),
    ("backup:DeleteRecoveryPoint", f"arn:aws:backup:{HERE}:recovery-point:1"),
    ("backup:DeleteBackupVaultLockConfiguration", f"arn:aws:backup:{HERE}:backup-vault:slipway-dev-backups"),
    ("s3:PutObject", f"arn:aws:s3:::slipway-prod-storage-audit-{ACCOUNT_ID}/a"),
    ("s3:DeleteObjectVersion", f"arn:aws:s3:::slipway-dev-storage-audit-{ACCOUNT_ID}/a"),
    ("s3:BypassGovernanceRetention", f"arn:aws:s3:::slipway-dev-storage-audit-{ACCOUNT_ID}/a"),
    ("s3:GetObject", f"arn:aws:s3:::slipway-prod-state-{ACCOUNT_ID}/.pulumi/stacks/slipway/prod.json"),
    ("sqs:SendMessage", f"arn:aws:sqs:{HERE}:slipway-prod-messaging-tickets"),
    ("sqs:SendMessage", "arn:aws:sqs:eu-west-1:999999999999:slipway-dev-messaging-tickets"),
    ("dynamodb:Scan", f"arn:aws:dynamodb:{HERE}:table/other"),
    ("rds-db:connect", f"arn:aws:rds-db:{HERE}:dbuser:db-ABCDEFGH/postgres"),
    ("rds:DeleteDBInstance", f"arn:aws:rds:{HERE}:db:slipway-dev-database"),
    (
        "secretsmanager:GetSecretValue",
        f"arn:aws:secretsmanager:{HERE}:secret:slipway-prod-secrets-desk-AbCdEf",
    ),
    ("logs:PutLogEvents", f"arn:aws:logs:{HERE}:log-group:/slipway/prod/service:*"),
    ("logs:DeleteLogGroup", f"arn:aws:logs:{HERE}:log-group:/slipway/dev/service"),
    ("bedrock:InvokeModel", "arn:aws:bedrock:eu-west-1::foundation-model/some.other-model"),
    ("lambda:UpdateFunctionCode", f"arn:aws:lambda:{HERE}:function:slipway-dev-judge"),
    ("ec2:RunInstances", f"arn:aws:ec2:{HERE}:instance/*"),
]
BACKUPS_ALONE = [
    ("rds:RestoreDBInstanceFromDBSnapshot", f"arn:aws:rds:{HERE}:snapshot:awsbackup:job-1"),
    ("dynamodb:Scan", f"arn:aws:dynamodb:{HERE}:table/slipway-dev-releases"),
    ("s3:DeleteObject", f"arn:aws:s3:::slipway-dev-storage-audit-{ACCOUNT_ID}/a"),
    ("rds:ModifyDBInstance", f"arn:aws:rds:{HERE}:db:slipway-dev-database"),
]

TRUSTED = {
    "network-flow-logs-role-role": "vpc-flow-logs.amazonaws.com",
    "judge-function-role-role": "lambda.amazonaws.com",
    "judge-hook-role-role": "ecs.amazonaws.com",
    **{
        f"{workload}-task-{role}-role": "ecs-tasks.amazonaws.com"
        for workload in ("service", "worker", "migration")
        for role in ("execution", "task")
    },
    "service-infrastructure-role": "ecs.amazonaws.com",
    "rotation-function-role-role": "lambda.amazonaws.com",
    "schedules-role-role": "scheduler.amazonaws.com",
    "database-monitoring-role": "monitoring.rds.amazonaws.com",
    "models-logging-role-role": "bedrock.amazonaws.com",
    "flags-monitor-role-role": "appconfig.amazonaws.com",
    "trail-delivery-role-role": "cloudtrail.amazonaws.com",
    "backups-backup-role-role": "backup.amazonaws.com",
    "backups-restore-role-role": "backup.amazonaws.com",
}
# Documented to name the account that they act for when they take a role.
NAME_THEIR_ACCOUNT = {
    "bedrock.amazonaws.com",
    "ecs-tasks.amazonaws.com",
    "monitoring.rds.amazonaws.com",
    "scheduler.amazonaws.com",
    "vpc-flow-logs.amazonaws.com",
}
# And the one resource for which they act.
NAMES_ITS_SOURCE = {
    "monitoring.rds.amazonaws.com": f"arn:aws:rds:{HERE}:db:slipway-dev-database",
    "scheduler.amazonaws.com": f"arn:aws:scheduler:{HERE}:schedule-group/slipway-dev-schedules",
}
# What the tasks of each workload do in AWS: action → on what, by the end of its ARN.
SHARED = {
    "appconfig:GetLatestConfiguration": {"configuration/flags-profile-profile-id"},
    "appconfig:StartConfigurationSession": {"configuration/flags-profile-profile-id"},
    "bedrock:ApplyGuardrail": {"guardrail/models-guardrail"},
    "bedrock:InvokeModel": {
        "amazon.nova-lite-v1:0",
        "amazon.titan-embed-text-v2:0",
        "models-eu-amazon-nova-lite-v1-0",
    },
    "bedrock:InvokeModelWithResponseStream": {"amazon.nova-lite-v1:0", "models-eu-amazon-nova-lite-v1-0"},
}
MAY = {
    "service": {
        **SHARED,
        "rds-db:connect": {"/triage_api"},
        "kms:Decrypt": {"encryption-storage", "encryption-messages", "encryption-secrets"},
        "kms:GenerateDataKey": {"encryption-storage", "encryption-messages"},
        "s3:PutObject": {"exports-bucket/exports/*"},
        "secretsmanager:GetSecretValue": {"secrets-token-signing-key"},
        "sqs:SendMessage": {"tickets-queue"},
    },
    "worker": {
        **SHARED,
        "rds-db:connect": {"/triage_worker"},
        "kms:Decrypt": {"encryption-storage", "encryption-messages"},
        "kms:GenerateDataKey": {"encryption-storage"},
        "s3:PutObject": {"audit-bucket/audit/*", "exports-bucket/exports/*"},
        **{
            f"sqs:{action}": {"tickets-queue"}
            for action in ("ChangeMessageVisibility", "DeleteMessage", "GetQueueAttributes", "ReceiveMessage")
        },
    },
    "migration": {
        "kms:Decrypt": {"encryption-secrets"},
        "secretsmanager:GetSecretValue": {"secret:rds!db-database-instance"},
    },
}


def _grants(recording: Recording, name: str) -> list[dict[str, Any]]:
    found = [each for each in recording.of("iam/rolePolicy:RolePolicy") if each.name == name]
    return [statement for each in found for statement in json.loads(each.inputs["policy"])["Statement"]]


def test_there_is_no_role_but_these(built: Recording) -> None:
    assert {role.name for role in built.of("iam/role:Role")} == {*TRUSTED, "ci-plan", "ci-deploy"}


@pytest.mark.parametrize("name", TRUSTED)
def test_a_role_trusts_its_one_service_and_for_this_account_where_the_service_says_so(
    dev: Recording, name: str
) -> None:
    (statement,) = json.loads(dev.one("iam/role:Role", name).inputs["assumeRolePolicy"])["Statement"]
    service = TRUSTED[name]
    assert statement["Principal"] == {"Service": service}
    expected: dict[str, Any] = {}
    if service in NAME_THEIR_ACCOUNT:
        expected["StringEquals"] = {"aws:SourceAccount": ACCOUNT_ID}
    if service in NAMES_ITS_SOURCE:
        expected["ArnLike"] = {"aws:SourceArn": NAMES_ITS_SOURCE[service]}
    assert statement.get("Condition", {}) == expected


@pytest.mark.parametrize("workload", MAY)
def test_a_task_does_in_aws_what_its_workload_is_for_and_no_more(built: Recording, workload: str) -> None:
    allowed: dict[str, set[str]] = {}
    for statement in _grants(built, f"{workload}-task-task-grants"):
        for action in statement["Action"] if statement["Effect"] == "Allow" else ():
            allowed.setdefault(action, set()).update(statement["Resource"])
    assert allowed.keys() == MAY[workload].keys()
    for action, arns in allowed.items():
        for end in MAY[workload][action]:
            assert [arn for arn in arns if arn.endswith(end)], f"{action} lacks {end}"
        assert not [arn for arn in arns if not arn.endswith(tuple(MAY[workload][action]))], action


def test_tasks_are_started_with_one_image_repository_one_log_group_and_the_named_secrets(
    dev: Recording,
) -> None:
    by_action = {
        action: statement["Resource"]
        for statement in _grants(dev, "service-task-execution-grants")
        for action in statement["Action"]
    }
    assert by_action["ecr:BatchGetImage"] == [
        "arn:aws:ecr:eu-west-1:111111111111:repository/registry-repository"
    ]
    assert by_action["logs:PutLogEvents"] == [
        "arn:aws:cloudwatch:eu-west-1:111111111111:loggroup/service-task-logs-group:*"
    ]
    assert by_action["secretsmanager:GetSecretValue"] == [
        "arn:aws:secretsmanager:eu-west-1:111111111111:secret/secrets-desk-api-token"
    ]
    assert by_action["kms:Decrypt"] == ["arn:aws:kms:eu-west-1:111111111111:key/encryption-secrets"]
    assert [action for action, where in by_action.items() if where == ["*"]] == ["ecr:GetAuthorizationToken"]


def test_ecs_calls_the_judge_and_nothing_else(built: Recording) -> None:
    (grant,) = _grants(built, "judge-hook-role-grants")
    assert grant["Action"] == ["lambda:InvokeFunction"]
    assert grant["Resource"] == ["arn:aws:lambda:eu-west-1:111111111111:function/judge-function-function"]


def test_ecs_shifts_traffic_with_the_policy_that_aws_documents_for_it(built: Recording) -> None:
    attached = built.one(
        "iam/rolePolicyAttachment:RolePolicyAttachment", "service-infrastructure-managed"
    ).inputs
    assert (
        attached["policyArn"] == "arn:aws:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers"
    )
    assert attached["role"] == built.one("iam/role:Role", "service-infrastructure-role").inputs["name"]


@pytest.mark.parametrize("ceiling", CEILINGS, ids=["services", "protection"])
def test_a_ceiling_fits_a_managed_policy_under_the_longest_names(
    ceiling: Callable[[Account, Label], list[Allow]],
) -> None:
    longest = replace(LABEL, project="a" * 40, environment="staging")
    account = Account(partition="aws-us-gov", account_id=ACCOUNT_ID, region="ap-southeast-4")
    assert len(json.dumps(policy(ceiling(account, longest)), separators=(",", ":"))) <= 6144


@pytest.mark.parametrize("ceiling", CEILINGS, ids=["services", "protection"])
def test_a_ceiling_reaches_everything_only_where_aws_knows_nothing_narrower(
    ceiling: Callable[[Account, Label], list[Allow]],
) -> None:
    everywhere = [each.sid for each in ceiling(ACCOUNT, LABEL) if list(each.resources) == ["*"]]
    assert everywhere == ["WhatKnowsNoResource"]


@pytest.mark.parametrize(("action", "resource"), NEEDED_BY_SERVICES)
def test_what_runs_the_service_can_do_what_it_is_for(action: str, resource: str) -> None:
    assert allows(service_ceiling(ACCOUNT, LABEL, [MODEL]), action, resource)


@pytest.mark.parametrize(("action", "resource"), NEEDED_BY_PROTECTION)
def test_what_keeps_copies_can_do_what_it_is_for(action: str, resource: str) -> None:
    context = {"kms:GrantIsForAWSResource": "true"}
    assert allows(protection_ceiling(ACCOUNT, LABEL), action, resource, context)


@pytest.mark.parametrize(("action", "resource"), OUT_OF_REACH)
def test_no_ceiling_reaches_what_is_not_the_stacks_own(action: str, resource: str) -> None:
    assert not allows(service_ceiling(ACCOUNT, LABEL, [MODEL]), action, resource)
    assert not allows(protection_ceiling(ACCOUNT, LABEL), action, resource)


@pytest.mark.parametrize(("action", "resource"), BACKUPS_ALONE)
def test_what_a_backup_does_no_task_can_do(action: str, resource: str) -> None:
    assert allows(protection_ceiling(ACCOUNT, LABEL), action, resource)
    assert not allows(service_ceiling(ACCOUNT, LABEL, [MODEL]), action, resource)


def test_without_a_list_of_models_no_model_is_asked() -> None:
    assert not allows(service_ceiling(ACCOUNT, LABEL), "bedrock:InvokeModel", MODEL)


def test_the_boundaries_are_where_their_arns_say(dev: Recording) -> None:
    names = {each.inputs["name"] for each in dev.of("iam/policy:Policy")}
    arns = boundary_arns(ACCOUNT, LABEL)
    assert {arn.rpartition("/")[2] for arn in arns} <= names
    assert all(arn.startswith(f"arn:aws:iam::{ACCOUNT_ID}:policy/") for arn in arns)
