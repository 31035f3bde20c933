from __future__ import annotations

from moto.ec2.models.instance_types import INSTANCE_TYPE_OFFERINGS
from moto.utilities.utils import load_resource

from sandbox.controlplane.moto_host import moto_application
from sandbox.controlplane.offerings import Offerings, read_when_asked


def test_every_kind_of_location_offers_what_moto_has_for_the_region() -> None:
    moto_application()
    assert set(INSTANCE_TYPE_OFFERINGS) == {"region", "availability-zone", "availability-zone-id"}
    for location_type, by_region in INSTANCE_TYPE_OFFERINGS.items():
        read = load_resource(f"ec2/resources/instance_type_offerings/{location_type}/eu-west-1.json")
        assert [{**offering, "LocationType": location_type} for offering in read] == by_region["eu-west-1"]
        assert by_region.get("eu-west-1") is by_region["eu-west-1"]


def test_nothing_is_read_before_it_is_asked_for() -> None:
    offerings = Offerings("region", ["eu-west-1", "eu-west-2"])
    assert not offerings
    assert offerings["eu-west-1"]
    assert list(offerings) == ["eu-west-1"]


def test_a_region_that_moto_does_not_know_offers_nothing() -> None:
    offerings = Offerings("region", ["eu-west-1"])
    assert offerings.get("../region/eu-west-1", []) == []


def test_reading_when_asked_twice_keeps_every_region() -> None:
    read_when_asked()
    read_when_asked()
    assert INSTANCE_TYPE_OFFERINGS["region"]["eu-west-1"]
