from __future__ import annotations

import json

from infra.config import load
from tests.infra.conftest import ROOT
from tests.infra.recorder import ACCOUNT_ID, Recording


def test_every_entry_of_the_configuration_is_made_under_the_key_of_secrets(built: Recording) -> None:
    environment = built.outputs["environment"]
    entries = load(ROOT / f"Pulumi.{environment}.yaml").secrets
    made = built.of("secretsmanager/secret:Secret")
    assert [each.inputs["name"] for each in made] == [
        f"slipway-{environment}-secrets-{name}" for name in entries
    ]
    assert all(each.inputs["kmsKeyId"].endswith("key/encryption-secrets") for each in made)


def test_no_value_of_a_secret_passes_through_the_program(built: Recording) -> None:
    assert built.of("secretsmanager/secretVersion:SecretVersion") == []


def test_a_secret_is_read_by_the_role_that_starts_tasks_and_by_nobody_else(built: Recording) -> None:
    reader = built.one("iam/role:Role", "service-execution-role").inputs["name"]
    for policy in built.of("secretsmanager/secretPolicy:SecretPolicy"):
        (statement,) = json.loads(policy.inputs["policy"])["Statement"]
        assert statement["Effect"] == "Deny"
        assert "secretsmanager:GetSecretValue" in statement["Action"]
        assert statement["Condition"] == {
            "ArnNotEquals": {"aws:PrincipalArn": [f"arn:aws:iam::{ACCOUNT_ID}:role/{reader}"]}
        }
        assert policy.inputs["blockPublicPolicy"] is True


def test_a_deleted_secret_of_prod_can_be_called_back(prod: Recording, dev: Recording) -> None:
    assert {each.inputs["recoveryWindowInDays"] for each in prod.of("secretsmanager/secret:Secret")} == {30}
    assert {each.inputs["recoveryWindowInDays"] for each in dev.of("secretsmanager/secret:Secret")} == {0}
