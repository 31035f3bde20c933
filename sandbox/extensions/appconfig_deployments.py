"""AppConfig: deployments of a configuration to an environment."""

from __future__ import annotations

from typing import Any

from moto.appconfig.models import AppConfigBackend
from moto.appconfig.responses import AppConfigResponse
from moto.appconfig.urls import url_paths
from moto.core.responses import ActionResult
from moto.core.utils import utcnow

from sandbox.extensions.appconfig import described, listing, missing, profile, refused, version
from sandbox.extensions.appconfig_environments import environment, strategy
from sandbox.extensions.appconfig_progress import IN_PROGRESS, deployments_of, log_event
from sandbox.extensions.records import ApiError, given
from sandbox.extensions.registry import adds

_DEPLOYMENTS = "{0}/applications/(?P<app_id>[^/]+)/environments/(?P<environment_id>[^/]+)/deployments"
url_paths.update(
    dict.fromkeys((f"{_DEPLOYMENTS}$", f"{_DEPLOYMENTS}/(?P<number>[^/]+)$"), AppConfigResponse.dispatch)
)
_FROM_STRATEGY = ("DeploymentDurationInMinutes", "GrowthFactor", "GrowthType", "FinalBakeTimeInMinutes")


@adds(AppConfigResponse, "start_deployment")
def _start_deployment(self: AppConfigResponse) -> ActionResult:
    """StartDeployment: one at a time in an environment, of a version that exists."""
    wish, backend = given(self), self.appconfig_backend
    in_environment = environment(backend, wish["ApplicationId"], wish["EnvironmentId"])
    of_profile = profile(backend, wish["ApplicationId"], wish["ConfigurationProfileId"])
    by_strategy = strategy(backend, wish["DeploymentStrategyId"])
    number, label = wish["ConfigurationVersion"], None
    if of_profile.location_uri == "hosted":
        found = version(backend, wish["ApplicationId"], of_profile.id, number)
        number, label = str(found.version), found.version_label
    known = deployments_of(in_environment)
    if any(each["State"] in IN_PROGRESS for each in known):
        raise ApiError("ConflictException", "Deployment already in progress in this environment")
    if wish.get("LatestDeploymentNumber") not in (None, len(known)):
        raise ApiError("ConflictException", f"the latest deployment is {len(known)}")
    shown_profile = described(of_profile)
    key = wish.get("KmsKeyIdentifier") or shown_profile["KmsKeyIdentifier"]
    deployment = {
        "ApplicationId": of_profile.application_id,
        "EnvironmentId": in_environment.shown["Id"],
        "DeploymentStrategyId": by_strategy["Id"],
        "ConfigurationProfileId": of_profile.id,
        "ConfigurationName": of_profile.name,
        "ConfigurationLocationUri": of_profile.location_uri,
        "ConfigurationVersion": number,
        "VersionLabel": label,
        "DeploymentNumber": len(known) + 1,
        "Description": wish.get("Description"),
        **{name: by_strategy[name] for name in _FROM_STRATEGY},
        "State": "DEPLOYING",
        "PercentageComplete": by_strategy["GrowthFactor"],
        "EventLog": [],
        "StartedAt": utcnow(),
        "KmsKeyIdentifier": key,
        "KmsKeyArn": key if str(key).startswith("arn:") else None,
    }
    log_event(deployment, "DEPLOYMENT_STARTED", deployment["StartedAt"], "USER")
    known.append(deployment)
    deployments_of(in_environment)
    backend.tag_resource(_arn(self, deployment), wish.get("Tags") or {})
    return ActionResult(deployment)


@adds(AppConfigResponse, "get_deployment")
def _get_deployment(self: AppConfigResponse) -> ActionResult:
    """GetDeployment."""
    return ActionResult(_deployment(self.appconfig_backend, given(self)))


@adds(AppConfigResponse, "list_deployments")
def _list_deployments(self: AppConfigResponse) -> ActionResult:
    """ListDeployments: the newest first."""
    wish = given(self)
    found = environment(self.appconfig_backend, wish["ApplicationId"], wish["EnvironmentId"])
    return listing(wish, [{**each, "Type": "USER"} for each in reversed(deployments_of(found))])


@adds(AppConfigResponse, "stop_deployment")
def _stop_deployment(self: AppConfigResponse) -> ActionResult:
    """StopDeployment: one that is under way goes back; one that is complete, when that is allowed."""
    wish = given(self)
    found = _deployment(self.appconfig_backend, wish)
    is_going = found["State"] in IN_PROGRESS
    if not is_going and not (found["State"] == "COMPLETE" and wish.get("AllowRevert")):
        raise refused(f"Deployment {found['DeploymentNumber']} is {found['State']} and cannot be stopped")
    state = "ROLLED_BACK" if is_going else "REVERTED"
    log_event(found, "ROLLBACK_COMPLETED" if is_going else "REVERT_COMPLETED", utcnow(), "USER")
    found |= {"State": state, "CompletedAt": utcnow()}
    environment(self.appconfig_backend, wish["ApplicationId"], wish["EnvironmentId"]).shown["State"] = state
    return ActionResult(found)


def _deployment(backend: AppConfigBackend, wish: dict[str, Any]) -> dict[str, Any]:
    found = environment(backend, wish["ApplicationId"], wish["EnvironmentId"])
    for deployment in deployments_of(found):
        if deployment["DeploymentNumber"] == wish["DeploymentNumber"]:
            return deployment
    raise missing("Deployment", wish["DeploymentNumber"])


def _arn(self: AppConfigResponse, deployment: dict[str, Any]) -> str:
    names = f"{deployment['ApplicationId']}/environment/{deployment['EnvironmentId']}"
    prefix = f"arn:{self.partition}:appconfig:{self.region}:{self.current_account}:application/"
    return f"{prefix}{names}/deployment/{deployment['DeploymentNumber']}"
