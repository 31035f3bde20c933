"""AWS Backup: recovery points, which a job makes at once, and what keeps them and their vault."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.backup.exceptions import (
    InvalidParameterValueException,
    InvalidRequestException,
    ResourceNotFoundException,
)
from moto.backup.models import BackupBackend, Vault
from moto.backup.responses import BackupResponse
from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import unix_time
from moto.moto_api._internal import mock_random

from sandbox.extensions.backup import vault
from sandbox.extensions.records import given, page
from sandbox.extensions.registry import adds, replaces

_SECONDS_IN_A_DAY = 86400


@replaces(Vault, "__init__")
def _count_recovery_points(original: Callable[..., None], self: Any, *args: Any, **kwargs: Any) -> None:
    """DescribeBackupVault says how many recovery points a vault holds."""
    original(self, *args, **kwargs)
    self.recovery_points = {}
    self.number_of_recovery_points = 0


@replaces(BackupBackend, "delete_backup_vault")
def _keep_full_vault(original: Callable[..., None], self: BackupBackend, backup_vault_name: str) -> None:
    """A vault with recovery points stays, locked or not; an empty one goes, locked or not."""
    found: Any = self.describe_backup_vault(backup_vault_name)
    if found.recovery_points:
        raise InvalidRequestException(
            f"Backup vault cannot be deleted because it contains {len(found.recovery_points)} recovery points"
        )
    original(self, backup_vault_name)


@replaces(BackupBackend, "put_backup_vault_lock_configuration")
def _open_lock_without_a_day(
    original: Callable[..., None], self: BackupBackend, backup_vault_name: str, *args: Any, **lock: Any
) -> None:
    """A lock that is put without a number of days can be taken off at any time."""
    original(self, backup_vault_name, *args, **lock)
    if lock.get("changeable_for_days") is None:
        self.vaults[backup_vault_name].lock_date = None


@adds(BackupResponse, "start_backup_job")
def _start_job(self: BackupResponse) -> ActionResult:
    """StartBackupJob: the recovery point is there at once."""
    asked = given(self)
    found = vault(self, asked)
    lifecycle = asked.get("Lifecycle") or {}
    kept_days = lifecycle.get("DeleteAfterDays")
    _check_retention(found, kept_days)
    backend, now = self.backup_backend, unix_time()
    arn = f"arn:aws:backup:{backend.region_name}:{backend.account_id}:recovery-point:{mock_random.uuid4()}"
    found.recovery_points[arn] = {
        "RecoveryPointArn": arn,
        "BackupVaultName": found.backup_vault_name,
        "BackupVaultArn": found.backup_vault_arn,
        "ResourceArn": asked["ResourceArn"],
        "ResourceType": asked["ResourceArn"].split(":")[2],
        "IamRoleArn": asked["IamRoleArn"],
        "Status": "COMPLETED",
        "CreationDate": now,
        "CompletionDate": now,
        "BackupSizeInBytes": 0,
        "IsEncrypted": True,
        "EncryptionKeyArn": found.encryption_key_arn,
        "Lifecycle": lifecycle,
        "CalculatedLifecycle": {"DeleteAt": now + kept_days * _SECONDS_IN_A_DAY} if kept_days else {},
    }
    found.number_of_recovery_points = len(found.recovery_points)
    return ActionResult(
        {"BackupJobId": str(mock_random.uuid4()), "RecoveryPointArn": arn, "CreationDate": now}
    )


@adds(BackupResponse, "list_recovery_points_by_backup_vault")
def _list_recovery_points(self: BackupResponse) -> ActionResult:
    """ListRecoveryPointsByBackupVault."""
    asked = given(self)
    points = list(vault(self, asked).recovery_points.values())
    shown, token = page(points, asked.get("NextToken"), asked.get("MaxResults"))
    return ActionResult({"RecoveryPoints": shown, "NextToken": token})


@adds(BackupResponse, "describe_recovery_point")
def _describe_recovery_point(self: BackupResponse) -> ActionResult:
    """DescribeRecoveryPoint."""
    asked = given(self)
    return ActionResult(_recovery_point(vault(self, asked), asked))


@adds(BackupResponse, "delete_recovery_point")
def _delete_recovery_point(self: BackupResponse) -> ActionResult:
    """DeleteRecoveryPoint: nobody deletes one in a locked vault."""
    asked = given(self)
    found = vault(self, asked)
    point = _recovery_point(found, asked)
    if found.locked:
        raise InvalidRequestException(
            f"Recovery point cannot be deleted: backup vault {found.backup_vault_name} is locked"
        )
    del found.recovery_points[point["RecoveryPointArn"]]
    found.number_of_recovery_points = len(found.recovery_points)
    return EmptyResult()


def _recovery_point(found: Any, asked: dict[str, Any]) -> dict[str, Any]:
    point: dict[str, Any] | None = found.recovery_points.get(asked["RecoveryPointArn"])
    if point is None:
        raise ResourceNotFoundException(f"Cannot find recovery point {asked['RecoveryPointArn']}")
    return point


def _check_retention(found: Any, kept_days: int | None) -> None:
    least, most = found.min_retention_days, found.max_retention_days
    too_short = least is not None and kept_days is not None and kept_days < least
    # what is kept for ever is kept for too long
    too_long = most is not None and (kept_days is None or kept_days > most)
    if found.locked and (too_short or too_long):
        raise InvalidParameterValueException(
            f"The retention of {kept_days or 'unlimited'} days is not what the lock of backup vault "
            f"{found.backup_vault_name} allows: {least or 0} to {most or 'any number of'} days"
        )
