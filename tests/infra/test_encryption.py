from __future__ import annotations

import json
from typing import Any

import pytest

from infra.documents.key_policies import USE_BY_KIND
from tests.infra.recorder import ACCOUNT_ID, Recording

KINDS = ("logs", "secrets", "images", "database", "storage", "messages", "audit", "backups")
USE = {
    "kms:Decrypt",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
}
# Who may use each kind of key: services that call by themselves, and those by which somebody calls.
CALLERS = {
    "logs": {"logs.eu-west-1.amazonaws.com"},
    "audit": {"cloudtrail.amazonaws.com", "config.amazonaws.com"},
    "messages": {
        "backup.amazonaws.com",
        "budgets.amazonaws.com",
        "cloudwatch.amazonaws.com",
        "events.amazonaws.com",
        "events.rds.amazonaws.com",
        "sns.amazonaws.com",
    },
}
THROUGH = {
    "secrets": {"secretsmanager", "rds"},
    "images": {"ecr"},
    "database": {"rds"},
    "storage": {"s3", "dynamodb"},
    "messages": {"sqs", "sns", "scheduler"},
    "audit": {"s3"},
    "backups": {"backup"},
}


def _statements(recording: Recording, kind: str) -> list[dict[str, Any]]:
    key = recording.one("kms/key:Key", f"encryption-{kind}")
    statements = json.loads(key.inputs["policy"])["Statement"]
    assert isinstance(statements, list)
    return statements


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def test_there_is_one_key_for_each_kind_of_data_and_each_has_an_alias(built: Recording) -> None:
    assert tuple(USE_BY_KIND) == KINDS
    assert sorted(key.name for key in built.of("kms/key:Key")) == sorted(
        f"encryption-{kind}" for kind in KINDS
    )
    targets = {alias.inputs["targetKeyId"] for alias in built.of("kms/alias:Alias")}
    assert targets == {f"encryption-{kind}-key-id" for kind in KINDS}


def test_every_key_rotates(built: Recording) -> None:
    assert all(key.inputs["enableKeyRotation"] is True for key in built.of("kms/key:Key"))


def test_a_key_of_prod_is_protected_and_can_be_called_back_for_thirty_days(prod: Recording) -> None:
    assert {key.inputs["deletionWindowInDays"] for key in prod.of("kms/key:Key")} == {30}
    assert all(key.protect for key in prod.of("kms/key:Key"))


def test_a_key_of_dev_goes_with_its_stack(dev: Recording) -> None:
    assert not [key.name for key in dev.of("kms/key:Key") if key.protect]


@pytest.mark.parametrize("kind", KINDS)
def test_the_account_administers_a_key_and_cannot_use_it_by_that(dev: Recording, kind: str) -> None:
    administration, *_ = _statements(dev, kind)
    assert administration["Principal"] == {"AWS": f"arn:aws:iam::{ACCOUNT_ID}:root"}
    assert not USE & set(administration["Action"])
    assert "kms:CreateGrant" not in administration["Action"]
    assert "kms:PutKeyPolicy" in administration["Action"], "or nobody could ever change it"


@pytest.mark.parametrize("kind", KINDS)
def test_who_uses_a_key_does_not_administer_it(dev: Recording, kind: str) -> None:
    administration, *uses = _statements(dev, kind)
    assert uses
    for use in uses:
        assert set(use["Action"]) & set(administration["Action"]) <= {"kms:DescribeKey"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_key_is_used_only_through_the_services_that_it_is_for(dev: Recording, kind: str) -> None:
    _, *uses = _statements(dev, kind)
    callers = {
        service for use in uses for service in _as_list(use["Principal"].get("Service", [])) if service
    }
    through = {
        service
        for use in uses
        for service in _as_list(use["Condition"].get("StringEquals", {}).get("kms:ViaService", []))
    }
    assert callers == CALLERS.get(kind, set())
    assert through == {f"{service}.eu-west-1.amazonaws.com" for service in THROUGH.get(kind, set())}
    assert all(use["Condition"] for use in uses)


@pytest.mark.parametrize("kind", KINDS)
def test_who_comes_through_a_service_comes_from_this_account(dev: Recording, kind: str) -> None:
    for use in _statements(dev, kind)[1:]:
        if "AWS" in use["Principal"]:
            assert use["Condition"]["StringEquals"]["kms:CallerAccount"] == ACCOUNT_ID


@pytest.mark.parametrize("kind", KINDS)
def test_only_a_service_of_aws_gets_a_grant(dev: Recording, kind: str) -> None:
    for use in _statements(dev, kind)[1:]:
        if "kms:CreateGrant" in use["Action"]:
            assert use["Action"] == ["kms:CreateGrant"]
            assert use["Condition"]["Bool"] == {"kms:GrantIsForAWSResource": "true"}


@pytest.mark.parametrize(
    ("sid", "context", "service"),
    [
        ("PublishToOwnTopics", "kms:EncryptionContext:aws:sns:topicArn", "sns"),
        ("SendToOwnQueues", "kms:EncryptionContext:aws:sqs:arn", "sqs"),
    ],
)
def test_a_service_that_sends_is_held_to_the_topics_and_queues_of_the_stack(
    dev: Recording, sid: str, context: str, service: str
) -> None:
    (use,) = [each for each in _statements(dev, "messages") if each["Sid"] == sid]
    own = f"arn:aws:{service}:eu-west-1:{ACCOUNT_ID}:slipway-dev-*"
    assert use["Condition"] == {"ArnLike": {context: own}}


def test_cloudtrail_is_held_to_the_trails_of_the_stack(dev: Recording) -> None:
    trails = f"arn:aws:cloudtrail:eu-west-1:{ACCOUNT_ID}:trail/slipway-dev-*"
    uses = [
        use
        for use in _statements(dev, "audit")
        if use["Principal"].get("Service") == "cloudtrail.amazonaws.com"
    ]
    assert len(uses) == 2
    assert all(use["Condition"]["ArnLike"]["aws:SourceArn"] == trails for use in uses)
