"""What a stack needs of an account's quotas, and what others already use of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from infra.ci.scope import CiScope
from infra.components.endpoints import GATEWAYS, access_by_service
from infra.config import StackConfig
from infra.naming import Label
from infra.topology import Nat
from scripts.aws.shell import Shell

_CPU_UNITS = 1024  # of one processor, as Fargate counts
# Functions keep so much of the account's concurrency to themselves: the judge and the rotation, five each.
RESERVED_CONCURRENCY = 10
# AWS keeps 100 for those that reserve nothing (Lambda developer guide, "Configuring reserved concurrency").
_UNRESERVED_CONCURRENCY = 100
_GATEWAYS_PER_ZONE = 1


@dataclass(frozen=True, kw_only=True)
class Quota:
    """One quota by its codes in Service Quotas; `needed` is what the stack takes of it, at its largest.

    `used` counts what is there and is not the stack's own.
    """

    name: str
    service: str
    code: str
    needed: Callable[[StackConfig, CiScope], float]
    used: Callable[[Shell, Label], float] = lambda shell, label: 0


def fargate_processors(config: StackConfig, scope: CiScope) -> float:
    """At the largest: all tasks of the service twice, as in a canary, the worker's, and a migration."""
    del scope
    service = 2 * config.service.tasks.max * config.service.cpu_units
    migration = config.service.cpu_units
    return (service + migration + config.worker.tasks.max * config.worker.cpu_units) / _CPU_UNITS


def nat_gateways(config: StackConfig, scope: CiScope) -> float:
    del scope
    gateways: Mapping[Nat, int] = {Nat.NONE: 0, Nat.SINGLE: 1, Nat.ONE_PER_AZ: config.network.zones}
    return gateways[config.network.nat]


def interface_endpoints(config: StackConfig, scope: CiScope) -> float:
    del config
    return len(access_by_service(scope.account, scope.label).keys() - set(GATEWAYS))


def _others(found: list[Mapping[str, Any]], label: Label) -> float:
    """How many of these have other tags than the stack's."""
    own = {("Project", label.project), ("Environment", label.environment)}
    return sum(not own <= {(tag["Key"], tag["Value"]) for tag in each.get("Tags", ())} for each in found)


def _addresses(shell: Shell, label: Label) -> float:
    return _others(shell.client("ec2").describe_addresses()["Addresses"], label)


def _networks(shell: Shell, label: Label) -> float:
    return _others(shell.client("ec2").describe_vpcs()["Vpcs"], label)


def _load_balancers(shell: Shell, label: Label) -> float:
    pages = shell.client("elbv2").get_paginator("describe_load_balancers").paginate()
    found = [each for page in pages for each in page["LoadBalancers"] if each["Type"] == "application"]
    return sum(not each["LoadBalancerName"].startswith(f"{label.prefix}-") for each in found)


def _databases(shell: Shell, label: Label) -> float:
    pages = shell.client("rds").get_paginator("describe_db_instances").paginate()
    found = [each["DBInstanceIdentifier"] for page in pages for each in page["DBInstances"]]
    return sum(not name.startswith(f"{label.prefix}-") for name in found)


# The codes are those of the console's page of each service, Service Quotas; values are asked for.
QUOTAS = (
    Quota(name="VPCs", service="vpc", code="L-F678F1CE", needed=lambda config, scope: 1, used=_networks),
    Quota(name="elastic IPs", service="ec2", code="L-0263D0A3", needed=nat_gateways, used=_addresses),
    Quota(
        name="NAT gateways of a zone",
        service="vpc",
        code="L-FE5A380F",
        needed=lambda config, scope: min(_GATEWAYS_PER_ZONE, nat_gateways(config, scope)),
    ),
    Quota(name="interface endpoints of a VPC", service="vpc", code="L-29B6F2EB", needed=interface_endpoints),
    Quota(name="Fargate vCPUs", service="fargate", code="L-3032A538", needed=fargate_processors),
    Quota(
        name="load balancers",
        service="elasticloadbalancing",
        code="L-53DA6B97",
        needed=lambda config, scope: 1,
        used=_load_balancers,
    ),
    Quota(
        name="database instances",
        service="rds",
        code="L-7B6409FD",
        needed=lambda config, scope: 1,
        used=_databases,
    ),
    Quota(
        name="function concurrency",
        service="lambda",
        code="L-B99A9384",
        needed=lambda config, scope: RESERVED_CONCURRENCY + _UNRESERVED_CONCURRENCY,
    ),
)
