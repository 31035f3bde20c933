from __future__ import annotations

import ipaddress
from typing import Any

import pytest

from infra import ports
from infra.account import Account
from infra.components.access_lists import AclRule, numbered, rules
from infra.components.log_group import LogPolicy
from infra.components.network import Network, NetworkArgs
from infra.naming import Label
from infra.topology import Nat, Tier, plan
from tests.infra.recorder import ACCOUNT_ID, REGION, Recording, record

CIDR = "10.10.0.0/16"
ZONES = ("eu-west-1a", "eu-west-1b", "eu-west-1c")
LABEL = Label(project="slipway", environment="dev", owner="platform", cost_center="triage")
INTERNET = "8.8.8.8"


def _network(nat: Nat, zones: tuple[str, ...] = ZONES) -> Recording:
    def program() -> dict[str, Any]:
        network = Network(
            "network",
            NetworkArgs(
                label=LABEL.of("network"),
                account=Account(partition="aws", account_id=ACCOUNT_ID, region=REGION),
                cidr=CIDR,
                zones=zones,
                nat=nat,
                boundary_arn="boundary",
                log_policy=LogPolicy(key_arn="key", retention_days=14),
            ),
        )
        return {"app": network.subnets(Tier.APP)}

    return record(program)


def _routes(recording: Recording, table: str) -> list[Any]:
    return [
        route.inputs
        for route in recording.of("ec2/route:Route")
        if route.inputs["routeTableId"] == f"{table}-id"
    ]


def test_the_data_tier_has_no_route_to_the_internet(built: Recording) -> None:
    assert _routes(built, "network-data") == []
    for association in built.of("ec2/routeTableAssociation:RouteTableAssociation"):
        if association.inputs["subnetId"].startswith("network-data-"):
            assert association.inputs["routeTableId"] == "network-data-id"


def test_every_subnet_has_a_route_table_and_an_access_list_of_its_tier(built: Recording) -> None:
    subnets = {f"{subnet.name}-id" for subnet in built.of("ec2/subnet:Subnet")}
    routed = built.of("ec2/routeTableAssociation:RouteTableAssociation")
    listed = built.of("ec2/networkAclAssociation:NetworkAclAssociation")
    assert {each.inputs["subnetId"] for each in routed} == subnets
    assert {each.inputs["subnetId"] for each in listed} == subnets
    for each in listed:
        tier = each.inputs["subnetId"].split("-")[1]
        assert each.inputs["networkAclId"] == f"network-access-{tier}-id"


@pytest.mark.parametrize(
    ("nat", "gateways", "used"),
    [
        (Nat.NONE, 0, {}),
        (Nat.SINGLE, 1, dict.fromkeys(ZONES, "eu-west-1a")),
        (Nat.ONE_PER_AZ, 3, {zone: zone for zone in ZONES}),
    ],
)
def test_the_app_tier_goes_out_by_the_gateways_that_were_chosen(
    nat: Nat, gateways: int, used: dict[str, str]
) -> None:
    network = _network(nat)
    assert len(network.of("ec2/natGateway:NatGateway")) == len(network.of("ec2/eip:Eip")) == gateways
    for zone in ZONES:
        routes = _routes(network, f"network-app-{zone}-table")
        expected = [f"network-nat-{used[zone]}-id"] if zone in used else []
        assert [route["natGatewayId"] for route in routes] == expected
    for gateway in network.of("ec2/natGateway:NatGateway"):
        assert gateway.inputs["subnetId"].startswith("network-public-")


def test_what_needs_the_internet_is_made_when_the_network_has_met_it(built: Recording) -> None:
    waiting = [*built.of("ec2/natGateway:NatGateway"), *built.of("lb/loadBalancer:LoadBalancer")]
    assert len(waiting) > 1
    assert all("network-public-out" in each.dependencies for each in waiting)


def test_no_subnet_hands_out_public_addresses(built: Recording) -> None:
    assert {subnet.inputs["mapPublicIpOnLaunch"] for subnet in built.of("ec2/subnet:Subnet")} == {False}


def test_the_default_security_group_is_taken_over_and_emptied(built: Recording) -> None:
    group = built.one("ec2/defaultSecurityGroup:DefaultSecurityGroup")
    assert group.inputs["ingress"] == group.inputs["egress"] == []


def test_every_flow_is_logged_to_a_group_under_the_key(built: Recording) -> None:
    flows = built.one("ec2/flowLog:FlowLog").inputs
    assert flows["trafficType"] == "ALL"
    assert flows["logDestination"].endswith("loggroup/network-flow-logs-group")
    assert flows["iamRoleArn"].endswith("role/network-flow-logs-role-role")


def test_the_zones_are_the_first_of_the_region_by_name(dev: Recording) -> None:
    zones = {subnet.inputs["availabilityZone"] for subnet in dev.of("ec2/subnet:Subnet")}
    assert zones == {"eu-west-1a", "eu-west-1b"}


def _passes(given: list[AclRule], peer: str, port: int, *, egress: bool) -> bool:
    return any(
        rule.egress is egress
        and ipaddress.IPv4Address(peer) in ipaddress.IPv4Network(rule.cidr)
        and rule.from_port <= port <= rule.to_port
        for rule in given
    )


def _address(tier: Tier) -> str:
    return str(ipaddress.IPv4Network(plan(CIDR, ZONES)[tier][ZONES[0]])[10])


@pytest.mark.parametrize("has_nat", [False, True])
def test_requests_reach_the_tasks_only_through_the_public_tier(has_nat: bool) -> None:
    public, app, data = (rules(tier, CIDR, has_nat=has_nat) for tier in Tier)
    for port in (ports.HTTP, ports.HTTPS, ports.TEST_HTTPS):
        assert _passes(public, INTERNET, port, egress=False)
    assert _passes(public, INTERNET, 50000, egress=True), "answers to clients"
    assert _passes(public, _address(Tier.APP), ports.SERVICE, egress=True)
    assert _passes(app, _address(Tier.PUBLIC), ports.SERVICE, egress=False)
    assert _passes(app, _address(Tier.PUBLIC), 50000, egress=True), "answers to the load balancer"
    assert _passes(public, _address(Tier.APP), 50000, egress=False)
    for port in (22, 80, 443):
        assert not _passes(app, INTERNET, port, egress=False)
        assert not _passes(data, INTERNET, port, egress=False)


def test_the_data_tier_speaks_to_the_app_tier_and_to_nobody_else() -> None:
    data = rules(Tier.DATA, CIDR, has_nat=True)
    assert _passes(data, _address(Tier.APP), ports.DATABASE, egress=False)
    assert _passes(data, _address(Tier.APP), 50000, egress=True)
    for peer in (INTERNET, _address(Tier.PUBLIC)):
        for egress in (False, True):
            assert not [port for port in (22, 443, 5432, 50000) if _passes(data, peer, port, egress=egress)]


@pytest.mark.parametrize("tier", list(Tier))
@pytest.mark.parametrize("has_nat", [False, True])
def test_no_access_list_lets_an_administration_port_in_from_anywhere(tier: Tier, has_nat: bool) -> None:
    given = rules(tier, CIDR, has_nat=has_nat)
    assert not [port for port in (22, 3389) if _passes(given, INTERNET, port, egress=False)]


def test_without_a_gateway_nothing_comes_back_from_the_internet_to_the_public_tier() -> None:
    assert not _passes(rules(Tier.PUBLIC, CIDR, has_nat=False), INTERNET, 50000, egress=False)
    assert _passes(rules(Tier.PUBLIC, CIDR, has_nat=True), INTERNET, 50000, egress=False)


@pytest.mark.parametrize("tier", list(Tier))
def test_no_two_rules_of_a_direction_share_a_number(tier: Tier) -> None:
    keys = [(rule.egress, number) for number, rule in numbered(rules(tier, CIDR, has_nat=True))]
    assert len(keys) == len(set(keys))
    assert len(keys) <= 20, "AWS lets an access list have 20 rules a direction"
