"""What an RDS instance shows and takes otherwise than its properties say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from awsmodel.names import Properties
from awsmodel.resource import Params

# PendingModifiedValues: what was asked for, and waits for the maintenance window, is no drift
_PENDING = {
    "AllocatedStorage": "allocatedStorage",
    "BackupRetentionPeriod": "backupRetentionPeriod",
    "CACertificateIdentifier": "caCertIdentifier",
    "DBInstanceClass": "instanceClass",
    "DBInstanceIdentifier": "identifier",
    "DBSubnetGroupName": "dbSubnetGroupName",
    "DedicatedLogVolume": "dedicatedLogVolume",
    "EngineVersion": "engineVersion",
    "IAMDatabaseAuthenticationEnabled": "iamDatabaseAuthenticationEnabled",
    "Iops": "iops",
    "LicenseModel": "licenseModel",
    "MultiAZ": "multiAz",
    "Port": "port",
    "StorageThroughput": "storageThroughput",
    "StorageType": "storageType",
}
STORAGE = {
    "allocatedStorage": "AllocatedStorage",
    "iops": "Iops",
    "storageThroughput": "StorageThroughput",
    "storageType": "StorageType",
}
INSIGHTS = {
    "performanceInsightsEnabled": "EnablePerformanceInsights",
    "performanceInsightsKmsKeyId": "PerformanceInsightsKMSKeyId",
    "performanceInsightsRetentionPeriod": "PerformanceInsightsRetentionPeriod",
}
MASTER = {
    "manageMasterUserPassword": "ManageMasterUserPassword",
    "masterUserSecretKmsKeyId": "MasterUserSecretKmsKeyId",
}
_RESOURCE_ID = re.compile(r"db-[A-Z0-9]+")


class Version:
    """A version. A program may give its beginning, and AWS shows it whole: `16` is met by `16.4`."""

    def __init__(self, version: Any) -> None:
        self._parts = str(version).split(".")

    def __eq__(self, live: object) -> bool:
        return isinstance(live, Version) and live._parts[: len(self._parts)] == self._parts

    __hash__ = None  # type: ignore[assignment]


class Storage:
    """A size. Storage grows by itself and never shrinks, so that more than was asked for is no drift."""

    def __init__(self, gibibytes: Any) -> None:
        self._gibibytes = int(gibibytes)

    def __eq__(self, live: object) -> bool:
        return isinstance(live, Storage) and live._gibibytes >= self._gibibytes

    __hash__ = None  # type: ignore[assignment]


def by_id(known: Properties) -> Params:
    """The name of an instance can change; its resource id stays. An import may give either."""
    physical_id = known["id"]
    by = "dbi-resource-id" if _RESOURCE_ID.fullmatch(physical_id) else "db-instance-id"
    return {"Filters": [{"Name": by, "Values": [physical_id]}]}


def shown(instance: Any) -> Properties:
    """What the names of an instance's members do not give."""
    pending = instance.get("PendingModifiedValues") or {}
    exports = pending.get("PendingCloudwatchLogsExports") or {}
    secret = instance.get("MasterUserSecret") or {}
    endpoint = instance.get("Endpoint") or {}
    parameter_groups = instance.get("DBParameterGroups") or [{}]
    option_groups = instance.get("OptionGroupMemberships") or [{}]
    logs = {*instance.get("EnabledCloudwatchLogsExports", ()), *exports.get("LogTypesToEnable", ())}
    return {
        "enabledCloudwatchLogsExports": sorted(logs - {*exports.get("LogTypesToDisable", ())}),
        "endpoint": f"{endpoint['Address']}:{endpoint['Port']}" if endpoint.get("Address") else None,
        "engineVersionActual": instance["EngineVersion"],
        "manageMasterUserPassword": True if secret else None,
        "masterUserSecretKmsKeyId": secret.get("KmsKeyId"),
        "optionGroupName": option_groups[0].get("OptionGroupName"),
        "parameterGroupName": parameter_groups[0].get("DBParameterGroupName"),
        "replicas": instance.get("ReadReplicaDBInstanceIdentifiers", []),
        "vpcSecurityGroupIds": [group["VpcSecurityGroupId"] for group in instance["VpcSecurityGroups"]],
    } | {name: pending[member] for member, name in _PENDING.items() if member in pending}


def _differing(known: Properties, members: Mapping[str, str]) -> Params:
    """All of these members where one of them changes: AWS wants them together."""
    live = known["live"]
    wanted = {member: known[name] for name, member in members.items() if known.get(name) is not None}
    differs = any(known.get(name) is not None and known[name] != live.get(name) for name in members)
    return wanted if differs else {}


def change(known: Properties) -> Params:
    """What goes into the one call: an instance that is being changed takes no other."""
    live = known["live"]
    sent: Params = {
        "DBInstanceIdentifier": live["identifier"],
        "ApplyImmediately": bool(known.get("applyImmediately")),
    }
    if known["identifier"] != live["identifier"]:
        sent["NewDBInstanceIdentifier"] = known["identifier"]
    if known.get("allowMajorVersionUpgrade"):
        sent["AllowMajorVersionUpgrade"] = True
    if known.get("maxAllocatedStorage") != live.get("maxAllocatedStorage"):
        # storage that may grow to what it has does not grow
        sent["MaxAllocatedStorage"] = known.get("maxAllocatedStorage") or live["allocatedStorage"]
    wanted = {*(known.get("enabledCloudwatchLogsExports") or ())}
    exported = {*(live.get("enabledCloudwatchLogsExports") or ())}
    if wanted != exported:
        sent["CloudwatchLogsExportConfiguration"] = {
            "EnableLogTypes": sorted(wanted - exported),
            "DisableLogTypes": sorted(exported - wanted),
        }
    if known.get("performanceInsightsEnabled"):
        sent |= _differing(known, INSIGHTS)
    if known.get("manageMasterUserPassword"):
        sent |= _differing(known, MASTER)
    # storage that grew by itself is not asked to shrink
    size = max(known.get("allocatedStorage") or 0, live["allocatedStorage"])
    return sent | _differing({**known, "allocatedStorage": size}, STORAGE)


def deletion(known: Properties) -> Params:
    """What AWS is to keep of an instance that goes."""
    skips = bool(known.get("skipFinalSnapshot"))
    snapshot = None if skips else known.get("finalSnapshotIdentifier")
    return {
        "SkipFinalSnapshot": skips,
        "DeleteAutomatedBackups": bool(known.get("deleteAutomatedBackups", True)),
    } | ({"FinalDBSnapshotIdentifier": snapshot} if snapshot else {})
