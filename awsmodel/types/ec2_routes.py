"""Single routes, and what a route is: a destination and a target."""

import re
import zlib
from typing import Any

from awsmodel.names import Properties
from awsmodel.resource import Call, Example, ResourceType

DESTINATIONS = {
    "destinationCidrBlock": "DestinationCidrBlock",
    "destinationIpv6CidrBlock": "DestinationIpv6CidrBlock",
    "destinationPrefixListId": "DestinationPrefixListId",
}
TARGETS = {
    "carrierGatewayId": "CarrierGatewayId",
    "egressOnlyGatewayId": "EgressOnlyInternetGatewayId",
    "gatewayId": "GatewayId",
    "natGatewayId": "NatGatewayId",
    "networkInterfaceId": "NetworkInterfaceId",
    "transitGatewayId": "TransitGatewayId",
    "vpcEndpointId": "VpcEndpointId",
    "vpcPeeringConnectionId": "VpcPeeringConnectionId",
}


def target_of(route: Any) -> Properties:
    """The target that an API route shows; an endpoint is shown as if it were a gateway."""
    shown = {name: route[member] for name, member in TARGETS.items() if route.get(member)}
    if shown.get("gatewayId", "").startswith("vpce-"):
        shown["vpcEndpointId"] = shown.pop("gatewayId")
    return shown


def destination_of(route: Any) -> str:
    """The block or prefix list that an API route leads to."""
    return next((route[member] for member in DESTINATIONS.values() if route.get(member)), "")


def _route_id(table_id: str, destination: str) -> str:
    """The id that the provider makes up, since AWS has none for a route."""
    return f"r-{table_id}{zlib.crc32(destination.encode())}"


def _created_id(known: Properties) -> str:
    destination = next(known[name] for name in DESTINATIONS if known.get(name))
    return _route_id(known["routeTableId"], destination)


def _parsed(physical_id: str) -> Properties:
    """The table of an id that the provider made up, or all of an id to import by: `TABLE_DESTINATION`."""
    if made_up := re.match(r"r-(rtb-(?:[0-9a-f]{17}|[0-9a-f]{8}))\d+$", physical_id):
        return {"routeTableId": made_up[1]}
    table_id, _, destination = physical_id.partition("_")
    if destination.startswith("pl-"):
        return {"routeTableId": table_id, "destinationPrefixListId": destination}
    if ":" in destination:
        return {"routeTableId": table_id, "destinationIpv6CidrBlock": destination}
    return {"routeTableId": table_id, "destinationCidrBlock": destination}


def _picked(routes: Any, known: Properties) -> Any:
    destination = next((known[name] for name in DESTINATIONS if known.get(name)), None)
    return next(
        (
            route
            for route in routes
            if destination_of(route) == destination
            or _route_id(known["routeTableId"], destination_of(route)) == known["id"]
        ),
        None,
    )


def _shown(route: Any) -> Properties:
    target = target_of(route)
    # the endpoint's id stands where a gateway's would
    return target if "gatewayId" in target else {**target, "gatewayId": None}


ROUTE = ResourceType(
    token="aws:ec2/route:Route",
    service="ec2",
    create=Call(operation="create_route", properties=frozenset({"routeTableId", *DESTINATIONS, *TARGETS})),
    id=_created_id,
    parse_id=_parsed,
    read=Call(
        operation="describe_route_tables",
        identify={"RouteTableIds": "routeTableId"},
        result="RouteTables[0].Routes[]",
        pick=_picked,
        decode=_shown,
    ),
    updates=(
        Call(
            operation="replace_route",
            identify={
                "RouteTableId": "routeTableId",
                **{member: name for name, member in DESTINATIONS.items()},
            },
            properties=frozenset(TARGETS),
            whole=True,
        ),
    ),
    delete=Call(
        operation="delete_route",
        identify={
            "RouteTableId": "routeTableId",
            **{member: name for name, member in DESTINATIONS.items()},
        },
    ),
    list=None,
    names={"egressOnlyGatewayId": "EgressOnlyInternetGatewayId"},
    derive=lambda known, _: {"id": _created_id(known)},
    gone=frozenset({"InvalidRouteTableID.NotFound", "InvalidRoute.NotFound"}),
    example=Example(
        inputs=lambda need: {
            "routeTableId": need("aws:ec2/routeTable:RouteTable", "id"),
            "destinationCidrBlock": "10.7.0.0/16",
            "gatewayId": need("aws:ec2/internetGateway:InternetGateway", "id"),
        },
        update=lambda need: {
            "gatewayId": None,
            "natGatewayId": need("aws:ec2/natGateway:NatGateway", "id"),
        },
        replace=lambda need: {"destinationCidrBlock": "10.9.0.0/16"},
    ),
)
