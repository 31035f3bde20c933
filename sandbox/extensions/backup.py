"""AWS Backup: policies and notifications of vaults, plans that change, and selections."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from moto.backup.exceptions import (
    InvalidParameterValueException,
    InvalidRequestException,
    ResourceNotFoundException,
)
from moto.backup.models import BackupBackend, Plan, Vault
from moto.backup.responses import BackupResponse
from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import unix_time
from moto.moto_api._internal import mock_random

from sandbox.extensions.records import given
from sandbox.extensions.registry import adds, replaces

# AWS Backup Developer Guide, Lifecycle: what goes to cold storage stays there that long.
_LEAST_COLD_DAYS = 90
_SUB_RESOURCES = ("access-policy", "notification-configuration", "recovery-points")


@replaces(BackupBackend, "flask_paths")
def _answer_at_all_paths(original: Callable[[Any], dict[str, Any]], self: BackupBackend) -> dict[str, Any]:
    """What belongs to a vault, and jobs, have addresses of their own."""
    more = [f"/backup-vaults/<name>/{each}" for each in _SUB_RESOURCES]
    more += ["/backup-vaults/<name>/recovery-points/<path:arn>", "/backup-jobs"]
    return original(self) | dict.fromkeys(more, BackupResponse.dispatch)


@adds(BackupResponse, "put_backup_vault_access_policy")
def _put_policy(self: BackupResponse) -> ActionResult:
    """PutBackupVaultAccessPolicy, of a policy that is one."""
    asked = given(self)
    try:
        statements = json.loads(asked["Policy"])["Statement"]
    except (ValueError, KeyError, TypeError):
        statements = None
    if not statements:
        raise InvalidParameterValueException("Invalid policy: it is no document with statements")
    vault(self, asked).access_policy = asked["Policy"]
    return EmptyResult()


@adds(BackupResponse, "get_backup_vault_access_policy")
def _get_policy(self: BackupResponse) -> ActionResult:
    """GetBackupVaultAccessPolicy."""
    found = vault(self, given(self))
    if not getattr(found, "access_policy", None):
        raise ResourceNotFoundException(f"Backup vault {found.backup_vault_name} has no access policy")
    return ActionResult(_named(found) | {"Policy": found.access_policy})


@adds(BackupResponse, "delete_backup_vault_access_policy")
def _delete_policy(self: BackupResponse) -> ActionResult:
    """DeleteBackupVaultAccessPolicy."""
    vault(self, given(self)).access_policy = None
    return EmptyResult()


@adds(BackupResponse, "put_backup_vault_notifications")
def _put_notifications(self: BackupResponse) -> ActionResult:
    """PutBackupVaultNotifications."""
    asked = given(self)
    told = {name: asked[name] for name in ("SNSTopicArn", "BackupVaultEvents")}
    vault(self, asked).notifications = told
    return EmptyResult()


@adds(BackupResponse, "get_backup_vault_notifications")
def _get_notifications(self: BackupResponse) -> ActionResult:
    """GetBackupVaultNotifications."""
    found = vault(self, given(self))
    if not getattr(found, "notifications", None):
        raise ResourceNotFoundException(f"Backup vault {found.backup_vault_name} has no notifications")
    return ActionResult(_named(found) | found.notifications)


@adds(BackupResponse, "delete_backup_vault_notifications")
def _delete_notifications(self: BackupResponse) -> ActionResult:
    """DeleteBackupVaultNotifications."""
    vault(self, given(self)).notifications = None
    return EmptyResult()


@replaces(BackupBackend, "create_backup_plan")
def _create_plan(
    original: Callable[..., Plan], self: BackupBackend, backup_plan: dict[str, Any], *args: Any, **kwargs: Any
) -> Plan:
    """A plan's rules are ones that AWS keeps, and a deleted plan's name is free."""
    check_rules(self, backup_plan)
    live = {name: plan for name, plan in self.plans.items() if plan.deletion_date is None}
    ended = {name: plan for name, plan in self.plans.items() if name not in live}
    self.plans = live
    try:
        return original(self, backup_plan, *args, **kwargs)
    finally:
        self.plans = ended | self.plans


@adds(BackupResponse, "update_backup_plan")
def _update_plan(self: BackupResponse) -> ActionResult:
    """UpdateBackupPlan: the whole plan anew, as another version."""
    asked = given(self)
    plan: Any = self.backup_backend.get_backup_plan(asked["BackupPlanId"], None)
    check_rules(self.backup_backend, asked["BackupPlan"])
    anew = Plan(asked["BackupPlan"], plan.creator_request_id, self.backup_backend)
    plan.backup_plan, plan.version_id = anew.backup_plan, anew.version_id
    plan.advanced_backup_settings = anew.advanced_backup_settings
    return ActionResult(plan.to_dict())


@replaces(BackupBackend, "delete_backup_plan")
def _delete_plan(
    original: Callable[..., tuple[str, str, float, str]], self: BackupBackend, backup_plan_id: str
) -> tuple[str, str, float, str]:
    """A plan with selections stays; one that is deleted is counted no more."""
    plan: Any = self.get_backup_plan(backup_plan_id, None)
    if getattr(plan, "selections", {}):
        raise InvalidRequestException(
            "Related backup plan selections must be deleted prior to backup plan deletion"
        )
    plan.status = "deleted"
    return original(self, backup_plan_id)


@adds(BackupResponse, "create_backup_selection")
def _create_selection(self: BackupResponse) -> ActionResult:
    """CreateBackupSelection."""
    asked = given(self)
    selections = _selections(self, asked)
    chosen = asked["BackupSelection"]
    if any(
        each["BackupSelection"]["SelectionName"] == chosen["SelectionName"] for each in selections.values()
    ):
        raise InvalidParameterValueException(f"Selection {chosen['SelectionName']} already exists")
    shown = {
        "SelectionId": str(mock_random.uuid4()),
        "BackupPlanId": asked["BackupPlanId"],
        "CreationDate": unix_time(),
    }
    selections[shown["SelectionId"]] = shown | {"BackupSelection": chosen}
    return ActionResult(shown)


@adds(BackupResponse, "get_backup_selection")
def _get_selection(self: BackupResponse) -> ActionResult:
    """GetBackupSelection."""
    asked = given(self)
    selections = _selections(self, asked)
    if asked["SelectionId"] not in selections:
        raise InvalidParameterValueException(f"Cannot find selection {asked['SelectionId']}")
    return ActionResult(selections[asked["SelectionId"]])


@adds(BackupResponse, "list_backup_selections")
def _list_selections(self: BackupResponse) -> ActionResult:
    """ListBackupSelections."""
    listed = [{**each, **each["BackupSelection"]} for each in _selections(self, given(self)).values()]
    return ActionResult({"BackupSelectionsList": listed})


@adds(BackupResponse, "delete_backup_selection")
def _delete_selection(self: BackupResponse) -> ActionResult:
    """DeleteBackupSelection."""
    asked = given(self)
    if _selections(self, asked).pop(asked["SelectionId"], None) is None:
        raise InvalidParameterValueException(f"Cannot find selection {asked['SelectionId']}")
    return EmptyResult()


def vault(response: BackupResponse, asked: dict[str, Any]) -> Any:
    """The vault that a call is about."""
    found: Vault = response.backup_backend.describe_backup_vault(asked["BackupVaultName"])
    return found


def check_rules(backend: BackupBackend, plan: dict[str, Any]) -> None:
    """Raises what AWS answers where a rule's vault is not there, or its lifecycle is none."""
    for rule in plan["Rules"]:
        if rule["TargetBackupVaultName"] not in backend.vaults:
            raise InvalidParameterValueException(
                f"Invalid backup vault name {rule['TargetBackupVaultName']}: there is no such vault"
            )
        for holder in (rule, *rule.get("CopyActions", [])):
            lifecycle = holder.get("Lifecycle") or {}
            cold, kept = lifecycle.get("MoveToColdStorageAfterDays"), lifecycle.get("DeleteAfterDays")
            if cold and kept and kept < cold + _LEAST_COLD_DAYS:
                raise InvalidParameterValueException(
                    f"DeleteAfterDays must exceed MoveToColdStorageAfterDays by {_LEAST_COLD_DAYS} days"
                )


def _named(found: Any) -> dict[str, Any]:
    return {"BackupVaultName": found.backup_vault_name, "BackupVaultArn": found.backup_vault_arn}


def _selections(response: BackupResponse, asked: dict[str, Any]) -> dict[str, Any]:
    plan = response.backup_backend.plans.get(asked["BackupPlanId"])
    if plan is None or plan.deletion_date is not None:
        raise InvalidParameterValueException(f"Cannot find Backup plan with ID {asked['BackupPlanId']}")
    selections: dict[str, Any] = vars(plan).setdefault("selections", {})
    return selections
