"""What the network picture shows: tiers and zones, who may speak to whom, and where the internet enters.

An arrow is drawn from the rules of security groups alone: whole where both ends let it through, broken where
only one does.
"""

from __future__ import annotations

import ipaddress
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from scripts.state import Entry, State

INTERNET = "internet"
GATEWAYS = "gateway endpoints"
ANYWHERE = "0.0.0.0/0"
_LINE_CHARACTERS = 28


class Way(StrEnum):
    """Where a subnet's default route leads."""

    INTERNET = "internet"
    NAT = "NAT"
    NOWHERE = "no way out"


@dataclass(frozen=True, kw_only=True)
class Subnet:
    zone: str
    cidr: str
    way_out: Way


@dataclass(frozen=True, kw_only=True)
class Node:
    """Something with a security group, or an address outside: what it is, and where it stands.

    `tier` is empty for what stands outside of the VPC.
    """

    key: str
    title: str
    details: tuple[str, ...] = ()
    tier: str = ""


@dataclass(frozen=True, kw_only=True)
class Flow:
    """`source` may speak to `target` on `ports`; `is_whole` says that both ends let it through."""

    source: str
    target: str
    ports: tuple[str, ...]
    is_whole: bool


@dataclass(frozen=True, kw_only=True)
class Network:
    title: str
    cidr: str
    tiers: Mapping[str, Sequence[Subnet]]
    nodes: Sequence[Node]
    flows: Sequence[Flow]

    @property
    def zones(self) -> list[str]:
        return sorted({subnet.zone for subnets in self.tiers.values() for subnet in subnets})


def network(state: State, title: str) -> Network:
    """The picture of a state that holds one VPC. Raises ValueError when it holds none."""
    vpcs = list(state.of("ec2/vpc:Vpc"))
    if not vpcs:
        raise ValueError("the stack has no network to draw")
    tier_by_subnet = {
        subnet.id: str((subnet.outputs.get("tags") or {}).get("Tier", "other"))
        for subnet in state.of("ec2/subnet:Subnet")
    }
    nodes = _nodes(state, tier_by_subnet)
    flows = list(_flows(state, nodes))
    ends = {key for flow in flows for key in (flow.source, flow.target)}
    outside = ends - {node.key for node in nodes.values()}
    return Network(
        title=title,
        cidr=vpcs[0].outputs["cidrBlock"],
        tiers=_tiers(state, tier_by_subnet),
        nodes=[
            *(_outside(state, key) for key in sorted(outside)),
            *sorted(set(nodes.values()), key=lambda node: (node.tier, node.title)),
        ],
        flows=flows,
    )


def _outside(state: State, key: str) -> Node:
    if key == GATEWAYS:
        endpoints = state.of("ec2/vpcEndpoint:VpcEndpoint")
        services = sorted(
            _service(each) for each in endpoints if each.outputs.get("vpcEndpointType") == "Gateway"
        )
        return Node(key=key, title=key, details=(", ".join(services),))
    return Node(key=key, title="Internet" if key == INTERNET else key)


def _tiers(state: State, tier_by_subnet: Mapping[str, str]) -> dict[str, list[Subnet]]:
    table_by_subnet = {
        each.outputs["subnetId"]: each.outputs["routeTableId"]
        for each in state.of("ec2/routeTableAssociation:RouteTableAssociation")
    }
    way_by_table = {
        route.outputs["routeTableId"]: Way.NAT if route.outputs.get("natGatewayId") else Way.INTERNET
        for route in state.of("ec2/route:Route")
        if route.outputs.get("destinationCidrBlock") == ANYWHERE
    }
    tiers: dict[str, list[Subnet]] = {}
    for subnet in sorted(state.of("ec2/subnet:Subnet"), key=lambda each: each.outputs["availabilityZone"]):
        tiers.setdefault(tier_by_subnet[subnet.id], []).append(
            Subnet(
                zone=subnet.outputs["availabilityZone"],
                cidr=subnet.outputs["cidrBlock"],
                way_out=way_by_table.get(table_by_subnet.get(subnet.id, ""), Way.NOWHERE),
            )
        )
    order = ("public", "app", "data")
    return dict(
        sorted(tiers.items(), key=lambda item: order.index(item[0]) if item[0] in order else len(order))
    )


def _nodes(state: State, tier_by_subnet: Mapping[str, str]) -> dict[str, Node]:
    """Security group → whatever carries it. One that nothing carries is a node of its own."""
    found: dict[str, Node] = {}
    protected = {
        each.outputs["resourceArn"] for each in state.of("wafv2/webAclAssociation:WebAclAssociation")
    }
    for balancer in state.of("lb/loadBalancer:LoadBalancer"):
        ports = sorted(
            each.outputs["port"]
            for each in state.of("lb/listener:Listener")
            if each.outputs["loadBalancerArn"] == balancer.outputs["arn"]
        )
        details = [f"listens on {', '.join(map(str, ports))}"]
        if balancer.outputs["arn"] in protected:
            details.append("behind the web firewall")
        tier = _tier(balancer.outputs.get("subnets"), tier_by_subnet)
        _carry(found, balancer.outputs["securityGroups"], "load balancer", tier, details)
    for service in state.of("ecs/service:Service"):
        configuration = service.outputs["networkConfiguration"]
        tier = _tier(configuration["subnets"], tier_by_subnet)
        _carry(found, configuration["securityGroups"], f"tasks: {state.part(service)}", tier, ["Fargate"])
    for instance in state.of("rds/instance:Instance"):
        groups = {each.outputs["name"]: each for each in state.of("rds/subnetGroup:SubnetGroup")}
        group = groups.get(instance.outputs.get("dbSubnetGroupName", ""))
        tier = _tier(group.outputs["subnetIds"] if group else (), tier_by_subnet)
        zones = "in two zones" if instance.outputs.get("multiAz") else "in one zone"
        details = [f"{instance.outputs['engine']} {instance.outputs.get('engineVersion', '')}".strip(), zones]
        _carry(found, instance.outputs["vpcSecurityGroupIds"], "database", tier, details)
    for group_id, services in _interface_endpoints(state).items():
        tier = _tier(services[0].outputs.get("subnetIds"), tier_by_subnet)
        names = sorted(map(_service, services))
        _carry(
            found,
            [group_id],
            "endpoints",
            tier,
            textwrap.wrap(", ".join(names), _LINE_CHARACTERS),
        )
    for group in state.of("ec2/securityGroup:SecurityGroup"):
        title = re.sub("(.+)-tasks$", r"tasks: \1", group.name.removesuffix("-group"))
        found.setdefault(
            group.id, Node(key=group.name, title=title, details=("no service runs them",), tier="app")
        )
    return found


def _carry(
    found: dict[str, Node], group_ids: Iterable[str], title: str, tier: str, details: Sequence[str]
) -> None:
    node = Node(
        key=title.replace(": ", "-").replace(" ", "-"), title=title, details=tuple(details), tier=tier
    )
    for group_id in group_ids:
        found[group_id] = node


def _interface_endpoints(state: State) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for endpoint in state.of("ec2/vpcEndpoint:VpcEndpoint"):
        for group_id in endpoint.outputs.get("securityGroupIds") or ():
            found.setdefault(group_id, []).append(endpoint)
    return found


def _service(endpoint: Entry) -> str:
    """`ecr.api` of `com.amazonaws.eu-west-1.ecr.api`."""
    return str(endpoint.outputs["serviceName"]).split(".", 3)[3]


def _tier(subnet_ids: Iterable[str] | None, tier_by_subnet: Mapping[str, str]) -> str:
    return next((tier_by_subnet[each] for each in subnet_ids or () if each in tier_by_subnet), "")


def _flows(state: State, nodes: Mapping[str, Node]) -> Iterator[Flow]:
    prefix_lists = {
        each.outputs["prefixListId"]: GATEWAYS
        for each in state.of("ec2/vpcEndpoint:VpcEndpoint")
        if each.outputs.get("prefixListId")
    }
    let_in = set(
        _let_through(state, "vpc/securityGroupIngressRule:SecurityGroupIngressRule", nodes, prefix_lists)
    )
    let_out = {
        (peer, own, ports)
        for own, peer, ports in _let_through(
            state, "vpc/securityGroupEgressRule:SecurityGroupEgressRule", nodes, prefix_lists
        )
    }
    inside = {node.key for node in nodes.values()}
    by_pair: dict[tuple[str, str], list[tuple[str, bool]]] = {}
    for own, peer, ports in sorted(let_in):
        for source in _speakers(peer, own, let_out):
            # whoever is outside of the VPC has no group of ours that could refuse
            is_whole = source not in inside or (own, source, ports) in let_out
            by_pair.setdefault((source, own), []).append((ports, is_whole))
    for target, source, ports in sorted(let_out):
        known = by_pair.setdefault((source, target), [])
        if ports not in [each for each, _ in known]:
            known.append((ports, target not in inside))
    for (source, target), ports_and_ends in sorted(by_pair.items()):
        for is_whole in (True, False):
            if of_these := tuple(each for each, whole in ports_and_ends if whole is is_whole):
                yield Flow(source=source, target=target, ports=of_these, is_whole=is_whole)


def _speakers(peer: str, own: str, let_out: set[tuple[str, str, str]]) -> list[str]:
    """Who an ingress rule lets in: the peer, or of a range of the VPC those who are let out to this group."""
    if not peer.endswith(" tier"):
        return [peer]
    return sorted({source for target, source, _ in let_out if target == own})


def _let_through(
    state: State, kind: str, nodes: Mapping[str, Node], prefix_lists: Mapping[str, str]
) -> Iterator[tuple[str, str, str]]:
    """(whose rule, the other side, ports) of each rule of a kind."""
    vpc = next(state.of("ec2/vpc:Vpc")).outputs["cidrBlock"]
    for rule in state.of(kind):
        outputs = rule.outputs
        if group_id := outputs.get("referencedSecurityGroupId"):
            peer = nodes[group_id].key if group_id in nodes else group_id
        elif prefix_list_id := outputs.get("prefixListId"):
            peer = prefix_lists.get(prefix_list_id, prefix_list_id)
        else:
            peer = _address(outputs.get("cidrIpv4") or outputs.get("cidrIpv6") or "", vpc)
        own = nodes[outputs["securityGroupId"]].key if outputs["securityGroupId"] in nodes else ""
        yield own, peer, _ports(outputs)


def _address(cidr: str, vpc_cidr: str) -> str:
    if cidr in (ANYWHERE, "::/0"):
        return INTERNET
    address, vpc = ipaddress.ip_network(cidr), ipaddress.ip_network(vpc_cidr)
    is_inside = address.version == vpc.version and address.subnet_of(vpc)  # type: ignore[arg-type]
    return f"{cidr} tier" if is_inside else cidr


def _ports(outputs: Mapping[str, Any]) -> str:
    first, last = outputs.get("fromPort"), outputs.get("toPort")
    if outputs.get("ipProtocol") == "-1" or first is None or last is None:
        return "all"
    return str(int(first)) if first == last else f"{int(first)}-{int(last)}"
