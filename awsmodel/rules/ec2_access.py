"""Rules of what may talk to what: security groups, their rules, and network ACLs."""

from awsmodel.checks import Pattern
from awsmodel.relations import NotAbove, Requires
from awsmodel.rule import Rule, TypeRules
from awsmodel.rule_words import avoids, between, cidr, exactly_one_of, exclusive, length, one_of, said

_DESCRIPTION = r"\A[0-9A-Za-z_ .:/()#,@\[\]+=&;{}!$*-]*\Z"
_DESCRIPTION_WORDS = "have only letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*"
_WITH_PORTS = ("tcp", "udp")


def _group_rule(what: str) -> TypeRules:
    """Ingress and egress have the same rules."""
    return TypeRules(
        of=f"aws:vpc/securityGroup{what}Rule:SecurityGroup{what}Rule",
        source=f"internal/service/ec2/vpc_security_group_{what.lower()}_rule.go",
        rules=(
            exactly_one_of(
                "cidrIpv4",
                "cidrIpv6",
                "prefixListId",
                "referencedSecurityGroupId",
                source="resourcevalidator.ExactlyOneOf",
            ),
            cidr("cidrIpv4"),
            cidr("cidrIpv6", 6),
            between("fromPort", -1, 65535, "int64validator.Between(-1, 65535)"),
            between("toPort", -1, 65535, "int64validator.Between(-1, 65535)"),
            said(
                "",
                # of ICMP, they are a type and a code
                NotAbove("fromPort", "toPort", where="ipProtocol", values=_WITH_PORTS),
                "AWS: EC2 API Reference, IpPermission",
            ),
            said(
                "",
                Requires("ipProtocol", ("-1",), forbids=("fromPort", "toPort")),
                "documentation of ip_protocol",
            ),
            said(
                "",
                Requires("ipProtocol", _WITH_PORTS, needs=("fromPort", "toPort")),
                "AWS: EC2 API Reference, IpPermission",
            ),
            length("description", None, 255, "AWS: EC2 API Reference, IpRange"),
            said("description", Pattern(_DESCRIPTION, _DESCRIPTION_WORDS), "AWS: EC2 API Reference, IpRange"),
        ),
    )


INGRESS_RULE = _group_rule("Ingress")
EGRESS_RULE = _group_rule("Egress")

SECURITY_GROUP = TypeRules(
    of="aws:ec2/securityGroup:SecurityGroup",
    source="internal/service/ec2/vpc_security_group.go",
    rules=(
        length("name", None, 255),
        avoids("name", r"\Asg-", "not begin with sg-"),
        avoids("namePrefix", r"\Asg-", "not begin with sg-"),
        exclusive("name", "namePrefix"),
        length("description", None, 255),
        Rule(
            path="description",
            check=Pattern(_DESCRIPTION, _DESCRIPTION_WORDS),
            source="AWS: EC2 API Reference, CreateSecurityGroup",
        ),
        *(cidr(f"{way}[].cidrBlocks[]") for way in ("ingress", "egress")),
        *(cidr(f"{way}[].ipv6CidrBlocks[]", 6) for way in ("ingress", "egress")),
    ),
)

NETWORK_ACL_RULE = TypeRules(
    of="aws:ec2/networkAclRule:NetworkAclRule",
    source="internal/service/ec2/vpc_network_acl_rule.go",
    rules=(
        exactly_one_of("cidrBlock", "ipv6CidrBlock"),
        cidr("cidrBlock"),
        cidr("ipv6CidrBlock", 6),
        between("ruleNumber", 1, 32766, "AWS: VPC User Guide, Network ACL rules"),
        between("fromPort", -1, 65535, "AWS: EC2 API Reference, PortRange"),
        between("toPort", -1, 65535, "AWS: EC2 API Reference, PortRange"),
        said("", NotAbove("fromPort", "toPort"), "AWS: EC2 API Reference, PortRange"),
        said(
            "",
            Requires("protocol", ("tcp", "udp", "6", "17"), needs=("fromPort", "toPort")),
            "AWS: EC2 API Reference, CreateNetworkAclEntry",
        ),
    ),
)

NETWORK_ACL = TypeRules(
    of="aws:ec2/networkAcl:NetworkAcl",
    source="internal/service/ec2/vpc_network_acl.go",
    rules=tuple(
        rule
        for way in ("ingress", "egress")
        for rule in (
            cidr(f"{way}[].cidrBlock"),
            cidr(f"{way}[].ipv6CidrBlock", 6),
            one_of(f"{way}[].action", "allow", "deny", source="enum.ValidateIgnoreCase[RuleAction]"),
            between(f"{way}[].ruleNo", 1, 32766),
        )
    ),
)
