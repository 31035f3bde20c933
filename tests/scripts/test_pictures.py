"""What the pictures of a stack show, on states of a few resources."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest

from scripts.pictures import mermaid
from scripts.pictures.network import GATEWAYS, INTERNET, Flow, Way, network
from scripts.pictures.network_svg import draw_network
from scripts.pictures.parts import parts
from scripts.pictures.parts_svg import draw_parts
from scripts.state import State

STACK = "urn:pulumi:dev::slipway::pulumi:pulumi:Stack::slipway-dev"


def component(name: str, parent: str = STACK) -> dict[str, Any]:
    return {"urn": f"urn::x::slipway:part:Part::{name}", "type": "slipway:part:Part", "parent": parent}


def made(token: str, name: str, part: str, /, needs: tuple[str, ...] = (), **outputs: Any) -> dict[str, Any]:
    return {
        "urn": f"urn::x::{token}::{name}",
        "type": token,
        "custom": True,
        "id": name,
        "parent": f"urn::x::slipway:part:Part::{part}",
        "dependencies": list(needs),
        "outputs": outputs,
    }


def group(name: str) -> dict[str, Any]:
    return made("aws:ec2/securityGroup:SecurityGroup", name, "network")


def rule(way: str, name: str, own: str, ports: tuple[int, int] = (443, 443), **peer: str) -> dict[str, Any]:
    token = f"aws:vpc/securityGroup{way}Rule:SecurityGroup{way}Rule"
    outputs: dict[str, Any] = {
        "securityGroupId": own,
        "ipProtocol": "tcp",
        "fromPort": ports[0],
        "toPort": ports[1],
        **peer,
    }
    return made(token, name, "network", **outputs)


def subnet(name: str, tier: str, table: str) -> list[dict[str, Any]]:
    return [
        made(
            "aws:ec2/subnet:Subnet", name, "network",
            availabilityZone="eu-west-1a", cidrBlock="10.0.0.0/24", tags={"Tier": tier},
        ),
        made(
            "aws:ec2/routeTableAssociation:RouteTableAssociation", f"{name}-table", "network",
            subnetId=name, routeTableId=table,
        ),
    ]  # fmt: skip


NETWORK: list[dict[str, Any]] = [
    component("network"),
    made("aws:ec2/vpc:Vpc", "vpc", "network", cidrBlock="10.0.0.0/16"),
    *subnet("data-a", "data", "closed"),
    *subnet("public-a", "public", "open"),
    *subnet("app-a", "app", "by-nat"),
    made(
        "aws:ec2/route:Route", "r1", "network",
        routeTableId="open", destinationCidrBlock="0.0.0.0/0", gatewayId="igw",
    ),
    made(
        "aws:ec2/route:Route", "r2", "network",
        routeTableId="by-nat", destinationCidrBlock="0.0.0.0/0", natGatewayId="nat",
    ),
    group("front"),
    group("tasks"),
]  # fmt: skip


def flows(*more: dict[str, Any]) -> list[Flow]:
    return list(network(State([*NETWORK, *more]), "a picture").flows)


def test_tiers_stand_in_the_order_in_which_a_request_meets_them_with_their_way_out() -> None:
    tiers = network(State(NETWORK), "a picture").tiers
    assert [(tier, subnets[0].way_out) for tier, subnets in tiers.items()] == [
        ("public", Way.INTERNET),
        ("app", Way.NAT),
        ("data", Way.NOWHERE),
    ]


def test_a_way_that_both_ends_let_through_is_whole() -> None:
    (flow,) = flows(
        rule("Egress", "out", "front", (8080, 8080), referencedSecurityGroupId="tasks"),
        rule("Ingress", "in", "tasks", (8080, 8080), referencedSecurityGroupId="front"),
    )
    assert flow == Flow(source="front", target="tasks", ports=("8080",), is_whole=True)


@pytest.mark.parametrize(
    ("way", "own", "peer"), [("Egress", "front", "tasks"), ("Ingress", "tasks", "front")]
)
def test_a_way_that_one_end_refuses_is_not(way: str, own: str, peer: str) -> None:
    (flow,) = flows(rule(way, "half", own, (8080, 8080), referencedSecurityGroupId=peer))
    assert flow == Flow(source="front", target="tasks", ports=("8080",), is_whole=False)


def test_where_the_internet_enters_is_shown() -> None:
    (flow,) = flows(rule("Ingress", "in", "front", cidrIpv4="0.0.0.0/0"))
    assert flow == Flow(source=INTERNET, target="front", ports=("443",), is_whole=True)


def test_a_range_of_ports_and_all_ports_are_told() -> None:
    everything = rule("Ingress", "all", "front", cidrIpv4="0.0.0.0/0")
    everything["outputs"]["ipProtocol"] = "-1"
    (flow,) = flows(everything, rule("Ingress", "some", "front", (1, 9), cidrIpv4="0.0.0.0/0"))
    assert flow.ports == ("1-9", "all")


def test_gateway_endpoints_stand_outside_by_their_services() -> None:
    endpoint = made(
        "aws:ec2/vpcEndpoint:VpcEndpoint", "s3", "network",
        serviceName="com.amazonaws.eu-west-1.s3", vpcEndpointType="Gateway", prefixListId="pl-1",
    )  # fmt: skip
    picture = network(State([*NETWORK, endpoint, rule("Egress", "out", "tasks", prefixListId="pl-1")]), "")
    assert [node.details for node in picture.nodes if node.key == GATEWAYS] == [("s3",)]
    assert picture.flows[0].is_whole


def test_a_state_without_a_network_is_told() -> None:
    with pytest.raises(ValueError, match="no network"):
        network(State([component("network")]), "")


def test_a_database_stands_in_the_tier_of_its_subnets() -> None:
    picture = network(
        State(
            [
                *NETWORK,
                group("database"),
                made("aws:rds/subnetGroup:SubnetGroup", "sg", "network", name="sg", subnetIds=["data-a"]),
                made(
                    "aws:rds/instance:Instance", "db", "network",
                    dbSubnetGroupName="sg", vpcSecurityGroupIds=["database"], engine="postgres", multiAz=True,
                ),
            ]
        ),
        "",
    )  # fmt: skip
    assert [(node.tier, node.details) for node in picture.nodes if node.key == "database"] == [
        ("data", ("postgres", "in two zones"))
    ]


CHAIN = [
    component("a"),
    component("b"),
    component("c"),
    component("b-inner", "urn::x::slipway:part:Part::b"),
    made("aws:kms/key:Key", "key", "a"),
    made("aws:s3/bucket:Bucket", "bucket", "b-inner", ("urn::x::aws:kms/key:Key::key",)),
    made(
        "aws:sqs/queue:Queue",
        "queue",
        "c",
        ("urn::x::aws:kms/key:Key::key", "urn::x::aws:s3/bucket:Bucket::bucket"),
    ),
]


def test_a_part_is_the_outermost_component_and_needs_only_what_does_not_follow() -> None:
    found = {part.name: part for part in parts(State(CHAIN))}
    assert found.keys() == {"a", "b", "c"}
    assert found["b"].types == {"s3 Bucket": 1}
    assert found["c"].needs == {"b"}
    assert [found[name].layer for name in "abc"] == [0, 1, 2]


def test_parts_that_need_each_other_are_drawn_and_do_not_hang() -> None:
    circle = [
        component("a"),
        component("b"),
        made("aws:kms/key:Key", "key", "a", ("urn::x::aws:s3/bucket:Bucket::bucket",)),
        made("aws:s3/bucket:Bucket", "bucket", "b", ("urn::x::aws:kms/key:Key::key",)),
    ]
    assert draw_parts(parts(State(circle)), "a circle").count("<rect") == 3


def test_a_resource_that_waits_for_its_deletion_is_not_drawn() -> None:
    old = {**made("aws:kms/key:Key", "key", "a"), "delete": True}
    assert parts(State([component("a"), old]))[0].count == 0


def test_the_drawings_are_whole_documents_that_never_change_by_themselves() -> None:
    ways = [rule("Ingress", "in", "front", cidrIpv4="0.0.0.0/0")]
    texts = [
        (
            draw_network(network(State([*NETWORK, *ways]), "<dev> & more")),
            draw_parts(parts(State(CHAIN)), "<dev>"),
        )
        for _ in range(2)
    ]
    assert texts[0] == texts[1]
    for text in texts[0]:
        assert ElementTree.fromstring(text).tag.endswith("svg")


def test_the_same_is_told_in_mermaid() -> None:
    ways = [
        rule("Ingress", "in", "front", cidrIpv4="0.0.0.0/0"),
        rule("Egress", "o", "tasks", cidrIpv4="10.9.0.0/16"),
    ]
    text = mermaid.draw_network(network(State([*NETWORK, *ways]), ""))
    assert 'n_internet -->|"443"| n_front' in text
    assert "data tier: eu-west-1a 10.0.0.0/24; out by: no way out" in text
    assert "n_c --> n_b" in mermaid.draw_parts(parts(State(CHAIN)))
