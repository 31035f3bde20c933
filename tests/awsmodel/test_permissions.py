"""Rules of security groups keep their meaning on the way to AWS and back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from awsmodel.types.ec2_permissions import Rule, canonical_rules, permissions, shown_rules

GROUP_ID, OWNER_ID = "sg-0123456789abcdef0", "111111111111"
SOURCES = {
    "cidrBlocks": st.sampled_from(["10.0.0.0/16", "0.0.0.0/0"]),
    "ipv6CidrBlocks": st.sampled_from(["::/0", "fd00::/8"]),
    "prefixListIds": st.sampled_from(["pl-0123456789abcdef0"]),
    "securityGroups": st.sampled_from(["sg-0fedcba9876543210", "222222222222/sg-0fedcba9876543210"]),
    "self": st.just(""),
}


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    protocol = draw(st.sampled_from(["-1", "tcp", "udp", "icmp", "50"]))
    from_port, to_port = (0, 0) if protocol == "-1" else draw(st.sampled_from([(443, 443), (1024, 65535)]))
    kind = draw(st.sampled_from(sorted(SOURCES)))
    description = draw(st.sampled_from(["", "from the balancer"]))
    return Rule(protocol, from_port, to_port, description, kind, draw(SOURCES[kind]))


@given(st.sets(rules(), max_size=8))
def test_rules_mean_the_same_after_aws_has_kept_them(wanted: set[Rule]) -> None:
    kept = permissions(wanted, GROUP_ID)
    group = {"GroupId": GROUP_ID, "OwnerId": OWNER_ID, "IpPermissions": kept}
    assert canonical_rules(shown_rules(group, "IpPermissions")) == wanted
