"""DynamoDB tables."""

from typing import Any

from awsmodel.names import Properties
from awsmodel.patience import Patience
from awsmodel.resource import AutoName, Call, Example, Params, ResourceType, Tags
from awsmodel.types.dynamodb_indexes import (
    ON_DEMAND,
    index,
    index_changes,
    keys,
    members,
    shown_index,
    shown_keys,
)

_TABLE = {"TableName": "id"}
_PATIENCE_SECONDS = 600
# DynamoDB API reference, PointInTimeRecoverySpecification: what it is where nobody says
_RECOVERY_DAYS = 35


def _active(client: Any, known: Properties) -> None:
    """A table takes one change at a time, and none while it makes the one before."""

    def is_active() -> bool:
        table = client.describe_table(TableName=known["id"])["Table"]
        indexes = table.get("GlobalSecondaryIndexes", [])
        return {table["TableStatus"], *(each["IndexStatus"] for each in indexes)} == {"ACTIVE"}

    Patience.of(_PATIENCE_SECONDS).until(is_active, what=f"the end of the last change of {known['id']}")


def _backups_are_there(client: Any, known: Properties) -> None:
    """A new table has no backups to go back in for a moment."""

    def is_there() -> bool:
        answer = client.describe_continuous_backups(TableName=known["id"])
        return bool(answer["ContinuousBackupsDescription"]["ContinuousBackupsStatus"] == "ENABLED")

    Patience.of(_PATIENCE_SECONDS).until(is_there, what=f"the backups of {known['id']}")


def _creation(known: Properties) -> Params:
    indexes = [index(each) for each in known.get("globalSecondaryIndexes") or ()]
    return (
        keys(known)
        | ({"GlobalSecondaryIndexes": indexes} if indexes else {})
        | (_encryption(known) if (known.get("serverSideEncryption") or {}).get("enabled") else {})
    )


def _encryption(known: Properties) -> Params:
    wanted = known.get("serverSideEncryption") or {}
    if not wanted.get("enabled"):
        # a key of DynamoDB's own
        return {"SSESpecification": {"Enabled": False}}
    key = {"KMSMasterKeyId": wanted["kmsKeyArn"]} if wanted.get("kmsKeyArn") else {}
    return {"SSESpecification": {"Enabled": True, "SSEType": "KMS", **key}}


def _limits(known: Properties) -> Params:
    # a limit goes by -1
    given = members(known.get("onDemandThroughput") or {}, ON_DEMAND)
    return {"OnDemandThroughput": dict.fromkeys(ON_DEMAND.values(), -1) | given}


def _stream(known: Properties) -> list[Params]:
    """A stream that is on takes no other view: it goes off, and on again."""
    off: Params = {"StreamSpecification": {"StreamEnabled": False}}
    steps = [off] if known["live"].get("streamEnabled") else []
    if known.get("streamEnabled"):
        view = known.get("streamViewType")
        steps.append({"StreamSpecification": {"StreamEnabled": True, "StreamViewType": view}})
    return steps


def _expiry(known: Properties) -> list[Params]:
    old = (known["live"].get("ttl") or {}).get("attributeName")
    wanted = known.get("ttl") or {}
    new = wanted.get("attributeName") if wanted.get("enabled") else None
    steps = [(old, False)] if old else []
    steps += [(new, True)] if new else []
    return [
        {"TimeToLiveSpecification": {"AttributeName": name, "Enabled": on}}
        for name, on in steps
        if old != new
    ]


def _recovery(known: Properties) -> Params:
    wanted = known.get("pointInTimeRecovery") or {}
    specification: Params = {"PointInTimeRecoveryEnabled": bool(wanted.get("enabled"))}
    if wanted.get("enabled"):
        specification["RecoveryPeriodInDays"] = wanted.get("recoveryPeriodInDays") or _RECOVERY_DAYS
    return {"PointInTimeRecoverySpecification": specification}


def _shown(table: Any) -> Properties:
    # AWS leaves out what was never set
    billing = (table.get("BillingModeSummary") or {}).get("BillingMode", "PROVISIONED")
    encryption = table.get("SSEDescription") or {}
    limits = table.get("OnDemandThroughput") or {}
    shown = {name: limits[member] for name, member in ON_DEMAND.items() if limits.get(member, -1) != -1}
    is_encrypted = encryption.get("Status") in ("ENABLED", "ENABLING", "UPDATING")
    return {
        **shown_keys(table),
        "billingMode": billing,
        "globalSecondaryIndexes": [shown_index(each) for each in table.get("GlobalSecondaryIndexes", [])],
        "onDemandThroughput": shown or None,
        "serverSideEncryption": {"enabled": True, "kmsKeyArn": encryption.get("KMSMasterKeyArn")}
        if is_encrypted
        else None,
        "streamEnabled": bool((table.get("StreamSpecification") or {}).get("StreamEnabled")),
        "tableClass": (table.get("TableClassSummary") or {}).get("TableClass", "STANDARD"),
    } | ({"readCapacity": None, "writeCapacity": None} if billing == "PAY_PER_REQUEST" else {})


def _shown_expiry(answer: Any) -> Properties:
    is_on = answer["TimeToLiveStatus"] in ("ENABLED", "ENABLING")
    return {"ttl": {"attributeName": answer["AttributeName"], "enabled": True}} if is_on else {}


def _shown_recovery(answer: Any) -> Properties:
    recovery = answer.get("PointInTimeRecoveryDescription") or {}
    is_on = recovery.get("PointInTimeRecoveryStatus") == "ENABLED"
    days = {"recoveryPeriodInDays": recovery["RecoveryPeriodInDays"]} if is_on else {}
    return {"pointInTimeRecovery": {"enabled": is_on, **days}}


def _change(*properties: str, **how: Any) -> Call:
    return Call(
        operation="update_table",
        identify=_TABLE,
        properties=frozenset(properties),
        before=_active,
        **how,
    )


TABLE = ResourceType(
    token="aws:dynamodb/table:Table",
    service="dynamodb",
    create=Call(
        operation="create_table",
        properties=frozenset(
            {
                "attributes",
                "billingMode",
                "deletionProtectionEnabled",
                "globalSecondaryIndexes",
                "hashKey",
                "name",
                "onDemandThroughput",
                "rangeKey",
                "readCapacity",
                "serverSideEncryption",
                "tableClass",
                "warmThroughput",
                "writeCapacity",
            }
        ),
        build=_creation,
    ),
    id="{name}",
    parse_id=lambda physical_id: {"name": physical_id},
    read=Call(operation="describe_table", identify=_TABLE, result="Table", decode=_shown),
    more_reads=(
        Call(
            operation="describe_time_to_live",
            identify=_TABLE,
            result="TimeToLiveDescription",
            decode=_shown_expiry,
        ),
        Call(
            operation="describe_continuous_backups",
            identify=_TABLE,
            result="ContinuousBackupsDescription",
            decode=_shown_recovery,
        ),
    ),
    updates=(
        _change("billingMode", "readCapacity", "writeCapacity", whole=True),
        _change("globalSecondaryIndexes", "attributes", build=index_changes),
        _change("serverSideEncryption", build=_encryption),
        _change("onDemandThroughput", build=_limits),
        _change("warmThroughput"),
        _change("tableClass"),
        _change("deletionProtectionEnabled"),
        _change("streamEnabled", "streamViewType", build=_stream),
        Call(
            operation="update_time_to_live",
            identify=_TABLE,
            properties=frozenset({"ttl"}),
            build=_expiry,
            before=_active,
        ),
        Call(
            operation="update_continuous_backups",
            identify=_TABLE,
            properties=frozenset({"pointInTimeRecovery"}),
            build=_recovery,
            before=_backups_are_there,
        ),
    ),
    delete=Call(operation="delete_table", identify=_TABLE),
    list=Call(operation="list_tables", result="TableNames"),
    names={
        "arn": "TableArn",
        "attributes": "AttributeDefinitions",
        "attributes.name": "AttributeName",
        "attributes.type": "AttributeType",
        "globalSecondaryIndexes": "",
        "name": "TableName",
        "readCapacity": "ProvisionedThroughput.ReadCapacityUnits",
        "streamArn": "LatestStreamArn",
        "streamEnabled": "",
        "streamLabel": "LatestStreamLabel",
        "streamViewType": "StreamSpecification.StreamViewType",
        "writeCapacity": "ProvisionedThroughput.WriteCapacityUnits",
    },
    defaults={"billingMode": "PROVISIONED", "deletionProtectionEnabled": False, "tableClass": "STANDARD"},
    auto_name=AutoName(limit=255),
    tags=Tags(tag="tag_resource", untag="untag_resource", target="ResourceArn", read="list_tags_of_resource"),
    not_modelled={
        "globalTableWitness": "global tables are outside of this model",
        "importTable": "imports are outside of this model",
        "localSecondaryIndexes": "they cannot be changed: use global ones",
        "replicas": "global tables are outside of this model",
        "restoreBackupArn": "restores are outside of this model",
        "restoreDateTime": "restores are outside of this model",
        "restoreSourceName": "restores are outside of this model",
        "restoreSourceTableArn": "restores are outside of this model",
        "restoreToLatestTime": "restores are outside of this model",
    },
    gone=frozenset({"ResourceNotFoundException", "TableNotFoundException"}),
    # there is no such status: a delete waits until it is gone, with its hold on its key
    gone_when="TableStatus=='DELETED'",
    ready="TableStatus=='ACTIVE' && !(GlobalSecondaryIndexes[?IndexStatus!='ACTIVE'])",
    failed="contains(['ARCHIVED', 'INACCESSIBLE_ENCRYPTION_CREDENTIALS'], TableStatus) && TableStatus",
    # it is being made or changed
    busy=frozenset({"ResourceInUseException"}),
    example=Example(
        inputs=lambda need: {
            "name": "example",
            "hashKey": "pk",
            "rangeKey": "sk",
            "attributes": [
                {"name": "pk", "type": "S"},
                {"name": "sk", "type": "S"},
                {"name": "state", "type": "S"},
            ],
            "billingMode": "PAY_PER_REQUEST",
            "globalSecondaryIndexes": [
                {
                    "name": "by-state",
                    "keySchemas": [
                        {"attributeName": "state", "keyType": "HASH"},
                        {"attributeName": "sk", "keyType": "RANGE"},
                    ],
                    "projectionType": "ALL",
                }
            ],
            "serverSideEncryption": {"enabled": True, "kmsKeyArn": need("aws:kms/key:Key", "arn")},
            "pointInTimeRecovery": {"enabled": True},
            "ttl": {"attributeName": "expires_at", "enabled": True},
            "tags": {"Data": "example"},
        },
        update=lambda need: {
            "attributes": [
                {"name": "pk", "type": "S"},
                {"name": "sk", "type": "S"},
                {"name": "owner", "type": "S"},
            ],
            "globalSecondaryIndexes": [
                {
                    "name": "by-owner",
                    "keySchemas": [{"attributeName": "owner", "keyType": "HASH"}],
                    "projectionType": "INCLUDE",
                    "nonKeyAttributes": ["title"],
                }
            ],
            "onDemandThroughput": {"maxReadRequestUnits": 100, "maxWriteRequestUnits": 50},
            "pointInTimeRecovery": {"enabled": True, "recoveryPeriodInDays": 14},
            "serverSideEncryption": {
                "enabled": True,
                "kmsKeyArn": need("aws:kms/key:Key", "arn", description="another"),
            },
            "streamEnabled": True,
            "streamViewType": "NEW_AND_OLD_IMAGES",
            "tableClass": "STANDARD_INFREQUENT_ACCESS",
            "ttl": {"attributeName": "gone_at", "enabled": True},
            "tags": {"Data": "other", "Owner": "platform"},
        },
        replace=lambda need: {"name": "other", "hashKey": "sk", "rangeKey": "pk"},
    ),
)
