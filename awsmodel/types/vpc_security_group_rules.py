"""Rules of security groups, each a resource of its own."""

from typing import Any

from awsmodel.names import Properties
from awsmodel.resource import Call, Example, Params, ResourceType
from awsmodel.types.ec2_network import ec2_arn, ec2_tags
from awsmodel.types.ec2_permissions import protocol_name

# property → the API's list of such sources in a permission, the member there, and the member in a rule
_SOURCES = {
    "cidrIpv4": ("IpRanges", "CidrIp", "CidrIpv4"),
    "cidrIpv6": ("Ipv6Ranges", "CidrIpv6", "CidrIpv6"),
    "prefixListId": ("PrefixListIds", "PrefixListId", "PrefixListId"),
    "referencedSecurityGroupId": ("UserIdGroupPairs", "GroupId", "ReferencedGroupId"),
}
_RULE = frozenset({*_SOURCES, "ipProtocol", "fromPort", "toPort", "description"})


def _ports(known: Properties) -> Params:
    given = {"FromPort": known.get("fromPort"), "ToPort": known.get("toPort")}
    return {member: int(port) for member, port in given.items() if port is not None}


def _permission(known: Properties) -> Params:
    permission: Params = {"IpProtocol": known["ipProtocol"], **_ports(known)}
    for name, (items, member, _) in _SOURCES.items():
        if known.get(name):
            owner, slash, group_id = known[name].partition("/")
            item = {member: known[name]}
            if slash and name == "referencedSecurityGroupId":
                item = {"UserId": owner, member: group_id}
            if known.get("description"):
                item["Description"] = known["description"]
            permission[items] = [item]
    return {"IpPermissions": [permission]}


def _rule(known: Properties) -> Params:
    sources = {member: known[name] for name, (_, _, member) in _SOURCES.items() if known.get(name)}
    rule = {
        "IpProtocol": known["ipProtocol"],
        **_ports(known),
        **sources,
        "Description": known.get("description") or "",
    }
    return {"SecurityGroupRules": [{"SecurityGroupRuleId": known["id"], "SecurityGroupRule": rule}]}


def _shown(rule: Any) -> Properties:
    referenced = rule.get("ReferencedGroupInfo") or {}
    owner, group_id = referenced.get("UserId"), referenced.get("GroupId")
    foreign = owner and owner != rule.get("GroupOwnerId", owner)
    shown: Properties = {"referencedSecurityGroupId": f"{owner}/{group_id}" if foreign else group_id}
    if rule["IpProtocol"] == "-1":
        # AWS shows ports of -1 for all protocols, and takes none
        shown |= {"fromPort": None, "toPort": None}
    return shown


def _rule_type(direction: str, *, is_egress: bool, example: Example) -> ResourceType:
    return ResourceType(
        token=f"aws:vpc/securityGroup{direction.title()}Rule:SecurityGroup{direction.title()}Rule",
        service="ec2",
        create=Call(
            operation=f"authorize_security_group_{direction}",
            identify={"GroupId": "securityGroupId"},
            properties=_RULE | {"securityGroupId"},
            build=_permission,
        ),
        id="SecurityGroupRules[0].SecurityGroupRuleId",
        read=Call(
            operation="describe_security_group_rules",
            identify={"SecurityGroupRuleIds": "id"},
            result="SecurityGroupRules[0]",
            decode=_shown,
        ),
        updates=(
            Call(
                operation="modify_security_group_rules",
                identify={"GroupId": "securityGroupId"},
                properties=_RULE,
                build=_rule,
            ),
        ),
        delete=Call(
            operation=f"revoke_security_group_{direction}",
            identify={"GroupId": "securityGroupId", "SecurityGroupRuleIds": "id"},
        ),
        list=Call(
            operation="describe_security_group_rules",
            result=f"SecurityGroupRules[?IsEgress==`{str(is_egress).lower()}`].SecurityGroupRuleId",
        ),
        names={"securityGroupId": "GroupId"},
        canonical={"ipProtocol": protocol_name},
        tags=ec2_tags("security-group-rule"),
        derive=ec2_arn("security-group-rule"),
        gone=frozenset(
            {"InvalidSecurityGroupRuleId.NotFound", "InvalidGroup.NotFound", "InvalidPermission.NotFound"}
        ),
        example=example,
    )


SECURITY_GROUP_INGRESS_RULE = _rule_type(
    "ingress",
    is_egress=False,
    example=Example(
        inputs=lambda need: {
            "securityGroupId": need("aws:ec2/securityGroup:SecurityGroup", "id"),
            "ipProtocol": "tcp",
            "fromPort": 8080,
            "toPort": 8080,
            "referencedSecurityGroupId": need("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "id"),
            "description": "from the balancer",
            "tags": {"Name": "example"},
        },
        update=lambda need: {"fromPort": 8000, "toPort": 8999, "description": "changed"},
        replace=lambda need: {"securityGroupId": "sg-0123456789abcdef0"},
    ),
)
SECURITY_GROUP_EGRESS_RULE = _rule_type(
    "egress",
    is_egress=True,
    example=Example(
        inputs=lambda need: {
            "securityGroupId": need("aws:ec2/securityGroup:SecurityGroup", "id"),
            "ipProtocol": "-1",
            "cidrIpv4": "10.0.0.0/16",
        },
        update=lambda need: {"ipProtocol": "tcp", "fromPort": 443, "toPort": 443, "description": "changed"},
        replace=lambda need: {"securityGroupId": "sg-0123456789abcdef0"},
    ),
)
