"""CloudWatch Logs: data protection, kept queries, and what a subscription says of its deliveries."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from moto.core.common_models import BaseModel
from moto.core.utils import unix_time_millis
from moto.logs.exceptions import ResourceNotFoundException
from moto.logs.models import LogGroup, LogsBackend, SubscriptionFilter
from moto.logs.responses import LogsResponse
from moto.moto_api._internal import mock_random

from sandbox.extensions.logs import group_of
from sandbox.extensions.registry import adds, replaces


class QueryDefinition(BaseModel):
    """A query that CloudWatch Logs Insights keeps."""

    def __init__(self, query_definition_id: str) -> None:
        self.query_definition_id = query_definition_id
        self.given: dict[str, Any] = {}
        self.modified = 0.0

    def put(self, given: dict[str, Any]) -> None:
        """Say all of it: what is left out is taken away."""
        self.given = {name: value for name, value in given.items() if name != "queryDefinitionId"}
        self.modified = unix_time_millis()

    def to_dict(self) -> dict[str, Any]:
        return {
            "queryLanguage": "CWLI",
            "logGroupNames": [],
            **self.given,
            "queryDefinitionId": self.query_definition_id,
            "lastModified": int(self.modified),
        }


@adds(LogsResponse, "put_query_definition")
def _put_query_definition(self: LogsResponse) -> str:
    """PutQueryDefinition makes a query, or changes the one of that id."""
    given = json.loads(self.body)
    given.pop("clientToken", None)
    queries = _queries(self)
    wanted = given.get("queryDefinitionId")
    if wanted and wanted not in queries:
        raise ResourceNotFoundException(f"The specified query definition does not exist: {wanted}")
    query = queries[wanted] if wanted else QueryDefinition(str(mock_random.uuid4()))
    query.put(given)
    queries[query.query_definition_id] = query
    return json.dumps({"queryDefinitionId": query.query_definition_id})


@adds(LogsResponse, "describe_query_definitions")
def _describe_query_definitions(self: LogsResponse) -> str:
    """DescribeQueryDefinitions, all on one page."""
    prefix = self._get_param("queryDefinitionNamePrefix", "")
    found = [query.to_dict() for query in _queries(self).values()]
    return json.dumps({"queryDefinitions": [each for each in found if each["name"].startswith(prefix)]})


@adds(LogsResponse, "delete_query_definition")
def _delete_query_definition(self: LogsResponse) -> str:
    """DeleteQueryDefinition."""
    if _queries(self).pop(self._get_param("queryDefinitionId"), None) is None:
        raise ResourceNotFoundException("The specified query definition does not exist.")
    return json.dumps({"success": True})


@adds(LogsResponse, "put_data_protection_policy")
def _put_data_protection_policy(self: LogsResponse) -> str:
    """PutDataProtectionPolicy: a group's policy is kept, though no event is masked by it."""
    group = group_of(self)
    group.data_protection = {
        "policyDocument": self._get_param("policyDocument"),
        "lastUpdatedTime": int(unix_time_millis()),
    }
    return _protection(self)


@adds(LogsResponse, "get_data_protection_policy")
def _get_data_protection_policy(self: LogsResponse) -> str:
    """GetDataProtectionPolicy."""
    return _protection(self)


@adds(LogsResponse, "delete_data_protection_policy")
def _delete_data_protection_policy(self: LogsResponse) -> str:
    """DeleteDataProtectionPolicy."""
    group_of(self).data_protection = None
    return ""


@replaces(LogsBackend, "delete_log_group")
def _delete_filters_too(original: Callable[..., None], self: LogsBackend, log_group_name: str) -> None:
    """A group takes its metric filters with it."""
    original(self, log_group_name)
    kept = [entry for entry in self.filters.metric_filters if entry["logGroupName"] != log_group_name]
    self.filters.metric_filters = kept


@replaces(LogsResponse, "put_subscription_filter")
def _keep_distribution(original: Callable[[Any], str], self: LogsResponse) -> str:
    """How a subscription spreads events, and which fields it adds, are kept."""
    answer = original(self)
    subscription: Any = group_of(self).subscription_filters[self._get_param("filterName")]
    subscription.distribution = self._get_param("distribution", "ByLogStream")
    subscription.emit_system_fields = self._get_param("emitSystemFields", [])
    return answer


@replaces(SubscriptionFilter, "to_json")
def _show_distribution(original: Callable[[Any], dict[str, Any]], self: SubscriptionFilter) -> dict[str, Any]:
    """DescribeSubscriptionFilters returns how events are spread, and the fields that are added."""
    shown = {name: value for name, value in original(self).items() if value is not None}
    return shown | {
        "distribution": getattr(self, "distribution", "ByLogStream"),
        "emitSystemFields": getattr(self, "emit_system_fields", []),
    }


@replaces(LogGroup, "put_subscription_filter")
def _count_other_filters(original: Callable[..., None], self: LogGroup, filter_name: str, *args: Any) -> None:
    """A group has two filters at most; changing one of them is not a third."""
    if filter_name in self.subscription_filters:
        self.subscription_filters[filter_name].update(*args)
        return
    original(self, filter_name, *args)


def _protection(response: LogsResponse) -> str:
    shown = getattr(group_of(response), "data_protection", None) or {}
    return json.dumps({"logGroupIdentifier": response._get_param("logGroupIdentifier"), **shown})


def _queries(response: LogsResponse) -> dict[str, QueryDefinition]:
    """By id; moto's backend has no place for them."""
    queries: dict[str, QueryDefinition] = vars(response.logs_backend).setdefault("query_definitions", {})
    return queries
