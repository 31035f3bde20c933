"""The ECS cluster that the tasks of a stack run in."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.components.log_group import LogGroup, LogGroupArgs, LogPolicy
from infra.naming import Label


@dataclass(frozen=True, kw_only=True)
class ClusterArgs:
    label: Label
    log_policy: LogPolicy


class Cluster(pulumi.ComponentResource):
    """A cluster on Fargate that measures each of its tasks."""

    arn: pulumi.Output[str]
    name: pulumi.Output[str]

    def __init__(self, name: str, args: ClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("slipway:cluster:Cluster", name, None, opts)

        # ECS makes this group itself when it is not there, with no key and for ever.
        insights = LogGroup(
            f"{name}-insights",
            LogGroupArgs(
                label=args.label,
                log_group_name=f"/aws/ecs/containerinsights/{args.label.name()}/performance",
                policy=args.log_policy,
            ),
            pulumi.ResourceOptions(parent=self),
        )
        cluster = aws.ecs.Cluster(
            f"{name}-cluster",
            name=args.label.name(),
            settings=[aws.ecs.ClusterSettingArgs(name="containerInsights", value="enhanced")],
            tags=args.label.tags("cluster"),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[insights]),
        )

        self.arn = cluster.arn
        self.name = cluster.name
        self.register_outputs({"arn": self.arn, "name": self.name})
