from __future__ import annotations

import ipaddress
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.topology import MAX_ZONES, Tier, check_vpc_cidr, plan, tier_cidr

ZONES = ("a", "b", "c", "d")


@st.composite
def vpc_cidrs(draw: st.DrawFn) -> str:
    prefix = draw(st.integers(min_value=16, max_value=23))
    base = ipaddress.IPv4Network("10.0.0.0/8")
    position = draw(st.integers(min_value=0, max_value=2 ** (prefix - 8) - 1))
    address = int(base.network_address) + position * 2 ** (32 - prefix)
    return f"{ipaddress.IPv4Address(address)}/{prefix}"


counts = st.integers(min_value=1, max_value=MAX_ZONES)


def _subnets(cidr: str, count: int) -> list[ipaddress.IPv4Network]:
    planned = plan(cidr, ZONES[:count])
    return [ipaddress.IPv4Network(each) for by_zone in planned.values() for each in by_zone.values()]


@given(cidr=vpc_cidrs(), count=counts)
def test_no_two_subnets_overlap(cidr: str, count: int) -> None:
    assert not any(one.overlaps(other) for one, other in combinations(_subnets(cidr, count), 2))


@given(cidr=vpc_cidrs(), count=counts)
def test_each_subnet_lies_in_the_vpc_and_has_room_for_a_load_balancer(cidr: str, count: int) -> None:
    for subnet in _subnets(cidr, count):
        assert subnet.subnet_of(ipaddress.IPv4Network(cidr))
        assert subnet.prefixlen <= 27


@given(cidr=vpc_cidrs(), count=st.integers(min_value=1, max_value=MAX_ZONES - 1))
def test_a_zone_that_is_added_moves_no_subnet(cidr: str, count: int) -> None:
    before, after = plan(cidr, ZONES[:count]), plan(cidr, ZONES[: count + 1])
    for tier in Tier:
        assert before[tier].items() <= after[tier].items()


@given(cidr=vpc_cidrs(), count=counts)
def test_a_tiers_block_holds_its_own_subnets_and_no_others(cidr: str, count: int) -> None:
    planned = plan(cidr, ZONES[:count])
    for tier in Tier:
        block = ipaddress.IPv4Network(tier_cidr(cidr, tier))
        for other in Tier:
            inside = {ipaddress.IPv4Network(each).subnet_of(block) for each in planned[other].values()}
            assert inside == {tier is other}


@given(cidr=vpc_cidrs())
def test_every_range_that_can_be_cut_is_accepted(cidr: str) -> None:
    assert check_vpc_cidr(cidr) == cidr


@pytest.mark.parametrize(
    ("cidr", "words"),
    [
        ("10.0.0.0/15", "must be between a /16"),
        ("10.0.0.0/24", "must be between a /16"),
        ("8.8.0.0/16", "is not a private range"),
        ("10.0.0.1/16", "has host bits set"),
        ("ten", "Expected 4 octets"),
    ],
)
def test_a_range_that_cannot_be_cut_is_refused_with_the_reason(cidr: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        check_vpc_cidr(cidr)


@pytest.mark.parametrize("zones", [(), ("a", "b", "c", "d", "e")])
def test_more_zones_than_fit_are_refused(zones: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="a VPC is cut for 1 to 4 zones"):
        plan("10.0.0.0/16", zones)
