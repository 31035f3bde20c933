from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto.backup.models import backup_backends

POLICY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Deny", "Principal": "*", "Action": "backup:DeleteRecoveryPoint", "Resource": "*"}
        ],
    }
)
ROLE = "arn:aws:iam::111111111111:role/backup"
TABLE = "arn:aws:dynamodb:eu-west-1:111111111111:table/records"
SELECTION = {"SelectionName": "all", "IamRoleArn": ROLE, "Resources": ["*"]}


def make_vault(client: Callable[[str], Any]) -> Any:
    backup = client("backup")
    backup.create_backup_vault(BackupVaultName="main")
    return backup


def plan(name: str = "daily", **rule: Any) -> dict[str, Any]:
    return {
        "BackupPlanName": name,
        "Rules": [{"RuleName": "daily", "TargetBackupVaultName": "main", **rule}],
    }


def make_recovery_point(backup: Any, days: int = 30) -> str:
    answer = backup.start_backup_job(
        BackupVaultName="main", ResourceArn=TABLE, IamRoleArn=ROLE, Lifecycle={"DeleteAfterDays": days}
    )
    arn: str = answer["RecoveryPointArn"]
    return arn


def test_the_policy_of_a_vault_is_kept_until_it_is_deleted(client: Callable[[str], Any]) -> None:
    backup = make_vault(client)
    backup.put_backup_vault_access_policy(BackupVaultName="main", Policy=POLICY)
    assert backup.get_backup_vault_access_policy(BackupVaultName="main")["Policy"] == POLICY
    with pytest.raises(ClientError, match="InvalidParameterValueException"):
        backup.put_backup_vault_access_policy(BackupVaultName="main", Policy="no json")
    backup.delete_backup_vault_access_policy(BackupVaultName="main")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        backup.get_backup_vault_access_policy(BackupVaultName="main")


def test_the_notifications_of_a_vault_are_kept_until_they_are_deleted(client: Callable[[str], Any]) -> None:
    backup = make_vault(client)
    topic = client("sns").create_topic(Name="alerts")["TopicArn"]
    told = {"SNSTopicArn": topic, "BackupVaultEvents": ["BACKUP_JOB_FAILED"]}
    backup.put_backup_vault_notifications(BackupVaultName="main", **told)
    answer = backup.get_backup_vault_notifications(BackupVaultName="main")
    assert {name: answer[name] for name in told} == told
    backup.delete_backup_vault_notifications(BackupVaultName="main")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        backup.get_backup_vault_notifications(BackupVaultName="main")


def test_a_plan_changes_and_keeps_its_id(client: Callable[[str], Any]) -> None:
    backup = make_vault(client)
    made = backup.create_backup_plan(BackupPlan=plan())
    changed = backup.update_backup_plan(
        BackupPlanId=made["BackupPlanId"], BackupPlan=plan("weekly", StartWindowMinutes=90)
    )
    assert changed["VersionId"] != made["VersionId"]
    shown = backup.get_backup_plan(BackupPlanId=made["BackupPlanId"])["BackupPlan"]
    assert (shown["BackupPlanName"], shown["Rules"][0]["StartWindowMinutes"]) == ("weekly", 90)


@pytest.mark.parametrize(
    "rule",
    [
        {"TargetBackupVaultName": "nowhere"},
        {"Lifecycle": {"MoveToColdStorageAfterDays": 30, "DeleteAfterDays": 60}},
    ],
    ids=["a vault that is not there", "less than 90 days in cold storage"],
)
def test_a_plan_that_cannot_work_is_refused(client: Callable[[str], Any], rule: dict[str, Any]) -> None:
    backup = make_vault(client)
    with pytest.raises(ClientError, match="InvalidParameterValueException"):
        backup.create_backup_plan(BackupPlan=plan(**rule))


def test_the_name_of_a_deleted_plan_is_free(client: Callable[[str], Any]) -> None:
    backup = make_vault(client)
    first = backup.create_backup_plan(BackupPlan=plan())["BackupPlanId"]
    backup.delete_backup_plan(BackupPlanId=first)
    backup.create_backup_plan(BackupPlan=plan())
    assert backup.get_backup_plan(BackupPlanId=first)["DeletionDate"]


def test_a_selection_is_kept_and_its_plan_with_it(client: Callable[[str], Any]) -> None:
    backup = make_vault(client)
    plan_id = backup.create_backup_plan(BackupPlan=plan())["BackupPlanId"]
    made = backup.create_backup_selection(BackupPlanId=plan_id, BackupSelection=SELECTION)
    place = {"BackupPlanId": plan_id, "SelectionId": made["SelectionId"]}
    assert backup.get_backup_selection(**place)["BackupSelection"] == SELECTION
    [listed] = backup.list_backup_selections(BackupPlanId=plan_id)["BackupSelectionsList"]
    assert (listed["SelectionId"], listed["SelectionName"]) == (made["SelectionId"], "all")
    with pytest.raises(ClientError, match="selections must be deleted"):
        backup.delete_backup_plan(BackupPlanId=plan_id)
    backup.delete_backup_selection(**place)
    with pytest.raises(ClientError, match="InvalidParameterValueException"):
        backup.get_backup_selection(**place)
    backup.delete_backup_plan(BackupPlanId=plan_id)


def test_a_vault_with_recovery_points_stays(client: Callable[[str], Any]) -> None:
    backup = make_vault(client)
    arn = make_recovery_point(backup)
    assert backup.describe_backup_vault(BackupVaultName="main")["NumberOfRecoveryPoints"] == 1
    with pytest.raises(ClientError, match="contains 1 recovery points"):
        backup.delete_backup_vault(BackupVaultName="main")
    point = backup.describe_recovery_point(BackupVaultName="main", RecoveryPointArn=arn)
    assert (point["ResourceArn"], point["Lifecycle"]) == (TABLE, {"DeleteAfterDays": 30})
    backup.delete_recovery_point(BackupVaultName="main", RecoveryPointArn=arn)
    backup.delete_backup_vault(BackupVaultName="main")


def test_nobody_deletes_a_recovery_point_in_a_locked_vault(client: Callable[[str], Any]) -> None:
    backup = make_vault(client)
    arn = make_recovery_point(backup)
    backup.put_backup_vault_lock_configuration(BackupVaultName="main", MinRetentionDays=7)
    with pytest.raises(ClientError, match="is locked"):
        backup.delete_recovery_point(BackupVaultName="main", RecoveryPointArn=arn)
    backup.delete_backup_vault_lock_configuration(BackupVaultName="main")
    backup.delete_recovery_point(BackupVaultName="main", RecoveryPointArn=arn)


def test_a_lock_says_how_long_a_recovery_point_is_kept(client: Callable[[str], Any]) -> None:
    backup = make_vault(client)
    backup.put_backup_vault_lock_configuration(
        BackupVaultName="main", MinRetentionDays=7, MaxRetentionDays=90
    )
    for days in (3, 100):
        with pytest.raises(ClientError, match="InvalidParameterValueException"):
            make_recovery_point(backup, days)
    make_recovery_point(backup)


def test_a_lock_without_a_day_can_be_taken_off(client: Callable[[str], Any]) -> None:
    backup = make_vault(client)
    for how in ({"ChangeableForDays": 3}, {}):
        backup.put_backup_vault_lock_configuration(BackupVaultName="main", MinRetentionDays=7, **how)
    assert "LockDate" not in backup.describe_backup_vault(BackupVaultName="main")
    backup.delete_backup_vault_lock_configuration(BackupVaultName="main")


def test_a_lock_that_has_closed_does_not_keep_an_empty_vault(client: Callable[[str], Any]) -> None:
    backup = make_vault(client)
    backup.put_backup_vault_lock_configuration(BackupVaultName="main", ChangeableForDays=3)
    arn = make_recovery_point(backup)
    vault: Any = backup_backends["111111111111"]["eu-west-1"].vaults["main"]
    vault.lock_date = datetime.now(UTC).timestamp() - 1
    with pytest.raises(ClientError, match="immutable"):
        backup.delete_backup_vault_lock_configuration(BackupVaultName="main")
    with pytest.raises(ClientError, match="contains 1 recovery points"):
        backup.delete_backup_vault(BackupVaultName="main")
    vault.recovery_points.pop(arn)
    backup.delete_backup_vault(BackupVaultName="main")
