"""Security groups, with the rules that a program gives inside of one."""

from typing import Any

from awsmodel.names import Properties
from awsmodel.resource import AutoName, Call, Example, Params, ResourceType
from awsmodel.types.ec2_network import ec2_arn, ec2_tags
from awsmodel.types.ec2_permissions import canonical_rules, permissions, shown_rules


def _shown(group: Any) -> Properties:
    return {
        "ingress": shown_rules(group, "IpPermissions"),
        "egress": shown_rules(group, "IpPermissionsEgress"),
    }


def _missing(direction: str, one: Properties, other: Properties) -> Params | None:
    """The permissions that one has and the other has not."""
    rules = canonical_rules(one.get(direction) or ()) - canonical_rules(other.get(direction) or ())
    return {"IpPermissions": permissions(rules, one["id"])} if rules else None


def _rule_calls(direction: str) -> tuple[Call, Call]:
    """Rules that are too many go before those that lack come, as the number of rules is limited."""
    return (
        Call(
            operation=f"revoke_security_group_{direction}",
            identify={"GroupId": "id"},
            properties=frozenset({direction}),
            build=lambda known: _missing(direction, {**known["live"], "id": known["id"]}, known),
        ),
        Call(
            operation=f"authorize_security_group_{direction}",
            identify={"GroupId": "id"},
            properties=frozenset({direction}),
            build=lambda known: _missing(direction, known, known["live"]),
        ),
    )


def _revoke_all(client: Any, known: Properties) -> None:
    """Groups whose rules name each other can go when those rules are gone, in the other groups too."""
    if not known.get("revokeRulesOnDelete"):
        return
    [group] = client.describe_security_groups(GroupIds=[known["id"]])["SecurityGroups"]
    for member, named, revoke in (
        ("IpPermissions", "ip-permission.group-id", client.revoke_security_group_ingress),
        ("IpPermissionsEgress", "egress.ip-permission.group-id", client.revoke_security_group_egress),
    ):
        filters = [{"Name": named, "Values": [known["id"]]}]
        naming = client.describe_security_groups(Filters=filters)["SecurityGroups"]
        for each in (group, *(other for other in naming if other["GroupId"] != known["id"])):
            rules = canonical_rules(shown_rules(each, member))
            if each is not group:
                rules = frozenset(rule for rule in rules if rule.source == known["id"])
            if rules:
                revoke(GroupId=each["GroupId"], IpPermissions=permissions(rules, each["GroupId"]))


_READ = Call(
    operation="describe_security_groups",
    identify={"GroupIds": "id"},
    result="SecurityGroups[0]",
    decode=_shown,
)
_UPDATES = (*_rule_calls("ingress"), *_rule_calls("egress"))
_NAMES = {"name": "GroupName"}
_CANONICAL = {"ingress": canonical_rules, "egress": canonical_rules}
_PROVIDERS_OWN = {"revokeRulesOnDelete": "it tells the provider how to delete, and AWS nothing"}

SECURITY_GROUP = ResourceType(
    token="aws:ec2/securityGroup:SecurityGroup",
    service="ec2",
    create=Call(operation="create_security_group"),
    id="GroupId",
    read=_READ,
    updates=_UPDATES,
    delete=Call(operation="delete_security_group", identify={"GroupId": "id"}, before=_revoke_all),
    list=Call(operation="describe_security_groups", result="SecurityGroups[?GroupName!='default'].GroupId"),
    names=_NAMES,
    canonical=_CANONICAL,
    # AWS lets all traffic out of a new group
    initial={"egress": []},
    defaults={"description": "Managed by Pulumi", "revokeRulesOnDelete": False},
    auto_name=AutoName(limit=255),
    tags=ec2_tags("security-group"),
    unreadable=_PROVIDERS_OWN,
    derive=ec2_arn("security-group"),
    gone=frozenset({"InvalidGroup.NotFound"}),
    busy=frozenset({"DependencyViolation", "InvalidGroup.InUse"}),
    example=Example(
        inputs=lambda need: {
            "vpcId": need("aws:ec2/vpc:Vpc", "id"),
            "name": "example",
            "ingress": [
                {
                    "protocol": "tcp",
                    "fromPort": 443,
                    "toPort": 443,
                    "cidrBlocks": ["10.0.0.0/16", "10.1.0.0/16"],
                    "description": "from the network",
                },
                {"protocol": "-1", "fromPort": 0, "toPort": 0, "self": True},
            ],
        },
        update=lambda need: {
            "ingress": [
                {"protocol": "udp", "fromPort": 53, "toPort": 53, "ipv6CidrBlocks": ["fd00::/8"]},
            ],
            "egress": [
                {
                    "protocol": "tcp",
                    "fromPort": 5432,
                    "toPort": 5432,
                    "securityGroups": [need("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "id")],
                }
            ],
        },
        replace=lambda need: {"description": "changed"},
    ),
)


def _default_of(known: Properties) -> Params:
    vpc = {"Name": "vpc-id", "Values": [known["vpcId"]]} if known.get("vpcId") else None
    return {"Filters": [{"Name": "group-name", "Values": ["default"]}, *([vpc] if vpc else [])]}


DEFAULT_SECURITY_GROUP = ResourceType(
    token="aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
    service="ec2",
    # every VPC has the group already: it is taken over, and its rules with it
    create=Call(operation="describe_security_groups", properties=frozenset({"vpcId"}), build=_default_of),
    id="SecurityGroups[0].GroupId",
    read=_READ,
    updates=_UPDATES,
    delete=None,
    list=Call(operation="describe_security_groups", result="SecurityGroups[?GroupName=='default'].GroupId"),
    names=_NAMES,
    canonical=_CANONICAL,
    initial={"ingress": [], "egress": []},
    defaults={"revokeRulesOnDelete": False},
    tags=ec2_tags("security-group"),
    unreadable=_PROVIDERS_OWN,
    derive=ec2_arn("security-group"),
    gone=frozenset({"InvalidGroup.NotFound"}),
    example=Example(
        inputs=lambda need: {"vpcId": need("aws:ec2/vpc:Vpc", "id")},
        update=lambda need: {
            "ingress": [{"protocol": "-1", "fromPort": 0, "toPort": 0, "self": True}],
            "tags": {"Name": "closed"},
        },
        replace=lambda need: {"vpcId": "vpc-0123456789abcdef0"},
    ),
)
