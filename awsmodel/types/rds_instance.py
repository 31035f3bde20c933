"""RDS instances: databases that AWS runs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from awsmodel.names import Codec, Field, Properties
from awsmodel.resource import AutoName, Call, Example, Params, ResourceType, Tags
from awsmodel.types.kms import key_id

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
_STORAGE = {
    "allocatedStorage": "AllocatedStorage",
    "iops": "Iops",
    "storageThroughput": "StorageThroughput",
    "storageType": "StorageType",
}
_INSIGHTS = {
    "performanceInsightsEnabled": "EnablePerformanceInsights",
    "performanceInsightsKmsKeyId": "PerformanceInsightsKMSKeyId",
    "performanceInsightsRetentionPeriod": "PerformanceInsightsRetentionPeriod",
}
_MASTER = {
    "manageMasterUserPassword": "ManageMasterUserPassword",
    "masterUserSecretKmsKeyId": "MasterUserSecretKmsKeyId",
}


_RESOURCE_ID = re.compile(r"db-[A-Z0-9]+")


class _Version:
    """A version of an engine. A program may give its beginning, and AWS shows it whole: `16` is met by `16.4`."""

    def __init__(self, version: Any) -> None:
        self._parts = str(version).split(".")

    def __eq__(self, live: object) -> bool:
        return isinstance(live, _Version) and live._parts[: len(self._parts)] == self._parts

    __hash__ = None  # type: ignore[assignment]


class _Storage:
    """A size. Storage grows by itself and never shrinks, so that more than was asked for is no drift."""

    def __init__(self, gibibytes: Any) -> None:
        self._gibibytes = int(gibibytes)

    def __eq__(self, live: object) -> bool:
        return isinstance(live, _Storage) and live._gibibytes >= self._gibibytes

    __hash__ = None  # type: ignore[assignment]


def _by_id(known: Properties) -> Params:
    """The name of an instance can change; its resource id stays. An import may give either."""
    physical_id = known["id"]
    by = "dbi-resource-id" if _RESOURCE_ID.fullmatch(physical_id) else "db-instance-id"
    return {"Filters": [{"Name": by, "Values": [physical_id]}]}


def _shown(instance: Any) -> Properties:
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


def _change(known: Properties) -> Params:
    """What goes into the one call: an instance that is being changed takes no other."""
    live = known["live"]
    change: Params = {
        "DBInstanceIdentifier": live["identifier"],
        "ApplyImmediately": bool(known.get("applyImmediately")),
    }
    if known["identifier"] != live["identifier"]:
        change["NewDBInstanceIdentifier"] = known["identifier"]
    if known.get("allowMajorVersionUpgrade"):
        change["AllowMajorVersionUpgrade"] = True
    if known.get("maxAllocatedStorage") != live.get("maxAllocatedStorage"):
        # storage that may grow to what it has does not grow
        change["MaxAllocatedStorage"] = known.get("maxAllocatedStorage") or known["allocatedStorage"]
    wanted = {*(known.get("enabledCloudwatchLogsExports") or ())}
    exported = {*(live.get("enabledCloudwatchLogsExports") or ())}
    if wanted != exported:
        change["CloudwatchLogsExportConfiguration"] = {
            "EnableLogTypes": sorted(wanted - exported),
            "DisableLogTypes": sorted(exported - wanted),
        }
    if known.get("performanceInsightsEnabled"):
        change |= _differing(known, _INSIGHTS)
    if known.get("manageMasterUserPassword"):
        change |= _differing(known, _MASTER)
    return change | _differing(known, _STORAGE)


def _deletion(known: Properties) -> Params:
    skips = bool(known.get("skipFinalSnapshot"))
    snapshot = None if skips else known.get("finalSnapshotIdentifier")
    return {
        "SkipFinalSnapshot": skips,
        "DeleteAutomatedBackups": bool(known.get("deleteAutomatedBackups", True)),
    } | ({"FinalDBSnapshotIdentifier": snapshot} if snapshot else {})


INSTANCE = ResourceType(
    token="aws:rds/instance:Instance",
    service="rds",
    create=Call(operation="create_db_instance"),
    id="DBInstance.DbiResourceId",
    read=Call(operation="describe_db_instances", build=_by_id, result="DBInstances[0]", decode=_shown),
    updates=(
        Call(
            operation="modify_db_instance",
            properties=frozenset(
                {
                    *_STORAGE,
                    *_INSIGHTS,
                    *_MASTER,
                    "autoMinorVersionUpgrade",
                    "backupRetentionPeriod",
                    "backupWindow",
                    "caCertIdentifier",
                    "copyTagsToSnapshot",
                    "databaseInsightsMode",
                    "dbSubnetGroupName",
                    "dedicatedLogVolume",
                    "deletionProtection",
                    "enabledCloudwatchLogsExports",
                    "engineLifecycleSupport",
                    "engineVersion",
                    "iamDatabaseAuthenticationEnabled",
                    "identifier",
                    "instanceClass",
                    "licenseModel",
                    "maintenanceWindow",
                    "maxAllocatedStorage",
                    "monitoringInterval",
                    "monitoringRoleArn",
                    "multiAz",
                    "networkType",
                    "optionGroupName",
                    "parameterGroupName",
                    "password",
                    "port",
                    "publiclyAccessible",
                    "vpcSecurityGroupIds",
                }
            ),
            build=_change,
        ),
    ),
    delete=Call(
        operation="delete_db_instance", identify={"DBInstanceIdentifier": "identifier"}, build=_deletion
    ),
    # the members of clusters are of another type
    list=Call(operation="describe_db_instances", result="DBInstances[?!DBClusterIdentifier].DbiResourceId"),
    names={
        "address": "Endpoint.Address",
        "arn": "DBInstanceArn",
        "backupWindow": "PreferredBackupWindow",
        "caCertIdentifier": "CACertificateIdentifier",
        "dbSubnetGroupName": "DBSubnetGroupName|DBSubnetGroup.DBSubnetGroupName",
        "enabledCloudwatchLogsExports": "EnableCloudwatchLogsExports",
        "endpoint": "",
        "hostedZoneId": "Endpoint.HostedZoneId",
        "iamDatabaseAuthenticationEnabled": (
            "EnableIAMDatabaseAuthentication|IAMDatabaseAuthenticationEnabled"
        ),
        "identifier": "DBInstanceIdentifier",
        "instanceClass": "DBInstanceClass",
        # it moves all the time: each refresh would show a change
        "latestRestorableTime": "",
        "listenerEndpoints": "ListenerEndpoint",
        "maintenanceWindow": "PreferredMaintenanceWindow",
        # none is not zero
        "maxAllocatedStorage": Field(
            "MaxAllocatedStorage", Codec(encode=lambda gibibytes: gibibytes or None, decode=int)
        ),
        "masterUserSecrets": "MasterUserSecret",
        "parameterGroupName": "DBParameterGroupName",
        "password": "MasterUserPassword",
        "performanceInsightsEnabled": "EnablePerformanceInsights|PerformanceInsightsEnabled",
        "port": "Port|DBPortNumber|Endpoint.Port",
        "resourceId": "DbiResourceId",
        "status": "DBInstanceStatus",
        "username": "MasterUsername",
    },
    canonical={
        "allocatedStorage": _Storage,
        "engineVersion": _Version,
        "kmsKeyId": key_id,
        "maintenanceWindow": str.lower,
        "masterUserSecretKmsKeyId": key_id,
        "performanceInsightsKmsKeyId": key_id,
    },
    defaults={
        "applyImmediately": False,
        "autoMinorVersionUpgrade": True,
        "backupRetentionPeriod": 0,
        "copyTagsToSnapshot": False,
        "databaseInsightsMode": "standard",
        "deleteAutomatedBackups": True,
        "deletionProtection": False,
        "monitoringInterval": 0,
        "performanceInsightsEnabled": False,
        "publiclyAccessible": False,
        "skipFinalSnapshot": False,
        "storageEncrypted": False,
    },
    auto_name=AutoName(property="identifier", limit=63, lowercase=True),
    tags=Tags(tag="add_tags_to_resource", untag="remove_tags_from_resource", target="ResourceName"),
    derive=lambda known, scope: {"id": known["resourceId"]},
    unreadable={
        "allowMajorVersionUpgrade": "a switch of the call that changes the version",
        "applyImmediately": "a switch of the call that changes the instance",
        "deleteAutomatedBackups": "a switch of the delete",
        "finalSnapshotIdentifier": "AWS learns it when the instance is deleted",
        "password": "AWS shows it to nobody",
        "skipFinalSnapshot": "a switch of the delete",
    },
    not_modelled={
        "availabilityZone": "moves with a failover; multiAz is what a program decides",
        "backupTarget": "Outposts are outside of this model",
        "blueGreenUpdate": "blue/green deployments of databases are outside of this model",
        "characterSetName": "it is of Oracle and SQL Server",
        "customIamInstanceProfile": "RDS Custom is outside of this model",
        "customerOwnedIpEnabled": "Outposts are outside of this model",
        "domain": "directories are outside of this model",
        "domainAuthSecretArn": "directories are outside of this model",
        "domainDnsIps": "directories are outside of this model",
        "domainFqdn": "directories are outside of this model",
        "domainIamRoleName": "directories are outside of this model",
        "domainOu": "directories are outside of this model",
        "identifierPrefix": "an instance without an identifier gets one that begins like its own name",
        "ncharCharacterSetName": "it is of Oracle",
        "passwordWo": "let RDS manage the password: manageMasterUserPassword",
        "passwordWoVersion": "let RDS manage the password: manageMasterUserPassword",
        "replicaMode": "it is of Oracle",
        "replicateSourceDb": "replicas are outside of this model",
        "restoreToPointInTime": "restores are outside of this model",
        "s3Import": "imports are outside of this model",
        "snapshotIdentifier": "restores are outside of this model",
        "timezone": "it is of SQL Server",
        "upgradeStorageConfig": "replicas are outside of this model",
        "warningEventCategories": "an event subscription tells of events",
    },
    gone=frozenset({"DBInstanceNotFound"}),
    # there is no such status: a delete waits until it is gone, with its hold on keys, groups and subnets
    gone_when="DBInstanceStatus=='deleted'",
    # a change that is to be made at once is not made while it is pending
    ready=(
        "contains(['available', 'storage-optimization'], DBInstanceStatus)"
        " && ('{applyImmediately}'!='True' || !PendingModifiedValues)"
    ),
    failed=(
        "contains(['failed', 'inaccessible-encryption-credentials', 'incompatible-network',"
        " 'incompatible-option-group', 'incompatible-parameters', 'incompatible-restore',"
        " 'insufficient-capacity', 'restore-error', 'storage-full'], DBInstanceStatus) && DBInstanceStatus"
    ),
    # another change of it is still being made
    busy=frozenset({"InvalidDBInstanceState"}),
    example=Example(
        inputs=lambda need: {
            "identifier": "example",
            "engine": "postgres",
            "engineVersion": "16",
            "instanceClass": "db.t4g.medium",
            "allocatedStorage": 20,
            "maxAllocatedStorage": 100,
            "storageType": "gp3",
            "storageEncrypted": True,
            "kmsKeyId": need("aws:kms/key:Key", "arn"),
            "dbName": "example",
            "username": "example_admin",
            "manageMasterUserPassword": True,
            "masterUserSecretKmsKeyId": need("aws:kms/key:Key", "arn"),
            "port": 5432,
            "dbSubnetGroupName": need("aws:rds/subnetGroup:SubnetGroup", "name"),
            "vpcSecurityGroupIds": [need("aws:ec2/securityGroup:SecurityGroup", "id")],
            "parameterGroupName": need("aws:rds/parameterGroup:ParameterGroup", "name"),
            "backupRetentionPeriod": 7,
            "backupWindow": "02:00-02:30",
            "maintenanceWindow": "Sun:04:00-Sun:04:30",
            "caCertIdentifier": "rds-ca-rsa2048-g1",
            "enabledCloudwatchLogsExports": ["postgresql", "upgrade"],
            "performanceInsightsEnabled": True,
            "performanceInsightsKmsKeyId": need("aws:kms/key:Key", "arn"),
            "performanceInsightsRetentionPeriod": 7,
            "applyImmediately": True,
            "skipFinalSnapshot": True,
            "tags": {"Data": "example"},
        },
        update=lambda need: {
            "instanceClass": "db.m7g.large",
            "maxAllocatedStorage": 200,
            "multiAz": True,
            "iamDatabaseAuthenticationEnabled": True,
            "vpcSecurityGroupIds": [need("aws:ec2/securityGroup:SecurityGroup", "id", name="example-two")],
            "parameterGroupName": need("aws:rds/parameterGroup:ParameterGroup", "name", name="example-two"),
            "backupRetentionPeriod": 35,
            "backupWindow": "03:00-03:30",
            "maintenanceWindow": "Mon:05:00-Mon:05:30",
            "caCertIdentifier": "rds-ca-ecc384-g1",
            "copyTagsToSnapshot": True,
            "autoMinorVersionUpgrade": False,
            "enabledCloudwatchLogsExports": ["upgrade", "iam-db-auth-error"],
            "databaseInsightsMode": "advanced",
            "performanceInsightsRetentionPeriod": 465,
            "monitoringInterval": 60,
            "monitoringRoleArn": need("aws:iam/role:Role", "arn"),
            "port": 5433,
            "tags": {"Data": "other", "Owner": "platform"},
        },
        replace=lambda need: {"dbName": "other", "username": "other_admin", "storageEncrypted": False},
    ),
)
