"""Which IAM actions a resource type needs of whoever makes, reads, changes and deletes it.

An action is nearly always the service's prefix and the name of the operation. Where AWS calls it something
else, or asks for more than the one, the tables say so; their source is the Service Authorization Reference
("Actions, resources, and condition keys for AWS services"), the page of the service.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import CodeType
from typing import Any

import botocore.session
from botocore import xform_name

from awsmodel.resource import Call, ResourceType

# What a service signs its calls as is the prefix of its actions, but for these.
_PREFIXES = {"monitoring": "cloudwatch"}

# "Actions, resources, and condition keys for Amazon S3": many actions are older than their operations.
_S3 = {
    "DeleteBucketCors": "PutBucketCORS",
    "DeleteBucketEncryption": "PutEncryptionConfiguration",
    "DeleteBucketLifecycle": "PutLifecycleConfiguration",
    "DeleteBucketOwnershipControls": "PutBucketOwnershipControls",
    "DeleteBucketReplication": "PutReplicationConfiguration",
    "DeleteBucketTagging": "PutBucketTagging",
    "DeleteObjects": "DeleteObject",
    "DeletePublicAccessBlock": "PutBucketPublicAccessBlock",
    "GetBucketAccelerateConfiguration": "GetAccelerateConfiguration",
    "GetBucketCors": "GetBucketCORS",
    "GetBucketEncryption": "GetEncryptionConfiguration",
    "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
    "GetBucketNotificationConfiguration": "GetBucketNotification",
    "GetBucketReplication": "GetReplicationConfiguration",
    "GetObjectLockConfiguration": "GetBucketObjectLockConfiguration",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "HeadBucket": "ListBucket",
    "HeadObject": "GetObject",
    "ListBuckets": "ListAllMyBuckets",
    "ListObjectVersions": "ListBucketVersions",
    "ListObjectsV2": "ListBucket",
    "PutBucketAccelerateConfiguration": "PutAccelerateConfiguration",
    "PutBucketCors": "PutBucketCORS",
    "PutBucketEncryption": "PutEncryptionConfiguration",
    "PutBucketLifecycleConfiguration": "PutLifecycleConfiguration",
    "PutBucketNotificationConfiguration": "PutBucketNotification",
    "PutBucketReplication": "PutReplicationConfiguration",
    "PutObjectLockConfiguration": "PutBucketObjectLockConfiguration",
    "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
}
_ACTIONS: Mapping[str, Mapping[str, str]] = {
    # "Actions, resources, and condition keys for AWS Budgets": two actions stand for all operations.
    "budgets": {
        **dict.fromkeys(
            [
                "CreateBudget",
                "CreateNotification",
                "CreateSubscriber",
                "DeleteBudget",
                "DeleteNotification",
                "DeleteSubscriber",
                "UpdateBudget",
                "UpdateNotification",
                "UpdateSubscriber",
            ],
            "ModifyBudget",
        ),
        **dict.fromkeys(
            [
                "DescribeBudget",
                "DescribeBudgets",
                "DescribeNotificationsForBudget",
                "DescribeSubscribersForNotification",
            ],
            "ViewBudget",
        ),
    },
    "lambda": {"Invoke": "InvokeFunction"},
    "s3": _S3,
    "s3control": {
        "DeletePublicAccessBlock": "PutAccountPublicAccessBlock",
        "GetPublicAccessBlock": "GetAccountPublicAccessBlock",
        "PutPublicAccessBlock": "PutAccountPublicAccessBlock",
    },
    "sqs": {"DeleteMessageBatch": "DeleteMessage", "SendMessageBatch": "SendMessage"},
}
# The column "Dependent actions" of each page, and what the user guides add, as far as our types need it.
_DEPENDENT: Mapping[str, tuple[str, ...]] = {
    "appconfig:CreateEnvironment": ("iam:PassRole",),
    "application-autoscaling:RegisterScalableTarget": ("iam:CreateServiceLinkedRole",),
    # Backup developer guide, "Access control": making a vault takes both.
    "backup:CreateBackupSelection": ("iam:PassRole",),
    "backup:CreateBackupVault": ("backup-storage:MountCapsule", "kms:CreateGrant", "kms:DescribeKey"),
    "cloudtrail:CreateTrail": ("iam:PassRole",),
    "config:PutConfigurationRecorder": ("iam:PassRole",),
    "ec2:CreateFlowLogs": ("iam:PassRole",),
    # Private names live in a zone that AWS attaches to the VPC.
    "ec2:CreateVpcEndpoint": ("route53:AssociateVPCWithHostedZone",),
    "ecr:CreateRepository": ("kms:CreateGrant", "kms:DescribeKey"),
    "ecs:CreateCluster": ("iam:CreateServiceLinkedRole",),
    "ecs:CreateService": ("iam:PassRole",),
    "ecs:RegisterTaskDefinition": ("iam:PassRole",),
    "elasticloadbalancing:CreateLoadBalancer": ("iam:CreateServiceLinkedRole",),
    "guardduty:CreateDetector": ("iam:CreateServiceLinkedRole",),
    "iam:CreateRole": ("iam:PutRolePermissionsBoundary",),
    "lambda:CreateFunction": ("iam:PassRole",),
    # RDS user guide, "Permissions required for Secrets Manager integration", and Key management.
    "rds:CreateDBInstance": (
        "iam:PassRole",
        "kms:CreateGrant",
        "kms:DescribeKey",
        "secretsmanager:CreateSecret",
        "secretsmanager:TagResource",
    ),
    "scheduler:CreateSchedule": ("iam:PassRole",),
    "secretsmanager:RotateSecret": ("lambda:InvokeFunction",),
    "wafv2:AssociateWebACL": ("elasticloadbalancing:SetWebAcl",),
    "wafv2:DisassociateWebACL": ("elasticloadbalancing:SetWebAcl",),
    # WAF developer guide, "Permissions for web ACL logging to CloudWatch Logs".
    "wafv2:PutLoggingConfiguration": (
        "iam:CreateServiceLinkedRole",
        "logs:CreateLogDelivery",
        "logs:DescribeLogGroups",
        "logs:DescribeResourcePolicies",
        "logs:PutResourcePolicy",
    ),
    "wafv2:DeleteLoggingConfiguration": ("logs:DeleteLogDelivery",),
}
_READING = ("describe_", "get_", "list_", "head_")


@dataclass(frozen=True, kw_only=True)
class Needs:
    """The IAM actions of a type: what shows it, and what makes, changes and deletes it."""

    reads: frozenset[str]
    writes: frozenset[str]


def iam_action(service: str, operation: str) -> str:
    """The action that an operation takes: `iam_action("s3", "list_buckets")` is `s3:ListAllMyBuckets`.

    The service is said as boto3 says it, the operation as boto3's method. Raises KeyError for an operation
    that the service does not have.
    """
    model = botocore_model(service)
    name = _operations(service)[operation]
    prefix = _PREFIXES.get(model.signing_name, model.signing_name)
    return f"{prefix}:{_ACTIONS.get(service, {}).get(name, name)}"


def needs(resource: ResourceType) -> Needs:
    """What an `up`, a refresh and a destroy of a type need."""
    calls = [resource.create, resource.read, *resource.more_reads, *resource.updates]
    if resource.delete:
        calls.append(resource.delete)
    operations = {each.operation for call in calls for each in _with_look_ups(call)}
    for call in calls:
        operations |= _called_by(call.before, _operations(resource.service))
    if resource.tags:
        operations |= {resource.tags.tag, resource.tags.untag, resource.tags.read} - {""}
    # Some types begin with a look: what AWS makes by itself is found and not created.
    reads = {operation for operation in operations if operation.startswith(_READING)}
    written = {iam_action(resource.service, operation) for operation in operations - reads}
    return Needs(
        reads=frozenset(iam_action(resource.service, operation) for operation in reads),
        writes=frozenset(written).union(*(_DEPENDENT.get(action, ()) for action in written)),
    )


@cache
def botocore_model(service: str) -> Any:
    """botocore's model of a service."""
    return botocore.session.get_session().get_service_model(service)


@cache
def _operations(service: str) -> Mapping[str, str]:
    """boto3's method → the operation of the API."""
    return {xform_name(name): name for name in botocore_model(service).operation_names}


def _with_look_ups(call: Call) -> Iterator[Call]:
    """The call, and what is read before it."""
    yield call
    if call.look_up:
        yield from _with_look_ups(call.look_up)


def _called_by(step: Callable[..., Any] | None, operations: Mapping[str, str]) -> set[str]:
    """The operations that a step before a call makes: those that its code names, or that its helpers do."""
    if step is None:
        return set()
    words = set(_words(step.__code__))
    helpers = [step.__globals__[word] for word in words if hasattr(step.__globals__.get(word), "__code__")]
    return (words & operations.keys()).union(*(_called_by(each, operations) for each in helpers))


def _words(code: CodeType) -> Iterator[str]:
    """The names and the texts in a function's code, and in the functions within it."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, str):
            yield constant
        elif isinstance(constant, CodeType):
            yield from _words(constant)
