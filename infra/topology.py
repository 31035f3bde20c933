"""How a VPC is cut into tiers and zones: arithmetic, and nothing of AWS."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from enum import StrEnum

# A VPC is cut into four blocks, one of them spare, and each block into four subnets. AWS takes a VPC
# of at most /16 and a subnet of at least /28, of which a load balancer wants /27 for itself.
SHORTEST_PREFIX = 16
LONGEST_PREFIX = 23
MAX_ZONES = 4
_BITS_PER_CUT = 2


class Tier(StrEnum):
    """What a subnet is for. The order is the order of the blocks and must not change."""

    PUBLIC = "public"
    APP = "app"
    DATA = "data"


class Nat(StrEnum):
    """The way out of the app tier: none, one gateway for all zones, or one in each."""

    NONE = "none"
    SINGLE = "single"
    ONE_PER_AZ = "one_per_az"


def check_vpc_cidr(cidr: str) -> str:
    """Return the range if it is one that a VPC can be cut from; raises ValueError with what is wrong."""
    network = ipaddress.IPv4Network(cidr)
    if not network.is_private:
        raise ValueError(
            f"{cidr} is not a private range; take one of 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16"
        )
    if not SHORTEST_PREFIX <= network.prefixlen <= LONGEST_PREFIX:
        raise ValueError(
            f"{cidr} must be between a /{SHORTEST_PREFIX}, the most that AWS gives a VPC, and a "
            f"/{LONGEST_PREFIX}, the least that gives each of sixteen subnets room for a load balancer"
        )
    return cidr


def tier_cidr(vpc_cidr: str, tier: Tier) -> str:
    """The block of one tier, which holds all of its subnets and no other tier's."""
    return str(_cut(ipaddress.IPv4Network(vpc_cidr), list(Tier).index(tier)))


def plan(vpc_cidr: str, zones: Sequence[str]) -> Mapping[Tier, Mapping[str, str]]:
    """The range of each subnet by tier and zone.

    A zone that is added at the end moves no other subnet. Raises ValueError for more zones than fit.
    """
    if not 1 <= len(zones) <= MAX_ZONES:
        raise ValueError(f"a VPC is cut for 1 to {MAX_ZONES} zones, got {len(zones)}: {', '.join(zones)}")
    network = ipaddress.IPv4Network(vpc_cidr)
    return {
        tier: {zone: str(_cut(_cut(network, block), position)) for position, zone in enumerate(zones)}
        for block, tier in enumerate(Tier)
    }


def _cut(network: ipaddress.IPv4Network, position: int) -> ipaddress.IPv4Network:
    return list(network.subnets(prefixlen_diff=_BITS_PER_CUT))[position]
