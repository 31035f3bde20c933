"""How the table of what continuous integration may do is written."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Rights:
    """Actions of one service on the same resources, written without the service's prefix."""

    service: str
    on: tuple[str, ...] = ("*",)
    reads: str = ""
    writes: str = ""
    # The resources have no names of ours: writes are for those with our tags.
    tagged: bool = False
    # Makes such a resource, which must get our tags with the call; `made` is what the call makes.
    creates: str = ""
    made: tuple[str, ...] = ("*",)
    # Gives tags. To what has no tags yet as well, since each resource is born so.
    tags: str = ""
