"""ECS: a service is created whole, once, and cluster settings can be changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import camelcase_to_underscores
from moto.ecs.exceptions import InvalidParameterException
from moto.ecs.models import EC2ContainerServiceBackend, Service
from moto.ecs.responses import EC2ContainerServiceResponse

from sandbox.extensions import ecs_deployments
from sandbox.extensions.registry import adds, replaces

# CreateService's inputs that moto reads itself.
_KEPT_BY_MOTO = frozenset(
    {
        "clientToken",
        "cluster",
        "deploymentController",
        "desiredCount",
        "launchType",
        "loadBalancers",
        "networkConfiguration",
        "platformVersion",
        "propagateTags",
        "role",
        "schedulingStrategy",
        "serviceName",
        "serviceRegistries",
        "tags",
        "taskDefinition",
    }
)
# ECS API reference, CreateService and DeploymentConfiguration.
_SERVICE_DEFAULTS = {
    "enableECSManagedTags": False,
    "enableExecuteCommand": False,
    "healthCheckGracePeriodSeconds": 0,
}
_DEPLOYMENT_DEFAULTS = {
    "deploymentCircuitBreaker": {"enable": False, "rollback": False},
    "maximumPercent": 200,
    "minimumHealthyPercent": 100,
    "strategy": "ROLLING",
}


@replaces(EC2ContainerServiceResponse, "create_service")
def _create_whole_service(
    original: Callable[[Any], ActionResult], self: EC2ContainerServiceResponse
) -> ActionResult:
    """Everything that CreateService takes reads back; moto drops the deployment configuration and more."""
    cluster = self.ecs_backend._get_cluster(self._get_param("cluster", "default"))
    existing = self.ecs_backend.services.get(f"{cluster.name}:{self._get_param('serviceName')}")
    if existing is not None and existing.status != "INACTIVE":
        raise InvalidParameterException("Creation of service was not idempotent.")
    answer = original(self)
    result: Any = answer.result
    service: Service = result["service"]
    given = _SERVICE_DEFAULTS | self._get_params()
    if service.deployment_controller["type"] == "ECS":
        given["deploymentConfiguration"] = _DEPLOYMENT_DEFAULTS | given.get("deploymentConfiguration", {})
    for name, value in given.items():
        if name not in _KEPT_BY_MOTO:
            setattr(service, camelcase_to_underscores(name), value)
    if service.deployments:
        ecs_deployments.deploy(service)
        ecs_deployments.settle(self.ecs_backend, service)
    return answer


@replaces(EC2ContainerServiceResponse, "update_service")
def _update_whole_service(
    original: Callable[[Any], ActionResult], self: EC2ContainerServiceResponse
) -> ActionResult:
    """What makes another revision of a service, or is forced, is another deployment."""
    answer = original(self)
    result: Any = answer.result
    service: Service = result["service"]
    if service.task_definition:
        service.task_definition = self.ecs_backend.describe_task_definition(service.task_definition).arn
    if service.deployments:
        ecs_deployments.deploy(service, is_forced=bool(self._get_param("forceNewDeployment")))
        ecs_deployments.settle(self.ecs_backend, service)
    return answer


@replaces(Service, "_validate_network")
def _allow_default_group(
    original: Callable[..., Any], self: Service, network_configuration: dict[str, Any]
) -> Any:
    """A service needs no security group: it gets the VPC's default one."""
    network_configuration.get("awsvpcConfiguration", {}).setdefault("securityGroups", [])
    return original(self, network_configuration)


@replaces(EC2ContainerServiceBackend, "list_services")
def _list_active_services(
    original: Callable[..., list[str]], self: EC2ContainerServiceBackend, *args: Any, **kwargs: Any
) -> list[str]:
    """A deleted service is not listed."""
    inactive = {service.arn for service in self.services.values() if service.status == "INACTIVE"}
    return [arn for arn in original(self, *args, **kwargs) if arn not in inactive]


@adds(EC2ContainerServiceResponse, "update_cluster_settings")
def _update_cluster_settings(self: EC2ContainerServiceResponse) -> ActionResult:
    """UpdateClusterSettings changes the settings it names, and leaves the others."""
    cluster = self.ecs_backend._get_cluster(self._get_param("cluster", "default"))
    settings = {setting["name"]: setting for setting in cluster.settings or []}
    settings |= {setting["name"]: dict(setting) for setting in self._get_param("settings", [])}
    cluster.settings = list(settings.values())
    return ActionResult({"cluster": cluster})


@replaces(EC2ContainerServiceBackend, "put_cluster_capacity_providers")
def _refuse_unknown_capacity(
    original: Callable[..., Any],
    self: EC2ContainerServiceBackend,
    cluster_name: str,
    capacity_providers: list[str] | None,
    default_capacity_provider_strategy: list[dict[str, Any]] | None,
) -> Any:
    """A cluster has capacity providers that exist, and shares tasks out among those."""
    known = {"FARGATE", "FARGATE_SPOT", *self.capacity_providers}
    if unknown := set(capacity_providers or ()) - known:
        raise InvalidParameterException(f"The capacity providers {sorted(unknown)} do not exist.")
    named = {each["capacityProvider"] for each in default_capacity_provider_strategy or ()}
    if lacking := named - set(capacity_providers or ()):
        raise InvalidParameterException(
            f"The default strategy names {sorted(lacking)}, which the cluster is not associated with."
        )
    return original(self, cluster_name, capacity_providers, default_capacity_provider_strategy)
