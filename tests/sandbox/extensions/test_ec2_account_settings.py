from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError


def test_the_serial_console_is_off_until_it_is_switched_on(client: Callable[[str], Any]) -> None:
    ec2 = client("ec2")
    for change, is_on in (("disable", False), ("enable", True), ("disable", False)):
        getattr(ec2, f"{change}_serial_console_access")()
        assert ec2.get_serial_console_access_status()["SerialConsoleAccessEnabled"] is is_on


def test_snapshots_are_blocked_until_they_are_unblocked(client: Callable[[str], Any]) -> None:
    ec2 = client("ec2")
    assert ec2.get_snapshot_block_public_access_state()["State"] == "unblocked"
    ec2.enable_snapshot_block_public_access(State="block-all-sharing")
    with pytest.raises(ClientError, match="InvalidParameterValue"):
        ec2.enable_snapshot_block_public_access(State="everything")
    assert ec2.get_snapshot_block_public_access_state()["State"] == "block-all-sharing"
    ec2.disable_snapshot_block_public_access()
    assert ec2.get_snapshot_block_public_access_state()["State"] == "unblocked"


def test_a_choice_for_metadata_is_kept_until_it_is_taken_back(client: Callable[[str], Any]) -> None:
    ec2 = client("ec2")
    ec2.modify_instance_metadata_defaults(HttpTokens="required", HttpPutResponseHopLimit=2)
    ec2.modify_instance_metadata_defaults(HttpPutResponseHopLimit=-1, InstanceMetadataTags="disabled")
    chosen = ec2.get_instance_metadata_defaults()["AccountLevel"]
    assert chosen == {"HttpTokens": "required", "InstanceMetadataTags": "disabled", "ManagedBy": "account"}


def test_a_setting_is_of_one_account(client: Callable[..., Any]) -> None:
    client("ec2").enable_serial_console_access()
    assert not client("ec2", "prod").get_serial_console_access_status()["SerialConsoleAccessEnabled"]
