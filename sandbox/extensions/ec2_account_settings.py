"""EC2: the settings of an account and region that moto does not know."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.responses import EC2Response

from sandbox.extensions.records import records
from sandbox.extensions.registry import adds

_STATES = ("block-all-sharing", "block-new-sharing")
_METADATA = ("HttpEndpoint", "HttpPutResponseHopLimit", "HttpTokens", "InstanceMetadataTags")
_NO_PREFERENCE = ("no-preference", -1)


def _settings(response: EC2Response) -> dict[str, Any]:
    """What somebody set, on the backend of the account and region."""
    return records(response.ec2_backend, "account_settings")


def _console(response: EC2Response) -> ActionResult:
    is_on = _settings(response).get("serial console", False)
    return ActionResult({"SerialConsoleAccessEnabled": is_on, "ManagedBy": "account"})


def _snapshots(response: EC2Response) -> ActionResult:
    state = _settings(response).get("snapshots", "unblocked")
    return ActionResult({"State": state, "ManagedBy": "account"})


@adds(EC2Response, "enable_serial_console_access")
def _enable_serial_console(self: EC2Response) -> ActionResult:
    """EnableSerialConsoleAccess."""
    _settings(self)["serial console"] = True
    return _console(self)


@adds(EC2Response, "disable_serial_console_access")
def _disable_serial_console(self: EC2Response) -> ActionResult:
    """DisableSerialConsoleAccess."""
    _settings(self)["serial console"] = False
    return _console(self)


@adds(EC2Response, "get_serial_console_access_status")
def _serial_console(self: EC2Response) -> ActionResult:
    """GetSerialConsoleAccessStatus: off in a new account."""
    return _console(self)


@adds(EC2Response, "enable_snapshot_block_public_access")
def _block_snapshots(self: EC2Response) -> ActionResult:
    """EnableSnapshotBlockPublicAccess, for new or for all sharing."""
    state = self._get_param("State")
    if state not in _STATES:
        raise EC2ClientError("InvalidParameterValue", f"State {state!r} is none of {', '.join(_STATES)}")
    _settings(self)["snapshots"] = state
    return _snapshots(self)


@adds(EC2Response, "disable_snapshot_block_public_access")
def _unblock_snapshots(self: EC2Response) -> ActionResult:
    """DisableSnapshotBlockPublicAccess."""
    _settings(self)["snapshots"] = "unblocked"
    return _snapshots(self)


@adds(EC2Response, "get_snapshot_block_public_access_state")
def _snapshot_state(self: EC2Response) -> ActionResult:
    """GetSnapshotBlockPublicAccessState: unblocked in a new account."""
    return _snapshots(self)


@adds(EC2Response, "modify_instance_metadata_defaults")
def _modify_metadata_defaults(self: EC2Response) -> ActionResult:
    """ModifyInstanceMetadataDefaults changes what it names; no preference takes a choice back."""
    defaults = _settings(self).setdefault("metadata", {})
    for name in _METADATA:
        value = self._get_param(name)
        value = int(value) if value and name == "HttpPutResponseHopLimit" else value
        if value in _NO_PREFERENCE:
            defaults.pop(name, None)
        elif value is not None:
            defaults[name] = value
    return ActionResult({"Return": True})


@adds(EC2Response, "get_instance_metadata_defaults")
def _metadata_defaults(self: EC2Response) -> ActionResult:
    """GetInstanceMetadataDefaults shows what somebody chose."""
    return ActionResult({"AccountLevel": _settings(self).get("metadata", {}) | {"ManagedBy": "account"}})
