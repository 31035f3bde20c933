"""RDS instances: what moto drops, what waits for the maintenance window, and what a delete leaves."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from moto.moto_api._internal import mock_random
from moto.rds.exceptions import InvalidParameterCombination
from moto.rds.models import DBInstance, DBParameterGroup, DBSnapshot, MasterUserSecret, RDSBackend

from sandbox.extensions.registry import replaces

# CreateDBInstance's and ModifyDBInstance's parameters → the attribute that DescribeDBInstances shows.
_DROPPED_BY_MOTO = {
    "backup_target": "backup_target",
    "database_insights_mode": "database_insights_mode",
    "db_port_number": "port",
    "dedicated_log_volume": "dedicated_log_volume",
    "enable_performance_insights": "performance_insights_enabled",
    "engine_lifecycle_support": "engine_lifecycle_support",
    "network_type": "network_type",
    "performance_insights_kms_key_id": "performance_insights_kms_key_id",
    "performance_insights_retention_period": "performance_insights_retention_period",
}
# Amazon RDS User Guide, Settings for DB instances: these wait unless they are to be applied immediately.
_DEFERRED = {
    "allocated_storage": "AllocatedStorage",
    "ca_certificate_identifier": "CACertificateIdentifier",
    "db_instance_class": "DBInstanceClass",
    "db_port_number": "Port",
    "dedicated_log_volume": "DedicatedLogVolume",
    "enable_iam_database_authentication": "IAMDatabaseAuthenticationEnabled",
    "engine_version": "EngineVersion",
    "iops": "Iops",
    "license_model": "LicenseModel",
    "multi_az": "MultiAZ",
    "storage_throughput": "StorageThroughput",
    "storage_type": "StorageType",
}
# Amazon RDS User Guide, Turning on the advanced mode of Database Insights: it keeps 15 months.
_ADVANCED_RETENTION_DAYS = 465
_LEAST_RETENTION_DAYS = 7
# The newest minor version that moto's callers get for a major one alone.
_NEWEST_POSTGRES = {"13": "13.22", "14": "14.19", "15": "15.14", "16": "16.10", "17": "17.6"}


@replaces(DBInstance, "__init__")
def _create_whole_instance(original: Callable[..., None], self: Any, *args: Any, **given: Any) -> None:
    """What CreateDBInstance takes reads back, an id of its own with it; a major version gets a minor one."""
    if given.get("engine") == "postgres":
        given["engine_version"] = _whole_version(given.get("engine_version") or "17")
        given.setdefault("license_model", "postgresql-license")
    _check_insights(given)
    original(self, *args, **given)
    self.dbi_resource_id = f"db-{mock_random.get_random_string(26, lower_case=False).upper()}"
    self.publicly_accessible = bool(self.publicly_accessible)
    _keep_what_moto_drops(self, given)


@replaces(DBInstance, "db_parameter_groups")
def _leave_no_default_group(
    original: Callable[..., list[DBParameterGroup]], self: DBInstance
) -> list[DBParameterGroup]:
    """A default group is AWS's: to look at an instance makes none of the account's."""
    groups = self.backend.db_parameter_groups
    known = set(groups)
    found = original(self)
    for name in set(groups) - known:
        del groups[name]
    return found


@replaces(RDSBackend, "modify_db_instance")
def _modify_whole_instance(
    original: Callable[..., DBInstance], self: RDSBackend, identifier: str, given: dict[str, Any]
) -> DBInstance:
    """What is not to be applied immediately waits; the next change that is takes it along."""
    instance: Any = self.describe_db_instances(identifier)[0]
    wish = dict(given)
    if "engine_version" in wish and instance.engine == "postgres":
        wish["engine_version"] = _whole_version(wish["engine_version"])
    _check_change(instance, wish)
    waiting = getattr(instance, "waiting", {})
    if wish.get("apply_immediately"):
        wish, waiting = waiting | wish, {}
    else:
        put_off = {name: wish.pop(name) for name in _DEFERRED if name in wish}
        current = {name: getattr(instance, _DROPPED_BY_MOTO.get(name, name), None) for name in put_off}
        waiting |= {name: value for name, value in put_off.items() if value != current[name]}
    instance.waiting = waiting
    instance.pending_modified_values = {_DEFERRED[name]: value for name, value in waiting.items()}
    if instance.manage_master_user_password and wish.get("manage_master_user_password"):
        del wish["manage_master_user_password"]
    name = wish.get("db_parameter_group_name", "")
    if instance.is_default_parameter_group(name):
        # moto has the account's own groups alone
        instance.db_parameter_group_name = wish.pop("db_parameter_group_name")
    original(self, identifier, wish)
    _keep_what_moto_drops(instance, wish)
    found: DBInstance = instance
    return found


@replaces(RDSBackend, "delete_db_instance")
def _ask_for_the_last_snapshot(
    original: Callable[..., DBInstance], self: RDSBackend, **given: Any
) -> DBInstance:
    """DeleteDBInstance takes a last snapshot, unless it is told to skip it; protection comes first."""
    instance = self.databases.get(given["db_instance_identifier"])
    is_protected = instance is not None and instance.deletion_protection
    if not is_protected and not (
        given.get("skip_final_snapshot") or given.get("final_db_snapshot_identifier")
    ):
        raise InvalidParameterCombination(
            "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified."
        )
    deleted = original(self, **given)
    if given.get("delete_automated_backups", True):
        # also those that were made under another name
        for name, snapshot in list(self.database_snapshots.items()):
            if snapshot.snapshot_type == "automated" and snapshot.dbi_resource_id == deleted.dbi_resource_id:
                del self.database_snapshots[name]
    return deleted


@replaces(RDSBackend, "create_auto_snapshot")
def _make_room_for_the_backup(
    original: Callable[..., DBSnapshot], self: RDSBackend, identifier: str, snapshot_identifier: str
) -> DBSnapshot:
    """moto names a backup by its minute: two instances of one name, one after the other, clash."""
    if snapshot_identifier in self.database_snapshots:
        snapshot_identifier = f"{snapshot_identifier}-{mock_random.get_random_hex(8)}"
    return original(self, identifier, snapshot_identifier)


@replaces(MasterUserSecret, "_generate_secret_name")
def _name_from_the_account_s_numbers(original: Callable[..., str], self: MasterUserSecret) -> str:
    """The journal makes the same name again, where moto's would be another."""
    del original
    return f"rds!{self.resource.resource_type}-{mock_random.uuid4()}"


@replaces(MasterUserSecret, "_generate_secret_string")
def _log_in_as_the_master(original: Callable[..., str], self: MasterUserSecret) -> str:
    """The secret opens the instance for its own master user, and no two are the same."""
    del original
    login = {
        "username": self.resource.master_username,
        "password": mock_random.get_random_string(28, include_digits=True),
    }
    return json.dumps(login)


def _keep_what_moto_drops(instance: Any, given: dict[str, Any]) -> None:
    for parameter, attribute in _DROPPED_BY_MOTO.items():
        if given.get(parameter) is not None:
            setattr(instance, attribute, given[parameter])
    instance.performance_insights_enabled = getattr(instance, "performance_insights_enabled", False)
    instance.database_insights_mode = getattr(instance, "database_insights_mode", "standard")
    if instance.performance_insights_enabled:
        kept_days = getattr(instance, "performance_insights_retention_period", None)
        instance.performance_insights_retention_period = kept_days or _LEAST_RETENTION_DAYS


def _check_change(instance: Any, wish: dict[str, Any]) -> None:
    if wish.get("allocated_storage") and wish["allocated_storage"] < instance.allocated_storage:
        raise InvalidParameterCombination("Requested storage size is smaller than the current one.")
    old, new = getattr(instance, "performance_insights_kms_key_id", None), "performance_insights_kms_key_id"
    if old and wish.get(new) and wish[new] != old:
        raise InvalidParameterCombination("You cannot change your Performance Insights KMS key.")
    shown = {name: getattr(instance, attribute, None) for name, attribute in _DROPPED_BY_MOTO.items()}
    _check_insights(shown | wish)


def _check_insights(wish: dict[str, Any]) -> None:
    kept_days = wish.get("performance_insights_retention_period") or _LEAST_RETENTION_DAYS
    if wish.get("database_insights_mode") == "advanced" and not (
        wish.get("enable_performance_insights") and kept_days >= _ADVANCED_RETENTION_DAYS
    ):
        raise InvalidParameterCombination(
            "To enable the Advanced mode of Database Insights, enable Performance Insights "
            f"and set its retention period to at least {_ADVANCED_RETENTION_DAYS} days."
        )


def _whole_version(version: str) -> str:
    return _NEWEST_POSTGRES.get(version, version)
