"""Feature flags: who may be served by the model, and how sure it has to be."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import pulumi
import pulumi_aws as aws

from infra import iam
from infra.account import Account
from infra.components.role import Role, RoleArgs
from infra.documents.flag_document import FirstValues, flag_document
from infra.naming import Label

# What AppConfig watches for one environment at most (AWS AppConfig endpoints and quotas).
_MOST_MONITORS = 5
_TYPE = "AWS.AppConfig.FeatureFlags"


class Growth(StrEnum):
    """How the share of clients that have the new values grows."""

    LINEAR = "LINEAR"
    EXPONENTIAL = "EXPONENTIAL"


@dataclass(frozen=True, kw_only=True)
class Rollout:
    """How a change of flags reaches its clients. Raises ValueError for one that alarms could not stop."""

    growth: Growth = Growth.LINEAR
    step_percent: float = 20.0
    duration_minutes: int = 20
    # After the last client has the values; an alarm in this time still takes them back.
    bake_minutes: int = 10

    def __post_init__(self) -> None:
        if self.duration_minutes < 1 or self.bake_minutes < 1 or not 0 < self.step_percent < 100:
            raise ValueError(
                "a change of flags is rolled out in steps below 100 percent, over at least a minute, and "
                f"bakes for at least a minute; got steps of {self.step_percent:g} percent over "
                f"{self.duration_minutes} minutes and a bake of {self.bake_minutes}"
            )


@dataclass(frozen=True, kw_only=True)
class FlagsArgs:
    label: Label
    account: Account
    boundary_arn: pulumi.Input[str]
    key_arn: pulumi.Input[str]
    # An alarm among these takes a change of flags back.
    alarm_arns: Sequence[pulumi.Input[str]]
    tenants: Sequence[str] = ()  # each gets a switch of its own, which is off
    first_values: FirstValues = field(default_factory=FirstValues)
    rollout: Rollout = Rollout()

    def __post_init__(self) -> None:
        if not 1 <= len(self.alarm_arns) <= _MOST_MONITORS:
            raise ValueError(
                f"AppConfig watches 1 to {_MOST_MONITORS} alarms, got {len(self.alarm_arns)}; put more into "
                "one composite alarm"
            )


class Flags(pulumi.ComponentResource):
    """AppConfig feature flags that reach their readers step by step and go back on an alarm.

    The program writes the first version and deploys it once. From then on operators own the values
    (docs/decisions/0006-who-owns-the-flag-values.md). AppConfig checks each version against the limits in
    the document itself; it takes no JSON schema of ours for this type of profile (AWS AppConfig user guide,
    "Understanding validators").
    """

    application_id: pulumi.Output[str]
    environment_id: pulumi.Output[str]
    profile_id: pulumi.Output[str]
    strategy_id: pulumi.Output[str]

    def __init__(self, name: str, args: FlagsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("slipway:flags:Flags", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        label = args.label
        self._account, self._key_arn = args.account, args.key_arn

        application = aws.appconfig.Application(
            f"{name}-application",
            name=label.name(),
            description=f"Feature flags of {label.prefix}",
            tags=label.tags(),
            opts=child,
        )
        profile = aws.appconfig.ConfigurationProfile(
            f"{name}-profile",
            application_id=application.id,
            name=label.name("profile"),
            description="Switches and thresholds that operators change while the service runs",
            location_uri="hosted",
            type=_TYPE,
            kms_key_identifier=args.key_arn,
            tags=label.tags("profile"),
            opts=child,
        )
        first = aws.appconfig.HostedConfigurationVersion(
            f"{name}-first-version",
            application_id=application.id,
            configuration_profile_id=profile.configuration_profile_id,
            content=json.dumps(flag_document(args.first_values, args.tenants), sort_keys=True),
            content_type="application/json",
            # Operators own the values: decision 0006. A changed first version would be deployed over theirs.
            opts=pulumi.ResourceOptions(parent=self, ignore_changes=["content"]),
        )
        environment = self._make_environment(name, args, application.id)
        strategy = aws.appconfig.DeploymentStrategy(
            f"{name}-strategy",
            name=label.name("strategy"),
            description="Gradual, with a bake at the end",
            growth_type=args.rollout.growth,
            growth_factor=args.rollout.step_percent,
            deployment_duration_in_minutes=args.rollout.duration_minutes,
            final_bake_time_in_minutes=args.rollout.bake_minutes,
            replicate_to="NONE",
            tags=label.tags("strategy"),
            opts=child,
        )
        aws.appconfig.Deployment(
            f"{name}-first-deployment",
            application_id=application.id,
            environment_id=environment.environment_id,
            configuration_profile_id=profile.configuration_profile_id,
            configuration_version=first.version_number.apply(str),
            deployment_strategy_id=strategy.id,
            kms_key_identifier=args.key_arn,
            description="The first values; operators deploy all later ones",
            tags=label.tags("first-deployment"),
            # Operators own the values: decision 0006. A change of any of these would deploy the first again.
            opts=pulumi.ResourceOptions(
                parent=self,
                ignore_changes=[
                    "configurationVersion",
                    "deploymentStrategyId",
                    "description",
                    "kmsKeyIdentifier",
                ],
            ),
        )

        self.application_id = application.id
        self.environment_id = environment.environment_id
        self.profile_id = profile.configuration_profile_id
        self.strategy_id = strategy.id
        self.register_outputs(
            {
                "application_id": self.application_id,
                "environment_id": self.environment_id,
                "profile_id": self.profile_id,
                "strategy_id": self.strategy_id,
            }
        )

    def _make_environment(
        self, name: str, args: FlagsArgs, application_id: pulumi.Input[str]
    ) -> aws.appconfig.Environment:
        monitor_role = Role(
            f"{name}-monitor-role",
            RoleArgs(
                label=args.label,
                role="monitor",
                trust=iam.trust("appconfig.amazonaws.com"),
                boundary_arn=args.boundary_arn,
                grants=[alarm_reading(args.account)],
            ),
            pulumi.ResourceOptions(parent=self),
        )
        return aws.appconfig.Environment(
            f"{name}-environment",
            application_id=application_id,
            name=args.label.environment,
            description=f"Flags of {args.label.prefix}, taken back by its alarms",
            monitors=[
                aws.appconfig.EnvironmentMonitorArgs(alarm_arn=arn, alarm_role_arn=monitor_role.arn)
                for arn in args.alarm_arns
            ],
            tags=args.label.tags("environment"),
            opts=pulumi.ResourceOptions(parent=self),
        )

    def read_access(self) -> list[iam.Allow]:
        """Reads the deployed flags of this profile in this environment, and changes none of them."""
        configuration = pulumi.Output.concat(
            self._account.arn("appconfig", "application/"),
            self.application_id,
            "/environment/",
            self.environment_id,
            "/configuration/",
            self.profile_id,
        )
        return [
            iam.Allow(
                ["appconfig:GetLatestConfiguration", "appconfig:StartConfigurationSession"], [configuration]
            ),
            iam.Allow(["kms:Decrypt"], [self._key_arn]),
        ]


def alarm_reading(account: Account) -> iam.Allow:
    """Reads the states of this account's alarms: asked for without a name, AWS checks the ARN of them all."""
    return iam.Allow(["cloudwatch:DescribeAlarms"], [account.arn("cloudwatch", "alarm:*")])
