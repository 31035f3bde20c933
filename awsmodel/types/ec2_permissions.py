"""The rules inside of a security group: what a program writes, and what AWS keeps.

A program gives rules with several sources each, and AWS keeps one permission per protocol and ports, with
all of their sources. What both mean is a set of rules with one source each.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from awsmodel.names import Properties
from awsmodel.resource import Params

_PROTOCOLS = {"all": "-1", "1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6"}
# property of the sources → the API's list of them, and the member of an item that holds the source
_SOURCES = {
    "cidrBlocks": ("IpRanges", "CidrIp"),
    "ipv6CidrBlocks": ("Ipv6Ranges", "CidrIpv6"),
    "prefixListIds": ("PrefixListIds", "PrefixListId"),
    "securityGroups": ("UserIdGroupPairs", "GroupId"),
}
_ITSELF = "self"


class Rule(NamedTuple):
    """A rule with one source: `kind` is the property that the source stands in."""

    protocol: str
    from_port: int
    to_port: int
    description: str
    kind: str
    source: str


def protocol_name(protocol: Any) -> str:
    """AWS shows a protocol by its name where it has one that AWS knows, however it was written."""
    return _PROTOCOLS.get(str(protocol).lower(), str(protocol).lower())


def canonical_rules(rules: Any) -> frozenset[Rule]:
    """What the rules of a program mean."""
    return frozenset(single for rule in rules for single in _split(rule))


def shown_rules(group: Any, member: str) -> list[Properties]:
    """The permissions of an API group as a program would write them, by protocol, ports and description."""
    shown: dict[tuple[str, int, int, str], Properties] = {}
    for rule in (found for permission in group[member] for found in _found(permission, group)):
        written = shown.setdefault(
            rule[:4],
            {"protocol": rule.protocol, "fromPort": rule.from_port, "toPort": rule.to_port}
            | ({"description": rule.description} if rule.description else {}),
        )
        if rule.kind == _ITSELF:
            written[_ITSELF] = True
        else:
            written.setdefault(rule.kind, []).append(rule.source)
    return list(shown.values())


def permissions(rules: Iterable[Rule], group_id: str) -> list[Params]:
    """The rules as the API takes them, one permission each."""
    return [_permission(rule, group_id) for rule in sorted(rules)]


def _split(rule: Mapping[str, Any]) -> Iterator[Rule]:
    protocol = protocol_name(rule["protocol"])
    ports = (0, 0) if protocol == "-1" else (int(rule.get("fromPort") or 0), int(rule.get("toPort") or 0))
    description = rule.get("description") or ""
    for kind in _SOURCES:
        for source in rule.get(kind) or ():
            yield Rule(protocol, *ports, description, kind, source)
    if rule.get(_ITSELF):
        yield Rule(protocol, *ports, description, _ITSELF, "")


def _found(permission: Mapping[str, Any], group: Mapping[str, Any]) -> Iterator[Rule]:
    protocol = permission["IpProtocol"]
    ports = (permission.get("FromPort") or 0, permission.get("ToPort") or 0)
    for kind, (items, member) in _SOURCES.items():
        for item in permission.get(items) or ():
            description = item.get("Description") or ""
            if item[member] == group["GroupId"]:
                yield Rule(protocol, *ports, description, _ITSELF, "")
            elif item.get("UserId", group["OwnerId"]) != group["OwnerId"]:
                yield Rule(protocol, *ports, description, kind, f"{item['UserId']}/{item[member]}")
            else:
                yield Rule(protocol, *ports, description, kind, item[member])


def _permission(rule: Rule, group_id: str) -> Params:
    ports = {} if rule.protocol == "-1" else {"FromPort": rule.from_port, "ToPort": rule.to_port}
    items, member = _SOURCES["securityGroups" if rule.kind == _ITSELF else rule.kind]
    owner, _, source = (group_id if rule.kind == _ITSELF else rule.source).rpartition("/")
    item = {member: source}
    # only a group of another account is written with its owner; a block has a slash of its own
    if rule.kind not in {"securityGroups", _ITSELF}:
        item = {member: rule.source}
    elif owner:
        item["UserId"] = owner
    if rule.description:
        item["Description"] = rule.description
    return {"IpProtocol": rule.protocol, **ports, items: [item]}
