from __future__ import annotations

import pytest

from sandbox.extensions import apply, removed
from sandbox.extensions.registry import load, replaces

EXTENSIONS = load()


@pytest.mark.parametrize("extension", EXTENSIONS, ids=lambda each: f"{each.owner.__name__}.{each.name}")
def test_an_extension_stands_in_and_plain_moto_comes_back(extension: object) -> None:
    apply()
    assert vars(extension.owner)[extension.name] is extension.stand_in  # type: ignore[attr-defined]
    with removed():
        assert vars(extension.owner).get(extension.name) is not extension.stand_in  # type: ignore[attr-defined]
    assert vars(extension.owner)[extension.name] is extension.stand_in  # type: ignore[attr-defined]


def test_no_method_is_extended_twice() -> None:
    names = [(extension.owner, extension.name) for extension in EXTENSIONS]
    assert len(names) == len(set(names))


def test_plain_moto_serves_while_the_extensions_are_off(cloud: object) -> None:
    # Else every test that expects plain moto to fail would be content with anything.
    with removed():
        ec2 = cloud.client("ec2")  # type: ignore[attr-defined]
        vpc_id = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        assert ec2.describe_vpcs(VpcIds=[vpc_id])["Vpcs"][0]["CidrBlock"] == "10.0.0.0/16"


def test_an_extension_without_a_reason_is_refused() -> None:
    class Owner:
        def method(self) -> None: ...

    with pytest.raises(TypeError, match="reason"):

        @replaces(Owner, "method")
        def without_reason(original: object, self: object) -> None: ...
