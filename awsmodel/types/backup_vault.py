"""Vaults of AWS Backup: where recovery points are, who may touch them, and how long nobody may."""

from typing import Any

from awsmodel.names import Properties
from awsmodel.patience import Patience
from awsmodel.resource import AutoName, Call, Example, ResourceType, Tags

_VAULT = {"BackupVaultName": "id"}
_PATIENCE_SECONDS = 600
# a vault that is not there is also answered with AccessDenied, which a missing permission is as well
_GONE = frozenset({"ResourceNotFoundException"})

BACKUP_TAGS = Tags(
    tag="tag_resource",
    untag="untag_resource",
    target="ResourceArn",
    untag_keys="TagKeyList",
    read="list_tags",
)


def _empty(client: Any, known: Properties) -> None:
    """Deletes every recovery point; AWS takes a while to let go of those of databases."""
    if not known.get("forceDestroy"):
        return
    asked: set[str] = set()

    def is_empty() -> bool:
        pages = client.get_paginator("list_recovery_points_by_backup_vault")
        points = [
            point["RecoveryPointArn"]
            for page in pages.paginate(BackupVaultName=known["id"])
            for point in page["RecoveryPoints"]
        ]
        for point in points:
            if point not in asked:
                client.delete_recovery_point(BackupVaultName=known["id"], RecoveryPointArn=point)
                asked.add(point)
        return not points

    Patience.of(_PATIENCE_SECONDS).until(is_empty, what=f"the emptying of {known['id']}")


VAULT = ResourceType(
    token="aws:backup/vault:Vault",
    service="backup",
    create=Call(operation="create_backup_vault"),
    id="{name}",
    parse_id=lambda physical_id: {"name": physical_id},
    read=Call(operation="describe_backup_vault", identify=_VAULT),
    delete=Call(operation="delete_backup_vault", identify=_VAULT, before=_empty),
    list=Call(operation="list_backup_vaults", result="BackupVaultList[].BackupVaultName"),
    names={
        "arn": "BackupVaultArn",
        "kmsKeyArn": "EncryptionKeyArn",
        "name": "BackupVaultName",
        "recoveryPoints": "NumberOfRecoveryPoints",
    },
    defaults={"forceDestroy": False},
    auto_name=AutoName(limit=50),
    tags=BACKUP_TAGS,
    unreadable={"forceDestroy": "a switch of the delete; AWS does not know it"},
    gone=_GONE,
    example=Example(
        inputs=lambda need: {
            "name": "example",
            "kmsKeyArn": need("aws:kms/key:Key", "arn"),
            "tags": {"Data": "example"},
        },
        update=lambda need: {"forceDestroy": True, "tags": {"Data": "other", "Owner": "platform"}},
        replace=lambda need: {
            "name": "other",
            "kmsKeyArn": need("aws:kms/key:Key", "arn", description="another"),
        },
    ),
)

VAULT_LOCK_CONFIGURATION = ResourceType(
    token="aws:backup/vaultLockConfiguration:VaultLockConfiguration",
    service="backup",
    create=Call(operation="put_backup_vault_lock_configuration"),
    id="{backupVaultName}",
    parse_id=lambda physical_id: {"backupVaultName": physical_id},
    read=Call(operation="describe_backup_vault", identify=_VAULT),
    updates=(Call(operation="put_backup_vault_lock_configuration", identify=_VAULT, whole=True),),
    # a lock that has closed (InvalidRequestException) goes with its vault, which AWS deletes when it is empty
    delete=Call(operation="delete_backup_vault_lock_configuration", identify=_VAULT),
    list=Call(operation="list_backup_vaults", result="BackupVaultList[?Locked].BackupVaultName"),
    unreadable={"changeableForDays": "AWS shows the day on which the lock closes"},
    gone=_GONE | {"InvalidRequestException"},
    gone_when="!Locked",
    leaves="a lock that has closed never comes off",
    example=Example(
        inputs=lambda need: {
            "backupVaultName": need("aws:backup/vault:Vault", "name"),
            "minRetentionDays": 7,
            "maxRetentionDays": 365,
        },
        update=lambda need: {"minRetentionDays": 30, "maxRetentionDays": 400},
        replace=lambda need: {"backupVaultName": "other"},
    ),
)


def _policy(action: str) -> str:
    return (
        f'{{"Version":"2012-10-17","Statement":[{{"Effect":"Deny","Principal":"*","Action":"backup:{action}",'
        '"Resource":"*"}]}'
    )


VAULT_POLICY = ResourceType(
    token="aws:backup/vaultPolicy:VaultPolicy",
    service="backup",
    create=Call(operation="put_backup_vault_access_policy"),
    id="{backupVaultName}",
    parse_id=lambda physical_id: {"backupVaultName": physical_id},
    read=Call(operation="get_backup_vault_access_policy", identify=_VAULT),
    updates=(Call(operation="put_backup_vault_access_policy", identify=_VAULT),),
    delete=Call(operation="delete_backup_vault_access_policy", identify=_VAULT),
    gone=_GONE,
    example=Example(
        inputs=lambda need: {
            "backupVaultName": need("aws:backup/vault:Vault", "name"),
            "policy": _policy("DeleteRecoveryPoint"),
        },
        update=lambda need: {"policy": _policy("UpdateRecoveryPointLifecycle")},
        replace=lambda need: {"backupVaultName": "other"},
    ),
)

VAULT_NOTIFICATIONS = ResourceType(
    token="aws:backup/vaultNotifications:VaultNotifications",
    service="backup",
    create=Call(operation="put_backup_vault_notifications"),
    id="{backupVaultName}",
    parse_id=lambda physical_id: {"backupVaultName": physical_id},
    read=Call(operation="get_backup_vault_notifications", identify=_VAULT),
    updates=(Call(operation="put_backup_vault_notifications", identify=_VAULT, whole=True),),
    delete=Call(operation="delete_backup_vault_notifications", identify=_VAULT),
    gone=_GONE,
    example=Example(
        inputs=lambda need: {
            "backupVaultName": need("aws:backup/vault:Vault", "name"),
            "snsTopicArn": need("aws:sns/topic:Topic", "arn"),
            "backupVaultEvents": ["BACKUP_JOB_FAILED", "COPY_JOB_FAILED"],
        },
        update=lambda need: {
            "snsTopicArn": need("aws:sns/topic:Topic", "arn", name="example-two"),
            "backupVaultEvents": ["BACKUP_JOB_EXPIRED", "COPY_JOB_FAILED"],
        },
        replace=lambda need: {"backupVaultName": "other"},
    ),
)
