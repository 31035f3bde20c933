"""The record of who called AWS and did what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra import iam
from infra.account import Account
from infra.components.log_group import LogGroup, LogGroupArgs, LogPolicy
from infra.components.role import Role, RoleArgs
from infra.naming import Label

_SERVICE = "cloudtrail.amazonaws.com"


@dataclass(frozen=True, kw_only=True)
class TrailArgs:
    label: Label
    # Known only when its policy lets CloudTrail write, which it tries at once.
    bucket_name: pulumi.Input[str]
    key_arn: pulumi.Input[str]
    # Buckets of which each read and write of an object is recorded. Not the bucket of the trail itself:
    # each delivery would be an event of its own.
    watched_bucket_arns: Sequence[pulumi.Input[str]]
    boundary_arn: pulumi.Input[str]
    log_policy: LogPolicy


class Trail(pulumi.ComponentResource):
    """A CloudTrail of all regions, signed, encrypted, and sent to a log group where alarms can see it.

    The value of a secret is read and a key is used by management events, so that the first selector, which
    leaves none out, holds them too (CloudTrail user guide, "Logging management events").
    """

    arn: pulumi.Output[str]
    log_group_name: pulumi.Output[str]

    def __init__(self, name: str, args: TrailArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("slipway:trail:Trail", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        logs = LogGroup(
            f"{name}-logs",
            LogGroupArgs(label=args.label, log_group_name=args.label.path(), policy=args.log_policy),
            child,
        )
        role = Role(
            f"{name}-delivery-role",
            RoleArgs(
                label=args.label,
                role="delivery",
                trust=iam.trust(_SERVICE),
                boundary_arn=args.boundary_arn,
                grants=logs.write_access(),
            ),
            child,
        )
        trail = aws.cloudtrail.Trail(
            f"{name}-trail",
            name=_trail_name(args.label),
            s3_bucket_name=args.bucket_name,
            kms_key_id=args.key_arn,
            is_multi_region_trail=True,
            include_global_service_events=True,
            enable_log_file_validation=True,
            enable_logging=True,
            cloud_watch_logs_group_arn=pulumi.Output.concat(logs.arn, ":*"),
            cloud_watch_logs_role_arn=role.arn,
            advanced_event_selectors=event_selectors(args.watched_bucket_arns),
            insight_selectors=[
                aws.cloudtrail.TrailInsightSelectorArgs(insight_type=kind)
                for kind in ("ApiCallRateInsight", "ApiErrorRateInsight")
            ],
            tags=args.label.tags(),
            opts=child,
        )
        self.arn = trail.arn
        self.log_group_name = logs.name
        self.register_outputs({"arn": self.arn, "log_group_name": self.log_group_name})


def trail_arn(account: Account, label: Label) -> str:
    """The ARN of the trail, by which its bucket admits it, and which is known before either is there."""
    return account.arn("cloudtrail", f"trail/{_trail_name(label)}")


def event_selectors(
    watched_bucket_arns: Sequence[pulumi.Input[str]],
) -> list[aws.cloudtrail.TrailAdvancedEventSelectorArgs]:
    """Every management event, and every event of an object in the watched buckets."""

    def select(
        selector: str, category: str, *fields: aws.cloudtrail.TrailAdvancedEventSelectorFieldSelectorArgs
    ) -> aws.cloudtrail.TrailAdvancedEventSelectorArgs:
        return aws.cloudtrail.TrailAdvancedEventSelectorArgs(
            name=selector, field_selectors=[_field("eventCategory", equals=[category]), *fields]
        )

    selectors = [select("management events", "Management")]
    if watched_bucket_arns:
        objects = [pulumi.Output.concat(arn, "/") for arn in watched_bucket_arns]
        selectors.append(
            select(
                "objects of the watched buckets",
                "Data",
                _field("resources.type", equals=["AWS::S3::Object"]),
                _field("resources.ARN", starts_withs=objects),
            )
        )
    return selectors


def _trail_name(label: Label) -> str:
    return label.name(limit=128)


def _field(
    field: str,
    *,
    equals: Sequence[pulumi.Input[str]] | None = None,
    starts_withs: Sequence[pulumi.Input[str]] | None = None,
) -> aws.cloudtrail.TrailAdvancedEventSelectorFieldSelectorArgs:
    return aws.cloudtrail.TrailAdvancedEventSelectorFieldSelectorArgs(
        field=field, equals=equals, starts_withs=starts_withs
    )
