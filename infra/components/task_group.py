"""Who may speak to the tasks, and to whom they may speak."""

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
    entrance_group_id: pulumi.Input[str]
    endpoints_group_id: pulumi.Input[str]
    gateway_prefix_list_ids: Sequence[pulumi.Input[str]]


class TaskGroup(pulumi.ComponentResource):
    """The security group of the tasks: in from the load balancer, out to the endpoints, and no further.

    The load balancer's way to the tasks is opened here too, since it makes sense only with the other half.
    """

    security_group_id: pulumi.Output[str]

    def __init__(self, name: str, args: TaskGroupArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("slipway:task_group:TaskGroup", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)

        # Named by Pulumi, as AWS takes no two groups of a name when one replaces the other.
        group = aws.ec2.SecurityGroup(
            f"{name}-group",
            vpc_id=args.vpc_id,
            description="Tasks of the service",
            tags=args.label.tags("tasks"),
            opts=child,
        )
        aws.vpc.SecurityGroupIngressRule(
            f"{name}-from-entrance",
            security_group_id=group.id,
            description="Requests from the load balancer",
            referenced_security_group_id=args.entrance_group_id,
            ip_protocol="tcp",
            from_port=ports.SERVICE,
            to_port=ports.SERVICE,
            tags=args.label.tags("from-entrance"),
            opts=child,
        )
        aws.vpc.SecurityGroupEgressRule(
            f"{name}-entrance-out",
            security_group_id=args.entrance_group_id,
            description="Requests to the tasks",
            referenced_security_group_id=group.id,
            ip_protocol="tcp",
            from_port=ports.SERVICE,
            to_port=ports.SERVICE,
            tags=args.label.tags("entrance-out"),
            opts=child,
        )
        aws.vpc.SecurityGroupEgressRule(
            f"{name}-to-endpoints",
            security_group_id=group.id,
            description="AWS services through their interface endpoints",
            referenced_security_group_id=args.endpoints_group_id,
            ip_protocol="tcp",
            from_port=ports.HTTPS,
            to_port=ports.HTTPS,
            tags=args.label.tags("to-endpoints"),
            opts=child,
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
                opts=child,
            )

        self.security_group_id = group.id
        self.register_outputs({"security_group_id": self.security_group_id})
