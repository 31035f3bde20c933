"""DynamoDB: what moto drops of a table, streams that go off and on again, and policies that go with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.dynamodb.exceptions import MockValidationException, StreamAlreadyEnabledException
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.table import GlobalSecondaryIndex, Table
from moto.dynamodb.responses import DynamoHandler, DynamoResult

from sandbox.extensions.registry import replaces

_NO_LIMIT = -1


@replaces(DynamoHandler, "create_table")
def _create_whole_table(original: Callable[[Any], ActionResult], self: DynamoHandler) -> ActionResult:
    """The table's class and limits read back."""
    original(self)
    return _keep_what_moto_drops(self)


@replaces(DynamoHandler, "update_table")
def _update_whole_table(original: Callable[[Any], ActionResult], self: DynamoHandler) -> ActionResult:
    """Encryption, class and limits change; moto takes the call and changes none."""
    specification = self.body.get("SSESpecification")
    if specification is not None:
        table: Any = self.dynamodb_backend.get_table(self.body["TableName"])
        _encrypt(table, specification)
    original(self)
    return _keep_what_moto_drops(self)


@replaces(Table, "describe")
def _show_whole_table(
    original: Callable[..., dict[str, Any]], self: Any, base_key: str = "TableDescription"
) -> dict[str, Any]:
    """See _create_whole_table."""
    described = original(self, base_key)
    table = described[base_key]
    table["TableClassSummary"] = {"TableClass": getattr(self, "table_class", "STANDARD")}
    if limits := getattr(self, "on_demand_throughput", None):
        table["OnDemandThroughput"] = limits
    return described


@replaces(GlobalSecondaryIndex, "create")
def _create_whole_index(
    original: Callable[..., GlobalSecondaryIndex], given: dict[str, Any], keys: list[str]
) -> GlobalSecondaryIndex:
    """An index's limits read back."""
    index = original(given, keys)
    _limit(index, given.get("OnDemandThroughput"))
    return index


@replaces(GlobalSecondaryIndex, "update")
def _update_whole_index(
    original: Callable[..., None], self: GlobalSecondaryIndex, given: dict[str, Any]
) -> None:
    """An index's limits change."""
    original(self, given)
    _limit(self, given.get("OnDemandThroughput"))


@replaces(GlobalSecondaryIndex, "describe")
def _show_whole_index(original: Callable[[Any], dict[str, Any]], self: Any) -> dict[str, Any]:
    """See _create_whole_index."""
    limits = getattr(self, "on_demand_throughput", None)
    return original(self) | ({"OnDemandThroughput": limits} if limits else {})


@replaces(DynamoDBBackend, "update_table_streams")
def _switch_stream(
    original: Callable[..., None], self: DynamoDBBackend, table: Any, specification: dict[str, Any]
) -> None:
    """A stream that is off can go on again, and a table without one takes items; moto's crashes."""
    is_on = bool((table.stream_specification or {}).get("StreamEnabled"))
    wants_on = bool(specification.get("StreamEnabled"))
    if is_on == wants_on:
        raise (
            StreamAlreadyEnabledException()
            if is_on
            else MockValidationException("Table is already in the desired state: it has no enabled stream")
        )
    label, table.latest_stream_label = table.latest_stream_label, None
    original(self, table, specification)
    if not wants_on:
        # the last stream can be read for a day
        table.latest_stream_label, table.stream_shard = label, None


@replaces(DynamoDBBackend, "delete_table")
def _delete_with_policy(original: Callable[..., Table], self: DynamoDBBackend, name: str) -> Table:
    """A table's policy goes with it."""
    table = original(self, name)
    self.resource_policies.pop(table.table_arn, None)
    return table


def _keep_what_moto_drops(response: DynamoHandler) -> ActionResult:
    table: Any = response.dynamodb_backend.get_table(response.body["TableName"])
    if response.body.get("TableClass"):
        table.table_class = response.body["TableClass"]
    _limit(table, response.body.get("OnDemandThroughput"))
    return DynamoResult(table.describe())


def _limit(limited: Any, given: dict[str, int] | None) -> None:
    """The limits that are set, with those given; -1 takes one away."""
    limits = {**getattr(limited, "on_demand_throughput", {}), **(given or {})}
    limited.on_demand_throughput = {name: units for name, units in limits.items() if units != _NO_LIMIT}


def _encrypt(table: Any, specification: dict[str, Any]) -> None:
    key = specification.get("KMSMasterKeyId")
    current = table.sse_specification or {}
    if current.get("Enabled") and key and key == current.get("KMSMasterKeyId"):
        raise MockValidationException(
            "One or more parameter values were invalid: Table is already encrypted by given KMSMasterKeyId"
        )
    table.sse_specification = dict(specification)
    if specification.get("Enabled") and not key:
        managed = table._get_default_encryption_key(table.account_id, table.region_name)
        table.sse_specification["KMSMasterKeyId"] = managed
