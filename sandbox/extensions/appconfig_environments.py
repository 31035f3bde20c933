"""AppConfig: environments with the alarms that watch them, and strategies of how a configuration spreads."""

from __future__ import annotations

from typing import Any

from moto.appconfig.models import AppConfigBackend
from moto.appconfig.responses import AppConfigResponse
from moto.appconfig.urls import url_paths
from moto.core.responses import ActionResult, EmptyResult
from moto.moto_api._internal import mock_random

from sandbox.extensions.appconfig import application, listing, missing, refused
from sandbox.extensions.appconfig_progress import deployments_of
from sandbox.extensions.records import ApiError, Record, given, records
from sandbox.extensions.registry import adds

_ENVIRONMENTS = "{0}/applications/(?P<app_id>[^/]+)/environments"
_STRATEGIES = "{0}/deploymentstrategies"
url_paths.update(
    dict.fromkeys(
        (
            f"{_ENVIRONMENTS}$",
            f"{_ENVIRONMENTS}/(?P<environment_id>[^/]+)$",
            f"{_STRATEGIES}$",
            f"{_STRATEGIES}/(?P<strategy_id>[^/]+)$",
            # so does the API spell it where it deletes
            "{0}/deployementstrategies/(?P<strategy_id>[^/]+)$",
        ),
        AppConfigResponse.dispatch,
    )
)

# AppConfig user guide, "Using predefined deployment strategies": minutes, growth in percent, its type, bake.
_PREDEFINED = {
    "AllAtOnce": (0, 100.0, "LINEAR", 10),
    "Linear20PercentEvery6Minutes": (30, 20.0, "LINEAR", 30),
    "Linear50PercentEvery30Seconds": (1, 50.0, "LINEAR", 1),
    "Canary10Percent20Minutes": (20, 10.0, "EXPONENTIAL", 10),
}
_STRATEGY_FIELDS = (
    "Description",
    "DeploymentDurationInMinutes",
    "FinalBakeTimeInMinutes",
    "GrowthFactor",
    "GrowthType",
)


def environment(backend: AppConfigBackend, application_id: str, identity: str) -> Record:
    """The environment of that id or name, as its deployments have it by now."""
    of_application = application(backend, application_id).id
    for known in records(backend, "environments").values():
        shown = known.shown
        if shown["ApplicationId"] == of_application and identity in (shown["Id"], shown["Name"]):
            deployments_of(known)
            found: Record = known
            return found
    raise missing("Environment", identity)


def strategy(backend: AppConfigBackend, identity: str) -> dict[str, Any]:
    """A strategy as GetDeploymentStrategy shows it: one of the account's own, or one of AppConfig's."""
    own = records(backend, "deployment_strategies").get(identity)
    if own is not None:
        shown: dict[str, Any] = own.shown
        return shown
    for known in _predefined():
        if known["Id"] == identity:
            return known
    raise missing("DeploymentStrategy", identity)


def _predefined() -> list[dict[str, Any]]:
    return [
        {
            "Id": f"AppConfig.{name}",
            "Name": f"AppConfig.{name}",
            "DeploymentDurationInMinutes": minutes,
            "GrowthFactor": growth,
            "GrowthType": kind,
            "FinalBakeTimeInMinutes": bake_minutes,
            "ReplicateTo": "NONE",
        }
        for name, (minutes, growth, kind, bake_minutes) in _PREDEFINED.items()
    ]


@adds(AppConfigResponse, "create_environment")
def _create_environment(self: AppConfigResponse) -> ActionResult:
    """CreateEnvironment."""
    wish, backend = given(self), self.appconfig_backend
    of_application = application(backend, wish["ApplicationId"])
    known = records(backend, "environments").values()
    taken = {each.shown["Name"] for each in known if each.shown["ApplicationId"] == of_application.id}
    if wish["Name"] in taken:
        raise refused(f"Environment {wish['Name']} already exists in application {of_application.id}")
    made = Record(
        ApplicationId=of_application.id,
        Id=mock_random.get_random_hex(7),
        Name=wish["Name"],
        Description=wish.get("Description"),
        Monitors=wish.get("Monitors") or [],
        State="READY_FOR_DEPLOYMENT",
    )
    records(backend, "environments")[made.shown["Id"]] = made
    backend.tag_resource(f"{of_application.arn}/environment/{made.shown['Id']}", wish.get("Tags") or {})
    return ActionResult(made.shown)


@adds(AppConfigResponse, "get_environment")
def _get_environment(self: AppConfigResponse) -> ActionResult:
    """GetEnvironment."""
    wish = given(self)
    return ActionResult(
        environment(self.appconfig_backend, wish["ApplicationId"], wish["EnvironmentId"]).shown
    )


@adds(AppConfigResponse, "list_environments")
def _list_environments(self: AppConfigResponse) -> ActionResult:
    """ListEnvironments."""
    wish, backend = given(self), self.appconfig_backend
    of_application = application(backend, wish["ApplicationId"]).id
    known = [each.shown for each in records(backend, "environments").values()]
    return listing(wish, [each for each in known if each["ApplicationId"] == of_application])


@adds(AppConfigResponse, "update_environment")
def _update_environment(self: AppConfigResponse) -> ActionResult:
    """UpdateEnvironment changes what it names."""
    wish = given(self)
    found = environment(self.appconfig_backend, wish["ApplicationId"], wish["EnvironmentId"])
    found.shown |= {name: wish[name] for name in ("Name", "Description", "Monitors") if name in wish}
    return ActionResult(found.shown)


@adds(AppConfigResponse, "delete_environment")
def _delete_environment(self: AppConfigResponse) -> ActionResult:
    """DeleteEnvironment: one that a deployment is under way in stays."""
    wish, backend = given(self), self.appconfig_backend
    found = environment(backend, wish["ApplicationId"], wish["EnvironmentId"])
    if found.shown["State"] == "DEPLOYING":
        raise ApiError(
            "ConflictException", f"Environment {found.shown['Id']} has a deployment that is in progress"
        )
    del records(backend, "environments")[found.shown["Id"]]
    return EmptyResult()


@adds(AppConfigResponse, "create_deployment_strategy")
def _create_strategy(self: AppConfigResponse) -> ActionResult:
    """CreateDeploymentStrategy."""
    wish, backend = given(self), self.appconfig_backend
    identity = mock_random.get_random_hex(7)
    defaults = {"FinalBakeTimeInMinutes": 0, "GrowthType": "LINEAR", "ReplicateTo": "NONE"}
    made = Record(
        **defaults
        | {name: value for name, value in wish.items() if name != "Tags" and value is not None}
        | {"Id": identity}
    )
    records(backend, "deployment_strategies")[identity] = made
    arn = f"arn:{self.partition}:appconfig:{self.region}:{self.current_account}:deploymentstrategy/{identity}"
    backend.tag_resource(arn, wish.get("Tags") or {})
    return ActionResult(made.shown)


@adds(AppConfigResponse, "get_deployment_strategy")
def _get_strategy(self: AppConfigResponse) -> ActionResult:
    """GetDeploymentStrategy."""
    return ActionResult(strategy(self.appconfig_backend, given(self)["DeploymentStrategyId"]))


@adds(AppConfigResponse, "list_deployment_strategies")
def _list_strategies(self: AppConfigResponse) -> ActionResult:
    """ListDeploymentStrategies: the account's own and AppConfig's."""
    own = [each.shown for each in records(self.appconfig_backend, "deployment_strategies").values()]
    return listing(given(self), own + _predefined())


@adds(AppConfigResponse, "update_deployment_strategy")
def _update_strategy(self: AppConfigResponse) -> ActionResult:
    """UpdateDeploymentStrategy changes what it names; AppConfig's own strategies stay as they are."""
    wish = given(self)
    found = _own_strategy(self.appconfig_backend, wish["DeploymentStrategyId"])
    found.shown |= {name: wish[name] for name in _STRATEGY_FIELDS if wish.get(name) is not None}
    return ActionResult(found.shown)


@adds(AppConfigResponse, "delete_deployment_strategy")
def _delete_strategy(self: AppConfigResponse) -> ActionResult:
    """DeleteDeploymentStrategy."""
    identity = given(self)["DeploymentStrategyId"]
    _own_strategy(self.appconfig_backend, identity)
    del records(self.appconfig_backend, "deployment_strategies")[identity]
    return EmptyResult()


def _own_strategy(backend: AppConfigBackend, identity: str) -> Record:
    strategy(backend, identity)
    own: Record | None = records(backend, "deployment_strategies").get(identity)
    if own is None:
        raise refused(f"the deployment strategy {identity} is AppConfig's own and cannot be changed")
    return own
