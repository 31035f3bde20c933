"""What the tests of single components give them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import botocore.session
import pulumi

from infra.account import Account
from infra.components.log_group import LogPolicy
from infra.iam import Allow, policy
from infra.naming import Label
from tests.infra.recorder import ACCOUNT_ID, REGION, Recording

ACCOUNT = Account(partition="aws", account_id=ACCOUNT_ID, region=REGION)
BOUNDARY = f"arn:aws:iam::{ACCOUNT_ID}:policy/slipway-prod-identity-boundary"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT_ID}:key/storage"
LOG_POLICY = LogPolicy(key_arn=f"arn:aws:kms:{REGION}:{ACCOUNT_ID}:key/logs", retention_days=365)
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT_ID}:slipway-prod-alarms-ticket"


def values_of(service: str, shape: str) -> set[str]:
    """The values that AWS takes for an enumeration of one of its services."""
    found: Any = botocore.session.get_session().get_service_model(service).shape_for(shape)
    return set(found.enum)


def label(component: str) -> Label:
    """The label of a component of prod."""
    return Label(
        project="slipway",
        environment="prod",
        owner="platform",
        cost_center="triage-prod",
        component=component,
    )


def granted(allows: Sequence[Allow]) -> pulumi.Output[list[dict[str, Any]]]:
    """Grants as the statements that they become, to be returned from a recorded program."""
    return pulumi.Output.from_input(policy(allows)).apply(lambda document: list(document["Statement"]))


def statements(recording: Recording, kind: str, name: str, key: str = "policy") -> list[dict[str, Any]]:
    """The statements of a policy that a resource carries."""
    found = json.loads(recording.one(kind, name).inputs[key])["Statement"]
    assert isinstance(found, list)
    return found
