from __future__ import annotations

import gc
import weakref
from typing import Any

import pytest
from moto.ec2.models import ec2_backends
from moto.iam.models import iam_backends

from sandbox.controlplane.moto_host import forget


@pytest.mark.parametrize(
    ("backends", "region"), [(ec2_backends, "eu-west-1"), (iam_backends, "aws")], ids=["ec2", "iam"]
)
def test_what_a_forgotten_account_had_is_kept_nowhere(cloud: Any, backends: Any, region: str) -> None:
    cloud.client("ec2").describe_subnets()
    cloud.client("iam").list_roles()
    backend = weakref.ref(backends["111111111111"][region])
    assert backend() is not None
    forget("111111111111")
    gc.collect()
    assert backend() is None
