"""RDS: a subnet group that is modified stays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.rds.models import DBSubnetGroup, RDSBackend

from sandbox.extensions.registry import replaces


@replaces(RDSBackend, "modify_db_subnet_group")
def _keep_modified_group(
    original: Callable[..., DBSubnetGroup], self: RDSBackend, subnet_name: str, *args: Any
) -> DBSubnetGroup:
    """ModifyDBSubnetGroup changes the group; moto takes it out to change it, and does not put it back."""
    group = original(self, subnet_name, *args)
    self.subnet_groups[group.name] = group
    return group
