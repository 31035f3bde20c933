"""What holds for everything in an account and region: each setting is always there, and taken over.

A create looks at the setting, and changes it where it is not as asked for; a delete puts AWS's own back.
"""

from typing import Any

from awsmodel.names import Properties
from awsmodel.resource import Call, Example, ResourceType


def _region(known: Properties) -> str:
    """A setting has no id; there is one in each region."""
    region: str = known["region"]
    return region


def _switch(operation: str, *, on: bool) -> Call:
    """EC2 has one call to switch a setting on and another to switch it off."""
    return Call(
        operation=operation,
        properties=frozenset({"enabled"}),
        build=lambda known: {} if bool(known.get("enabled")) is on else None,
    )


def _adopt(operation: str) -> Call:
    return Call(operation=operation, properties=frozenset())


def _list(operation: str) -> Call:
    return Call(operation=operation, result="['{region}']")


ENCRYPTION_BY_DEFAULT = ResourceType(
    token="aws:ebs/encryptionByDefault:EncryptionByDefault",
    service="ec2",
    create=_adopt("get_ebs_encryption_by_default"),
    id=_region,
    read=Call(operation="get_ebs_encryption_by_default"),
    updates=(
        _switch("enable_ebs_encryption_by_default", on=True),
        _switch("disable_ebs_encryption_by_default", on=False),
    ),
    delete=Call(operation="disable_ebs_encryption_by_default"),
    list=_list("get_ebs_encryption_by_default"),
    names={"enabled": "EbsEncryptionByDefault"},
    defaults={"enabled": True},
    leaves="the setting is always there: it goes back to off",
    example=Example(inputs=lambda need: {"enabled": True}, update=lambda need: {"enabled": False}),
)

SERIAL_CONSOLE_ACCESS = ResourceType(
    token="aws:ec2/serialConsoleAccess:SerialConsoleAccess",
    service="ec2",
    create=_adopt("get_serial_console_access_status"),
    id=_region,
    read=Call(operation="get_serial_console_access_status"),
    updates=(
        _switch("enable_serial_console_access", on=True),
        _switch("disable_serial_console_access", on=False),
    ),
    delete=Call(operation="disable_serial_console_access"),
    list=_list("get_serial_console_access_status"),
    names={"enabled": "SerialConsoleAccessEnabled"},
    defaults={"enabled": True},
    leaves="the setting is always there: it goes back to off",
    example=Example(inputs=lambda need: {"enabled": False}, update=lambda need: {"enabled": True}),
)

SNAPSHOT_BLOCK_PUBLIC_ACCESS = ResourceType(
    token="aws:ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess",
    service="ec2",
    create=_adopt("get_snapshot_block_public_access_state"),
    id=_region,
    read=Call(operation="get_snapshot_block_public_access_state"),
    updates=(
        Call(
            operation="enable_snapshot_block_public_access",
            build=lambda known: None if known["state"] == "unblocked" else {},
        ),
        Call(
            operation="disable_snapshot_block_public_access",
            properties=frozenset({"state"}),
            build=lambda known: {} if known["state"] == "unblocked" else None,
        ),
    ),
    delete=Call(operation="disable_snapshot_block_public_access"),
    list=_list("get_snapshot_block_public_access_state"),
    leaves="the setting is always there: it goes back to unblocked",
    example=Example(
        inputs=lambda need: {"state": "block-all-sharing"},
        update=lambda need: {"state": "block-new-sharing"},
    ),
)

_NO_PREFERENCE = {
    "httpEndpoint": "no-preference",
    "httpPutResponseHopLimit": -1,
    "httpTokens": "no-preference",
    "instanceMetadataTags": "no-preference",
}


def _preferences(shown: Any) -> Properties:
    # AWS shows what somebody chose, and nothing where nobody did
    return {
        name: shown.get(f"{name[0].upper()}{name[1:]}", nothing) for name, nothing in _NO_PREFERENCE.items()
    }


INSTANCE_METADATA_DEFAULTS = ResourceType(
    token="aws:ec2/instanceMetadataDefaults:InstanceMetadataDefaults",
    service="ec2",
    create=_adopt("get_instance_metadata_defaults"),
    id=_region,
    read=Call(operation="get_instance_metadata_defaults", result="AccountLevel", decode=_preferences),
    updates=(Call(operation="modify_instance_metadata_defaults", whole=True),),
    delete=Call(
        operation="modify_instance_metadata_defaults",
        fixed={f"{name[0].upper()}{name[1:]}": nothing for name, nothing in _NO_PREFERENCE.items()},
    ),
    list=_list("get_instance_metadata_defaults"),
    defaults=_NO_PREFERENCE,
    leaves="the setting is always there: it goes back to no preference",
    example=Example(
        inputs=lambda need: {"httpTokens": "required", "httpPutResponseHopLimit": 1},
        update=lambda need: {"httpPutResponseHopLimit": 2, "instanceMetadataTags": "disabled"},
    ),
)
