from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

type_of_client = Callable[[str], Any]


def make_group(ec2: Any, name: str = "app") -> tuple[str, str]:
    vpc_id = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    return vpc_id, ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc_id)["GroupId"]


def rules_of(ec2: Any, group_id: str, *, is_egress: bool) -> list[dict[str, Any]]:
    answer = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group_id]}])
    return [rule for rule in answer["SecurityGroupRules"] if rule["IsEgress"] == is_egress]


def test_the_default_group_lets_its_members_reach_each_other(client: type_of_client) -> None:
    ec2 = client("ec2")
    vpc_id, _ = make_group(ec2)
    filters = [{"Name": "vpc-id", "Values": [vpc_id]}, {"Name": "group-name", "Values": ["default"]}]
    [group] = ec2.describe_security_groups(Filters=filters)["SecurityGroups"]
    [permission] = group["IpPermissions"]
    assert permission["UserIdGroupPairs"][0]["GroupId"] == group["GroupId"]


def test_a_rule_for_a_group_returns_its_description(client: type_of_client) -> None:
    ec2 = client("ec2")
    _, group_id = make_group(ec2)
    pair = {"GroupId": group_id, "Description": "from itself"}
    permission = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "UserIdGroupPairs": [pair]}
    ec2.authorize_security_group_ingress(GroupId=group_id, IpPermissions=[permission])
    [rule] = rules_of(ec2, group_id, is_egress=False)
    assert rule["Description"] == "from itself"
    assert rule["ReferencedGroupInfo"]["GroupId"] == group_id


def test_a_rule_for_a_prefix_list_returns_its_description(client: type_of_client) -> None:
    ec2 = client("ec2")
    _, group_id = make_group(ec2)
    prefix_list_id = ec2.describe_managed_prefix_lists()["PrefixLists"][0]["PrefixListId"]
    entry = {"PrefixListId": prefix_list_id, "Description": "to S3"}
    permission = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "PrefixListIds": [entry]}
    ec2.authorize_security_group_egress(GroupId=group_id, IpPermissions=[permission])
    [rule] = [rule for rule in rules_of(ec2, group_id, is_egress=True) if "PrefixListId" in rule]
    assert rule["Description"] == "to S3"


def test_a_rule_for_all_protocols_can_be_modified(client: type_of_client) -> None:
    ec2 = client("ec2")
    _, group_id = make_group(ec2)
    [rule] = rules_of(ec2, group_id, is_egress=True)
    changed = {"IpProtocol": "-1", "CidrIpv4": "10.0.0.0/8", "Description": "inside"}
    entry = {"SecurityGroupRuleId": rule["SecurityGroupRuleId"], "SecurityGroupRule": changed}
    ec2.modify_security_group_rules(GroupId=group_id, SecurityGroupRules=[entry])
    [rule] = rules_of(ec2, group_id, is_egress=True)
    assert (rule["CidrIpv4"], rule["Description"], rule["FromPort"]) == ("10.0.0.0/8", "inside", -1)


def test_the_group_that_a_rule_names_can_be_changed(client: type_of_client) -> None:
    ec2 = client("ec2")
    vpc_id, group_id = make_group(ec2)
    other_id = ec2.create_security_group(GroupName="other", Description="other", VpcId=vpc_id)["GroupId"]
    permission = {
        "IpProtocol": "tcp",
        "FromPort": 1,
        "ToPort": 2,
        "UserIdGroupPairs": [{"GroupId": group_id}],
    }
    ec2.authorize_security_group_ingress(GroupId=group_id, IpPermissions=[permission])
    [rule] = rules_of(ec2, group_id, is_egress=False)
    changed = {
        "IpProtocol": "tcp",
        "FromPort": 1,
        "ToPort": 2,
        "ReferencedGroupId": other_id,
        "Description": "new",
    }
    entry = {"SecurityGroupRuleId": rule["SecurityGroupRuleId"], "SecurityGroupRule": changed}
    ec2.modify_security_group_rules(GroupId=group_id, SecurityGroupRules=[entry])
    [rule] = rules_of(ec2, group_id, is_egress=False)
    assert (rule["ReferencedGroupInfo"]["GroupId"], rule["Description"]) == (other_id, "new")


def test_a_group_that_a_rule_names_cannot_be_deleted(client: type_of_client) -> None:
    ec2 = client("ec2")
    vpc_id, group_id = make_group(ec2)
    other_id = ec2.create_security_group(GroupName="other", Description="other", VpcId=vpc_id)["GroupId"]
    permission = {
        "IpProtocol": "tcp",
        "FromPort": 1,
        "ToPort": 1,
        "UserIdGroupPairs": [{"GroupId": group_id}],
    }
    ec2.authorize_security_group_ingress(GroupId=other_id, IpPermissions=[permission])
    with pytest.raises(ClientError, match="DependencyViolation"):
        ec2.delete_security_group(GroupId=group_id)
    ec2.revoke_security_group_ingress(GroupId=other_id, IpPermissions=[permission])
    ec2.delete_security_group(GroupId=group_id)


def test_a_group_that_an_interface_has_cannot_be_deleted(client: type_of_client) -> None:
    ec2 = client("ec2")
    vpc_id, group_id = make_group(ec2)
    subnet_id = ec2.create_subnet(VpcId=vpc_id, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    interface = ec2.create_network_interface(SubnetId=subnet_id, Groups=[group_id])["NetworkInterface"]
    with pytest.raises(ClientError, match="DependencyViolation"):
        ec2.delete_security_group(GroupId=group_id)
    ec2.delete_network_interface(NetworkInterfaceId=interface["NetworkInterfaceId"])
    ec2.delete_security_group(GroupId=group_id)


def test_the_default_group_cannot_be_deleted(client: type_of_client) -> None:
    ec2 = client("ec2")
    [group] = ec2.describe_security_groups(Filters=[{"Name": "group-name", "Values": ["default"]}])[
        "SecurityGroups"
    ]
    with pytest.raises(ClientError, match="CannotDelete"):
        ec2.delete_security_group(GroupId=group["GroupId"])
