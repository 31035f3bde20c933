"""The VPC: three tiers over two or three zones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra import iam
from infra.account import Account
from infra.components.access_lists import AccessLists, AccessListsArgs
from infra.components.log_group import LogGroup, LogGroupArgs, LogPolicy
from infra.components.role import Role, RoleArgs
from infra.naming import Label
from infra.topology import Nat, Tier, plan

_ANYWHERE = "0.0.0.0/0"


@dataclass(frozen=True, kw_only=True)
class NetworkArgs:
    label: Label
    account: Account
    cidr: str
    zones: Sequence[str]  # names, in an order that never changes: "eu-west-1a"
    boundary_arn: pulumi.Input[str]
    log_policy: LogPolicy
    nat: Nat = Nat.ONE_PER_AZ


class Network(pulumi.ComponentResource):
    """A VPC: the public tier meets the internet, the app tier may have a way out, the data tier has none.

    No subnet hands out public addresses, the default security group lets nothing through, and every flow
    is logged.
    """

    vpc_id: pulumi.Output[str]
    subnet_ids: Mapping[Tier, Mapping[str, pulumi.Output[str]]]
    app_route_table_ids: Sequence[pulumi.Output[str]]
    nat_gateway_ids: Mapping[str, pulumi.Output[str]]  # by zone
    flow_log_group_name: pulumi.Output[str]

    def __init__(self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("slipway:network:Network", name, None, opts)
        self._name, self._args = name, args
        self._child = pulumi.ResourceOptions(parent=self)

        vpc = aws.ec2.Vpc(
            f"{name}-vpc",
            cidr_block=args.cidr,
            enable_dns_support=True,
            enable_dns_hostnames=True,
            tags=args.label.tags("vpc"),
            opts=self._child,
        )
        self.vpc_id = vpc.id
        # Every VPC comes with this group, open among its members. Taken over with no rules, it is closed.
        aws.ec2.DefaultSecurityGroup(
            f"{name}-default-group",
            vpc_id=vpc.id,
            ingress=[],
            egress=[],
            tags=args.label.tags("default"),
            opts=self._child,
        )
        self.subnet_ids = {
            tier: {zone: self._make_subnet(tier, zone, cidr) for zone, cidr in by_zone.items()}
            for tier, by_zone in plan(args.cidr, args.zones).items()
        }
        self._way_out = self._make_public_routes()
        self.nat_gateway_ids = {zone: self._make_nat_gateway(zone) for zone in self._zones_with_gateway()}
        self.app_route_table_ids = self._make_app_routes()
        self._make_route_table(Tier.DATA, args.zones, "data")
        AccessLists(
            f"{name}-access",
            AccessListsArgs(
                label=args.label,
                vpc_id=vpc.id,
                vpc_cidr=args.cidr,
                has_nat=args.nat is not Nat.NONE,
                subnet_ids=self.subnet_ids,
            ),
            self._child,
        )
        self.flow_log_group_name = self._make_flow_log()
        self.register_outputs({"vpc_id": self.vpc_id, "subnet_ids": self.subnet_ids})

    def subnets(self, tier: Tier) -> list[pulumi.Output[str]]:
        """The ids of one tier's subnets, in the order of the zones.

        Those of the public tier are known when it has met the internet: AWS puts no public load balancer
        into a VPC without a gateway.
        """
        ids = list(self.subnet_ids[tier].values())
        if tier is not Tier.PUBLIC:
            return ids
        return [
            pulumi.Output.all(each, self._way_out.id).apply(lambda values: str(values[0])) for each in ids
        ]

    def _make_subnet(self, tier: Tier, zone: str, cidr: str) -> pulumi.Output[str]:
        return aws.ec2.Subnet(
            f"{self._name}-{tier}-{zone}",
            vpc_id=self.vpc_id,
            cidr_block=cidr,
            availability_zone=zone,
            map_public_ip_on_launch=False,
            tags={**self._args.label.tags(f"{tier}-{zone}"), "Tier": tier},
            opts=self._child,
        ).id

    def _make_route_table(self, tier: Tier, zones: Sequence[str], role: str) -> pulumi.Output[str]:
        table = aws.ec2.RouteTable(
            f"{self._name}-{role}", vpc_id=self.vpc_id, tags=self._args.label.tags(role), opts=self._child
        )
        for zone in zones:
            aws.ec2.RouteTableAssociation(
                f"{self._name}-{tier}-{zone}-routes",
                subnet_id=self.subnet_ids[tier][zone],
                route_table_id=table.id,
                opts=self._child,
            )
        return table.id

    def _make_public_routes(self) -> aws.ec2.Route:
        gateway = aws.ec2.InternetGateway(
            f"{self._name}-internet",
            vpc_id=self.vpc_id,
            tags=self._args.label.tags("internet"),
            opts=self._child,
        )
        return aws.ec2.Route(
            f"{self._name}-public-out",
            route_table_id=self._make_route_table(Tier.PUBLIC, self._args.zones, "public"),
            destination_cidr_block=_ANYWHERE,
            gateway_id=gateway.id,
            opts=self._child,
        )

    def _zones_with_gateway(self) -> Sequence[str]:
        zones = self._args.zones
        return {Nat.NONE: [], Nat.SINGLE: zones[:1], Nat.ONE_PER_AZ: zones}[self._args.nat]

    def _make_app_routes(self) -> list[pulumi.Output[str]]:
        """One table a zone, so that each zone can have its own gateway; returns their ids."""
        gateways = self.nat_gateway_ids
        tables = []
        for zone in self._args.zones:
            table = self._make_route_table(Tier.APP, [zone], f"app-{zone}-table")
            tables.append(table)
            if gateways:
                aws.ec2.Route(
                    f"{self._name}-app-{zone}-out",
                    route_table_id=table,
                    destination_cidr_block=_ANYWHERE,
                    nat_gateway_id=gateways.get(zone, next(iter(gateways.values()))),
                    opts=self._child,
                )
        return tables

    def _make_nat_gateway(self, zone: str) -> pulumi.Output[str]:
        tags = self._args.label.tags(f"nat-{zone}")
        address = aws.ec2.Eip(f"{self._name}-nat-{zone}-address", domain="vpc", tags=tags, opts=self._child)
        return aws.ec2.NatGateway(
            f"{self._name}-nat-{zone}",
            allocation_id=address.id,
            subnet_id=self.subnet_ids[Tier.PUBLIC][zone],
            tags=tags,
            # AWS makes no NAT gateway in a VPC without an internet gateway.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[self._way_out]),
        ).id

    def _make_flow_log(self) -> pulumi.Output[str]:
        label = self._args.label
        group = LogGroup(
            f"{self._name}-flow-logs",
            LogGroupArgs(
                label=label,
                log_group_name=label.path("flow-logs"),
                policy=self._args.log_policy,
            ),
            self._child,
        )
        role = Role(
            f"{self._name}-flow-logs-role",
            RoleArgs(
                label=label,
                role="flow-logs",
                trust=iam.trust(
                    "vpc-flow-logs.amazonaws.com", source_account_id=self._args.account.account_id
                ),
                boundary_arn=self._args.boundary_arn,
                # The service looks for its group in the list of all: AWS accepts no narrower resource.
                grants=[*group.write_access(), iam.Allow(["logs:DescribeLogGroups"], ["*"])],
            ),
            self._child,
        )
        aws.ec2.FlowLog(
            f"{self._name}-flows",
            vpc_id=self.vpc_id,
            traffic_type="ALL",
            log_destination_type="cloud-watch-logs",
            log_destination=group.arn,
            iam_role_arn=role.arn,
            max_aggregation_interval=60,
            tags=label.tags("flows"),
            opts=self._child,
        )
        return group.name
