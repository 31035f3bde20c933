"""EC2: VPC endpoints as AWS keeps them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models import EC2Backend
from moto.ec2.models.vpcs import VPCBackend, VPCEndPoint
from moto.ec2.responses.vpcs import VPCs

from sandbox.extensions.registry import replaces


@replaces(VPCBackend, "create_vpc_endpoint")
def _create_as_aws(original: Callable[..., VPCEndPoint], self: EC2Backend, **given: Any) -> VPCEndPoint:
    """Without a type it is a gateway, which has no private names; without groups it is in the default one."""
    given["endpoint_type"] = given.get("endpoint_type") or "Gateway"
    is_interface = given["endpoint_type"] == "Interface"
    if not is_interface:
        given["private_dns_enabled"] = False
    elif not given.get("security_group_ids"):
        default = self.get_default_security_group(given["vpc_id"])
        given["security_group_ids"] = [default.id] if default else []
    endpoint = original(self, **given)
    if is_interface:
        _place(self, endpoint)
        # com.amazonaws.eu-west-1.ecr.api is reached at ecr.api.eu-west-1.vpce.amazonaws.com
        _, _, region, service = endpoint.service_name.split(".", 3)
        for entry in endpoint.dns_entries or ():
            label = entry["dns_name"].split(".")[0]
            entry["dns_name"] = f"{label}.{service}.{region}.vpce.amazonaws.com"
    return endpoint


@replaces(VPCs, "create_vpc_endpoint")
def _keep_options(original: Callable[..., ActionResult], self: VPCs) -> ActionResult:
    """An endpoint shows the address type and the DNS options that it was given."""
    answer: Any = original(self)
    _set_options(self, answer.result["VpcEndpoint"])
    return ActionResult(answer.result)


@replaces(VPCs, "modify_vpc_endpoint")
def _modify_all(original: Callable[..., ActionResult], self: VPCs) -> ActionResult:
    """Private names, options and no policy can be asked for; routes and interfaces follow a change."""
    backend = self.ec2_backend
    [endpoint] = backend.describe_vpc_endpoints([self._get_param("VpcEndpointId")])
    before = set(endpoint.route_table_ids)
    answer = original(self)
    prefix_list_id = endpoint.destination_prefix_list_id
    for table_id in before - set(endpoint.route_table_ids):
        backend.delete_route(table_id, prefix_list_id)
    for table_id in set(endpoint.route_table_ids) - before:
        backend.create_route(
            table_id, None, gateway_id=endpoint.id, destination_prefix_list_id=prefix_list_id
        )
    if endpoint.vpc_endpoint_type == "Interface":
        _place(backend, endpoint)
    if self._get_bool_param("ResetPolicy"):
        endpoint.policy_document = json.dumps(VPCEndPoint.DEFAULT_POLICY)
    if self._get_param("PrivateDnsEnabled") is not None:
        endpoint.private_dns_enabled = self._get_bool_param("PrivateDnsEnabled")
    _set_options(self, endpoint)
    return answer


@replaces(VPCBackend, "delete_vpc_endpoints")
def _forget_deleted(
    original: Callable[..., None], self: EC2Backend, vpce_ids: list[str] | None = None
) -> None:
    """An endpoint that was deleted is shown no more; moto shows it for good."""
    original(self, vpce_ids)
    for endpoint_id in vpce_ids or ():
        self.vpc_end_points.pop(endpoint_id, None)


def _set_options(request: VPCs, endpoint: Any) -> None:
    is_interface = endpoint.vpc_endpoint_type == "Interface"
    endpoint.ip_address_type = request._get_param("IpAddressType") or getattr(
        endpoint, "ip_address_type", "ipv4"
    )
    endpoint.dns_options = request._get_param("DnsOptions") or getattr(
        endpoint, "dns_options", {"DnsRecordIpType": "ipv4"} if is_interface else None
    )


def _place(backend: EC2Backend, endpoint: VPCEndPoint) -> None:
    """Give the endpoint one interface in each of its subnets, in the endpoint's groups."""
    interfaces = {
        backend.enis[interface_id].subnet.id: interface_id for interface_id in endpoint.network_interface_ids
    }
    subnet_ids = endpoint.subnet_ids or []
    for subnet_id in interfaces.keys() - set(subnet_ids):
        del backend.enis[interfaces.pop(subnet_id)]
    for subnet_id in subnet_ids:
        if subnet_id not in interfaces:
            interfaces[subnet_id] = backend.create_network_interface(subnet_id, []).id
        interface = backend.enis[interfaces[subnet_id]]
        interface._group_set = [
            backend.get_security_group_from_id(group_id) for group_id in endpoint.security_group_ids
        ]
    endpoint.network_interface_ids = [interfaces[subnet_id] for subnet_id in subnet_ids]
