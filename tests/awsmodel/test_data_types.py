"""What databases, tables, vaults and locked buckets promise beyond what holds for every type."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jmespath
import pytest

from awsmodel.calls import AwsError, filled
from awsmodel.clients import Clients
from awsmodel.types.rds_instance import INSTANCE
from awsmodel.types.s3_notification import _shown as shown_notification

DATABASE = {
    "engine": "postgres",
    "engineVersion": "16",
    "instanceClass": "db.t4g.medium",
    "allocatedStorage": 20,
    "username": "app_admin",
    "manageMasterUserPassword": True,
    "applyImmediately": True,
    "skipFinalSnapshot": True,
}
TABLE = {
    "hashKey": "pk",
    "attributes": [{"name": "pk", "type": "S"}, {"name": "state", "type": "S"}],
    "globalSecondaryIndexes": [
        {
            "name": "by-state",
            "keySchemas": [{"attributeName": "state", "keyType": "HASH"}],
            "projectionType": "ALL",
        }
    ],
    "billingMode": "PAY_PER_REQUEST",
}


@pytest.fixture
def database(make: Callable[..., Any]) -> Any:
    key = make("aws:kms/key:Key", deletionWindowInDays=7).state["arn"]
    return make("aws:rds/instance:Instance", identifier="app", masterUserSecretKmsKeyId=key, **DATABASE)


@pytest.fixture
def table(make: Callable[..., Any]) -> Any:
    return make("aws:dynamodb/table:Table", name="records", **TABLE)


@pytest.fixture
def vault(make: Callable[..., Any]) -> Any:
    return make("aws:backup/vault:Vault", name="main")


def test_what_a_database_gives_to_others(database: Any) -> None:
    state = database.state
    assert database.physical_id == state["resourceId"]
    assert state["endpoint"] == f"{state['address']}:{state['port']}"
    assert state["port"] == 5432
    [secret] = state["masterUserSecrets"]
    assert ":secret:rds!" in secret["secretArn"]
    assert secret["secretStatus"] == "active"


def test_a_protected_database_is_not_deleted(database: Any) -> None:
    database.update(deletionProtection=True)
    with pytest.raises(AwsError, match="disable deletion protection"):
        database.delete()
    assert database.read() is not None
    database.update(deletionProtection=False)


def test_a_database_leaves_its_last_snapshot(clients: Clients, database: Any) -> None:
    database.update(skipFinalSnapshot=False)
    with pytest.raises(AwsError, match="FinalDBSnapshotIdentifier is required"):
        database.delete()
    database.update(finalSnapshotIdentifier="app-last")
    database.delete()
    assert database.read() is None
    rds = clients.get("rds")
    [snapshot] = rds.describe_db_snapshots(DBSnapshotIdentifier="app-last")["DBSnapshots"]
    assert snapshot["DBInstanceIdentifier"] == "app"
    rds.delete_db_snapshot(DBSnapshotIdentifier="app-last")


def test_another_name_is_no_other_database(database: Any) -> None:
    """A replacement would lose what is in it."""
    assert not database.lifecycle.change(database.inputs, {**database.inputs, "identifier": "new"}).replaces
    before = database.physical_id
    database.update(identifier="new")
    assert (database.state["identifier"], database.state["resourceId"]) == ("new", before)


def test_a_database_is_imported_by_its_name(database: Any) -> None:
    assert database.lifecycle.read("app")["id"] == database.physical_id


def test_a_minor_version_that_aws_chose_is_no_drift(database: Any) -> None:
    compare = database.lifecycle.compare
    live = database.state["engineVersion"]
    assert live == database.state["engineVersionActual"] != "16"
    assert compare.covers("engineVersion", "16", live)
    assert not compare.covers("engineVersion", "17", live)
    assert not compare.covers("engineVersion", "1", live)
    # a program that pins another is a change
    assert not compare.same("engineVersion", "16", "16.3")


def test_storage_that_grew_is_no_drift(clients: Clients, database: Any) -> None:
    database.update(maxAllocatedStorage=100)
    clients.get("rds").modify_db_instance(
        DBInstanceIdentifier="app", AllocatedStorage=40, ApplyImmediately=True
    )
    live = database.read()
    assert live["allocatedStorage"] == 40
    assert database.lifecycle.compare.covers("allocatedStorage", 20, live["allocatedStorage"])
    assert not database.lifecycle.compare.covers("allocatedStorage", 50, live["allocatedStorage"])
    database.update(storageType="gp3")
    assert (database.state["storageType"], database.state["allocatedStorage"]) == ("gp3", 40)


def test_storage_that_grows_is_told_to_stop(database: Any) -> None:
    database.update(maxAllocatedStorage=100)
    database.update(maxAllocatedStorage=0)
    assert not database.state.get("maxAllocatedStorage")
    assert database.lifecycle.compare.covers("maxAllocatedStorage", 0, None)


def test_what_waits_for_the_maintenance_window_is_no_drift(clients: Clients, database: Any) -> None:
    database.update(applyImmediately=False)
    database.update(multiAz=True, instanceClass="db.m7g.large")
    live = database.read()
    assert (live["multiAz"], live["instanceClass"]) == (True, "db.m7g.large")
    [instance] = clients.get("rds").describe_db_instances(DBInstanceIdentifier="app")["DBInstances"]
    assert not instance["MultiAZ"]


def test_a_database_is_ready_when_no_change_that_was_wanted_at_once_is_pending() -> None:
    pending = {"DBInstanceStatus": "available", "PendingModifiedValues": {"MultiAZ": True}}
    at_once = filled(INSTANCE.ready, {"applyImmediately": True})
    later = filled(INSTANCE.ready, {"applyImmediately": False})
    assert not jmespath.search(at_once, pending)
    assert jmespath.search(later, pending)
    assert jmespath.search(at_once, {**pending, "PendingModifiedValues": {}})
    assert not jmespath.search(later, {**pending, "DBInstanceStatus": "modifying"})
    assert jmespath.search(INSTANCE.failed, {"DBInstanceStatus": "storage-full"}) == "storage-full"


def test_logs_that_are_exported_can_be_none(database: Any) -> None:
    database.update(enabledCloudwatchLogsExports=["postgresql", "upgrade"])
    database.update(enabledCloudwatchLogsExports=["upgrade"])
    assert database.state["enabledCloudwatchLogsExports"] == ["upgrade"]
    database.update(enabledCloudwatchLogsExports=None)
    assert database.state["enabledCloudwatchLogsExports"] == []


def test_more_parameters_than_one_call_takes_are_set_and_reset(make: Callable[..., Any]) -> None:
    many = [{"name": f"setting_{index:02d}", "value": str(index)} for index in range(45)]
    group = make("aws:rds/parameterGroup:ParameterGroup", name="many", family="postgres16", parameters=many)
    assert len(group.state["parameters"]) == 45
    group.update(parameters=many[:1])
    assert [parameter["name"] for parameter in group.state["parameters"]] == ["setting_00"]


def test_a_protected_table_is_not_deleted(table: Any) -> None:
    table.update(deletionProtectionEnabled=True)
    with pytest.raises(AwsError, match="DeletionProtectionEnabled"):
        table.delete()
    table.update(deletionProtectionEnabled=False)


def test_a_table_changes_how_it_is_paid(table: Any) -> None:
    index = {**TABLE["globalSecondaryIndexes"][0], "readCapacity": 3, "writeCapacity": 2}  # type: ignore[dict-item]
    table.update(billingMode="PROVISIONED", readCapacity=5, writeCapacity=4, globalSecondaryIndexes=[index])
    assert (table.state["readCapacity"], table.state["writeCapacity"]) == (5, 4)
    assert table.state["globalSecondaryIndexes"][0]["readCapacity"] == 3
    table.update(
        billingMode="PAY_PER_REQUEST",
        readCapacity=None,
        writeCapacity=None,
        globalSecondaryIndexes=TABLE["globalSecondaryIndexes"],
    )
    assert table.state["billingMode"] == "PAY_PER_REQUEST"
    assert "readCapacity" not in {name for name, value in table.state.items() if value is not None}


def test_a_stream_takes_another_view(clients: Clients, table: Any) -> None:
    table.update(streamEnabled=True, streamViewType="KEYS_ONLY")
    table.update(streamViewType="NEW_IMAGE")
    assert (table.state["streamEnabled"], table.state["streamViewType"]) == (True, "NEW_IMAGE")
    assert table.state["streamArn"].startswith(f"{table.state['arn']}/stream/")
    table.update(streamEnabled=False, streamViewType=None)
    assert table.state["streamEnabled"] is False
    clients.get("dynamodb").put_item(TableName="records", Item={"pk": {"S": "one"}})


def test_recovery_and_expiry_can_be_switched_off(table: Any) -> None:
    table.update(
        pointInTimeRecovery={"enabled": True, "recoveryPeriodInDays": 14},
        ttl={"attributeName": "expires_at", "enabled": True},
    )
    assert table.state["pointInTimeRecovery"] == {"enabled": True, "recoveryPeriodInDays": 14}
    table.update(
        pointInTimeRecovery={"enabled": False}, ttl={"attributeName": "expires_at", "enabled": False}
    )
    assert table.state["pointInTimeRecovery"] == {"enabled": False}
    assert "ttl" not in table.state


def test_a_vault_with_recovery_points_goes_only_when_it_is_forced(clients: Clients, vault: Any) -> None:
    clients.get("backup").start_backup_job(
        BackupVaultName="main",
        ResourceArn="arn:aws:dynamodb:eu-west-1:111111111111:table/records",
        IamRoleArn="arn:aws:iam::111111111111:role/backup",
    )
    with pytest.raises(AwsError, match="recovery points"):
        vault.delete()
    assert vault.read()["recoveryPoints"] == 1
    vault.update(forceDestroy=True)
    vault.delete()
    assert vault.read() is None


def test_an_empty_vault_goes_with_its_lock(make: Callable[..., Any], vault: Any) -> None:
    lock = make(
        "aws:backup/vaultLockConfiguration:VaultLockConfiguration",
        backupVaultName="main",
        minRetentionDays=7,
        changeableForDays=3,
    )
    vault.delete()
    assert lock.read() is None


def test_an_empty_bucket_goes_with_its_lock_and_its_versions(make: Callable[..., Any]) -> None:
    bucket = make("aws:s3/bucket:Bucket", bucket="locked", objectLockEnabled=True)
    versioning = make(
        "aws:s3/bucketVersioning:BucketVersioning",
        bucket="locked",
        versioningConfiguration={"status": "Enabled"},
    )
    lock = _lock(make, "COMPLIANCE")
    lock.delete()
    # S3 does not stop versions under a lock, and that stops no destroy
    versioning.delete()
    assert versioning.read()["versioningConfiguration"]["status"] == "Enabled"
    bucket.delete()
    assert bucket.read() is None


def test_what_is_locked_is_deleted_under_governance_alone_and_by_force(
    clients: Clients, make: Callable[..., Any]
) -> None:
    s3 = clients.get("s3")
    bucket = make("aws:s3/bucket:Bucket", bucket="locked", objectLockEnabled=True, forceDestroy=True)
    lock = _lock(make, "GOVERNANCE")
    version = s3.put_object(Bucket="locked", Key="evidence", Body=b"kept")["VersionId"]
    with pytest.raises(s3.exceptions.ClientError, match="AccessDenied"):
        s3.delete_object(Bucket="locked", Key="evidence", VersionId=version)
    lock.delete()
    bucket.delete()
    assert bucket.read() is None


def test_what_is_held_keeps_its_bucket_by_force_too(clients: Clients, make: Callable[..., Any]) -> None:
    s3 = clients.get("s3")
    bucket = make("aws:s3/bucket:Bucket", bucket="locked", objectLockEnabled=True, forceDestroy=True)
    version = s3.put_object(Bucket="locked", Key="evidence", Body=b"kept")["VersionId"]
    # as long as the test needs it, and not a day
    held = {"Bucket": "locked", "Key": "evidence", "VersionId": version}
    s3.put_object_legal_hold(**held, LegalHold={"Status": "ON"})
    with pytest.raises(AwsError, match="BucketNotEmpty"):
        bucket.delete()
    s3.put_object_legal_hold(**held, LegalHold={"Status": "OFF"})
    bucket.delete()
    assert bucket.read() is None


def _lock(make: Callable[..., Any], mode: str) -> Any:
    return make(
        "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
        bucket="locked",
        rule={"defaultRetention": {"mode": mode, "days": 30}},
    )


def test_a_filter_of_a_notification_is_read_in_either_spelling() -> None:
    rules = [{"Name": "Prefix", "Value": "reports/"}, {"Name": "suffix", "Value": ".json"}]
    queue = {"QueueArn": "arn", "Events": ["s3:ObjectCreated:*"], "Filter": {"Key": {"FilterRules": rules}}}
    [shown] = shown_notification({"QueueConfigurations": [queue]})["queues"]
    assert (shown["filterPrefix"], shown["filterSuffix"]) == ("reports/", ".json")


def test_a_setting_that_is_on_is_taken_over_and_switched_off(
    clients: Clients, make: Callable[..., Any]
) -> None:
    clients.get("ec2").enable_serial_console_access()
    access = make("aws:ec2/serialConsoleAccess:SerialConsoleAccess", enabled=False)
    assert access.state["enabled"] is False
    assert access.physical_id == "eu-west-1"
    assert not clients.get("ec2").get_serial_console_access_status()["SerialConsoleAccessEnabled"]


def test_an_account_s_block_of_public_access_is_of_the_account_that_acts(make: Callable[..., Any]) -> None:
    block = make("aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock", blockPublicAcls=True)
    assert block.physical_id == "111111111111"
    with pytest.raises(AwsError, match="AccessDenied"):
        make("aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock", accountId="222222222222")
