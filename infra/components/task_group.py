"""Who may speak to the tasks of a workload, and to whom they may speak."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra import ports
from infra.naming import Label


@dataclass(frozen=True, kw_only=True)
class TaskGroupArgs:
    label: Label
    vpc_id: pulumi.Input[str]
    endpoints_group_id: pulumi.Input[str]
    gateway_prefix_list_ids: Sequence[pulumi.Input[str]]
    # Who sends requests. None: nobody may speak to these tasks.
    entrance_group_id: pulumi.Input[str] | None = None


class TaskGroup(pulumi.ComponentResource):
    """The security group of one workload's tasks: out to the endpoints, and no further.

    Each workload has a group of its own, so that others, such as the database, can name the one that they
    let in. Where the load balancer is let in, its own way out is opened here too: one half makes no sense
    without the other.
    """

    security_group_id: pulumi.Output[str]

    def __init__(self, name: str, args: TaskGroupArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("slipway:task_group:TaskGroup", name, None, opts)
        self._name, self._args = name, args
        self._child = pulumi.ResourceOptions(parent=self)

        # Named by Pulumi, as AWS takes no two groups of a name when one replaces the other.
        group = aws.ec2.SecurityGroup(
            f"{name}-group",
            vpc_id=args.vpc_id,
            description=f"Tasks of the {args.label.component}",
            tags=args.label.tags("tasks"),
            opts=self._child,
        )
        self.security_group_id = group.id
        if args.entrance_group_id is not None:
            self._let_in(args.entrance_group_id)
        aws.vpc.SecurityGroupEgressRule(
            f"{name}-to-endpoints",
            security_group_id=group.id,
            description="AWS services through their interface endpoints",
            referenced_security_group_id=args.endpoints_group_id,
            ip_protocol="tcp",
            from_port=ports.HTTPS,
            to_port=ports.HTTPS,
            tags=args.label.tags("to-endpoints"),
            opts=self._child,
        )
        for place, prefix_list_id in enumerate(args.gateway_prefix_list_ids):
            aws.vpc.SecurityGroupEgressRule(
                f"{name}-to-gateway-{place}",
                security_group_id=group.id,
                description="AWS services through their gateway endpoints",
                prefix_list_id=prefix_list_id,
                ip_protocol="tcp",
                from_port=ports.HTTPS,
                to_port=ports.HTTPS,
                tags=args.label.tags(f"to-gateway-{place}"),
                opts=self._child,
            )
        self.register_outputs({"security_group_id": self.security_group_id})

    def _let_in(self, entrance_group_id: pulumi.Input[str]) -> None:
        label = self._args.label
        aws.vpc.SecurityGroupIngressRule(
            f"{self._name}-from-entrance",
            security_group_id=self.security_group_id,
            description="Requests from the load balancer",
            referenced_security_group_id=entrance_group_id,
            ip_protocol="tcp",
            from_port=ports.SERVICE,
            to_port=ports.SERVICE,
            tags=label.tags("from-entrance"),
            opts=self._child,
        )
        aws.vpc.SecurityGroupEgressRule(
            f"{self._name}-entrance-out",
            security_group_id=entrance_group_id,
            description="Requests to the tasks",
            referenced_security_group_id=self.security_group_id,
            ip_protocol="tcp",
            from_port=ports.SERVICE,
            to_port=ports.SERVICE,
            tags=label.tags("entrance-out"),
            opts=self._child,
        )
