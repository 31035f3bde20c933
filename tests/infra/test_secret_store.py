from __future__ import annotations

import json

from infra.config import load
from tests.infra.conftest import ROOT
from tests.infra.recorder import ACCOUNT_ID, Recording


def test_every_entry_of_the_configuration_is_made_under_the_key_of_secrets(built: Recording) -> None:
    environment = built.outputs["environment"]
    entries = load(ROOT / f"Pulumi.{environment}.yaml").secrets
    made = built.of("secretsmanager/secret:Secret")
    names = {each.inputs["name"] for each in made}
    assert {f"slipway-{environment}-secrets-{name}" for name in entries} <= names
    assert all(each.inputs["kmsKeyId"].endswith("key/encryption-secrets") for each in made)


def test_who_writes_the_value_of_an_entry_is_said_beside_it(built: Recording) -> None:
    rotated = {each.inputs["secretId"] for each in built.of("secretsmanager/secretRotation:SecretRotation")}
    for secret in built.of("secretsmanager/secret:Secret"):
        is_rotated = any(arn.endswith(f"/{secret.name}") for arn in rotated)
        origin = "made and rotated by a function" if is_rotated else "written by an operator"
        assert secret.inputs["description"].endswith(origin), secret.name


def test_no_value_of_a_secret_passes_through_the_program(built: Recording) -> None:
    assert built.of("secretsmanager/secretVersion:SecretVersion") == []


def test_a_secret_that_an_operator_writes_is_read_by_the_role_that_starts_tasks_and_by_nobody_else(
    built: Recording,
) -> None:
    reader = built.one("iam/role:Role", "service-task-execution-role").inputs["name"]
    rotated = {each.inputs["secretId"] for each in built.of("secretsmanager/secretRotation:SecretRotation")}
    for policy in built.of("secretsmanager/secretPolicy:SecretPolicy"):
        (statement,) = json.loads(policy.inputs["policy"])["Statement"]
        assert statement["Effect"] == "Deny"
        assert "secretsmanager:GetSecretValue" in statement["Action"]
        assert policy.inputs["blockPublicPolicy"] is True
        readers = statement["Condition"]["ArnNotEquals"]["aws:PrincipalArn"]
        starts_tasks = f"arn:aws:iam::{ACCOUNT_ID}:role/{reader}"
        if policy.inputs["secretArn"] in rotated:
            assert starts_tasks not in readers
        else:
            assert readers == [starts_tasks]


def test_a_deleted_secret_of_prod_can_be_called_back(prod: Recording, dev: Recording) -> None:
    assert {each.inputs["recoveryWindowInDays"] for each in prod.of("secretsmanager/secret:Secret")} == {30}
    assert {each.inputs["recoveryWindowInDays"] for each in dev.of("secretsmanager/secret:Secret")} == {0}
    assert all(each.protect for each in prod.of("secretsmanager/secret:Secret"))
    assert not [each.name for each in dev.of("secretsmanager/secret:Secret") if each.protect]
