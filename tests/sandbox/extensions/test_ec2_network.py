from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto.ec2.models import ec2_backends

type_of_client = Callable[[str], Any]


def make_subnet(ec2: Any) -> tuple[str, str]:
    vpc_id = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    return vpc_id, ec2.create_subnet(VpcId=vpc_id, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]


def make_nat_gateway(ec2: Any, subnet_id: str) -> tuple[str, str]:
    allocation_id = ec2.allocate_address(Domain="vpc")["AllocationId"]
    made = ec2.create_nat_gateway(SubnetId=subnet_id, AllocationId=allocation_id)
    return made["NatGateway"]["NatGatewayId"], allocation_id


def entries_of(ec2: Any, acl_id: str) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = ec2.describe_network_acls(NetworkAclIds=[acl_id])["NetworkAcls"][0][
        "Entries"
    ]
    return entries


def test_a_vpc_in_use_cannot_be_deleted(client: type_of_client) -> None:
    ec2 = client("ec2")
    vpc_id = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    gateway_id = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway_id, VpcId=vpc_id)
    with pytest.raises(ClientError, match="DependencyViolation"):
        ec2.delete_vpc(VpcId=vpc_id)
    ec2.detach_internet_gateway(InternetGatewayId=gateway_id, VpcId=vpc_id)
    ec2.delete_vpc(VpcId=vpc_id)


def test_a_vpc_takes_its_default_acl_along(client: type_of_client) -> None:
    ec2 = client("ec2")
    vpc_id = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    ec2.delete_vpc(VpcId=vpc_id)
    filters = [{"Name": "vpc-id", "Values": [vpc_id]}]
    assert not ec2.describe_network_acls(Filters=filters)["NetworkAcls"]


def test_a_subnet_with_a_nat_gateway_cannot_be_deleted(client: type_of_client) -> None:
    ec2 = client("ec2")
    _, subnet_id = make_subnet(ec2)
    gateway_id, _ = make_nat_gateway(ec2, subnet_id)
    with pytest.raises(ClientError, match="DependencyViolation"):
        ec2.delete_subnet(SubnetId=subnet_id)
    ec2.delete_nat_gateway(NatGatewayId=gateway_id)
    ec2.delete_subnet(SubnetId=subnet_id)


def test_the_associations_of_a_subnet_go_with_it(client: type_of_client) -> None:
    ec2 = client("ec2")
    vpc_id, subnet_id = make_subnet(ec2)
    table_id = ec2.create_route_table(VpcId=vpc_id)["RouteTable"]["RouteTableId"]
    ec2.associate_route_table(RouteTableId=table_id, SubnetId=subnet_id)
    ec2.delete_subnet(SubnetId=subnet_id)
    assert not ec2.describe_route_tables(RouteTableIds=[table_id])["RouteTables"][0]["Associations"]


def test_a_nat_gateway_gives_its_address_back(client: type_of_client) -> None:
    ec2 = client("ec2")
    _, subnet_id = make_subnet(ec2)
    gateway_id, allocation_id = make_nat_gateway(ec2, subnet_id)
    ec2.delete_nat_gateway(NatGatewayId=gateway_id)
    [address] = ec2.describe_addresses(AllocationIds=[allocation_id])["Addresses"]
    assert "AssociationId" not in address
    with pytest.raises(ClientError, match="NatGatewayNotFound"):
        ec2.delete_nat_gateway(NatGatewayId=gateway_id)


def test_a_nat_gateway_has_an_address_of_its_subnet(client: type_of_client) -> None:
    ec2 = client("ec2")
    _, subnet_id = make_subnet(ec2)
    gateway_id, _ = make_nat_gateway(ec2, subnet_id)
    [gateway] = ec2.describe_nat_gateways(NatGatewayIds=[gateway_id])["NatGateways"]
    assert gateway["NatGatewayAddresses"][0]["PrivateIp"].startswith("10.0.0.")


def test_an_address_shows_its_border_group(client: type_of_client) -> None:
    ec2 = client("ec2")
    allocation_id = ec2.allocate_address(NetworkBorderGroup="eu-west-1-lhr-1")["AllocationId"]
    [address] = ec2.describe_addresses(AllocationIds=[allocation_id])["Addresses"]
    assert address["NetworkBorderGroup"] == "eu-west-1-lhr-1"


def test_a_flow_log_shows_its_destination_options(client: type_of_client) -> None:
    ec2 = client("ec2")
    vpc_id, _ = make_subnet(ec2)
    bucket = "flow-logs-of-the-network"
    client("s3").create_bucket(
        Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": ec2.meta.region_name}
    )
    options = {"FileFormat": "parquet", "HiveCompatiblePartitions": True, "PerHourPartition": True}
    [flow_log_id] = ec2.create_flow_logs(
        ResourceIds=[vpc_id],
        ResourceType="VPC",
        TrafficType="ALL",
        LogDestinationType="s3",
        LogDestination=f"arn:aws:s3:::{bucket}",
        DestinationOptions=options,
    )["FlowLogIds"]
    [flow_log] = ec2.describe_flow_logs(FlowLogIds=[flow_log_id])["FlowLogs"]
    assert flow_log["DestinationOptions"] == options


def test_a_deleted_subnet_is_kept_nowhere(client: type_of_client) -> None:
    ec2 = client("ec2")
    _, subnet_id = make_subnet(ec2)
    subnet = weakref.ref(ec2_backends["111111111111"]["eu-west-1"].get_subnet(subnet_id))
    ec2.delete_subnet(SubnetId=subnet_id)
    gc.collect()
    assert subnet() is None


def test_the_interfaces_of_a_subnet_have_addresses_of_their_own(cloud: Any) -> None:
    ec2 = cloud.client("ec2")
    _, subnet_id = make_subnet(ec2)
    made = [ec2.create_network_interface(SubnetId=subnet_id)["NetworkInterface"] for _ in range(3)]
    assert len({interface["PrivateIpAddress"] for interface in made}) == 3


def test_an_acl_ends_in_entries_that_deny_the_rest(client: type_of_client) -> None:
    ec2 = client("ec2")
    vpc_id, _ = make_subnet(ec2)
    acl_id = ec2.create_network_acl(VpcId=vpc_id)["NetworkAcl"]["NetworkAclId"]
    last = [entry for entry in entries_of(ec2, acl_id) if entry["RuleNumber"] == 32767]
    assert {(entry["Egress"], entry["RuleAction"]) for entry in last} == {(True, "deny"), (False, "deny")}


def test_an_entry_for_icmp_shows_its_type_and_code(client: type_of_client) -> None:
    ec2 = client("ec2")
    vpc_id, _ = make_subnet(ec2)
    acl_id = ec2.create_network_acl(VpcId=vpc_id)["NetworkAcl"]["NetworkAclId"]
    ec2.create_network_acl_entry(
        NetworkAclId=acl_id,
        RuleNumber=100,
        Protocol="1",
        RuleAction="allow",
        Egress=False,
        CidrBlock="10.0.0.0/16",
        IcmpTypeCode={"Type": 8, "Code": -1},
    )
    [entry] = [entry for entry in entries_of(ec2, acl_id) if entry["RuleNumber"] == 100]
    assert entry["IcmpTypeCode"] == {"Type": 8, "Code": -1}


def test_an_entry_that_is_not_there_cannot_be_deleted(client: type_of_client) -> None:
    ec2 = client("ec2")
    vpc_id, _ = make_subnet(ec2)
    acl_id = ec2.create_network_acl(VpcId=vpc_id)["NetworkAcl"]["NetworkAclId"]
    with pytest.raises(ClientError, match=r"InvalidNetworkAclEntry\.NotFound"):
        ec2.delete_network_acl_entry(NetworkAclId=acl_id, RuleNumber=100, Egress=False)


def test_an_acl_that_is_not_there_is_said_to_be_no_acl(client: type_of_client) -> None:
    with pytest.raises(ClientError, match=r"InvalidNetworkAclID\.NotFound"):
        client("ec2").describe_network_acls(NetworkAclIds=["acl-0123456789abcdef0"])
