"""The instance types that AWS offers, by region: moto reads those of all regions at import, 40 MB of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from moto.ec2.models.instance_types import INSTANCE_TYPE_OFFERINGS
from moto.utilities.utils import load_resource


class Offerings(dict[str, list[dict[str, Any]]]):
    """What is offered at one kind of location, by region; a region is read when it is first asked for."""

    def __init__(self, location_type: str, regions: Iterable[str]) -> None:
        super().__init__()
        self._location_type = location_type
        self._regions = frozenset(regions)

    def __missing__(self, region: str) -> list[dict[str, Any]]:
        if region not in self._regions:
            raise KeyError(region)
        read = load_resource(f"ec2/resources/instance_type_offerings/{self._location_type}/{region}.json")
        self[region] = [{**offering, "LocationType": self._location_type} for offering in read]
        return self[region]

    def get(self, region: str, default: Any = None) -> Any:
        """As of a dictionary, which would not read what is missing."""
        return self[region] if region in self._regions else default


def read_when_asked() -> None:
    """Let go of what moto has read, and read a region's when it is needed."""
    for location_type, by_region in INSTANCE_TYPE_OFFERINGS.items():
        if not isinstance(by_region, Offerings):
            INSTANCE_TYPE_OFFERINGS[location_type] = Offerings(location_type, by_region)
