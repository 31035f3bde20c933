from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

type_of_client = Callable[[str], Any]


class Place:
    """A VPC with a subnet, a route table and a security group."""

    def __init__(self, client: type_of_client) -> None:
        self.ec2 = client("ec2")
        self.vpc_id = self.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        self.subnet_id = self.make_subnet("10.0.0.0/24")
        self.table_id = self.ec2.create_route_table(VpcId=self.vpc_id)["RouteTable"]["RouteTableId"]
        self.group_id = self.ec2.create_security_group(
            GroupName="endpoints", Description="endpoints", VpcId=self.vpc_id
        )["GroupId"]

    def make_subnet(self, block: str) -> str:
        subnet_id: str = self.ec2.create_subnet(VpcId=self.vpc_id, CidrBlock=block)["Subnet"]["SubnetId"]
        return subnet_id

    def make_endpoint(self, service: str, **given: Any) -> str:
        made = self.ec2.create_vpc_endpoint(
            VpcId=self.vpc_id, ServiceName=f"com.amazonaws.eu-west-1.{service}", **given
        )
        endpoint_id: str = made["VpcEndpoint"]["VpcEndpointId"]
        return endpoint_id

    def make_interface(self, **given: Any) -> str:
        return self.make_endpoint(
            "ecr.api",
            VpcEndpointType="Interface",
            SubnetIds=[self.subnet_id],
            SecurityGroupIds=[self.group_id],
            **given,
        )

    def endpoint(self, endpoint_id: str) -> dict[str, Any]:
        found: dict[str, Any] = self.ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint_id])["VpcEndpoints"][
            0
        ]
        return found

    def interfaces(self, endpoint_id: str) -> list[dict[str, Any]]:
        ids = self.endpoint(endpoint_id)["NetworkInterfaceIds"]
        found: list[dict[str, Any]] = self.ec2.describe_network_interfaces(NetworkInterfaceIds=ids)[
            "NetworkInterfaces"
        ]
        return found

    def targets(self) -> list[str]:
        [table] = self.ec2.describe_route_tables(RouteTableIds=[self.table_id])["RouteTables"]
        return [route["GatewayId"] for route in table["Routes"]]


def test_an_endpoint_without_a_type_is_a_gateway_without_private_names(client: type_of_client) -> None:
    place = Place(client)
    endpoint = place.endpoint(place.make_endpoint("s3", RouteTableIds=[place.table_id]))
    assert (endpoint.get("VpcEndpointType"), endpoint["PrivateDnsEnabled"]) == ("Gateway", False)


def test_the_interfaces_of_an_endpoint_are_in_its_groups(client: type_of_client) -> None:
    place = Place(client)
    [interface] = place.interfaces(place.make_interface())
    assert [group["GroupId"] for group in interface["Groups"]] == [place.group_id]


def test_an_endpoint_has_a_name_below_that_of_its_service(client: type_of_client) -> None:
    place = Place(client)
    endpoint_id = place.make_interface()
    name = place.endpoint(endpoint_id)["DnsEntries"][0]["DnsName"]
    assert name.startswith(endpoint_id)
    assert name.endswith(".ecr.api.eu-west-1.vpce.amazonaws.com")


def test_an_endpoint_shows_its_address_type_and_dns_options(client: type_of_client) -> None:
    place = Place(client)
    endpoint_id = place.make_interface(IpAddressType="dualstack", DnsOptions={"DnsRecordIpType": "ipv4"})
    place.ec2.modify_vpc_endpoint(VpcEndpointId=endpoint_id, DnsOptions={"DnsRecordIpType": "dualstack"})
    endpoint = place.endpoint(endpoint_id)
    assert endpoint["IpAddressType"] == "dualstack"
    assert endpoint["DnsOptions"] == {"DnsRecordIpType": "dualstack"}


def test_the_private_names_of_an_endpoint_can_be_turned_off(client: type_of_client) -> None:
    place = Place(client)
    endpoint_id = place.make_interface(PrivateDnsEnabled=True)
    place.ec2.modify_vpc_endpoint(VpcEndpointId=endpoint_id, PrivateDnsEnabled=False)
    assert place.endpoint(endpoint_id)["PrivateDnsEnabled"] is False


def test_the_policy_of_an_endpoint_can_be_reset(client: type_of_client) -> None:
    place = Place(client)
    endpoint_id = place.make_interface(PolicyDocument='{"Version":"2012-10-17","Statement":[]}')
    place.ec2.modify_vpc_endpoint(VpcEndpointId=endpoint_id, ResetPolicy=True)
    [statement] = json.loads(place.endpoint(endpoint_id)["PolicyDocument"])["Statement"]
    assert statement["Effect"] == "Allow"


def test_the_routes_of_a_gateway_endpoint_follow_a_change(client: type_of_client) -> None:
    place = Place(client)
    endpoint_id = place.make_endpoint("s3", VpcEndpointType="Gateway")
    place.ec2.modify_vpc_endpoint(VpcEndpointId=endpoint_id, AddRouteTableIds=[place.table_id])
    assert endpoint_id in place.targets()
    place.ec2.modify_vpc_endpoint(VpcEndpointId=endpoint_id, RemoveRouteTableIds=[place.table_id])
    assert endpoint_id not in place.targets()


def test_the_interfaces_of_an_endpoint_follow_a_change(client: type_of_client) -> None:
    place = Place(client)
    endpoint_id, other_id = place.make_interface(), place.make_subnet("10.0.1.0/24")
    place.ec2.modify_vpc_endpoint(
        VpcEndpointId=endpoint_id, AddSubnetIds=[other_id], RemoveSubnetIds=[place.subnet_id]
    )
    [interface] = place.interfaces(endpoint_id)
    assert interface["SubnetId"] == other_id


def test_a_deleted_endpoint_is_shown_no_more(client: type_of_client) -> None:
    place = Place(client)
    endpoint_id = place.make_interface()
    place.ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint_id])
    shown = place.ec2.describe_vpc_endpoints()["VpcEndpoints"]
    assert endpoint_id not in {endpoint["VpcEndpointId"] for endpoint in shown}
