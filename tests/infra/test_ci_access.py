"""What continuous integration may do, from both sides; and that it is what the program's types call."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from botocore import xform_name

from awsmodel.catalogue import resource_types
from awsmodel.permissions import botocore_model, iam_action, needs
from infra.account import Account
from infra.ci.access import RIGHTS, actions, ceiling, deploy_policies, guards, plan_policies, trust
from infra.ci.scope import CiScope
from infra.ci.withheld import WITHHELD
from infra.components.ci_access import CiAccess, CiAccessArgs
from infra.documents.ceilings import service_ceiling
from infra.documents.protection_ceiling import protection_ceiling
from infra.iam import Statement, policy
from infra.naming import Label
from tests.infra.evaluator import allows, denies
from tests.infra.recorder import ACCOUNT_ID, REGION, Recording, record

HERE = f"{REGION}:{ACCOUNT_ID}"
SCOPE = CiScope(
    account=Account(partition="aws", account_id=ACCOUNT_ID, region=REGION),
    label=Label(project="slipway", environment="dev", owner="platform", cost_center="triage"),
    repository="acme/slipway",
)
UNPROTECTED = replace(SCOPE, deletion_protection=False)
# With the longest names that a fork can give.
LONGEST = replace(
    UNPROTECTED,
    account=Account(partition="aws-us-gov", account_id=ACCOUNT_ID, region="ap-southeast-4"),
    label=replace(SCOPE.label, project="a" * 40, environment="staging"),
)
BOUNDARY = f"arn:aws:iam::{ACCOUNT_ID}:policy/slipway-dev-identity-boundary"
ROLE = f"arn:aws:iam::{ACCOUNT_ID}:role/slipway-dev-service-task"
OURS = {"aws:ResourceTag/Project": "slipway", "aws:ResourceTag/Environment": "dev"}
ASKED = {"aws:RequestTag/Project": "slipway", "aws:RequestTag/Environment": "dev"}
STATE = f"arn:aws:s3:::slipway-dev-state-{ACCOUNT_ID}"
STATE_KEY = {"kms:ResourceAliases": "alias/slipway-dev-state"}

# Actions that no operation is named after (Service Authorization Reference: permission only, or older).
PERMISSION_ONLY = {
    "backup-storage:MountCapsule",
    "backup:CopyFromBackupVault",
    "backup:CopyIntoBackupVault",
    "budgets:ModifyBudget",
    "budgets:ViewBudget",
    "dynamodb:ConditionCheckItem",
    "dynamodb:RestoreTableFromAwsBackup",
    "dynamodb:StartAwsBackupJob",
    "elasticloadbalancing:SetWebAcl",
    "iam:PassRole",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:UpdateLogDelivery",
    "rds-db:connect",
    "s3:BypassGovernanceRetention",
    "s3:DeleteObjectVersion",
    "s3:GetInventoryConfiguration",
    "s3:GetObjectVersion",
    "s3:GetObjectVersionAcl",
    "s3:GetObjectVersionTagging",
    "s3:ListMultipartUploadParts",
    "s3:ListTagsForResource",
    "s3:PutInventoryConfiguration",
    "s3:PutObjectVersionAcl",
    "s3:TagResource",
    "s3:UntagResource",
}
# IAM's prefix → the services whose operations it covers, where that is not one of the same name.
SERVICES = {
    "bedrock": ("bedrock", "bedrock-runtime"),
    "appconfig": ("appconfig", "appconfigdata"),
    "elasticloadbalancing": ("elbv2",),
    "s3": ("s3", "s3control"),
    "tag": ("resourcegroupstaggingapi",),
}

DEPLOY_CAN: Sequence[tuple[str, str, Mapping[str, str]]] = [
    ("ec2:CreateVpc", f"arn:aws:ec2:{HERE}:vpc/*", ASKED),
    ("ec2:CreateSubnet", f"arn:aws:ec2:{HERE}:subnet/*", ASKED),
    ("ec2:CreateSubnet", f"arn:aws:ec2:{HERE}:vpc/vpc-1", OURS),
    ("ec2:DeleteVpc", f"arn:aws:ec2:{HERE}:vpc/vpc-1", OURS),
    ("ec2:CreateTags", f"arn:aws:ec2:{HERE}:vpc/vpc-1", ASKED),
    ("ec2:ReplaceNetworkAclAssociation", f"arn:aws:ec2:{HERE}:network-acl/acl-default", {}),
    ("elasticloadbalancing:CreateTargetGroup", "*", ASKED),
    (
        "elasticloadbalancing:ModifyRule",
        f"arn:aws:elasticloadbalancing:{HERE}:listener-rule/app/a/1/2/3",
        OURS,
    ),
    ("ecs:CreateService", f"arn:aws:ecs:{HERE}:service/slipway-dev-cluster/slipway-dev-service-triage", {}),
    ("ecs:RunTask", f"arn:aws:ecs:{HERE}:task-definition/slipway-dev-migration-triage:1", {}),
    ("ecr:PutImage", f"arn:aws:ecr:{HERE}:repository/slipway-dev-registry-triage", {}),
    ("lambda:UpdateFunctionCode", f"arn:aws:lambda:{HERE}:function:slipway-dev-judge", {}),
    ("rds:CreateDBInstance", f"arn:aws:rds:{HERE}:db:slipway-dev-database", {}),
    ("secretsmanager:CreateSecret", f"arn:aws:secretsmanager:{HERE}:secret:rds!db-1-AbCdEf", {}),
    ("s3:PutBucketPolicy", f"arn:aws:s3:::slipway-dev-storage-exports-{ACCOUNT_ID}", {}),
    ("kms:CreateKey", "*", ASKED),
    ("kms:PutKeyPolicy", f"arn:aws:kms:{HERE}:key/1", OURS),
    ("kms:CreateGrant", f"arn:aws:kms:{HERE}:key/1", {**OURS, "kms:GrantIsForAWSResource": "true"}),
    ("logs:CreateLogGroup", f"arn:aws:logs:{HERE}:log-group:/slipway/dev/service", {}),
    (
        "logs:CreateLogGroup",
        f"arn:aws:logs:{HERE}:log-group:/aws/ecs/containerinsights/slipway-dev-cluster/performance",
        {},
    ),
    ("cloudwatch:PutMetricAlarm", f"arn:aws:cloudwatch:{HERE}:alarm:slipway-dev-rollback-p95-latency", {}),
    ("cloudtrail:CreateTrail", f"arn:aws:cloudtrail:{HERE}:trail/slipway-dev-trail", {}),
    ("backup:PutBackupVaultLockConfiguration", f"arn:aws:backup:{HERE}:backup-vault:slipway-dev-backups", {}),
    ("iam:CreateRole", ROLE, {"iam:PermissionsBoundary": BOUNDARY}),
    ("iam:PutRolePolicy", ROLE, {"iam:PermissionsBoundary": BOUNDARY}),
    ("iam:PassRole", ROLE, {"iam:PassedToService": "ecs-tasks.amazonaws.com"}),
    ("s3:PutObject", f"{STATE}/.pulumi/stacks/slipway/dev.json", {}),
    ("kms:GenerateDataKey", f"arn:aws:kms:{HERE}:key/1", STATE_KEY),
]
BOTH_CANNOT: Sequence[tuple[str, str, Mapping[str, str]]] = [
    # another environment, another project, another account, what is nobody's
    ("ec2:CreateVpc", f"arn:aws:ec2:{HERE}:vpc/*", {**ASKED, "aws:RequestTag/Environment": "prod"}),
    ("ec2:DeleteVpc", f"arn:aws:ec2:{HERE}:vpc/vpc-1", {**OURS, "aws:ResourceTag/Environment": "prod"}),
    ("ec2:DeleteVpc", f"arn:aws:ec2:{HERE}:vpc/vpc-1", {}),
    ("ec2:CreateTags", f"arn:aws:ec2:{HERE}:vpc/vpc-1", {**ASKED, "aws:ResourceTag/Project": "other"}),
    ("ec2:RunInstances", f"arn:aws:ec2:{HERE}:instance/*", ASKED),
    ("kms:PutKeyPolicy", f"arn:aws:kms:{HERE}:key/1", {**OURS, "aws:ResourceTag/Project": "other"}),
    ("ecs:UpdateService", f"arn:aws:ecs:{HERE}:service/slipway-prod-cluster/slipway-prod-service-triage", {}),
    ("rds:DeleteDBInstance", f"arn:aws:rds:{HERE}:db:slipway-prod-database", {}),
    ("s3:PutObject", f"arn:aws:s3:::slipway-prod-state-{ACCOUNT_ID}/.pulumi/stacks/slipway/prod.json", {}),
    ("s3:GetObject", f"arn:aws:s3:::slipway-prod-state-{ACCOUNT_ID}/.pulumi/stacks/slipway/prod.json", {}),
    ("kms:Decrypt", f"arn:aws:kms:{HERE}:key/1", {"kms:ResourceAliases": "alias/slipway-prod-state"}),
    # secrets and data
    (
        "secretsmanager:GetSecretValue",
        f"arn:aws:secretsmanager:{HERE}:secret:slipway-dev-secrets-desk-AbCdEf",
        {},
    ),
    ("s3:GetObject", f"arn:aws:s3:::slipway-dev-storage-exports-{ACCOUNT_ID}/a", {}),
    ("dynamodb:Scan", f"arn:aws:dynamodb:{HERE}:table/slipway-dev-releases", {}),
    ("sqs:ReceiveMessage", f"arn:aws:sqs:{HERE}:slipway-dev-messaging-tickets", {}),
    ("logs:GetLogEvents", f"arn:aws:logs:{HERE}:log-group:/slipway/dev/service", {}),
    ("rds-db:connect", f"arn:aws:rds-db:{HERE}:dbuser:db-1/triage_api", {}),
    ("bedrock:InvokeModel", "arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-lite-v1:0", {}),
    ("kms:Decrypt", f"arn:aws:kms:{HERE}:key/1", {**OURS, "kms:ViaService": "s3.eu-west-1.amazonaws.com"}),
    # more rights
    ("iam:CreateRole", ROLE, {}),
    ("iam:CreateRole", ROLE, {"iam:PermissionsBoundary": f"arn:aws:iam::{ACCOUNT_ID}:policy/other"}),
    ("iam:CreateRole", f"arn:aws:iam::{ACCOUNT_ID}:role/other", {"iam:PermissionsBoundary": BOUNDARY}),
    ("iam:PutRolePolicy", ROLE, {}),
    (
        "iam:AttachRolePolicy",
        ROLE,
        {"iam:PermissionsBoundary": BOUNDARY, "iam:PolicyARN": "arn:aws:iam::aws:policy/AdministratorAccess"},
    ),
    ("iam:PassRole", ROLE, {"iam:PassedToService": "ec2.amazonaws.com"}),
    ("iam:PassRole", ROLE, {}),
    ("iam:CreateUser", f"arn:aws:iam::{ACCOUNT_ID}:user/a", {}),
    ("iam:CreateAccessKey", f"arn:aws:iam::{ACCOUNT_ID}:user/a", {}),
    ("sts:AssumeRole", ROLE, {}),
    ("organizations:LeaveOrganization", "*", {}),
]
# Denied, and so refused even to a role that is given them.
GUARDED: Sequence[tuple[str, str]] = [
    *(
        (f"iam:{action}", f"arn:aws:iam::{ACCOUNT_ID}:role/slipway-dev-ci-{role}")
        for role in ("plan", "deploy")
        for action in (
            "AttachRolePolicy",
            "DeleteRole",
            "DeleteRolePolicy",
            "DetachRolePolicy",
            "PassRole",
            "PutRolePermissionsBoundary",
            "PutRolePolicy",
            "TagRole",
            "UpdateAssumeRolePolicy",
            "UpdateRole",
        )
    ),
    *(
        (f"iam:{action}", f"arn:aws:iam::{ACCOUNT_ID}:policy/{name}")
        for name in (
            "slipway-dev-identity-boundary",
            "slipway-dev-identity-protection-boundary",
            "slipway-dev-ci-boundary",
            "slipway-dev-ci-deploy-identity",
        )
        for action in (
            "CreatePolicyVersion",
            "DeletePolicy",
            "DeletePolicyVersion",
            "SetDefaultPolicyVersion",
        )
    ),
    *(
        (f"iam:{action}", f"arn:aws:iam::{ACCOUNT_ID}:oidc-provider/token.actions.githubusercontent.com")
        for action in (
            "AddClientIDToOpenIDConnectProvider",
            "DeleteOpenIDConnectProvider",
            "UpdateOpenIDConnectProviderThumbprint",
        )
    ),
    ("cloudtrail:StopLogging", f"arn:aws:cloudtrail:{HERE}:trail/slipway-dev-trail"),
    ("cloudtrail:DeleteTrail", f"arn:aws:cloudtrail:{HERE}:trail/slipway-dev-trail"),
    ("cloudtrail:UpdateTrail", f"arn:aws:cloudtrail:{HERE}:trail/slipway-dev-trail"),
    ("config:StopConfigurationRecorder", "*"),
    ("guardduty:DeleteDetector", f"arn:aws:guardduty:{HERE}:detector/1"),
    ("kms:ScheduleKeyDeletion", f"arn:aws:kms:{HERE}:key/1"),
    ("backup:DeleteBackupVaultLockConfiguration", f"arn:aws:backup:{HERE}:backup-vault:slipway-dev-backups"),
    ("backup:DeleteRecoveryPoint", f"arn:aws:rds:{HERE}:snapshot:awsbackup:job-1"),
    ("s3:BypassGovernanceRetention", f"arn:aws:s3:::slipway-dev-storage-audit-{ACCOUNT_ID}/a"),
    ("s3:DeleteObjectVersion", f"arn:aws:s3:::slipway-dev-storage-audit-{ACCOUNT_ID}/a"),
    ("s3:DeleteBucket", f"arn:aws:s3:::slipway-dev-protection-trail-{ACCOUNT_ID}"),
    ("s3:PutBucketPolicy", STATE),
    ("s3:PutBucketVersioning", STATE),
    ("s3:DeleteObjectVersion", f"{STATE}/.pulumi/stacks/slipway/dev.json"),
    (
        "secretsmanager:GetSecretValue",
        f"arn:aws:secretsmanager:{HERE}:secret:slipway-dev-secrets-desk-AbCdEf",
    ),
]


def _all(policies: Mapping[str, list[Statement]]) -> list[Statement]:
    return [statement for statements in policies.values() for statement in statements]


def _characters(statements: Sequence[Statement]) -> int:
    return len(json.dumps(policy(statements), separators=(",", ":")))


@pytest.mark.parametrize(("role", "environment"), [("deploy", "dev"), ("plan", "dev-plan")])
def test_a_role_is_taken_by_one_repository_in_one_environment_of_github(role: str, environment: str) -> None:
    assert trust(SCOPE, role).to_dict() == {
        "Effect": "Allow",
        "Principal": {
            "Federated": f"arn:aws:iam::{ACCOUNT_ID}:oidc-provider/token.actions.githubusercontent.com"
        },
        "Action": ["sts:AssumeRoleWithWebIdentity"],
        "Condition": {
            "StringEquals": {
                "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
                "token.actions.githubusercontent.com:sub": f"repo:acme/slipway:environment:{environment}",
            }
        },
    }


def test_the_roles_do_what_the_types_of_the_stack_call(built: Recording) -> None:
    """A type that the program begins to use is missing here until it is in the table."""
    deploy, plan = actions(deploy_policies(UNPROTECTED)), actions(plan_policies(UNPROTECTED))
    known = resource_types()
    used = {each.type for each in built.resources if each.type in known}
    assert used
    missing = {}
    for token in sorted(used):
        needed = needs(known[token])
        gap = (
            needed.reads | needed.writes
        ) - deploy - WITHHELD.keys() | needed.reads - plan - WITHHELD.keys()
        if gap:
            missing[token] = sorted(gap)
    assert missing == {}


def test_the_roles_read_what_the_functions_of_the_program_look_up() -> None:
    looked_up = {
        iam_action("ec2", "describe_availability_zones"),
        iam_action("ecr", "get_authorization_token"),
    }
    assert looked_up <= actions(plan_policies(SCOPE)) & actions(deploy_policies(SCOPE))


def test_every_action_of_every_document_is_one_that_aws_has() -> None:
    documents = [
        *_all(plan_policies(UNPROTECTED)),
        *_all(deploy_policies(UNPROTECTED)),
        *service_ceiling(SCOPE.account, SCOPE.label, ["model"]),
        *protection_ceiling(SCOPE.account, SCOPE.label),
    ]
    named = {action for statement in documents for action in statement.actions} | WITHHELD.keys()
    known = set(PERMISSION_ONLY)
    for prefix in {action.partition(":")[0] for action in named - PERMISSION_ONLY}:
        for service in SERVICES.get(prefix, (prefix,)):
            names = botocore_model(service).operation_names
            known |= {f"{prefix}:{name}" for name in names}
            known |= {iam_action(service, xform_name(name)) for name in names}
    assert sorted(named - known) == []


def test_plan_writes_nothing() -> None:
    verbs = ("Describe", "Get", "List", "View", "Decrypt")
    assert [
        each for each in actions(plan_policies(SCOPE)) if not each.partition(":")[2].startswith(verbs)
    ] == []


def test_plan_reads_all_that_deploy_reads_but_no_image() -> None:
    reading = {
        each
        for each in actions(deploy_policies(SCOPE)) - actions(plan_policies(SCOPE))
        if each.partition(":")[2].startswith(("Describe", "Get", "List", "BatchGet"))
    }
    assert reading == {"ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"}


@pytest.mark.parametrize(("action", "resource", "context"), DEPLOY_CAN)
def test_deploy_does_what_an_up_does(action: str, resource: str, context: Mapping[str, str]) -> None:
    for statements in (_all(deploy_policies(SCOPE)), ceiling(SCOPE)):
        assert allows([*statements, *guards(SCOPE)], action, resource, context)
    assert not allows(_all(plan_policies(SCOPE)), action, resource, context)


@pytest.mark.parametrize(("action", "resource", "context"), BOTH_CANNOT)
def test_no_role_of_ci_goes_beyond_its_environment(
    action: str, resource: str, context: Mapping[str, str]
) -> None:
    for policies in (deploy_policies(UNPROTECTED), plan_policies(UNPROTECTED)):
        assert not allows([*_all(policies), *guards(UNPROTECTED)], action, resource, context)


@pytest.mark.parametrize(("action", "resource"), GUARDED)
def test_what_is_guarded_is_refused_by_the_roles_and_by_their_boundary(action: str, resource: str) -> None:
    assert denies(guards(SCOPE), action, resource)
    assert denies(ceiling(SCOPE), action, resource)


@pytest.mark.parametrize("action", WITHHELD)
def test_what_is_withheld_is_granted_nowhere_has_a_reason_and_is_denied(action: str) -> None:
    assert WITHHELD[action]
    assert action not in actions(deploy_policies(UNPROTECTED)) | actions(plan_policies(UNPROTECTED))
    assert denies(guards(SCOPE), action, "*")


def test_only_where_nothing_is_protected_are_buckets_and_repositories_emptied() -> None:
    emptying = {"ecr:BatchDeleteImage", "s3:DeleteObjectVersion"}
    assert emptying <= actions(deploy_policies(UNPROTECTED))
    assert not emptying & actions(deploy_policies(SCOPE))


@pytest.mark.parametrize("policies", [plan_policies, deploy_policies], ids=["plan", "deploy"])
def test_the_policies_fit_what_aws_takes(policies: Any) -> None:
    made = policies(LONGEST)
    assert len(made) <= 10, "a role takes ten managed policies"
    assert [name for name, statements in made.items() if _characters(statements) > 6144] == []
    assert _characters(ceiling(LONGEST)) <= 6144
    assert _characters(guards(LONGEST)) <= 10240, "the inline policies of a role"


def test_the_ceiling_names_the_services_of_the_table_and_no_other() -> None:
    (services, *denied) = ceiling(SCOPE)
    named = {row.service for rows in RIGHTS.values() for row in rows} | {"iam"}
    assert set(services.actions) == {f"{service}:*" for service in named}
    assert {each.effect for each in denied} == {"Deny"}
    assert not {"sts", "organizations", "account", "sso"} & named


def test_no_row_says_an_action_twice() -> None:
    for rows in RIGHTS.values():
        for row in rows:
            for words in (row.reads.split(), row.writes.split(), row.creates.split(), row.tags.split()):
                assert words == sorted(set(words)), row


def _component() -> Recording:
    def program() -> dict[str, Any]:
        access = CiAccess("ci", CiAccessArgs(label=SCOPE.label.of("ci"), scope=SCOPE))
        return {"plan": access.plan_role_arn, "deploy": access.deploy_role_arn}

    return record(program)


def test_each_role_has_its_policies_its_guards_an_hour_and_the_boundary() -> None:
    recording = _component()
    for role, policies in (("plan", plan_policies(SCOPE)), ("deploy", deploy_policies(SCOPE))):
        made = recording.one("iam/role:Role", f"ci-{role}").inputs
        assert made["name"] == f"slipway-dev-ci-{role}"
        assert made["maxSessionDuration"] == 3600
        assert made["permissionsBoundary"].endswith("policy/ci-boundary-policy")
        assert json.loads(made["assumeRolePolicy"])["Statement"] == [trust(SCOPE, role).to_dict()]
        attached = {
            each.inputs["policyArn"].rpartition("/")[2]
            for each in recording.of("iam/rolePolicyAttachment:RolePolicyAttachment")
            if each.inputs["role"] == made["name"]
        }
        assert attached == {f"ci-{role}-{group}-policy" for group in policies}
        guard = recording.one("iam/rolePolicy:RolePolicy", f"ci-{role}-guards").inputs
        assert json.loads(guard["policy"]) == policy(guards(SCOPE))


def test_the_guards_name_what_the_component_makes() -> None:
    recording = _component()
    for each in recording.of("iam/role:Role"):
        arn = f"arn:aws:iam::{ACCOUNT_ID}:role/{each.inputs['name']}"
        assert denies(guards(SCOPE), "iam:PutRolePolicy", arn)
    for each in recording.of("iam/policy:Policy"):
        arn = f"arn:aws:iam::{ACCOUNT_ID}:policy/{each.inputs['name']}"
        assert denies(guards(SCOPE), "iam:CreatePolicyVersion", arn)


def test_the_documents_can_be_read_without_loading_the_aws_sdk() -> None:
    code = "import sys, infra.ci.access\nprint('pulumi_aws' in sys.modules)"
    command = [sys.executable, "-W", "ignore", "-c", code]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == "False"
