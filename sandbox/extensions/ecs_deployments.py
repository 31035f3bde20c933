"""ECS deployments: what a service was asked to become, revision by revision, and what comes of it.

A service's records are in the words of the API: revisions as DescribeServiceRevisions shows them, deployments
as DescribeServiceDeployments does. They lie on moto's service, and go with it.
"""

from __future__ import annotations

from typing import Any

from moto.core.utils import utcnow
from moto.ecs.models import EC2ContainerServiceBackend, Service
from moto.moto_api._internal import mock_random

# UpdateService: "This parameter triggers a new service deployment."
_TRIGGERS = {
    "loadBalancers": "load_balancers",
    "networkConfiguration": "network_configuration",
    "platformVersion": "platform_version",
    "serviceConnectConfiguration": "service_connect_configuration",
    "serviceRegistries": "service_registries",
    "taskDefinition": "task_definition",
    "volumeConfigurations": "volume_configurations",
    "vpcLatticeConfigurations": "vpc_lattice_configurations",
}
# ECS developer guide, "How the Amazon ECS deployment circuit breaker detects failures": half of the tasks.
_FEWEST_FAILURES, _MOST_FAILURES = 3, 200


def settle(backend: EC2ContainerServiceBackend, service: Service) -> None:
    """Decide what becomes of what a service was asked for: it is done as soon as it is asked for.

    Nothing runs tasks yet. So no task can fail to start, no target can be unhealthy and no traffic can shift,
    and a deployment that waited for any of it would wait for ever. Who comes to run tasks takes over here: it
    moves the counts, the weights and the status as they come about, and this function goes.
    """
    service.running_count, service.pending_count = service.desired_count, 0
    cluster = backend._get_cluster(service.cluster_name)
    in_cluster = [each for each in backend.services.values() if each.cluster_name == cluster.name]
    cluster.running_tasks_count = sum(each.running_count for each in in_cluster if each.status == "ACTIVE")
    cluster.pending_tasks_count = 0
    for shown in service.deployments:
        shown |= {
            "desiredCount": service.desired_count,
            "pendingCount": 0,
            "runningCount": service.running_count,
            "rolloutState": "COMPLETED",
            "rolloutStateReason": f"ECS deployment {shown['id']} completed.",
        }
    for deployment in deployments_of(service):
        if deployment["status"] == "IN_PROGRESS":
            _succeed(service, deployment)


def deploy(service: Service, *, is_forced: bool = False) -> None:
    """Begin a deployment of the service as it is now, where that is another revision than the last."""
    is_same = any(revision.items() >= _content(service).items() for revision in revisions_of(service)[-1:])
    if is_same and not is_forced:
        return
    now, number = utcnow(), f"{mock_random.randint(10**18, 10**19 - 1)}"
    revision = _revision(service, number, now)
    before = [_summary(service, each["serviceRevisionArn"], 0.0) for each in revisions_of(service)[-1:]]
    revisions_of(service).append(revision)
    target = _summary(service, revision["serviceRevisionArn"], 100.0)
    deployments_of(service).append(
        {
            "serviceDeploymentArn": _arn(service, "service-deployment", mock_random.get_random_string(21)),
            "serviceArn": service.arn,
            "clusterArn": service.cluster_arn,
            "createdAt": now,
            "startedAt": now,
            "updatedAt": now,
            "sourceServiceRevisions": before,
            "targetServiceRevision": target,
            "status": "IN_PROGRESS",
            "deploymentConfiguration": _configuration(service),
        }
    )
    shown = service.deployments[0]
    shown |= {
        **_content(service),
        "id": f"ecs-svc/{number}",
        "rolloutState": "IN_PROGRESS",
        "rolloutStateReason": f"ECS deployment ecs-svc/{number} in progress.",
        "createdAt": now,
        "updatedAt": now,
    }


def deployments_of(service: Service) -> list[dict[str, Any]]:
    """The service's deployments, the oldest first."""
    records: list[dict[str, Any]] = vars(service).setdefault("service_deployments", [])
    return records


def revisions_of(service: Service) -> list[dict[str, Any]]:
    """The service's revisions, the oldest first; the last one is what it was asked to be."""
    records: list[dict[str, Any]] = vars(service).setdefault("service_revisions", [])
    return records


def _succeed(service: Service, deployment: dict[str, Any]) -> None:
    now = utcnow()
    configuration = deployment["deploymentConfiguration"]
    alarms, breaker = configuration.get("alarms") or {}, configuration.get("deploymentCircuitBreaker") or {}
    threshold = min(max(-(-service.desired_count // 2), _FEWEST_FAILURES), _MOST_FAILURES)
    deployment |= {
        "status": "SUCCESSFUL",
        "finishedAt": now,
        "updatedAt": now,
        "alarms": {
            "status": _watched(alarms),
            "alarmNames": alarms.get("alarmNames", []),
            "triggeredAlarmNames": [],
        },
        "deploymentCircuitBreaker": {
            "status": _watched(breaker),
            "failureCount": 0,
            "threshold": threshold,
        },
    }
    if configuration.get("strategy", "ROLLING") != "ROLLING":
        deployment["lifecycleStage"] = "CLEAN_UP"
    target = deployment["targetServiceRevision"]
    target |= {"requestedTaskCount": service.desired_count, "runningTaskCount": service.running_count}
    # AWS shows what a revision really uses as long as it is the active one
    for revision in revisions_of(service):
        revision.pop("resolvedConfiguration", None)
    revisions_of(service)[-1]["resolvedConfiguration"] = {"loadBalancers": _resolved(service)}
    current: Any = service
    current.current_service_revisions = [target]


def _watched(monitor: dict[str, Any]) -> str:
    return "MONITORING_COMPLETE" if monitor.get("enable") else "DISABLED"


def _resolved(service: Service) -> list[dict[str, Any]]:
    """The target group of each load balancer; nothing shifts traffic yet, so it is always the first one."""
    return [
        {
            "targetGroupArn": each["targetGroupArn"],
            "productionListenerRule": (each.get("advancedConfiguration") or {}).get("productionListenerRule"),
        }
        for each in service.load_balancers
        if each.get("targetGroupArn")
    ]


def _content(service: Service) -> dict[str, Any]:
    """What makes one revision of a service differ from another."""
    return {name: getattr(service, attribute, None) or None for name, attribute in _TRIGGERS.items()}


def _revision(service: Service, number: str, now: Any) -> dict[str, Any]:
    return {
        "serviceRevisionArn": _arn(service, "service-revision", number),
        "serviceArn": service.arn,
        "clusterArn": service.cluster_arn,
        "launchType": service.launch_type,
        "platformFamily": "Linux",
        "capacityProviderStrategy": getattr(service, "capacity_provider_strategy", None),
        "containerImages": _images(service),
        "guardDutyEnabled": False,
        "createdAt": now,
        **_content(service),
    }


def _images(service: Service) -> list[dict[str, Any]]:
    if not service.task_definition:
        return []
    definition: Any = service._backend.describe_task_definition(service.task_definition)
    return [
        {
            "containerName": container["name"],
            "image": container["image"],
            "imageDigest": container["image"].partition("@")[2] or None,
        }
        for container in definition.container_definitions
    ]


def _configuration(service: Service) -> dict[str, Any]:
    return dict(getattr(service, "deployment_configuration", None) or {})


def _summary(service: Service, arn: str, weight: float) -> dict[str, Any]:
    """A revision in a deployment: how many tasks it is to have, and its share of the traffic in percent."""
    return {
        "arn": arn,
        "requestedTaskCount": service.desired_count if weight else 0,
        "runningTaskCount": 0,
        "pendingTaskCount": 0,
        "requestedTestTrafficWeight": 0.0,
        "requestedProductionTrafficWeight": weight,
    }


def _arn(service: Service, kind: str, identity: str) -> str:
    prefix = service.cluster_arn.partition(":cluster/")[0]
    return f"{prefix}:{kind}/{service.cluster_name}/{service.name}/{identity}"
