"""EC2: routes and route tables as AWS keeps them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.ec2.models import EC2Backend
from moto.ec2.models.route_tables import Route, RouteBackend, RouteTable
from moto.ec2.utils import generate_route_id

from sandbox.extensions.registry import replaces


@replaces(RouteBackend, "create_route")
def _keep_prefix_list(
    original: Callable[..., Route], self: EC2Backend, route_table_id: str, *args: Any, **kwargs: Any
) -> Route:
    """A route for a prefix list may lead to an interface; moto forgets its destination then."""
    route = original(self, route_table_id, *args, **kwargs)
    destination = [*args, None, None, None][2] or kwargs.get("destination_prefix_list_id")
    if destination and route.destination_prefix_list is None:
        routes = self.route_tables[route_table_id]._routes
        del routes[route.id]
        route.destination_prefix_list = self.managed_prefix_lists[destination]
        route.id = generate_route_id(route_table_id, None, None, destination)
        routes[route.id] = route
    return route


@replaces(RouteTable, "get_filter_value")
def _filter_by_gateway(
    original: Callable[..., Any], self: RouteTable, filter_name: str, method_name: str | None = None
) -> Any:
    """Route tables can be found by the gateway that uses them."""
    if filter_name == "association.gateway-id":
        return [target for target in self._associations.values() if not target.startswith("subnet-")]
    return original(self, filter_name, method_name)
