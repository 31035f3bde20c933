from __future__ import annotations

from collections.abc import Callable
from typing import Any

type_of_client = Callable[[str], Any]


def make_table(ec2: Any) -> tuple[str, str]:
    vpc_id = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    return vpc_id, ec2.create_route_table(VpcId=vpc_id)["RouteTable"]["RouteTableId"]


def test_a_route_for_a_prefix_list_can_lead_to_an_interface(client: type_of_client) -> None:
    ec2 = client("ec2")
    vpc_id, table_id = make_table(ec2)
    subnet_id = ec2.create_subnet(VpcId=vpc_id, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    interface = ec2.create_network_interface(SubnetId=subnet_id)["NetworkInterface"]
    prefix_list_id = ec2.describe_managed_prefix_lists()["PrefixLists"][0]["PrefixListId"]
    ec2.create_route(
        RouteTableId=table_id,
        DestinationPrefixListId=prefix_list_id,
        NetworkInterfaceId=interface["NetworkInterfaceId"],
    )
    [table] = ec2.describe_route_tables(RouteTableIds=[table_id])["RouteTables"]
    assert prefix_list_id in {route.get("DestinationPrefixListId") for route in table["Routes"]}


def test_a_table_is_found_by_the_gateway_that_uses_it(client: type_of_client) -> None:
    ec2 = client("ec2")
    _, table_id = make_table(ec2)
    gateway_id = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.associate_route_table(RouteTableId=table_id, GatewayId=gateway_id)
    filters = [{"Name": "association.gateway-id", "Values": [gateway_id]}]
    [table] = ec2.describe_route_tables(Filters=filters)["RouteTables"]
    assert table["RouteTableId"] == table_id
