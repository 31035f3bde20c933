"""Each test here runs twice: with the extensions it must pass, on plain moto it must fail.

When moto has learnt a thing, the second run passes, which fails it: drop the extension.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from moto.ec2.models.subnets import Subnet

from sandbox.extensions import removed


@pytest.fixture(
    params=[
        "sandbox",
        pytest.param("plain moto", marks=pytest.mark.xfail(strict=True, reason="moto lacks it")),
    ]
)
def client(request: pytest.FixtureRequest, cloud: Any) -> Iterator[Callable[[str], Any]]:
    """Makes clients of the dev account."""
    if request.param == "sandbox":
        yield cloud.client
        return
    with removed():
        yield cloud.client
        moto_keeps: Any = Subnet._base_avail_ip_iterator
        moto_keeps.cache_clear()
