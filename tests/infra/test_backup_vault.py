from __future__ import annotations

from typing import Any

import pytest

from infra.components.backup_vault import BackupVault, BackupVaultArgs, LockMode
from tests.infra.parts import ACCOUNT, KEY, TOPIC, label, statements, values_of
from tests.infra.recorder import ACCOUNT_ID, Recording, record


def _recorded(**changes: Any) -> Recording:
    given: dict[str, Any] = {
        "label": label("backups"),
        "account": ACCOUNT,
        "key_arn": KEY,
        "topic_arn": TOPIC,
        "break_glass_role_name": "break-glass",
        "min_retention_days": 35,
        "max_retention_days": 365,
        **changes,
    }
    return record(lambda: {"arn": BackupVault("vault", BackupVaultArgs(**given)).arn})


def test_the_vault_is_under_its_key_and_is_not_destroyed_with_what_it_holds() -> None:
    vault = _recorded().one("backup/vault:Vault").inputs
    assert vault["kmsKeyArn"] == KEY
    assert vault["forceDestroy"] is False


def test_without_a_word_the_lock_becomes_one_that_nobody_can_open() -> None:
    lock = _recorded().one("backup/vaultLockConfiguration:VaultLockConfiguration").inputs
    assert lock["changeableForDays"] >= 3
    assert (lock["minRetentionDays"], lock["maxRetentionDays"]) == (35, 365)


def test_a_lock_for_governance_can_always_be_opened() -> None:
    lock = _recorded(lock=LockMode.GOVERNANCE).one("backup/vaultLockConfiguration:VaultLockConfiguration")
    assert "changeableForDays" not in lock.inputs


def test_a_lock_that_leaves_too_little_time_for_second_thoughts_is_refused() -> None:
    with pytest.raises(ValueError, match="changeable_for_days must be at least 3"):
        _recorded(changeable_for_days=2)


def test_nobody_ends_a_recovery_point_before_its_time_but_for_one_role() -> None:
    (deny,) = statements(_recorded(), "backup/vaultPolicy:VaultPolicy", "vault-policy")
    assert (deny["Effect"], deny["Principal"], deny["Resource"]) == ("Deny", {"AWS": "*"}, ["*"])
    assert set(deny["Action"]) == {
        "backup:DeleteRecoveryPoint",
        "backup:DisassociateRecoveryPoint",
        "backup:UpdateRecoveryPointLifecycle",
    }
    role = f"arn:aws:iam::{ACCOUNT_ID}:role/break-glass"
    assert deny["Condition"] == {"ArnNotEquals": {"aws:PrincipalArn": role}}


def test_the_topic_hears_of_events_that_aws_backup_has() -> None:
    notifications = _recorded().one("backup/vaultNotifications:VaultNotifications").inputs
    assert set(notifications["backupVaultEvents"]) <= values_of("backup", "BackupVaultEvent")
    assert "RECOVERY_POINT_MODIFIED" in notifications["backupVaultEvents"]
    assert notifications["snsTopicArn"] == TOPIC
