"""The network ACLs: which tier may speak to which, whatever a security group says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra import ports
from infra.naming import Label
from infra.topology import Tier, tier_cidr

_ANYWHERE = "0.0.0.0/0"
# Answers come back to a port that the asker chose. The remote desktop port lies in the middle of that
# range and is left out: a list that lets it in from anywhere is a finding in every audit.
_REPLY_RANGES = ((1024, 3388), (3390, 65535))


@dataclass(frozen=True, kw_only=True)
class AclRule:
    """TCP from (or, outward, to) a range of addresses on a range of ports."""

    egress: bool
    cidr: str
    from_port: int
    to_port: int


@dataclass(frozen=True, kw_only=True)
class AccessListsArgs:
    label: Label
    vpc_id: pulumi.Input[str]
    vpc_cidr: str
    has_nat: bool
    subnet_ids: Mapping[Tier, Mapping[str, pulumi.Output[str]]]  # by tier, then by zone


class AccessLists(pulumi.ComponentResource):
    """One ACL for each tier, on each of its subnets. What no rule lets through is refused."""

    def __init__(self, name: str, args: AccessListsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("slipway:access_lists:AccessLists", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        for tier, subnet_ids in args.subnet_ids.items():
            acl = aws.ec2.NetworkAcl(
                f"{name}-{tier}", vpc_id=args.vpc_id, tags=args.label.tags(tier), opts=child
            )
            for number, rule in numbered(rules(tier, args.vpc_cidr, has_nat=args.has_nat)):
                way = "out" if rule.egress else "in"
                aws.ec2.NetworkAclRule(
                    f"{name}-{tier}-{way}-{number}",
                    network_acl_id=acl.id,
                    egress=rule.egress,
                    rule_number=number,
                    rule_action="allow",
                    protocol="tcp",
                    cidr_block=rule.cidr,
                    from_port=rule.from_port,
                    to_port=rule.to_port,
                    opts=child,
                )
            for zone, subnet_id in subnet_ids.items():
                aws.ec2.NetworkAclAssociation(
                    f"{name}-{tier}-{zone}", network_acl_id=acl.id, subnet_id=subnet_id, opts=child
                )
        self.register_outputs({})


def rules(tier: Tier, vpc_cidr: str, *, has_nat: bool) -> list[AclRule]:
    """What one tier's ACL lets through."""
    public, app, data = (tier_cidr(vpc_cidr, each) for each in (Tier.PUBLIC, Tier.APP, Tier.DATA))
    match tier:
        case Tier.PUBLIC:
            return [
                *(_allow(_ANYWHERE, port) for port in (ports.HTTP, ports.HTTPS, ports.TEST_HTTPS)),
                *_replies(_ANYWHERE if has_nat else app),
                _allow(app, ports.SERVICE, egress=True),
                *_replies(_ANYWHERE, egress=True),
                *([_allow(_ANYWHERE, ports.HTTPS, egress=True)] if has_nat else []),
            ]
        case Tier.APP:
            return [
                _allow(public, ports.SERVICE),
                _allow(app, ports.HTTPS),
                # The gateway endpoint of S3 answers from public addresses.
                *_replies(_ANYWHERE),
                _allow(_ANYWHERE, ports.HTTPS, egress=True),
                _allow(data, ports.DATABASE, egress=True),
                *_replies(public, egress=True),
                *_replies(app, egress=True),
            ]
        case Tier.DATA:
            return [_allow(app, ports.DATABASE), *_replies(app, egress=True)]


def numbered(given: Sequence[AclRule]) -> list[tuple[int, AclRule]]:
    """The rules with their numbers, which AWS counts for each direction on its own."""
    result: list[tuple[int, AclRule]] = []
    for egress in (False, True):
        one_way = [rule for rule in given if rule.egress is egress]
        result += [(100 + 10 * position, rule) for position, rule in enumerate(one_way)]
    return result


def _allow(cidr: str, port: int, *, egress: bool = False) -> AclRule:
    return AclRule(egress=egress, cidr=cidr, from_port=port, to_port=port)


def _replies(cidr: str, *, egress: bool = False) -> list[AclRule]:
    return [AclRule(egress=egress, cidr=cidr, from_port=first, to_port=last) for first, last in _REPLY_RANGES]
