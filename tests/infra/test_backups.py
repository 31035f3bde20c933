from __future__ import annotations

from typing import Any

import pytest

from infra.components.backups import Backups, BackupsArgs, Retention, backup_tag
from tests.infra.parts import ACCOUNT, BOUNDARY, KEY, TOPIC, label, statements
from tests.infra.recorder import ACCOUNT_ID, Recording, record

DATABASE = f"arn:aws:rds:eu-west-1:{ACCOUNT_ID}:db:slipway-prod-database"
ELSEWHERE = "arn:aws:backup:eu-central-1:444444444444:backup-vault:slipway-prod"


def _recorded(**changes: Any) -> Recording:
    given: dict[str, Any] = {
        "label": label("backups"),
        "account": ACCOUNT,
        "key_arn": KEY,
        "topic_arn": TOPIC,
        "boundary_arn": BOUNDARY,
        "resource_arns": [DATABASE],
        "break_glass_role_name": "break-glass",
        **changes,
    }
    return record(lambda: {"restore": Backups("backups", BackupsArgs(**given)).restore_role_arn})


def _rules(recording: Recording) -> dict[str, Any]:
    return {rule["ruleName"]: rule for rule in recording.one("backup/plan:Plan").inputs["rules"]}


def test_a_night_is_kept_for_five_weeks_and_a_month_for_a_year() -> None:
    rules = _rules(_recorded())
    assert {name: rule["lifecycle"]["deleteAfter"] for name, rule in rules.items()} == {
        "nightly": 35,
        "monthly": 365,
    }


def test_the_lock_of_the_vault_lets_the_plan_keep_what_it_says_and_no_less() -> None:
    recorded = _recorded(retention=Retention(nightly_days=7, monthly_days=90))
    lock = recorded.one("backup/vaultLockConfiguration:VaultLockConfiguration").inputs
    kept = [rule["lifecycle"]["deleteAfter"] for rule in _rules(recorded).values()]
    assert [lock["minRetentionDays"], lock["maxRetentionDays"]] == kept == [7, 90]


def test_only_what_is_kept_long_enough_goes_cold() -> None:
    rules = _rules(_recorded(retention=Retention(cold_after_days=30)))
    assert rules["monthly"]["lifecycle"]["coldStorageAfter"] == 30
    assert "coldStorageAfter" not in rules["nightly"]["lifecycle"]
    with pytest.raises(ValueError, match="monthly_days must be at least 120, got 100"):
        Retention(monthly_days=100, cold_after_days=30)


@pytest.mark.parametrize(("nightly", "monthly"), [(0, 365), (35, 30)])
def test_retentions_that_make_no_sense_are_refused(nightly: int, monthly: int) -> None:
    with pytest.raises(ValueError, match=f"got {nightly} and {monthly} days"):
        Retention(nightly_days=nightly, monthly_days=monthly)


def test_every_recovery_point_is_copied_elsewhere_if_there_is_an_elsewhere() -> None:
    rules = _rules(_recorded(copy_to_vault_arn=ELSEWHERE))
    for rule in rules.values():
        (copy,) = rule["copyActions"]
        assert copy["destinationVaultArn"] == ELSEWHERE
        assert copy["lifecycle"]["deleteAfter"] == rule["lifecycle"]["deleteAfter"]
    assert not any(rule.get("copyActions") for rule in _rules(_recorded()).values())


def test_a_resource_is_selected_by_its_arn_whatever_its_tags_and_by_its_tag_whatever_its_arn() -> None:
    selection = _recorded().one("backup/selection:Selection").inputs
    assert selection["resources"] == [DATABASE]
    assert selection["selectionTags"] == [{"type": "STRINGEQUALS", "key": "Backup", "value": "slipway-prod"}]
    assert backup_tag(label("database")) == {"Backup": "slipway-prod"}


@pytest.mark.parametrize(
    ("role", "policy"),
    [
        ("backup", "AWSBackupServiceRolePolicyForBackup"),
        ("restore", "AWSBackupServiceRolePolicyForRestores"),
    ],
)
def test_who_makes_a_copy_does_not_bring_one_back(role: str, policy: str) -> None:
    recorded = _recorded()
    made = recorded.one("iam/role:Role", f"backups-{role}-role-role").inputs
    (trust,) = statements(recorded, "iam/role:Role", f"backups-{role}-role-role", "assumeRolePolicy")
    attached = [
        each.inputs["policyArn"]
        for each in recorded.of("iam/rolePolicyAttachment:RolePolicyAttachment")
        if each.inputs["role"] == made["name"]
    ]
    assert attached == [f"arn:aws:iam::aws:policy/service-role/{policy}"]
    assert trust["Principal"] == {"Service": "backup.amazonaws.com"}
    assert made["permissionsBoundary"] == BOUNDARY


def test_the_plan_works_by_the_role_that_only_backs_up() -> None:
    recorded = _recorded()
    selection = recorded.one("backup/selection:Selection")
    assert selection.inputs["iamRoleArn"].endswith("role/backups-backup-role-role")
    assert "backups-backup-role-managed" in selection.dependencies
