"""Network ACLs and which subnets they guard."""

from collections.abc import Callable, Iterator
from typing import Any

from awsmodel.names import Properties
from awsmodel.resource import Call, Example, Params, ResourceType, with_member
from awsmodel.types.ec2_network import ec2_arn, ec2_tags
from awsmodel.types.ec2_network_acl_entries import (
    canonical_entries,
    entry_members,
    is_own,
    shown_entry,
)


def _shown(acl: Any) -> Properties:
    own = [entry for entry in acl["Entries"] if is_own(entry)]
    return {
        "ingress": [shown_entry(entry) for entry in own if not entry["Egress"]],
        "egress": [shown_entry(entry) for entry in own if entry["Egress"]],
        "subnetIds": [association["SubnetId"] for association in acl["Associations"]],
    }


def _difference(direction: str, one: Properties, other: Properties) -> list[Properties]:
    """The entries of one that the other does not have."""
    others = canonical_entries(other.get(direction) or [])
    return [entry for entry in one.get(direction) or () if not canonical_entries([entry]) <= others]


def _entry_call(
    operation: str, direction: str, build: Callable[[Properties, Properties], list[Params]]
) -> Call:
    """A call for each entry of what is wanted and what is there."""
    return Call(
        operation=operation,
        identify={"NetworkAclId": "id"},
        fixed={"Egress": direction == "egress"},
        properties=frozenset({direction}),
        build=lambda known: build(known, known["live"]),
    )


def _entry_calls(direction: str) -> tuple[Call, Call]:
    return (
        _entry_call(
            "delete_network_acl_entry",
            direction,
            lambda wanted, live: [
                {"RuleNumber": entry["ruleNo"]} for entry in _difference(direction, live, wanted)
            ],
        ),
        _entry_call(
            "create_network_acl_entry",
            direction,
            lambda wanted, live: [entry_members(entry) for entry in _difference(direction, wanted, live)],
        ),
    )


def _associations(acls: list[Any]) -> Iterator[tuple[str, str, str]]:
    """Association, subnet and the default ACL of its VPC."""
    default = {acl["VpcId"]: acl["NetworkAclId"] for acl in acls if acl["IsDefault"]}
    for acl in acls:
        for association in acl["Associations"]:
            yield association["NetworkAclAssociationId"], association["SubnetId"], default[acl["VpcId"]]


ALL_ACLS = Call(operation="describe_network_acls", result="NetworkAcls", decode=lambda acls: {"acls": acls})


def _moved(known: Properties) -> list[Params]:
    """Each subnet that is wanted comes to this ACL, and each that is not goes to the default one."""
    wanted, live = set(known.get("subnetIds") or ()), set(known["live"].get("subnetIds") or ())
    return [
        {
            "AssociationId": association_id,
            "NetworkAclId": known["id"] if subnet_id in wanted else default_id,
        }
        for association_id, subnet_id, default_id in _associations(known["acls"])
        if subnet_id in wanted ^ live
    ]


def _give_subnets_back(client: Any, known: Properties) -> None:
    acls = client.describe_network_acls()["NetworkAcls"]
    own = {
        association["NetworkAclAssociationId"]
        for acl in acls
        if acl["NetworkAclId"] == known["id"]
        for association in acl["Associations"]
    }
    for association_id, _, default_id in _associations(acls):
        if association_id in own:
            client.replace_network_acl_association(AssociationId=association_id, NetworkAclId=default_id)


NETWORK_ACL = ResourceType(
    token="aws:ec2/networkAcl:NetworkAcl",
    service="ec2",
    create=Call(operation="create_network_acl"),
    id="NetworkAcl.NetworkAclId",
    read=Call(
        operation="describe_network_acls",
        identify={"NetworkAclIds": "id"},
        result="NetworkAcls[0]",
        decode=_shown,
    ),
    updates=(
        *_entry_calls("ingress"),
        *_entry_calls("egress"),
        Call(
            operation="replace_network_acl_association",
            properties=frozenset({"subnetIds"}),
            look_up=ALL_ACLS,
            build=_moved,
        ),
    ),
    delete=Call(operation="delete_network_acl", identify={"NetworkAclId": "id"}, before=_give_subnets_back),
    list=Call(operation="describe_network_acls", result="NetworkAcls[?!IsDefault].NetworkAclId"),
    # the API's `Egress` is the direction of one entry
    names={"egress": ""},
    canonical={"ingress": canonical_entries, "egress": canonical_entries},
    tags=ec2_tags("network-acl"),
    derive=ec2_arn("network-acl"),
    gone=frozenset({"InvalidNetworkAclID.NotFound"}),
    busy=frozenset({"DependencyViolation"}),
    example=Example(
        inputs=lambda need: {
            "vpcId": need("aws:ec2/vpc:Vpc", "id"),
            "subnetIds": [need("aws:ec2/subnet:Subnet", "id")],
            "ingress": [
                {
                    "ruleNo": 100,
                    "protocol": "tcp",
                    "action": "allow",
                    "cidrBlock": "10.0.0.0/16",
                    "fromPort": 443,
                    "toPort": 443,
                },
                {
                    "ruleNo": 110,
                    "protocol": "icmp",
                    "action": "allow",
                    "cidrBlock": "10.0.0.0/16",
                    "fromPort": 0,
                    "toPort": 0,
                    "icmpType": 8,
                    "icmpCode": -1,
                },
            ],
            "egress": [
                {
                    "ruleNo": 100,
                    "protocol": "-1",
                    "action": "allow",
                    "cidrBlock": "0.0.0.0/0",
                    "fromPort": 0,
                    "toPort": 0,
                }
            ],
        },
        update=lambda need: {
            "subnetIds": [],
            "ingress": [
                {
                    "ruleNo": 100,
                    "protocol": "tcp",
                    "action": "deny",
                    "cidrBlock": "10.0.0.0/16",
                    "fromPort": 443,
                    "toPort": 443,
                }
            ],
            "egress": [],
        },
        replace=lambda need: {"vpcId": "vpc-0123456789abcdef0"},
    ),
)


def _given_back(known: Properties) -> Params | None:
    """The subnet's association goes to the default ACL, unless it has gone elsewhere."""
    return next(
        (
            {"AssociationId": association_id, "NetworkAclId": default_id}
            for association_id, _, default_id in _associations(known["acls"])
            if association_id == known["id"]
        ),
        None,
    )


NETWORK_ACL_ASSOCIATION = ResourceType(
    token="aws:ec2/networkAclAssociation:NetworkAclAssociation",
    service="ec2",
    create=Call(
        operation="replace_network_acl_association",
        look_up=ALL_ACLS,
        properties=frozenset({"networkAclId", "subnetId"}),
        build=lambda known: next(
            {"AssociationId": association_id}
            for association_id, subnet_id, _ in _associations(known["acls"])
            if subnet_id == known["subnetId"]
        ),
    ),
    id="NewAssociationId",
    read=Call(
        operation="describe_network_acls",
        build=lambda known: {"Filters": [{"Name": "association.association-id", "Values": [known["id"]]}]},
        result="NetworkAcls[].Associations[]",
        pick=with_member("NetworkAclAssociationId", "id"),
    ),
    delete=Call(operation="replace_network_acl_association", look_up=ALL_ACLS, build=_given_back),
    list=Call(
        operation="describe_network_acls",
        result="NetworkAcls[?!IsDefault].Associations[].NetworkAclAssociationId",
    ),
    gone=frozenset({"InvalidAssociationID.NotFound"}),
    # a subnet is guarded by one ACL at a time
    delete_before_replace=True,
    example=Example(
        inputs=lambda need: {
            "networkAclId": need("aws:ec2/networkAcl:NetworkAcl", "id"),
            "subnetId": need("aws:ec2/subnet:Subnet", "id"),
        },
        replace=lambda need: {"subnetId": "subnet-0123456789abcdef0"},
    ),
)
