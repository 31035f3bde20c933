"""Route tables, and which subnets and gateways use them."""

from collections.abc import Callable, Mapping
from typing import Any

from awsmodel.names import Properties
from awsmodel.resource import Call, Example, Params, ResourceType
from awsmodel.types.ec2_network import ec2_arn, ec2_tags
from awsmodel.types.ec2_routes import TARGETS, target_of

_DESTINATIONS = {
    "cidrBlock": "DestinationCidrBlock",
    "ipv6CidrBlock": "DestinationIpv6CidrBlock",
    "destinationPrefixListId": "DestinationPrefixListId",
}
_Routes = Mapping[tuple[str, str], Params]


def _is_own(route: Any) -> bool:
    """Not the VPC's own, not learnt from a VPN gateway, not kept by a gateway endpoint."""
    of_endpoint = route.get("DestinationPrefixListId") and route.get("GatewayId", "").startswith("vpce-")
    return route.get("Origin") == "CreateRoute" and not of_endpoint


def _shown(table: Any) -> Properties:
    return {
        "routes": [
            {name: route[member] for name, member in _DESTINATIONS.items() if route.get(member)}
            | target_of(route)
            for route in table["Routes"]
            if _is_own(route)
        ]
    }


def _by_destination(routes: list[Properties] | None) -> _Routes:
    """Member and value of each destination → the members of its target."""
    return {
        (member, route[name]): {
            TARGETS[key]: value for key, value in route.items() if key in TARGETS and value
        }
        for route in routes or ()
        for name, member in _DESTINATIONS.items()
        if route.get(name)
    }


def _routes(choose: Callable[[_Routes, _Routes], list[Params]]) -> Callable[[Properties], list[Params]]:
    """A call for each route that is chosen from those wanted and those there are."""
    return lambda known: choose(
        _by_destination(known.get("routes")), _by_destination(known["live"].get("routes"))
    )


def _removed(wanted: _Routes, live: _Routes) -> list[Params]:
    return [{member: value} for member, value in live if (member, value) not in wanted]


def _changed(wanted: _Routes, live: _Routes) -> list[Params]:
    return [
        {member: value, **target}
        for (member, value), target in wanted.items()
        if live.get((member, value), target) != target
    ]


def _added(wanted: _Routes, live: _Routes) -> list[Params]:
    return [
        {member: value, **target} for (member, value), target in wanted.items() if (member, value) not in live
    ]


def _route_call(operation: str, choose: Callable[[_Routes, _Routes], list[Params]]) -> Call:
    return Call(
        operation=operation,
        identify={"RouteTableId": "id"},
        properties=frozenset({"routes"}),
        build=_routes(choose),
    )


def _disassociate(client: Any, known: Properties) -> None:
    table = client.describe_route_tables(RouteTableIds=[known["id"]])["RouteTables"][0]
    for association in table["Associations"]:
        if not association.get("Main"):
            client.disassociate_route_table(AssociationId=association["RouteTableAssociationId"])


ROUTE_TABLE = ResourceType(
    token="aws:ec2/routeTable:RouteTable",
    service="ec2",
    create=Call(operation="create_route_table"),
    id="RouteTable.RouteTableId",
    read=Call(
        operation="describe_route_tables",
        identify={"RouteTableIds": "id"},
        result="RouteTables[0]",
        decode=_shown,
    ),
    updates=(
        _route_call("delete_route", _removed),
        _route_call("replace_route", _changed),
        _route_call("create_route", _added),
    ),
    delete=Call(operation="delete_route_table", identify={"RouteTableId": "id"}, before=_disassociate),
    list=Call(operation="describe_route_tables", result="RouteTables[].RouteTableId"),
    tags=ec2_tags("route-table"),
    derive=ec2_arn("route-table"),
    gone=frozenset({"InvalidRouteTableID.NotFound"}),
    busy=frozenset({"DependencyViolation"}),
    example=Example(
        inputs=lambda need: {
            "vpcId": need("aws:ec2/vpc:Vpc", "id"),
            "routes": [
                {
                    "cidrBlock": "0.0.0.0/0",
                    "gatewayId": need("aws:ec2/internetGateway:InternetGateway", "id"),
                },
                {
                    "cidrBlock": "10.8.0.0/16",
                    "gatewayId": need("aws:ec2/internetGateway:InternetGateway", "id"),
                },
            ],
        },
        update=lambda need: {
            "routes": [
                {"cidrBlock": "0.0.0.0/0", "natGatewayId": need("aws:ec2/natGateway:NatGateway", "id")},
                {
                    "ipv6CidrBlock": "::/0",
                    "egressOnlyGatewayId": need(
                        "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway", "id"
                    ),
                },
            ]
        },
        replace=lambda need: {"vpcId": "vpc-0123456789abcdef0"},
    ),
)


def _association_filter(known: Properties) -> Params:
    """By what is associated, since a change of the table gives the association another id."""
    filters = {
        "association.subnet-id": known.get("subnetId"),
        "association.gateway-id": known.get("gatewayId"),
        "association.route-table-association-id": known["id"],
    }
    name, value = next((name, value) for name, value in filters.items() if value)
    return {"Filters": [{"Name": name, "Values": [value]}]}


def _picked(associations: Any, known: Properties) -> Any:
    ids = {known["id"], known.get("subnetId") or known.get("gatewayId")}
    return next(
        (
            association
            for association in associations
            if ids
            & {
                association["RouteTableAssociationId"],
                association.get("SubnetId") or association.get("GatewayId"),
            }
        ),
        None,
    )


def _parsed(physical_id: str) -> Properties:
    """Of an id to import by, `SUBNET/TABLE` or `GATEWAY/TABLE`."""
    target, _, table_id = physical_id.partition("/")
    if not table_id:
        return {}
    return {"subnetId" if target.startswith("subnet-") else "gatewayId": target, "routeTableId": table_id}


ROUTE_TABLE_ASSOCIATION = ResourceType(
    token="aws:ec2/routeTableAssociation:RouteTableAssociation",
    service="ec2",
    create=Call(operation="associate_route_table"),
    id="AssociationId",
    parse_id=_parsed,
    read=Call(
        operation="describe_route_tables",
        build=_association_filter,
        result="RouteTables[].Associations[]",
        pick=_picked,
        decode=lambda association: {"id": association["RouteTableAssociationId"]},
    ),
    updates=(Call(operation="replace_route_table_association", identify={"AssociationId": "id"}),),
    delete=Call(operation="disassociate_route_table", identify={"AssociationId": "id"}),
    list=Call(
        operation="describe_route_tables",
        result="RouteTables[].Associations[] | [?!Main].RouteTableAssociationId",
    ),
    gone=frozenset({"InvalidAssociationID.NotFound"}),
    example=Example(
        inputs=lambda need: {
            "subnetId": need("aws:ec2/subnet:Subnet", "id"),
            "routeTableId": need("aws:ec2/routeTable:RouteTable", "id"),
        },
        replace=lambda need: {"subnetId": "subnet-0123456789abcdef0"},
    ),
)
