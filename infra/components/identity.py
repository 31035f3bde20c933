"""The ceiling of every role of a stack."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra import iam
from infra.account import Account
from infra.naming import Label


@dataclass(frozen=True, kw_only=True)
class BoundaryArgs:
    label: Label
    account: Account


class Boundary(pulumi.ComponentResource):
    """A managed policy that each role carries as its permissions boundary.

    It grants nothing by itself. A role that is given too much by mistake, or by someone who can write
    role policies, still reaches nothing outside this list and this stack's names.
    """

    arn: pulumi.Output[str]

    def __init__(self, name: str, args: BoundaryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("slipway:identity:Boundary", name, None, opts)
        policy = aws.iam.Policy(
            f"{name}-policy",
            name=args.label.name("boundary"),
            description=f"The most that any role of {args.label.prefix} can do",
            policy=iam.document(ceiling(args.account, args.label)),
            tags=args.label.tags("boundary"),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.arn = policy.arn
        self.register_outputs({"arn": self.arn})


def ceiling(account: Account, label: Label) -> list[iam.Allow]:
    """The most that a role of a stack may do."""
    prefix = label.prefix
    return [
        iam.Allow(
            ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            [account.arn("logs", f"log-group:{label.path_prefix}/*")],
            sid="WriteOwnLogs",
        ),
        iam.Allow(
            ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            [account.arn("ecr", f"repository/{prefix}-*")],
            sid="PullOwnImages",
        ),
        iam.Allow(
            ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
            [account.arn("secretsmanager", f"secret:{prefix}-*")],
            sid="ReadOwnSecrets",
        ),
        iam.Allow(
            ["kms:Decrypt", "kms:GenerateDataKey"],
            [account.arn("kms", "key/*")],
            sid="UseKeysThatNameTheUser",
        ),
        iam.Allow(
            ["lambda:InvokeFunction"], [account.arn("lambda", f"function:{prefix}-*")], sid="CallOwnFunctions"
        ),
        iam.Allow(
            [
                "elasticloadbalancing:DeregisterTargets",
                "elasticloadbalancing:ModifyListener",
                "elasticloadbalancing:ModifyRule",
                "elasticloadbalancing:RegisterTargets",
            ],
            [
                account.arn("elasticloadbalancing", "targetgroup/*"),
                account.arn("elasticloadbalancing", f"listener/app/{prefix}-*"),
                account.arn("elasticloadbalancing", f"listener-rule/app/{prefix}-*"),
            ],
            sid="ShiftOwnTraffic",
        ),
        # None of these knows a resource: AWS accepts no narrower one.
        iam.Allow(
            [
                "ecr:GetAuthorizationToken",
                "elasticloadbalancing:DescribeListeners",
                "elasticloadbalancing:DescribeRules",
                "elasticloadbalancing:DescribeTargetGroups",
                "elasticloadbalancing:DescribeTargetHealth",
                "logs:DescribeLogGroups",
                "xray:PutTelemetryRecords",
                "xray:PutTraceSegments",
            ],
            ["*"],
            sid="WhatKnowsNoResource",
        ),
    ]
