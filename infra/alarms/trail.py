"""What in CloudTrail's events a person is told of.

The numbers are recommendations of the CIS Amazon Web Services Foundations Benchmark, v3.0.0, section 4. Its
4.15, changes of the organization, belongs to the account that holds the organization. What the deploy role
changes is left out where every release would be an alarm: who takes that role is decided by the repository.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from infra.alarms.alarm import Owner, Severity
from infra.alarms.detections import Detection, Source
from infra.alarms.log_patterns import is_in, json_pattern, not_by

_POLICY_VERBS = ("Attach", "Detach", "Put", "Delete")


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What is usual in an account, so that the rest is not."""

    deploy_role_arns: Sequence[str]
    secret_reader_role_arns: Sequence[str]
    # False tells of every login to the console: right where all work is done by releases.
    console_logins: bool = False


def trail_detections(expected: Expected) -> list[Detection]:
    """What to look for in CloudTrail's events."""
    by_others = not_by(expected.deploy_role_arns)
    detections = [
        _trail(
            "unauthorized-calls",
            "Calls are refused for want of permission: somebody tries doors, or a role lacks a grant",
            # A HEAD of a bucket is how SDKs ask whether it is there.
            json_pattern(
                is_in("$.errorCode", ["*UnauthorizedOperation", "AccessDenied*"]),
                '$.eventName != "HeadBucket"',
            ),
            benchmark="CIS 4.1",
            threshold=10,
        ),
        _trail(
            "console-login-without-mfa",
            "Somebody logged in to the console with a password alone",
            json_pattern(
                '$.eventName = "ConsoleLogin"',
                '$.additionalEventData.MFAUsed != "Yes"',
                '$.userIdentity.type = "IAMUser"',
                '$.responseElements.ConsoleLogin = "Success"',
            ),
            benchmark="CIS 4.2",
            severity=Severity.PAGE,
        ),
        _trail(
            "root-use",
            "Somebody acts as the root user of the account",
            json_pattern(
                '$.userIdentity.type = "Root"',
                "$.userIdentity.invokedBy NOT EXISTS",
                '$.eventType != "AwsServiceEvent"',
            ),
            benchmark="CIS 4.3",
            severity=Severity.PAGE,
        ),
        _changes(
            "iam-policy-changed",
            "A policy of IAM was changed, and not by a release",
            [
                *(f"{verb}{kind}Policy" for kind in ("Group", "Role", "User") for verb in _POLICY_VERBS),
                *(f"{verb}Policy{rest}" for verb in ("Create", "Delete") for rest in ("", "Version")),
            ],
            by_others,
            benchmark="CIS 4.4",
        ),
        _changes(
            "iam-trust-changed",
            "Who may act in this account was changed, and not by a release",
            [
                "UpdateAssumeRolePolicy",
                "PutRolePermissionsBoundary",
                "DeleteRolePermissionsBoundary",
                "CreateUser",
                "CreateAccessKey",
                "CreateLoginProfile",
                "CreateOpenIDConnectProvider",
                "UpdateOpenIDConnectProviderThumbprint",
                "AddClientIDToOpenIDConnectProvider",
                "CreateSAMLProvider",
                "UpdateSAMLProvider",
            ],
            by_others,
            severity=Severity.PAGE,
        ),
        _changes(
            "trail-changed",
            "The trail that records every call was changed or stopped",
            ["CreateTrail", "UpdateTrail", "DeleteTrail", "StartLogging", "StopLogging", "PutEventSelectors"],
            benchmark="CIS 4.5",
            severity=Severity.PAGE,
        ),
        _trail(
            "console-login-failed",
            "Logins to the console fail again and again",
            json_pattern('$.eventName = "ConsoleLogin"', '$.errorMessage = "Failed authentication"'),
            benchmark="CIS 4.6",
            threshold=3,
        ),
        _trail(
            "key-disabled",
            "A key was disabled or scheduled for deletion",
            json_pattern(
                '$.eventSource = "kms.amazonaws.com"',
                is_in("$.eventName", ["DisableKey", "ScheduleKeyDeletion"]),
            ),
            benchmark="CIS 4.7",
        ),
        _trail(
            "bucket-policy-changed",
            "Who may reach a bucket, or what it keeps, was changed, and not by a release",
            json_pattern(
                '$.eventSource = "s3.amazonaws.com"',
                is_in(
                    "$.eventName",
                    [
                        "PutBucketAcl",
                        "*BucketPolicy",
                        "*BucketCors",
                        "*BucketLifecycle*",
                        "*BucketReplication",
                        "*PublicAccessBlock",
                    ],
                ),
                # Asking changes nothing.
                '$.eventName != "Get*"',
                by_others,
            ),
            benchmark="CIS 4.8",
        ),
        _trail(
            "config-changed",
            "The recorder of configuration was changed or stopped",
            json_pattern(
                '$.eventSource = "config.amazonaws.com"',
                is_in(
                    "$.eventName",
                    [
                        "StopConfigurationRecorder",
                        "DeleteDeliveryChannel",
                        "PutDeliveryChannel",
                        "PutConfigurationRecorder",
                        "DeleteConfigurationRecorder",
                    ],
                ),
                by_others,
            ),
            benchmark="CIS 4.9",
        ),
        _changes(
            "security-group-changed",
            "A security group was changed, and not by a release",
            [
                "AuthorizeSecurityGroup*",
                "RevokeSecurityGroup*",
                "ModifySecurityGroupRules",
                "CreateSecurityGroup",
                "DeleteSecurityGroup",
            ],
            by_others,
            benchmark="CIS 4.10",
        ),
        _changes(
            "network-acl-changed",
            "A network ACL was changed, and not by a release",
            [
                "CreateNetworkAcl",
                "CreateNetworkAclEntry",
                "DeleteNetworkAcl",
                "DeleteNetworkAclEntry",
                "ReplaceNetworkAclEntry",
                "ReplaceNetworkAclAssociation",
            ],
            by_others,
            benchmark="CIS 4.11",
        ),
        _changes(
            "gateway-changed",
            "A way out of the network was changed, and not by a release",
            [
                "CreateCustomerGateway",
                "DeleteCustomerGateway",
                "AttachInternetGateway",
                "CreateInternetGateway",
                "DeleteInternetGateway",
                "DetachInternetGateway",
                "CreateNatGateway",
                "DeleteNatGateway",
            ],
            by_others,
            benchmark="CIS 4.12",
        ),
        _changes(
            "route-changed",
            "A route was changed, and not by a release",
            [
                "CreateRoute",
                "CreateRouteTable",
                "ReplaceRoute",
                "ReplaceRouteTableAssociation",
                "DeleteRouteTable",
                "DeleteRoute",
                "DisassociateRouteTable",
            ],
            by_others,
            benchmark="CIS 4.13",
        ),
        _changes(
            "vpc-changed",
            "The VPC or what it is joined to was changed, and not by a release",
            [
                "CreateVpc",
                "DeleteVpc",
                "ModifyVpcAttribute",
                "*VpcPeeringConnection",
                "*ClassicLinkVpc",
                "EnableVpcClassicLink",
                "DisableVpcClassicLink",
                "CreateFlowLogs",
                "DeleteFlowLogs",
            ],
            by_others,
            benchmark="CIS 4.14",
        ),
        _trail(
            "secret-read",
            "Somebody read the value of a secret, or tried to, who is not among its readers",
            json_pattern(
                '$.eventSource = "secretsmanager.amazonaws.com"',
                is_in("$.eventName", ["GetSecretValue", "BatchGetSecretValue"]),
                '$.userIdentity.type != "AWSService"',
                # Nobody but AWS can take a role that is linked to a service.
                not_by([*expected.secret_reader_role_arns, "*:role/aws-service-role/*"]),
            ),
            severity=Severity.PAGE,
        ),
    ]
    if not expected.console_logins:
        detections.append(
            _trail(
                "console-login",
                "Somebody logged in to the console of an account where all work is done by releases",
                json_pattern('$.eventName = "ConsoleLogin"', '$.responseElements.ConsoleLogin = "Success"'),
            )
        )
    return detections


def _trail(
    role: str,
    meaning: str,
    pattern: str,
    *,
    benchmark: str = "",
    threshold: float = 0,
    severity: Severity = Severity.TICKET,
) -> Detection:
    return Detection(
        role=role,
        meaning=f"{meaning} ({benchmark})" if benchmark else meaning,
        severity=severity,
        owner=Owner.SECURITY,
        source=Source.TRAIL,
        pattern=pattern,
        threshold=threshold,
    )


def _changes(
    role: str,
    meaning: str,
    event_names: Sequence[str],
    *conditions: str,
    benchmark: str = "",
    severity: Severity = Severity.TICKET,
) -> Detection:
    pattern = json_pattern(is_in("$.eventName", event_names), *conditions)
    return _trail(role, meaning, pattern, benchmark=benchmark, severity=severity)
