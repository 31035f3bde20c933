"""Route 53: records that come back, health checks whole, and log groups by the ARN that others give them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.route53.models import HealthCheck, QueryLoggingConfig, Route53Backend
from moto.route53.responses import Route53

from sandbox.extensions.registry import replaces

_KEPT = ("AlarmIdentifier", "InsufficientDataHealthStatus", "RoutingControlArn")
# Route 53 API reference, UpdateHealthCheck: what can be taken away, and what moto calls it.
_RESETTABLE = {
    "ChildHealthChecks": "children",
    "FullyQualifiedDomainName": "fqdn",
    "Regions": "regions",
    "ResourcePath": "resource_path",
}
# Route 53 developer guide, "Values that you specify when you create or update health checks".
_HTTPS = frozenset({"HTTPS", "HTTPS_STR_MATCH"})
_HTTPS_PORT = 443


@replaces(Route53, "create_health_check")
def _create_check(original: Callable[[Any], ActionResult], self: Route53) -> ActionResult:
    """A check keeps the alarm that it follows, and one by HTTPS goes to its port unless it says another."""
    answer = original(self)
    result: Any = answer.result
    check: Any = result["HealthCheck"]
    given: dict[str, Any] = self._get_param("HealthCheckConfig")
    check.kept_config = {name: given[name] for name in _KEPT if given.get(name)}
    if check.type_ in _HTTPS:
        check.port = given.get("Port") or _HTTPS_PORT
        check.enable_sni = given.get("EnableSNI", True)
    return answer


@replaces(Route53, "update_health_check")
def _update_check(original: Callable[[Any], ActionResult], self: Route53) -> ActionResult:
    """An update changes the alarm too, takes away what it resets, and counts the check's version."""
    check: Any = self.backend.get_health_check(self._get_param("HealthCheckId"))
    regions, children = check.regions, check.children
    answer = original(self)
    # moto empties the lists that the update does not name
    check.regions = self._get_param("Regions") or regions
    check.children = self._get_param("ChildHealthChecks") or children
    changed = {name: self._get_param(name) for name in _KEPT if self._get_param(name)}
    check.kept_config = vars(check).get("kept_config", {}) | changed
    for name in self._get_param("ResetElements") or ():
        setattr(check, _RESETTABLE[name], None)
    check.health_check_version += 1
    return answer


@replaces(HealthCheck, "health_check_config")
def _show_whole_config(original: Callable[[Any], dict[str, Any]], self: HealthCheck) -> dict[str, Any]:
    """What a check follows reads back, and one that follows an alarm has no port and no interval."""
    config = {**original(self), **vars(self).get("kept_config", {})}
    if self.type_ in ("CLOUDWATCH_METRIC", "RECOVERY_CONTROL"):
        for name in ("Port", "RequestInterval", "FailureThreshold", "MeasureLatency"):
            config.pop(name, None)
    return config


@replaces(Route53Backend, "create_query_logging_config")
def _create_query_log(
    original: Callable[..., QueryLoggingConfig],
    self: Route53Backend,
    hosted_zone_id: str,
    log_group_arn: str,
) -> QueryLoggingConfig:
    """A log group is named by its ARN; moto knows it only with the `:*` that stands for its streams."""
    stream = "" if log_group_arn.endswith(":*") else ":*"
    config = original(self, hosted_zone_id, f"{log_group_arn}{stream}")
    config.cloud_watch_logs_log_group_arn = log_group_arn
    return config


@replaces(Route53Backend, "change_resource_record_sets")
def _make_again_what_was_deleted(
    original: Callable[..., None], self: Route53Backend, zoneid: str, change_list: list[dict[str, Any]]
) -> None:
    """A record that was deleted can be made again; moto's journal of changes goes on naming it."""
    zone = self.get_hosted_zone(zoneid)
    there = {(each.name.rstrip("."), each.type, each.set_identifier) for each in zone.rrsets}

    def identity(change: dict[str, Any]) -> tuple[str, str, str | None]:
        record = change["ResourceRecordSet"]
        return record["Name"].rstrip("."), record["Type"], record.get("SetIdentifier")

    again = {identity(change) for change in change_list if change["Action"] == "CREATE"} - there
    zone.rr_changes[:] = [change for change in zone.rr_changes if identity(change) not in again]
    original(self, zoneid, change_list)
