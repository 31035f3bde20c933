"""Plans of AWS Backup: when copies are made, of what, and how long they are kept."""

from awsmodel.names import Properties
from awsmodel.resource import AutoName, Call, Example, ResourceType
from awsmodel.types.backup_vault import BACKUP_TAGS

_PLAN = {"BackupPlanId": "id"}

PLAN = ResourceType(
    token="aws:backup/plan:Plan",
    service="backup",
    create=Call(operation="create_backup_plan"),
    id="BackupPlanId",
    read=Call(operation="get_backup_plan", identify=_PLAN),
    updates=(Call(operation="update_backup_plan", identify=_PLAN, whole=True),),
    delete=Call(operation="delete_backup_plan", identify=_PLAN),
    list=Call(operation="list_backup_plans", result="BackupPlansList[].BackupPlanId"),
    names={
        "*.coldStorageAfter": "MoveToColdStorageAfterDays",
        "*.deleteAfter": "DeleteAfterDays",
        "advancedBackupSettings": "BackupPlan.AdvancedBackupSettings",
        "arn": "BackupPlanArn",
        "name": "BackupPlan.BackupPlanName",
        "rules": "BackupPlan.Rules",
        "rules.completionWindow": "CompletionWindowMinutes",
        "rules.copyActions.destinationVaultArn": "DestinationBackupVaultArn",
        "rules.schedule": "ScheduleExpression",
        "rules.startWindow": "StartWindowMinutes",
        "rules.targetVaultName": "TargetBackupVaultName",
        "scanSettings": "BackupPlan.ScanSettings",
        "version": "VersionId",
    },
    auto_name=AutoName(limit=50),
    tags=BACKUP_TAGS,
    gone=frozenset({"ResourceNotFoundException"}),
    gone_when="DeletionDate",
    # its selections go first
    busy=frozenset({"InvalidRequestException"}),
    example=Example(
        inputs=lambda need: {
            "name": "example",
            "rules": [
                {
                    "ruleName": "daily",
                    "targetVaultName": need("aws:backup/vault:Vault", "name"),
                    "schedule": "cron(0 3 * * ? *)",
                    "scheduleExpressionTimezone": "Europe/Dublin",
                    "startWindow": 60,
                    "completionWindow": 180,
                    "enableContinuousBackup": True,
                    "lifecycle": {"deleteAfter": 35},
                    "recoveryPointTags": {"Data": "example"},
                }
            ],
            "tags": {"Data": "example"},
        },
        update=lambda need: {
            "name": "example-changed",
            "rules": [
                {
                    "ruleName": "monthly",
                    "targetVaultName": need("aws:backup/vault:Vault", "name"),
                    "schedule": "cron(0 4 1 * ? *)",
                    "startWindow": 120,
                    "completionWindow": 360,
                    "lifecycle": {"coldStorageAfter": 30, "deleteAfter": 365},
                    "copyActions": [
                        {
                            "destinationVaultArn": need("aws:backup/vault:Vault", "arn", name="example-two"),
                            "lifecycle": {"deleteAfter": 120},
                        }
                    ],
                }
            ],
            "advancedBackupSettings": [
                {"resourceType": "EC2", "backupOptions": {"WindowsVSS": "enabled"}},
            ],
            "tags": {"Data": "other", "Owner": "platform"},
        },
    ),
)


def _pair(physical_id: str) -> Properties:
    return dict(zip(("planId", "selectionId"), physical_id.split("|", 1), strict=True))


SELECTION = ResourceType(
    token="aws:backup/selection:Selection",
    service="backup",
    create=Call(operation="create_backup_selection"),
    id=lambda known: f"{known['planId']}|{known['answer']['SelectionId']}",
    parse_id=_pair,
    read=Call(
        operation="get_backup_selection", identify={"BackupPlanId": "planId", "SelectionId": "selectionId"}
    ),
    delete=Call(
        operation="delete_backup_selection",
        identify={"BackupPlanId": "planId", "SelectionId": "selectionId"},
    ),
    names={
        "*.key": "ConditionKey",
        "*.stringLikes": "StringLike",
        "*.stringNotLikes": "StringNotLike",
        "*.type": "ConditionType",
        "*.value": "ConditionValue",
        "conditions": "BackupSelection.Conditions",
        "iamRoleArn": "BackupSelection.IamRoleArn",
        "name": "BackupSelection.SelectionName",
        "notResources": "BackupSelection.NotResources",
        "planId": "BackupPlanId",
        "resources": "BackupSelection.Resources",
        "selectionTags": "BackupSelection.ListOfTags",
    },
    auto_name=AutoName(limit=50),
    # what AWS answers for a plan that is gone, and for a selection of it
    gone=frozenset({"ResourceNotFoundException", "InvalidParameterValueException"}),
    example=Example(
        inputs=lambda need: {
            "name": "example",
            "planId": need("aws:backup/plan:Plan", "id"),
            "iamRoleArn": need("aws:iam/role:Role", "arn"),
            "resources": ["*"],
            "notResources": ["arn:aws:s3:::example-*"],
            "conditions": [{"stringEquals": [{"key": "aws:ResourceTag/Backup", "value": "daily"}]}],
            "selectionTags": [{"type": "STRINGEQUALS", "key": "Backup", "value": "daily"}],
        },
        replace=lambda need: {"resources": ["arn:aws:dynamodb:*:*:table/example"]},
    ),
)
