"""What the types of the network promise beyond the conformance tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from awsmodel.catalogue import resource_type
from awsmodel.clients import Clients
from awsmodel.lifecycle import Lifecycle, Patience
from awsmodel.names import Properties

HTTPS = {"protocol": "tcp", "fromPort": 443, "toPort": 443}


class Made:
    """One resource, with what the engine knows of it."""

    def __init__(self, lifecycle: Lifecycle, inputs: Properties) -> None:
        self.lifecycle = lifecycle
        self.inputs = inputs
        self.id, self.state = lifecycle.create(inputs, Patience.of(30))

    def change(self, **changes: Any) -> None:
        new = {name: value for name, value in (self.inputs | changes).items() if value is not None}
        assert not self.lifecycle.change(self.inputs, new).replaces
        self.state = self.lifecycle.update(self.id, self.inputs, new, self.state, Patience.of(30))
        self.inputs = new

    def refresh(self) -> Properties:
        live = self.lifecycle.read(self.id, self.inputs, self.state)
        assert live is not None
        return live

    def delete(self) -> None:
        self.lifecycle.delete(self.id, self.state, Patience.of(30))


class Network:
    """A VPC with a subnet, and whatever a test makes in it."""

    def __init__(self, clients: Clients) -> None:
        self.clients = clients
        self.ec2 = clients.get("ec2")
        self.made: list[Made] = []
        self.vpc = self.make("aws:ec2/vpc:Vpc", cidrBlock="10.0.0.0/16")
        self.subnet = self.make("aws:ec2/subnet:Subnet", vpcId=self.vpc.id, cidrBlock="10.0.0.0/24")

    def lifecycle(self, token: str) -> Lifecycle:
        return Lifecycle(resource_type(token), self.clients)

    def make(self, token: str, **inputs: Any) -> Made:
        lifecycle = self.lifecycle(token)
        made = Made(lifecycle, {**lifecycle.resource.defaults, **inputs})
        self.made.append(made)
        return made

    def group(self, name: str = "app", **inputs: Any) -> Made:
        token = "aws:ec2/securityGroup:SecurityGroup"
        return self.make(token, name=name, vpcId=self.vpc.id, **inputs)

    def table(self, **inputs: Any) -> Made:
        return self.make("aws:ec2/routeTable:RouteTable", vpcId=self.vpc.id, **inputs)

    def acl(self, **inputs: Any) -> Made:
        return self.make("aws:ec2/networkAcl:NetworkAcl", vpcId=self.vpc.id, **inputs)

    def imported(self, token: str, import_id: str) -> Properties:
        live = self.lifecycle(token).read(import_id)
        assert live is not None
        return live


@pytest.fixture
def network(clients: Clients) -> Iterator[Network]:
    network = Network(clients)
    yield network
    for made in reversed(network.made):
        made.delete()


def permissions_of(network: Network, group_id: str, direction: str) -> list[Any]:
    member = {"ingress": "IpPermissions", "egress": "IpPermissionsEgress"}[direction]
    found: list[Any] = network.ec2.describe_security_groups(GroupIds=[group_id])["SecurityGroups"][0][member]
    return found


def test_a_new_group_lets_nothing_out_that_the_program_did_not_say(network: Network) -> None:
    assert permissions_of(network, network.group().id, "egress") == []


def test_rules_that_aws_groups_otherwise_are_no_drift(network: Network) -> None:
    rules = [
        {**HTTPS, "protocol": "6", "cidrBlocks": ["10.1.0.0/16"]},
        {**HTTPS, "cidrBlocks": ["10.2.0.0/16"], "self": True},
    ]
    group = network.group(ingress=rules)
    assert group.state["ingress"] == rules
    assert group.refresh()["ingress"] == rules


def test_a_rule_that_somebody_adds_is_seen_and_taken_away(network: Network) -> None:
    group = network.group(ingress=[{**HTTPS, "cidrBlocks": ["10.1.0.0/16"]}])
    permission = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    network.ec2.authorize_security_group_ingress(GroupId=group.id, IpPermissions=[permission])
    group.state = group.refresh()
    assert len(group.state["ingress"]) == 2
    group.change()
    [left] = permissions_of(network, group.id, "ingress")
    assert left["IpRanges"] == [{"CidrIp": "10.1.0.0/16"}]


def test_rules_of_their_own_survive_a_change_of_the_group(network: Network) -> None:
    group = network.group(tagsAll={})
    network.make(
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        securityGroupId=group.id,
        ipProtocol="tcp",
        fromPort=443,
        toPort=443,
        cidrIpv4="10.1.0.0/16",
    )
    group.state = group.refresh()
    group.change(tags={"Owner": "platform"}, tagsAll={"Owner": "platform"})
    assert len(permissions_of(network, group.id, "ingress")) == 1


def test_a_rule_for_all_protocols_shows_no_ports(network: Network) -> None:
    rule = network.make(
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
        securityGroupId=network.group().id,
        ipProtocol="-1",
        cidrIpv4="0.0.0.0/0",
    )
    assert rule.refresh()["fromPort"] is None


def test_groups_that_name_each_other_can_go_when_their_rules_go_first(network: Network) -> None:
    one, other = (network.group(name, revokeRulesOnDelete=True) for name in ("one", "other"))
    for group, source in ((one, other), (other, one)):
        group.change(ingress=[{**HTTPS, "securityGroups": [source.id]}])
    one.delete()
    assert permissions_of(network, other.id, "ingress") == []


def test_the_default_group_is_taken_over_and_closed(network: Network) -> None:
    default = network.make("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", vpcId=network.vpc.id)
    assert permissions_of(network, default.id, "ingress") == []
    assert permissions_of(network, default.id, "egress") == []
    default.delete()
    assert network.lifecycle("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup").read(default.id)


def test_a_subnet_keeps_one_association_when_its_table_changes(network: Network) -> None:
    first, second = network.table(), network.table()
    association = network.make(
        "aws:ec2/routeTableAssociation:RouteTableAssociation",
        subnetId=network.subnet.id,
        routeTableId=first.id,
    )
    association.change(routeTableId=second.id)
    assert association.state["routeTableId"] == second.id
    # AWS gave the association another id, and the delete follows it
    assert association.state["id"] != association.id
    association.delete()
    assert association.lifecycle.read(association.id, association.inputs, association.state) is None


def test_routes_of_others_are_not_the_table_s_own(network: Network) -> None:
    table = network.table(routes=[])
    network.make(
        "aws:ec2/vpcEndpoint:VpcEndpoint",
        vpcId=network.vpc.id,
        serviceName="com.amazonaws.eu-west-1.s3",
        routeTableIds=[table.id],
    )
    assert table.refresh()["routes"] == []


def test_a_gateway_endpoint_gives_the_prefix_list_of_its_service(network: Network) -> None:
    endpoint = network.make(
        "aws:ec2/vpcEndpoint:VpcEndpoint",
        vpcId=network.vpc.id,
        serviceName="com.amazonaws.eu-west-1.s3",
    )
    assert endpoint.state["prefixListId"].startswith("pl-")


def test_entries_of_an_acl_may_name_their_protocol_or_number_it(network: Network) -> None:
    entry = {**HTTPS, "ruleNo": 100, "action": "allow", "cidrBlock": "10.0.0.0/16"}
    acl = network.acl(ingress=[entry])
    assert acl.refresh()["ingress"] == [entry]
    numbered = {**acl.inputs, "ingress": [{**entry, "protocol": "6"}]}
    assert not acl.lifecycle.change(acl.inputs, numbered).changed


def test_a_subnet_goes_back_to_the_default_acl(network: Network) -> None:
    association = network.make(
        "aws:ec2/networkAclAssociation:NetworkAclAssociation",
        networkAclId=network.acl().id,
        subnetId=network.subnet.id,
    )
    association.delete()
    filters = [{"Name": "association.subnet-id", "Values": [network.subnet.id]}]
    [acl] = network.ec2.describe_network_acls(Filters=filters)["NetworkAcls"]
    assert acl["IsDefault"]


def test_the_network_s_own_ids_can_be_imported(network: Network) -> None:
    """A resource is found by the id that the documentation says to import it by, and shows the id it has."""
    acl, table = network.acl(), network.table()
    gateway = network.make("aws:ec2/internetGateway:InternetGateway", vpcId=network.vpc.id)
    route = network.make(
        "aws:ec2/route:Route",
        routeTableId=table.id,
        destinationCidrBlock="0.0.0.0/0",
        gatewayId=gateway.id,
    )
    association = network.make(
        "aws:ec2/routeTableAssociation:RouteTableAssociation",
        subnetId=network.subnet.id,
        routeTableId=table.id,
    )
    rule = network.make(
        "aws:ec2/networkAclRule:NetworkAclRule",
        networkAclId=acl.id,
        ruleNumber=200,
        ruleAction="allow",
        protocol="tcp",
        cidrBlock="10.0.0.0/16",
        fromPort=443,
        toPort=443,
    )
    for made, import_id in (
        (route, f"{table.id}_0.0.0.0/0"),
        (association, f"{network.subnet.id}/{table.id}"),
        (rule, f"{acl.id}:200:tcp:false"),
    ):
        live = network.imported(made.lifecycle.resource.token, import_id)
        assert live["id"] == made.id
        assert {name: live[name] for name in made.inputs if name != "protocol"} == {
            name: value for name, value in made.inputs.items() if name != "protocol"
        }


ROUTE_TARGETS = {
    "egressOnlyGatewayId": "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway",
    "gatewayId": "aws:ec2/internetGateway:InternetGateway",
}


@pytest.mark.parametrize("destination", ["destinationCidrBlock", "destinationIpv6CidrBlock"])
@pytest.mark.parametrize("target", ROUTE_TARGETS)
def test_a_route_leads_from_each_destination_to_each_gateway(
    network: Network, destination: str, target: str
) -> None:
    block = {"destinationCidrBlock": "0.0.0.0/0", "destinationIpv6CidrBlock": "::/0"}[destination]
    gateway = network.make(ROUTE_TARGETS[target], vpcId=network.vpc.id)
    given = {"routeTableId": network.table().id, destination: block, target: gateway.id}
    route = network.make("aws:ec2/route:Route", **given)
    live = route.lifecycle.read(route.id)
    assert live is not None
    assert {name: live[name] for name in given} == given


def test_a_route_leads_to_an_interface_and_from_a_prefix_list(network: Network) -> None:
    endpoint = network.make(
        "aws:ec2/vpcEndpoint:VpcEndpoint",
        vpcId=network.vpc.id,
        serviceName="com.amazonaws.eu-west-1.ecr.api",
        vpcEndpointType="Interface",
        subnetIds=[network.subnet.id],
    )
    lists = network.ec2.describe_managed_prefix_lists()["PrefixLists"]
    given = {
        "routeTableId": network.table().id,
        "destinationPrefixListId": lists[0]["PrefixListId"],
        "networkInterfaceId": endpoint.state["networkInterfaceIds"][0],
    }
    route = network.make("aws:ec2/route:Route", **given)
    live = route.lifecycle.read(route.id)
    assert live is not None
    assert {name: live[name] for name in given} == given


def test_a_gateway_can_have_a_table_too(network: Network) -> None:
    gateway = network.make("aws:ec2/internetGateway:InternetGateway", vpcId=network.vpc.id)
    first, second = network.table(), network.table()
    association = network.make(
        "aws:ec2/routeTableAssociation:RouteTableAssociation", gatewayId=gateway.id, routeTableId=first.id
    )
    association.change(routeTableId=second.id)
    assert association.refresh()["routeTableId"] == second.id
