"""ECS: the calls that show service deployments and revisions, and that stop or continue a deployment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from moto.core.responses import ActionResult
from moto.ecs.exceptions import ECSException, InvalidParameterException
from moto.ecs.models import Service
from moto.ecs.responses import EC2ContainerServiceResponse

from sandbox.extensions.ecs_deployments import deployments_of, revisions_of
from sandbox.extensions.registry import adds

_BRIEF = (
    "serviceDeploymentArn",
    "serviceArn",
    "clusterArn",
    "startedAt",
    "createdAt",
    "finishedAt",
    "status",
    "statusReason",
)
# ECS API reference: what a page holds by itself, and what one call may ask for.
_PAGE = 20
_MOST_ARNS = 20


@adds(EC2ContainerServiceResponse, "list_service_deployments")
def _list_service_deployments(self: EC2ContainerServiceResponse) -> ActionResult:
    """ListServiceDeployments: the newest first, by status and by the time of their creation."""
    service = self.ecs_backend._get_service(
        self._get_param("cluster", "default"), self._get_param("service").rpartition("/")[2]
    )
    wanted, created = self._get_param("status") or (), self._get_param("createdAt") or {}
    found = [
        {name: each.get(name) for name in _BRIEF}
        | {"targetServiceRevisionArn": each["targetServiceRevision"]["arn"]}
        for each in reversed(deployments_of(service))
        if (not wanted or each["status"] in wanted) and _is_within(each["createdAt"], created)
    ]
    start = int(self._get_param("nextToken") or 0)
    end = start + self._get_int_param("maxResults", _PAGE)
    return ActionResult(
        {"serviceDeployments": found[start:end], "nextToken": str(end) if end < len(found) else None}
    )


@adds(EC2ContainerServiceResponse, "describe_service_deployments")
def _describe_service_deployments(self: EC2ContainerServiceResponse) -> ActionResult:
    """DescribeServiceDeployments."""
    known = {each["serviceDeploymentArn"]: each for _, each in _deployments(self)}
    return _described(self, "serviceDeploymentArns", "serviceDeployments", known)


@adds(EC2ContainerServiceResponse, "describe_service_revisions")
def _describe_service_revisions(self: EC2ContainerServiceResponse) -> ActionResult:
    """DescribeServiceRevisions."""
    known = {
        revision["serviceRevisionArn"]: revision
        for service in self.ecs_backend.services.values()
        for revision in revisions_of(service)
    }
    return _described(self, "serviceRevisionArns", "serviceRevisions", known)


@adds(EC2ContainerServiceResponse, "stop_service_deployment")
def _stop_service_deployment(self: EC2ContainerServiceResponse) -> ActionResult:
    """StopServiceDeployment: a deployment that has ended cannot be stopped, and here each has ended."""
    deployment = _deployment(self)
    raise ECSException(
        "ConflictException",
        f"The service deployment {deployment['serviceDeploymentArn']} cannot be stopped: "
        f"it is {deployment['status']}.",
    )


@adds(EC2ContainerServiceResponse, "continue_service_deployment")
def _continue_service_deployment(self: EC2ContainerServiceResponse) -> ActionResult:
    """ContinueServiceDeployment: a deployment that has ended waits at no hook, and here each has ended."""
    deployment = _deployment(self)
    raise InvalidParameterException(
        f"The service deployment {deployment['serviceDeploymentArn']} is {deployment['status']} "
        f"and does not wait at the lifecycle hook {self._get_param('hookId')}."
    )


def _deployments(self: EC2ContainerServiceResponse) -> Iterator[tuple[Service, dict[str, Any]]]:
    for service in self.ecs_backend.services.values():
        for deployment in deployments_of(service):
            yield service, deployment


def _deployment(self: EC2ContainerServiceResponse) -> dict[str, Any]:
    arn = self._get_param("serviceDeploymentArn")
    for _, deployment in _deployments(self):
        if deployment["serviceDeploymentArn"] == arn:
            return deployment
    raise ECSException("ServiceDeploymentNotFoundException", "Service deployment not found.")


def _described(
    self: EC2ContainerServiceResponse, parameter: str, result: str, known: dict[str, dict[str, Any]]
) -> ActionResult:
    arns = self._get_param(parameter)
    if not 0 < len(arns) <= _MOST_ARNS:
        raise InvalidParameterException(f"{parameter} takes 1 to {_MOST_ARNS} ARNs; {len(arns)} were given.")
    missing = [{"arn": arn, "reason": "MISSING"} for arn in arns if arn not in known]
    return ActionResult({result: [known[arn] for arn in arns if arn in known], "failures": missing})


def _is_within(moment: datetime, limits: dict[str, Any]) -> bool:
    before, after = limits.get("before"), limits.get("after")
    at = moment.timestamp()
    return (before is None or at <= _seconds(before)) and (after is None or at >= _seconds(after))


def _seconds(moment: Any) -> float:
    return float(moment.timestamp() if isinstance(moment, datetime) else moment)
