from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.controlplane.inventory import count_resources

Change = Callable[[Callable[[str], Any]], None]
BLOCK = {"PublicAccessBlockConfiguration": {"BlockPublicAcls": True}}
PLAN = {"BackupPlanName": "daily", "Rules": [{"RuleName": "daily", "TargetBackupVaultName": "main"}]}


def make_instance(client: Callable[[str], Any]) -> None:
    key = client("kms").create_key()["KeyMetadata"]
    client("rds").create_db_instance(
        DBInstanceIdentifier="app",
        Engine="postgres",
        DBInstanceClass="db.t4g.medium",
        MasterUsername="app_admin",
        ManageMasterUserPassword=True,
        MasterUserSecretKmsKeyId=key["Arn"],
    )
    client("rds").describe_db_instances()
    client("kms").schedule_key_deletion(KeyId=key["KeyId"], PendingWindowInDays=7)


def make_plan(client: Callable[[str], Any]) -> None:
    client("backup").create_backup_vault(BackupVaultName="main")
    client("backup").create_backup_plan(BackupPlan=PLAN)


def delete_plan(client: Callable[[str], Any]) -> None:
    [plan] = client("backup").list_backup_plans()["BackupPlansList"]
    client("backup").delete_backup_plan(BackupPlanId=plan["BackupPlanId"])
    client("backup").delete_backup_vault(BackupVaultName="main")


def account(client: Callable[[str], Any]) -> Any:
    # an address of this machine has no name for each account
    control = client("s3control")
    control.meta.events.register("before-sign", _without_account)
    return control


def _without_account(request: Any, **_: Any) -> None:
    request.url = request.url.replace("//111111111111.", "//")


@pytest.mark.parametrize(
    ("make", "delete", "counts"),
    [
        pytest.param(
            make_instance,
            lambda client: client("rds").delete_db_instance(
                DBInstanceIdentifier="app", SkipFinalSnapshot=True
            ),
            # with the backup that AWS makes of a new one, and the secret of its master user
            {"rds": 2, "secretsmanager": 1},
            id="a database",
        ),
        pytest.param(make_plan, delete_plan, {"backup": 2}, id="a vault and a plan"),
        pytest.param(
            lambda client: client("iam").update_account_password_policy(MinimumPasswordLength=14),
            lambda client: client("iam").delete_account_password_policy(),
            {"iam": 1},
            id="a password policy",
        ),
        pytest.param(
            lambda client: account(client).put_public_access_block(AccountId="111111111111", **BLOCK),
            lambda client: account(client).delete_public_access_block(AccountId="111111111111"),
            {"s3control": 1},
            id="an account's block of public access",
        ),
    ],
)
def test_what_is_made_is_counted_until_it_is_deleted(
    cloud: Any, make: Change, delete: Change, counts: dict[str, int]
) -> None:
    before = count_resources("111111111111")
    make(cloud.client)
    assert count_resources("111111111111") == before | counts
    delete(cloud.client)
    assert count_resources("111111111111") == before
