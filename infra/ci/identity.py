"""What takes conditions of its own: roles, keys, and the state of the stack."""

from __future__ import annotations

from infra.ci.scope import CiScope
from infra.documents.ceilings import boundary_arns
from infra.iam import Allow, Conditions

# The services that take a role of a stack, and act by it.
_ROLE_TAKERS = (
    "appconfig.amazonaws.com",
    "backup.amazonaws.com",
    "bedrock.amazonaws.com",
    "cloudtrail.amazonaws.com",
    "config.amazonaws.com",
    "ecs-tasks.amazonaws.com",
    "ecs.amazonaws.com",
    "lambda.amazonaws.com",
    "monitoring.rds.amazonaws.com",
    "scheduler.amazonaws.com",
    "vpc-flow-logs.amazonaws.com",
)
# The services that make a role for themselves when they are first used in an account.
_SELF_SERVERS = (
    "backup.amazonaws.com",
    "config.amazonaws.com",
    "ecs.amazonaws.com",
    "ecs.application-autoscaling.amazonaws.com",
    "elasticloadbalancing.amazonaws.com",
    "guardduty.amazonaws.com",
    "rds.amazonaws.com",
    "wafv2.amazonaws.com",
)
# The only policies of AWS that a role of a stack may be given.
_MANAGED_POLICIES = (
    "AmazonECSInfrastructureRolePolicyForLoadBalancers",
    "service-role/AmazonRDSEnhancedMonitoringRole",
    "service-role/AWSBackupServiceRolePolicyForBackup",
    "service-role/AWSBackupServiceRolePolicyForRestores",
    "AWSBackupServiceRolePolicyForS3Backup",
    "AWSBackupServiceRolePolicyForS3Restore",
)
# The services that use a key of ours for whoever makes something there. Not S3: that would be reading data.
_KEY_USERS = (
    "appconfig",
    "backup",
    "bedrock",
    "dynamodb",
    "ecr",
    "rds",
    "scheduler",
    "secretsmanager",
    "sns",
    "sqs",
)


def key_use(scope: CiScope) -> list[Allow]:
    keys = scope.arns(("kms:{here}:key/*",))
    ours = scope.tags("ResourceTag")
    return [
        Allow(
            ["kms:CreateGrant"], keys, {"StringEquals": ours, "Bool": {"kms:GrantIsForAWSResource": "true"}}
        ),
        Allow(
            ["kms:Decrypt", "kms:GenerateDataKey"],
            keys,
            {
                "StringEquals": {
                    **ours,
                    "kms:ViaService": [
                        f"{service}.{scope.account.region}.amazonaws.com" for service in _KEY_USERS
                    ],
                }
            },
        ),
    ]


def identity_reads(scope: CiScope) -> list[Allow]:
    account, prefix = scope.account, scope.label.prefix
    return [
        Allow(
            [
                "iam:GetRole",
                "iam:GetRolePolicy",
                "iam:ListAttachedRolePolicies",
                "iam:ListInstanceProfilesForRole",
                "iam:ListRolePolicies",
                "iam:ListRoleTags",
            ],
            [account.global_arn("iam", f"role/{name}") for name in (f"{prefix}-*", "aws-service-role/*")],
            sid="ReadRoles",
        ),
        Allow(
            ["iam:GetPolicy", "iam:GetPolicyVersion", "iam:ListPolicyTags", "iam:ListPolicyVersions"],
            [account.global_arn("iam", f"policy/{prefix}-*")],
            sid="ReadPolicies",
        ),
    ]


def identity_writes(scope: CiScope) -> list[Allow]:
    account = scope.account
    roles = [account.global_arn("iam", f"role/{scope.label.prefix}-*")]
    bounded = {"iam:PermissionsBoundary": boundary_arns(account, scope.label)}
    policies = [f"arn:{account.partition}:iam::aws:policy/{name}" for name in _MANAGED_POLICIES]
    return [
        Allow(
            ["iam:CreateRole", "iam:DeleteRolePolicy", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"],
            roles,
            {"StringEquals": bounded},
            sid="MakeRolesUnderTheBoundary",
        ),
        Allow(
            ["iam:AttachRolePolicy", "iam:DetachRolePolicy"],
            roles,
            {"StringEquals": bounded, "ArnEquals": {"iam:PolicyARN": policies}},
            sid="AttachListedPolicies",
        ),
        # None of these makes a role able to do more: its boundary stays.
        Allow(
            [
                "iam:DeleteRole",
                "iam:TagRole",
                "iam:UntagRole",
                "iam:UpdateAssumeRolePolicy",
                "iam:UpdateRole",
            ],
            roles,
            sid="ChangeOwnRoles",
        ),
        Allow(
            ["iam:PassRole"],
            roles,
            {"StringEquals": {"iam:PassedToService": list(_ROLE_TAKERS)}},
            sid="GiveRolesToServices",
        ),
        Allow(
            ["iam:CreateServiceLinkedRole"],
            [account.global_arn("iam", "role/aws-service-role/*")],
            {"StringEquals": {"iam:AWSServiceName": list(_SELF_SERVERS)}},
            sid="LetServicesMakeTheirOwnRoles",
        ),
        # What such a role can do is the service's to say.
        Allow(
            ["iam:TagRole", "iam:UntagRole", "iam:UpdateRole"],
            [account.global_arn("iam", "role/aws-service-role/*")],
            sid="DescribeRolesOfServices",
        ),
    ]


def state_reads(scope: CiScope) -> list[Allow]:
    bucket = f"arn:{scope.account.partition}:s3:::{scope.state_bucket_name}"
    return [
        Allow(["s3:ListBucket"], [bucket], sid="ListState"),
        Allow(["s3:GetObject"], [f"{bucket}/*"], sid="ReadState"),
        Allow(["kms:Decrypt", "kms:DescribeKey"], *_state_key(scope), sid="DecryptState"),
    ]


def state_writes(scope: CiScope) -> list[Allow]:
    bucket = f"arn:{scope.account.partition}:s3:::{scope.state_bucket_name}"
    return [
        # Deleting is how a lock is taken off; the bucket keeps what was there before.
        Allow(["s3:DeleteObject", "s3:PutObject"], [f"{bucket}/*"], sid="WriteState"),
        Allow(["kms:Encrypt", "kms:GenerateDataKey"], *_state_key(scope), sid="EncryptState"),
    ]


def _state_key(scope: CiScope) -> tuple[list[str], Conditions]:
    # A key is known by the alias that it has: an alias itself is nothing that a policy could name.
    has_alias = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": scope.state_key_alias}}
    return [scope.account.arn("kms", "key/*")], has_alias
