"""EC2: what a VPC holds, in the order in which AWS lets it go, and what its resources show."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from ipaddress import IPv4Address, IPv6Address
from typing import Any
from weakref import WeakKeyDictionary

from moto.core.responses import ActionResult
from moto.ec2.exceptions import (
    DependencyViolationError,
    EC2ClientError,
    InvalidNetworkAclIdError,
    InvalidRouteTableIdError,
)
from moto.ec2.models import EC2Backend
from moto.ec2.models.nat_gateways import NatGateway, NatGatewayBackend
from moto.ec2.models.network_acls import NetworkAcl, NetworkAclBackend
from moto.ec2.models.subnets import Subnet, SubnetBackend
from moto.ec2.models.vpcs import VPC, VPCBackend
from moto.ec2.responses.elastic_ip_addresses import ElasticIPAddresses
from moto.ec2.responses.flow_logs import FlowLogs
from moto.ec2.responses.network_acls import NetworkACLs
from moto.elbv2.models import elbv2_backends

from sandbox.extensions.registry import replaces

_LAST_ENTRY = 32767


@replaces(VPCBackend, "delete_vpc")
def _refuse_vpc_in_use(original: Callable[..., VPC], self: EC2Backend, vpc_id: str) -> VPC:
    """A VPC goes when only what it came with is left in it, and takes that along."""
    if any(_left_in(self, vpc_id)):
        raise DependencyViolationError(f"The vpc '{vpc_id}' has dependencies and cannot be deleted.")
    groups = self.groups.pop(vpc_id, {})
    try:
        vpc = original(self, vpc_id)
    except EC2ClientError:
        self.groups[vpc_id] = groups
        raise
    for acl_id in [acl.id for acl in self.network_acls.values() if acl.vpc_id == vpc_id]:
        del self.network_acls[acl_id]
    return vpc


def _left_in(backend: EC2Backend, vpc_id: str) -> Iterator[str]:
    """Yield what somebody made in the VPC."""
    yield from (group.id for group in backend.groups.get(vpc_id, {}).values() if not group.is_default)
    yield from (acl.id for acl in backend.network_acls.values() if acl.vpc_id == vpc_id and not acl.default)
    yield from (
        gateway.id
        for gateway in backend.internet_gateways.values()
        if gateway.vpc is not None and gateway.vpc.id == vpc_id
    )
    yield from (
        gateway.id for gateway in backend.egress_only_internet_gateways.values() if gateway.vpc_id == vpc_id
    )
    yield from (
        endpoint.id
        for endpoint in backend.vpc_end_points.values()
        if endpoint.vpc_id == vpc_id and endpoint.state != "deleted"
    )


@replaces(SubnetBackend, "delete_subnet")
def _refuse_subnet_in_use(original: Callable[..., Subnet], self: EC2Backend, subnet_id: str) -> Subnet:
    """A subnet with a gateway, an endpoint or a balancer in it stays; its associations go with it."""
    if any(_placed_in(self, subnet_id)):
        raise DependencyViolationError(f"The subnet '{subnet_id}' has dependencies and cannot be deleted.")
    subnet = original(self, subnet_id)
    for table in self.route_tables.values():
        for association_id in [key for key, target in table._associations.items() if target == subnet_id]:
            del table._associations[association_id]
    for acl in self.network_acls.values():
        for association_id in [
            key for key, association in acl._associations.items() if association.subnet_id == subnet_id
        ]:
            del acl._associations[association_id]
    return subnet


def _placed_in(backend: EC2Backend, subnet_id: str) -> Iterator[str]:
    """Yield what keeps an interface in the subnet."""
    for gateway in backend.nat_gateways.values():
        if gateway.subnet_id == subnet_id and gateway.state != "deleted":
            yield gateway.id
    for endpoint in backend.vpc_end_points.values():
        if subnet_id in (endpoint.subnet_ids or ()) and endpoint.state != "deleted":
            yield endpoint.id
    for balancer in elbv2_backends[backend.account_id][backend.region_name].load_balancers.values():
        if any(subnet.id == subnet_id for subnet in balancer.subnets):
            yield balancer.arn


# Beside the subnets and not in them: an iterator cannot be saved with them.
_addresses_by_subnet: WeakKeyDictionary[Subnet, Iterable[IPv4Address | IPv6Address]] = WeakKeyDictionary()


@replaces(Subnet, "_base_avail_ip_iterator")
def _let_go_of_subnets(original: Callable[..., Any], self: Subnet) -> Iterable[IPv4Address | IPv6Address]:
    """moto's cache keeps every subnet that ever was, and by it all else that its account had."""
    del original
    return _addresses_by_subnet.setdefault(self, self.cidr.hosts())


@replaces(NatGatewayBackend, "delete_nat_gateway")
def _release_address(
    original: Callable[..., NatGateway], self: EC2Backend, nat_gateway_id: str
) -> NatGateway:
    """A NAT gateway that goes gives its address and its interface back; one that is not there is an error."""
    gateway = self.nat_gateways.get(nat_gateway_id)
    if gateway is None or gateway.state == "deleted":
        raise EC2ClientError("NatGatewayNotFound", f"NatGateway {nat_gateway_id} was not found")
    for address in gateway.address_set:
        if address.get("associationId"):
            self.disassociate_address(association_id=address["associationId"])
        self.enis.pop(address["networkInterfaceId"], None)
    return original(self, nat_gateway_id)


@replaces(NatGateway, "__init__")
def _place_in_subnet(original: Callable[..., None], self: NatGateway, *args: Any, **kwargs: Any) -> None:
    """A NAT gateway's private address is one of its subnet's; moto draws any."""
    original(self, *args, **kwargs)
    interface = self._eni
    interface.private_ip_address = self.private_ip = interface.subnet.get_available_subnet_ip(interface)
    interface.private_ip_addresses = [{"Primary": True, "PrivateIpAddress": self.private_ip}]


@replaces(ElasticIPAddresses, "allocate_address")
def _keep_border_group(original: Callable[..., ActionResult], self: ElasticIPAddresses) -> ActionResult:
    """An address shows the group of zones that it is announced from, the region's own unless given."""
    answer: Any = original(self)
    [address] = self.ec2_backend.address_by_ip([answer.result["PublicIp"]])
    address.network_border_group = self._get_param("NetworkBorderGroup") or self.region
    return ActionResult({**answer.result, "NetworkBorderGroup": address.network_border_group})


@replaces(FlowLogs, "create_flow_logs")
def _keep_destination_options(original: Callable[..., ActionResult], self: FlowLogs) -> ActionResult:
    """A flow log to S3 shows the format and the partitions that it was given."""
    answer: Any = original(self)
    for flow_log_id in answer.result["FlowLogIds"]:
        options = self._get_param("DestinationOptions")
        self.ec2_backend.flow_logs[flow_log_id].destination_options = options
    return ActionResult(answer.result)


@replaces(NetworkAclBackend, "create_network_acl")
def _deny_the_rest(
    original: Callable[..., NetworkAcl],
    self: NetworkAclBackend,
    vpc_id: str,
    tags: list[dict[str, str]] | None = None,
    default: bool = False,
) -> NetworkAcl:
    """Each ACL ends in an entry that denies the rest, not only the default one."""
    acl = original(self, vpc_id, tags, default)
    for egress in (True, False) if not default else ():
        self.create_network_acl_entry(
            network_acl_id=acl.id,
            rule_number=_LAST_ENTRY,
            protocol="-1",
            rule_action="deny",
            egress=egress,
            cidr_block="0.0.0.0/0",
            icmp_code=None,
            icmp_type=None,
            port_range_from=None,
            port_range_to=None,
            ipv6_cidr_block=None,
        )
    return acl


@replaces(NetworkAclBackend, "delete_network_acl_entry")
def _miss_entry(
    original: Callable[..., Any], self: Any, network_acl_id: str, rule_number: int, egress: bool
) -> Any:
    """An entry that is not there is an error of the caller, not of the server."""
    try:
        return original(self, network_acl_id, rule_number, egress)
    except StopIteration:
        raise EC2ClientError(
            "InvalidNetworkAclEntry.NotFound",
            f"The specified entry {rule_number} does not exist in {network_acl_id}",
        ) from None


@replaces(NetworkAclBackend, "describe_network_acls")
def _name_what_is_missing(
    original: Callable[..., list[NetworkAcl]],
    self: Any,
    network_acl_ids: list[str] | None = None,
    filters: Any = None,
) -> list[NetworkAcl]:
    """An ACL that does not exist is no route table that does not."""
    try:
        return original(self, network_acl_ids, filters)
    except InvalidRouteTableIdError:
        missing = sorted(set(network_acl_ids or ()) - set(self.network_acls))
        raise InvalidNetworkAclIdError(missing[0]) from None


@replaces(NetworkACLs, "create_network_acl_entry")
def _keep_icmp_type(original: Callable[..., ActionResult], self: NetworkACLs) -> ActionResult:
    """An entry for ICMP shows its type and code; moto looks for them under another name."""
    answer = original(self)
    acl = self.ec2_backend.get_network_acl(self._get_param("NetworkAclId"))
    given = self._get_param("IcmpTypeCode") or {}
    acl.network_acl_entries[-1].icmp_type = given.get("Type")
    acl.network_acl_entries[-1].icmp_code = given.get("Code")
    return answer
