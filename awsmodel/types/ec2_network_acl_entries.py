"""Single entries of network ACLs, and how AWS spells one."""

import zlib
from typing import Any

from awsmodel.names import Properties
from awsmodel.resource import Call, Example, Params, ResourceType

# AWS puts a last entry into each ACL that denies the rest, one for IPv4 and one for IPv6
_AWS_OWN = frozenset({32767, 32768})
# IANA's protocol numbers, the ones that AWS takes by name
_NUMBERS = {"all": "-1", "icmp": "1", "tcp": "6", "udp": "17", "icmpv6": "58", "ipv6-icmp": "58"}
_WITH_PORTS = frozenset({"6", "17"})
_WITH_TYPES = frozenset({"1", "58"})


def protocol_number(protocol: Any) -> str:
    """The API knows protocols by number alone."""
    return _NUMBERS.get(str(protocol).lower(), str(protocol))


def is_own(entry: Any) -> bool:
    """Whether somebody made the entry, and not AWS."""
    return entry["RuleNumber"] not in _AWS_OWN


def shown_entry(entry: Any) -> Properties:
    """An API entry as an inline entry of a network ACL."""
    ports, types = entry.get("PortRange") or {}, entry.get("IcmpTypeCode") or {}
    shown = {
        "ruleNo": entry["RuleNumber"],
        "action": entry["RuleAction"],
        "protocol": entry["Protocol"],
        "cidrBlock": entry.get("CidrBlock"),
        "ipv6CidrBlock": entry.get("Ipv6CidrBlock"),
        "fromPort": ports.get("From", 0),
        "toPort": ports.get("To", 0),
        "icmpType": types.get("Type"),
        "icmpCode": types.get("Code"),
    }
    return {name: value for name, value in shown.items() if value is not None}


def entry_members(entry: Properties) -> Params:
    """An inline entry of a network ACL as the API takes it."""
    number = protocol_number(entry["protocol"])
    members = {
        "RuleNumber": int(entry["ruleNo"]),
        "RuleAction": entry["action"],
        "Protocol": number,
        "CidrBlock": entry.get("cidrBlock"),
        "Ipv6CidrBlock": entry.get("ipv6CidrBlock"),
        "PortRange": _range(entry) if number in _WITH_PORTS else None,
        "IcmpTypeCode": _types(entry) if number in _WITH_TYPES else None,
    }
    return {member: value for member, value in members.items() if value}


def canonical_entries(entries: Any) -> frozenset[Any]:
    """All that an entry says, with the protocol by number and without ports that mean nothing."""
    return frozenset(repr(sorted(entry_members(entry).items())) for entry in entries)


def _range(entry: Properties) -> Params:
    return {"From": int(entry.get("fromPort") or 0), "To": int(entry.get("toPort") or 0)}


def _types(entry: Properties) -> Params:
    return {"Type": int(entry.get("icmpType") or 0), "Code": int(entry.get("icmpCode") or 0)}


def _as_inline(known: Properties) -> Properties:
    return {**known, "ruleNo": known["ruleNumber"], "action": known["ruleAction"]}


def _rule_id(acl_id: str, number: Any, egress: Any, protocol: Any) -> str:
    """The id that the provider makes up, since AWS has none for an entry."""
    text = f"{acl_id}-{int(number)}-{str(bool(egress)).lower()}-{protocol_number(protocol)}-"
    return f"nacl-{zlib.crc32(text.encode())}"


def _known_id(known: Properties) -> str:
    return _rule_id(known["networkAclId"], known["ruleNumber"], known.get("egress"), known["protocol"])


def _parsed(physical_id: str) -> Properties:
    """Of an id to import by: `ACL:NUMBER:PROTOCOL:EGRESS`."""
    acl_id, *rest = physical_id.split(":")
    if len(rest) != 3:
        return {}
    number, protocol, egress = rest
    return {
        "networkAclId": acl_id,
        "ruleNumber": int(number),
        "protocol": protocol,
        "egress": egress == "true",
    }


def _picked(acls: Any, known: Properties) -> Any:
    wanted = _known_id(known) if known.get("networkAclId") else known["id"]
    return next(
        (
            {**entry, "NetworkAclId": acl["NetworkAclId"]}
            for acl in acls
            for entry in acl["Entries"]
            if wanted
            == _rule_id(acl["NetworkAclId"], entry["RuleNumber"], entry["Egress"], entry["Protocol"])
        ),
        None,
    )


def _shown(entry: Any) -> Properties:
    inline = shown_entry(entry)
    shown = {
        "networkAclId": entry["NetworkAclId"],
        "ruleNumber": inline.pop("ruleNo"),
        "ruleAction": inline.pop("action"),
        "egress": entry["Egress"],
        **inline,
    }
    return shown | {"id": _known_id(shown)}


NETWORK_ACL_RULE = ResourceType(
    token="aws:ec2/networkAclRule:NetworkAclRule",
    service="ec2",
    create=Call(
        operation="create_network_acl_entry",
        properties=frozenset(
            {
                "networkAclId",
                "ruleNumber",
                "ruleAction",
                "egress",
                "protocol",
                "cidrBlock",
                "ipv6CidrBlock",
                "fromPort",
                "toPort",
                "icmpType",
                "icmpCode",
            }
        ),
        build=lambda known: entry_members(_as_inline(known)),
    ),
    id=_known_id,
    parse_id=_parsed,
    read=Call(
        operation="describe_network_acls",
        identify={"NetworkAclIds": "networkAclId"},
        result="NetworkAcls",
        pick=_picked,
        decode=_shown,
    ),
    delete=Call(
        operation="delete_network_acl_entry",
        identify={"NetworkAclId": "networkAclId", "RuleNumber": "ruleNumber", "Egress": "egress"},
    ),
    list=None,
    canonical={"protocol": protocol_number},
    defaults={"egress": False},
    gone=frozenset({"InvalidNetworkAclID.NotFound", "InvalidNetworkAclEntry.NotFound"}),
    # an ACL has one entry of a number
    delete_before_replace=True,
    example=Example(
        inputs=lambda need: {
            "networkAclId": need("aws:ec2/networkAcl:NetworkAcl", "id"),
            "ruleNumber": 200,
            "ruleAction": "allow",
            "protocol": "tcp",
            "cidrBlock": "10.0.0.0/16",
            "fromPort": 1024,
            "toPort": 65535,
        },
        replace=lambda need: {"ruleAction": "deny"},
    ),
)
