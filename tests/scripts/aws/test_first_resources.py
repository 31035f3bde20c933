"""Which part of a stack an administrator brings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scripts.aws.first_resources import first_targets

STACK = "urn:pulumi:dev::slipway::pulumi:pulumi:Stack::slipway-dev"


def urn(path: str, name: str) -> str:
    return f"urn:pulumi:dev::slipway::{path}::{name}"


TRAIL = urn("slipway:trail:Trail", "trail")
TRAIL_ITSELF = urn("slipway:trail:Trail$aws:cloudtrail/trail:Trail", "trail-trail")
LOGS = urn("slipway:trail:Trail$slipway:log_group:LogGroup", "trail-logs")
LOG_GROUP = urn("slipway:trail:Trail$slipway:log_group:LogGroup$aws:cloudwatch/logGroup:LogGroup", "group")
KEYS = urn("slipway:encryption:Encryption", "encryption")
KEY = urn("slipway:encryption:Encryption$aws:kms/key:Key", "encryption-logs")
ALIAS = urn("slipway:encryption:Encryption$aws:kms/alias:Alias", "encryption-logs-alias")
NETWORK = urn("slipway:network:Network", "network")
VPC = urn("slipway:network:Network$aws:ec2/vpc:Vpc", "network-vpc")
ROLES = urn("slipway:ci_access:CiAccess", "ci")
OLD_POLICY = urn("slipway:ci_access:CiAccess$aws:iam/policy:Policy", "ci-old")
ZONE = urn("aws:route53/zone:Zone", "zone")


def preview(**operations: str) -> Iterator[Mapping[str, Any]]:
    """A preview of a small stack, in which all is to be created but what is named with its operation."""
    states: dict[str, dict[str, Any]] = {
        "stack": {"urn": STACK},
        "trail": {"urn": TRAIL, "parent": STACK},
        "trail_itself": {
            "urn": TRAIL_ITSELF,
            "parent": TRAIL,
            "propertyDependencies": {"cloudWatchLogsGroupArn": [LOG_GROUP], "name": None},
        },
        "logs": {"urn": LOGS, "parent": TRAIL},
        "log_group": {"urn": LOG_GROUP, "parent": LOGS, "dependencies": [KEY]},
        "keys": {"urn": KEYS, "parent": STACK},
        "key": {"urn": KEY, "parent": KEYS},
        "alias": {"urn": ALIAS, "parent": KEYS, "dependencies": [KEY]},
        "network": {"urn": NETWORK, "parent": STACK},
        "vpc": {"urn": VPC, "parent": NETWORK, "dependencies": [KEY]},
        "zone": {"urn": ZONE, "parent": STACK},
        "roles": {"urn": ROLES, "parent": STACK},
        "old_policy": {"urn": OLD_POLICY, "parent": ROLES},
    }
    for name, state in states.items():
        operation = operations.get(name, "create")
        state["type"] = state["urn"].split("::")[2].rpartition("$")[2]
        yield {
            "urn": state["urn"],
            "op": operation,
            "oldState": None if operation == "create" else state,
            "newState": None if operation == "delete" else state,
        }


def test_what_ci_may_not_make_is_brought_with_all_that_it_needs_by_whole_components() -> None:
    assert set(first_targets([*preview()])) == {
        TRAIL, TRAIL_ITSELF, LOGS, LOG_GROUP, KEYS, KEY, ALIAS, ROLES, OLD_POLICY
    }  # fmt: skip


def test_what_is_there_already_is_found_to_be_needed_too() -> None:
    there = dict.fromkeys(("trail", "trail_itself", "logs", "log_group", "keys", "key"), "same")
    assert ALIAS in first_targets([*preview(**there)])


def test_what_the_program_no_longer_has_is_taken_away() -> None:
    assert OLD_POLICY in first_targets([*preview(old_policy="delete", roles="same")])


def test_an_empty_preview_selects_nothing() -> None:
    assert first_targets([]) == ()
