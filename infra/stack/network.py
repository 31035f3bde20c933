"""The network of a stack, and the way from the internet to the service."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from infra.components.domain import Domain, DomainArgs
from infra.components.endpoints import Endpoints, EndpointsArgs
from infra.components.entrance import Entrance, EntranceArgs
from infra.components.firewall import Firewall, FirewallArgs
from infra.components.network import Network, NetworkArgs
from infra.components.storage import Bucket
from infra.stack.ground import Ground
from infra.topology import Tier, tier_cidr

_HEALTH_PATH = "/health"


def build_network(ground: Ground) -> tuple[Network, Endpoints]:
    """Three tiers over the zones of the stack file, and private ways to AWS from the one in the middle."""
    config = ground.config.network
    network = Network(
        "network",
        NetworkArgs(
            label=ground.label.of("network"),
            account=ground.account,
            cidr=config.cidr,
            zones=_zones(config.zones),
            nat=config.nat,
            boundary_arn=ground.boundary.arn,
            log_policy=ground.log_policy,
        ),
    )
    endpoints = Endpoints(
        "endpoints",
        EndpointsArgs(
            label=ground.label.of("endpoints"),
            account=ground.account,
            vpc_id=network.vpc_id,
            client_cidr=tier_cidr(config.cidr, Tier.APP),
            subnet_ids=network.subnets(Tier.APP),
            route_table_ids=network.app_route_table_ids,
        ),
    )
    return network, endpoints


def build_entrance(ground: Ground, network: Network, bucket: Bucket) -> tuple[Entrance, Domain]:
    """The load balancer behind its firewall, and the name that it answers to."""
    config = ground.config
    domain = Domain(
        "domain",
        DomainArgs(
            label=ground.label.of("domain"),
            domain_name=config.domain,
            deletion_protection=config.deletion_protection,
        ),
    )
    entrance = Entrance(
        "entrance",
        EntranceArgs(
            label=ground.label.of("entrance"),
            vpc_id=network.vpc_id,
            subnet_ids=network.subnets(Tier.PUBLIC),
            domain_name=config.domain,
            zone_id=domain.zone_id,
            certificate_arn=domain.certificate_arn,
            log_bucket_name=bucket.name,
            health_path=_HEALTH_PATH,
            client_cidrs=config.entrance.client_cidrs,
            test_client_cidrs=config.entrance.test_client_cidrs,
            deletion_protection=config.deletion_protection,
        ),
    )
    Firewall(
        "firewall",
        FirewallArgs(
            label=ground.label.of("firewall"),
            load_balancer_arn=entrance.load_balancer_arn,
            log_policy=ground.log_policy,
            requests_per_five_minutes=config.entrance.requests_per_five_minutes,
        ),
    )
    return entrance, domain


def _zones(count: int) -> Sequence[str]:
    """The first zones of the region by name. AWS adds zones at the end, and so moves none of these."""
    names = sorted(
        aws.get_availability_zones(
            state="available",
            # Local zones and the like take neither load balancers nor NAT gateways.
            filters=[
                aws.GetAvailabilityZonesFilterArgs(name="opt-in-status", values=["opt-in-not-required"])
            ],
        ).names
    )
    if len(names) < count:
        raise pulumi.RunError(
            f"network.zones asks for {count} zones and the region has {len(names)}: {', '.join(names)}; "
            "ask for fewer or take another region"
        )
    return names[:count]
