from __future__ import annotations

import json
from typing import Any

import pytest

from tests.infra.recorder import ACCOUNT_ID, Recording

KEYS = ("encryption-logs", "encryption-secrets", "encryption-images")
USE = {"kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:ReEncryptTo"}


def _statements(recording: Recording, key: str) -> list[dict[str, Any]]:
    statements = json.loads(recording.one("kms/key:Key", key).inputs["policy"])["Statement"]
    assert isinstance(statements, list)
    return statements


def test_there_is_one_key_for_each_kind_of_data_and_each_has_an_alias(built: Recording) -> None:
    assert sorted(key.name for key in built.of("kms/key:Key")) == sorted(KEYS)
    targets = {alias.inputs["targetKeyId"] for alias in built.of("kms/alias:Alias")}
    assert targets == {f"{key}-key-id" for key in KEYS}


def test_every_key_rotates(built: Recording) -> None:
    assert all(key.inputs["enableKeyRotation"] is True for key in built.of("kms/key:Key"))


def test_a_deleted_key_of_prod_can_be_called_back_for_thirty_days(prod: Recording) -> None:
    assert {key.inputs["deletionWindowInDays"] for key in prod.of("kms/key:Key")} == {30}


@pytest.mark.parametrize("key", KEYS)
def test_the_account_administers_a_key_and_cannot_use_it_by_that(dev: Recording, key: str) -> None:
    administration, *_ = _statements(dev, key)
    assert administration["Principal"] == {"AWS": f"arn:aws:iam::{ACCOUNT_ID}:root"}
    assert not USE & set(administration["Action"])
    assert "kms:CreateGrant" not in administration["Action"]
    assert "kms:PutKeyPolicy" in administration["Action"], "or nobody could ever change it"


@pytest.mark.parametrize("key", KEYS)
def test_a_key_is_used_only_through_the_service_that_it_is_for(dev: Recording, key: str) -> None:
    _, *uses = _statements(dev, key)
    assert uses
    for use in uses:
        service = use["Principal"].get(
            "Service", use["Condition"].get("StringEquals", {}).get("kms:ViaService")
        )
        assert (
            service
            == {
                "encryption-logs": "logs.eu-west-1.amazonaws.com",
                "encryption-secrets": "secretsmanager.eu-west-1.amazonaws.com",
                "encryption-images": "ecr.eu-west-1.amazonaws.com",
            }[key]
        )
        assert use["Condition"]
