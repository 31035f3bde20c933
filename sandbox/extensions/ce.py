"""Cost Explorer: monitors of what is out of the ordinary, and who hears of it. They never find anything."""

from __future__ import annotations

import json
from typing import Any

from moto.ce.models import CostExplorerBackend
from moto.ce.responses import CostExplorerResponse
from moto.core.common_models import BaseModel
from moto.core.exceptions import JsonRESTError
from moto.core.utils import iso_8601_datetime_without_milliseconds, utcnow
from moto.moto_api._internal import mock_random

from sandbox.extensions.registry import adds


class Anomaly(BaseModel):
    """A monitor or a subscription, as it is described."""

    def __init__(self, described: dict[str, Any]) -> None:
        self.described = described


@adds(CostExplorerResponse, "create_anomaly_monitor")
def _create_monitor(self: CostExplorerResponse) -> str:
    """CreateAnomalyMonitor; of AWS's services as a whole an account has one monitor."""
    given = json.loads(self.body)["AnomalyMonitor"]
    services = [
        each for each in _monitors(self).values() if each.described.get("MonitorDimension") == "SERVICE"
    ]
    if given.get("MonitorDimension") == "SERVICE" and services:
        raise JsonRESTError("LimitExceededException", "Limit exceeded on dimensional spend monitor creation")
    return _create(self, _monitors(self), "MonitorArn", "anomalymonitor", given)


@adds(CostExplorerResponse, "get_anomaly_monitors")
def _get_monitors(self: CostExplorerResponse) -> str:
    """GetAnomalyMonitors, all on one page."""
    found = _found(_monitors(self), self._get_param("MonitorArnList"), "UnknownMonitorException")
    return json.dumps({"AnomalyMonitors": found})


@adds(CostExplorerResponse, "update_anomaly_monitor")
def _update_monitor(self: CostExplorerResponse) -> str:
    """UpdateAnomalyMonitor changes its name."""
    return _update(self, _monitors(self), "MonitorArn", "UnknownMonitorException")


@adds(CostExplorerResponse, "delete_anomaly_monitor")
def _delete_monitor(self: CostExplorerResponse) -> str:
    """DeleteAnomalyMonitor."""
    return _delete(self, _monitors(self), "MonitorArn", "UnknownMonitorException")


@adds(CostExplorerResponse, "create_anomaly_subscription")
def _create_subscription(self: CostExplorerResponse) -> str:
    """CreateAnomalySubscription; to a topic goes each anomaly at once, and to people a summary too."""
    given = json.loads(self.body)["AnomalySubscription"]
    _refuse_summary_to_topic(given)
    _found(_monitors(self), given["MonitorArnList"], "UnknownMonitorException")
    return _create(self, _subscriptions(self), "SubscriptionArn", "anomalysubscription", given)


@adds(CostExplorerResponse, "get_anomaly_subscriptions")
def _get_subscriptions(self: CostExplorerResponse) -> str:
    """GetAnomalySubscriptions, all on one page."""
    wanted = self._get_param("SubscriptionArnList")
    found = _found(_subscriptions(self), wanted, "UnknownSubscriptionException")
    return json.dumps({"AnomalySubscriptions": found})


@adds(CostExplorerResponse, "update_anomaly_subscription")
def _update_subscription(self: CostExplorerResponse) -> str:
    """UpdateAnomalySubscription changes what it names."""
    arn = self._get_param("SubscriptionArn")
    [before] = _found(_subscriptions(self), [arn], "UnknownSubscriptionException")
    _refuse_summary_to_topic(before | json.loads(self.body))
    return _update(self, _subscriptions(self), "SubscriptionArn", "UnknownSubscriptionException")


@adds(CostExplorerResponse, "delete_anomaly_subscription")
def _delete_subscription(self: CostExplorerResponse) -> str:
    """DeleteAnomalySubscription."""
    return _delete(self, _subscriptions(self), "SubscriptionArn", "UnknownSubscriptionException")


def _monitors(response: CostExplorerResponse) -> dict[str, Anomaly]:
    return _place(response.ce_backend, "anomaly_monitors")


def _subscriptions(response: CostExplorerResponse) -> dict[str, Anomaly]:
    return _place(response.ce_backend, "anomaly_subscriptions")


def _place(backend: CostExplorerBackend, name: str) -> dict[str, Anomaly]:
    """By ARN; moto's backend has no place for them."""
    place: dict[str, Anomaly] = vars(backend).setdefault(name, {})
    return place


def _refuse_summary_to_topic(subscription: dict[str, Any]) -> None:
    kinds = {who["Type"] for who in subscription["Subscribers"]}
    if kinds != {"SNS" if subscription["Frequency"] == "IMMEDIATE" else "EMAIL"}:
        raise JsonRESTError(
            "ValidationException",
            "Daily or weekly frequencies only support Email subscriptions; immediate only SNS ones.",
        )


def _create(
    response: CostExplorerResponse, place: dict[str, Anomaly], key: str, kind: str, given: dict[str, Any]
) -> str:
    backend = response.ce_backend
    arn = f"arn:{backend.partition}:ce::{backend.account_id}:{kind}/{mock_random.uuid4()}"
    place[arn] = Anomaly(
        {**given, key: arn, "CreationDate": iso_8601_datetime_without_milliseconds(utcnow())}
    )
    backend.tag_resource(arn, response._get_param("ResourceTags", []))
    return json.dumps({key: arn})


def _found(place: dict[str, Anomaly], wanted: list[str] | None, code: str) -> list[dict[str, Any]]:
    for arn in wanted or ():
        if arn not in place:
            raise JsonRESTError(code, f"{arn} does not exist")
    return [place[arn].described for arn in wanted or place]


def _update(response: CostExplorerResponse, place: dict[str, Anomaly], key: str, code: str) -> str:
    arn = response._get_param(key)
    [described] = _found(place, [arn], code)
    described.update(json.loads(response.body))
    return json.dumps({key: arn})


def _delete(response: CostExplorerResponse, place: dict[str, Anomaly], key: str, code: str) -> str:
    arn = response._get_param(key)
    _found(place, [arn], code)
    del place[arn]
    return json.dumps({})
