"""A log group that is encrypted and does not keep for ever."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.iam import Allow
from infra.naming import Label


@dataclass(frozen=True, kw_only=True)
class LogPolicy:
    """How the logs of a stack are kept: under which key, and for how long."""

    key_arn: pulumi.Input[str]
    retention_days: int
    # False lets the lines go with their stack.
    deletion_protection: bool = True


@dataclass(frozen=True, kw_only=True)
class LogGroupArgs:
    label: Label
    log_group_name: str
    policy: LogPolicy


class LogGroup(pulumi.ComponentResource):
    """A CloudWatch log group under the key of logs.

    The caller names it, since some services of AWS write only to groups of a certain name.
    """

    arn: pulumi.Output[str]
    name: pulumi.Output[str]

    def __init__(self, name: str, args: LogGroupArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("slipway:log_group:LogGroup", name, None, opts)
        group = aws.cloudwatch.LogGroup(
            f"{name}-group",
            name=args.log_group_name,
            kms_key_id=args.policy.key_arn,
            retention_in_days=args.policy.retention_days,
            tags=args.label.tags(),
            opts=pulumi.ResourceOptions(parent=self, protect=args.policy.deletion_protection),
        )
        self.arn = group.arn
        self.name = group.name
        self.register_outputs({"arn": self.arn, "name": self.name})

    def write_access(self) -> list[Allow]:
        """Adds streams and lines to this group, and reads none of them."""
        return [
            Allow(
                ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
                [pulumi.Output.concat(self.arn, ":*")],
            )
        ]
