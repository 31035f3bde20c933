"""RDS: groups that stay when they are modified and while they are in use; event subscriptions that change."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from moto.core.responses import ActionResult
from moto.rds.exceptions import InvalidParameterValue, RDSClientError
from moto.rds.models import DBParameterGroup, DBSubnetGroup, EventSubscription, RDSBackend
from moto.rds.responses import RDSResponse

from sandbox.extensions.registry import adds, replaces

# Amazon RDS User Guide, Working with a DB instance in a VPC: a group has two Availability Zones or more.
_LEAST_ZONES = 2


@replaces(RDSBackend, "create_subnet_group")
def _check_new_group(
    original: Callable[..., DBSubnetGroup], self: RDSBackend, name: str, description: str, *args: Any
) -> DBSubnetGroup:
    """A name is taken once, and a group covers two zones; moto replaces the group that was there."""
    if name in self.subnet_groups:
        raise RDSClientError("DBSubnetGroupAlreadyExists", f"The DB subnet group '{name}' already exists.")
    _check_zones(args[0])
    return original(self, name, description, *args)


@replaces(RDSBackend, "modify_db_subnet_group")
def _keep_modified_group(
    original: Callable[..., DBSubnetGroup],
    self: RDSBackend,
    subnet_name: str,
    description: str,
    subnets: list[Any],
) -> DBSubnetGroup:
    """ModifyDBSubnetGroup changes the group; moto takes it out to change it, and does not put it back."""
    self.describe_db_subnet_groups(subnet_name)
    _check_zones(subnets)
    group = original(self, subnet_name, description, subnets)
    self.subnet_groups[group.name] = group
    return group


@replaces(RDSBackend, "delete_subnet_group")
def _keep_used_group(
    original: Callable[..., DBSubnetGroup], self: RDSBackend, subnet_name: str
) -> DBSubnetGroup:
    """A group that an instance is in cannot go."""
    for instance in self.databases.values():
        group = getattr(instance, "db_subnet_group", None)
        if group is not None and group.name == subnet_name.lower():
            raise RDSClientError(
                "InvalidDBSubnetGroupStateFault",
                f"Cannot delete the subnet group '{subnet_name}' because at least one database instance: "
                f"{instance.db_instance_identifier} is still using it.",
            )
    return original(self, subnet_name)


@replaces(RDSBackend, "delete_db_parameter_group")
def _keep_used_parameters(
    original: Callable[..., DBParameterGroup], self: RDSBackend, name: str
) -> DBParameterGroup:
    """A group that an instance takes its parameters from cannot go."""
    if any(instance.db_parameter_group_name == name for instance in self.databases.values()):
        raise RDSClientError(
            "InvalidDBParameterGroupState",
            f"One or more database instances are still members of this parameter group {name}, "
            "so the group cannot be deleted",
        )
    return original(self, name)


@replaces(DBParameterGroup, "update_parameters")
def _mark_as_set(
    original: Callable[..., None], self: DBParameterGroup, new_parameters: Iterable[dict[str, Any]]
) -> None:
    """A parameter that somebody set says so: `Source` is `user`."""
    original(self, [{**parameter, "Source": "user"} for parameter in new_parameters])


@adds(RDSResponse, "reset_db_parameter_group")
def _reset_parameters(self: RDSResponse) -> ActionResult:
    """ResetDBParameterGroup takes back what was set: all of it, or the parameters that it names."""
    name = self.params["DBParameterGroupName"]
    groups = self.backend.describe_db_parameter_groups({"db_parameter_group_name": name})
    for group in groups:
        named = [parameter["ParameterName"] for parameter in self.params.get("Parameters") or []]
        for parameter in list(group.parameters) if self.params.get("ResetAllParameters") else named:
            group.parameters.pop(parameter, None)
    return ActionResult({"DBParameterGroupName": name})


@adds(RDSResponse, "modify_event_subscription")
def _modify_subscription(self: RDSResponse) -> ActionResult:
    """ModifyEventSubscription changes what it names."""
    subscription = _subscription(self)
    for member, name in (
        ("SnsTopicArn", "sns_topic_arn"),
        ("SourceType", "source_type"),
        ("EventCategories", "event_categories"),
        ("Enabled", "enabled"),
    ):
        if self.params.get(member) is not None:
            setattr(subscription, name, self.params[member])
    return ActionResult({"EventSubscription": subscription})


@adds(RDSResponse, "add_source_identifier_to_subscription")
def _add_source(self: RDSResponse) -> ActionResult:
    """AddSourceIdentifierToSubscription, of an instance that exists."""
    subscription, source = _subscription(self), self.params["SourceIdentifier"]
    if subscription.source_type == "db-instance" and source not in self.backend.databases:
        raise RDSClientError("SourceNotFound", f"Could not find source: {source}")
    subscription.source_ids = [*subscription.source_ids, source]
    return ActionResult({"EventSubscription": subscription})


@adds(RDSResponse, "remove_source_identifier_from_subscription")
def _remove_source(self: RDSResponse) -> ActionResult:
    """RemoveSourceIdentifierFromSubscription."""
    subscription, source = _subscription(self), self.params["SourceIdentifier"]
    if source not in subscription.source_ids:
        raise InvalidParameterValue(f"{source} is no source of {subscription.subscription_name}")
    subscription.source_ids = [each for each in subscription.source_ids if each != source]
    return ActionResult({"EventSubscription": subscription})


def _subscription(response: RDSResponse) -> EventSubscription:
    [subscription] = response.backend.describe_event_subscriptions(response.params["SubscriptionName"])
    return subscription


def _check_zones(subnets: Iterable[Any]) -> None:
    if len({subnet.availability_zone for subnet in subnets}) < _LEAST_ZONES:
        raise RDSClientError(
            "DBSubnetGroupDoesNotCoverEnoughAZs",
            "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. "
            "Current AZ coverage: 1. Add subnets to cover at least 2 AZs.",
        )
