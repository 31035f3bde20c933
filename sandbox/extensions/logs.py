"""CloudWatch Logs: a group's key and class, and metric filters that replace each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.logs.exceptions import InvalidParameterException, ResourceNotFoundException
from moto.logs.metric_filters import MetricFilters
from moto.logs.models import LogGroup
from moto.logs.responses import LogsResponse

from sandbox.extensions.registry import adds, replaces

# API reference of CloudWatch Logs, PutRetentionPolicy
_RETENTION_DAYS = frozenset(
    {1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653}
)
_RETENTION_CONSTRAINT = f"Member must satisfy enum value set: {sorted(_RETENTION_DAYS)}"


@replaces(LogsResponse, "create_log_group")
def _keep_class(original: Callable[[Any], str], self: LogsResponse) -> str:
    """A group's class is kept."""
    answer = original(self)
    group_of(self).log_group_class = self._get_param("logGroupClass", "STANDARD")
    return answer


@replaces(LogGroup, "to_describe_dict")
def _return_class(original: Callable[[Any], dict[str, Any]], self: LogGroup) -> dict[str, Any]:
    """DescribeLogGroups returns the class, the ARN without its old suffix, and whether data is protected."""
    described = original(self)
    described["logGroupClass"] = getattr(self, "log_group_class", "STANDARD")
    described["logGroupArn"] = self.arn
    if getattr(self, "data_protection", None):
        described["dataProtectionStatus"] = "ACTIVATED"
    return described


@adds(LogsResponse, "associate_kms_key")
def _associate_kms_key(self: LogsResponse) -> str:
    """AssociateKmsKey: a group's key can be set after its creation."""
    group_of(self).kms_key_id = self._get_param("kmsKeyId")
    return ""


@adds(LogsResponse, "disassociate_kms_key")
def _disassociate_kms_key(self: LogsResponse) -> str:
    """DisassociateKmsKey: a group's key can be taken off."""
    group_of(self).kms_key_id = None
    return ""


@replaces(LogsResponse, "put_retention_policy")
def _refuse_odd_retention(original: Callable[[Any], str], self: LogsResponse) -> str:
    """PutRetentionPolicy takes a few numbers of days only, and refuses any other."""
    days = self._get_param("retentionInDays")
    if days not in _RETENTION_DAYS:
        raise InvalidParameterException(
            constraint=_RETENTION_CONSTRAINT, parameter="retentionInDays", value=days
        )
    return original(self)


@replaces(MetricFilters, "add_filter")
def _replace_filter(
    original: Callable[..., None], self: MetricFilters, filter_name: str, pattern: str, group: str, *args: Any
) -> None:
    """PutMetricFilter again replaces the filter of that name; moto appends another."""
    self.delete_filter(filter_name, group)
    original(self, filter_name, pattern, group, *args)


@replaces(MetricFilters, "delete_filter")
def _delete_filter(
    original: Callable[..., list[Any]],
    self: MetricFilters,
    filter_name: str | None = None,
    group: str | None = None,
) -> list[Any]:
    """Each filter of that name goes; moto skips entries while it removes."""
    del original
    self.metric_filters = [
        entry
        for entry in self.metric_filters
        if (entry["filterName"], entry["logGroupName"]) != (filter_name, group)
    ]
    return self.metric_filters


def group_of(response: LogsResponse) -> Any:
    """The group that a call names. Raises what AWS answers when there is none."""
    # The newer parameters take an ARN, the older a name.
    given = (
        response._get_param(name) for name in ("logGroupName", "logGroupIdentifier", "resourceIdentifier")
    )
    name = next(filter(None, given), "")
    name = name.rpartition(":log-group:")[2].removesuffix(":*")
    group = response.logs_backend.groups.get(name)
    if group is None:
        raise ResourceNotFoundException()
    return group
