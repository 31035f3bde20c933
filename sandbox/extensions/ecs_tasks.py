"""ECS: a task in a VPC has a network interface as long as it runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.ec2.models import ec2_backends
from moto.ec2.models.elastic_network_interfaces import NetworkInterface
from moto.ecs.models import EC2ContainerServiceBackend, Task, TaskDefinition

from sandbox.extensions.registry import replaces


@replaces(NetworkInterface, "__init__")
def _have_a_name_or_none(
    original: Callable[..., None], self: NetworkInterface, *args: Any, **kwargs: Any
) -> None:
    """An interface in a VPC without DNS host names has no name; moto lets RunTask crash on it."""
    self.private_dns_name = ""
    original(self, *args, **kwargs)


@replaces(Task, "__init__")
def _allow_default_group(original: Callable[..., None], self: Task, *args: Any, **kwargs: Any) -> None:
    """A task needs no security group: it gets the VPC's default one."""
    network = kwargs.get("networking_configuration") or {}
    network.get("awsvpcConfiguration", {}).setdefault("securityGroups", [])
    original(self, *args, **kwargs)


@replaces(EC2ContainerServiceBackend, "_calculate_task_resource_requirements")
def _allow_memory_of_the_task(
    original: Callable[[TaskDefinition], dict[str, Any]],
    self: EC2ContainerServiceBackend,
    task_definition: TaskDefinition,
) -> dict[str, Any]:
    """On Fargate the memory may be said of the whole task alone; moto crashes on it."""
    containers = task_definition.container_definitions
    if all("memory" in container or "memoryReservation" in container for container in containers):
        return original(task_definition)
    return {"CPU": 0, "MEMORY": int(task_definition.memory or 0), "PORTS": [], "PORTS_UDP": []}


@replaces(EC2ContainerServiceBackend, "stop_task")
def _release_interface(
    original: Callable[..., Task], self: EC2ContainerServiceBackend, *args: Any, **kwargs: Any
) -> Task:
    """A stopped task gives its network interface back, or its subnet could never be deleted."""
    task = original(self, *args, **kwargs)
    interfaces: Any = ec2_backends[self.account_id][self.region_name].enis
    attachments: list[dict[str, Any]] = task.attachments
    for attachment in attachments:
        attachment["status"] = "DELETED"
        for detail in attachment["details"]:
            interfaces.pop(detail["value"], None)
    return task
