from __future__ import annotations

from functools import cache
from typing import Any

import pulumi

from infra.components.function import FUNCTION_ROLE
from infra.components.rotation import Rotation, RotationArgs
from infra.components.secret_store import SecretStore, SecretStoreArgs
from tests.infra import parts
from tests.infra.recorder import ACCOUNT_ID, Recording, record

SECRETS_KEY = "arn:aws:kms:eu-west-1:111111111111:key/secrets"
MESSAGES_KEY = "arn:aws:kms:eu-west-1:111111111111:key/messages"
GENERATED = ("token-signing-key", "session-key")
LABEL = parts.label("rotation")
READER = "slipway-prod-service-execution"
TASK = "slipway-prod-service-task"


@cache
def made() -> Recording:
    def program() -> dict[str, Any]:
        secrets = SecretStore(
            "secrets",
            SecretStoreArgs(
                label=parts.label("secrets"),
                account=parts.ACCOUNT,
                entry_names=["desk-api-token"],
                generated_entry_names=GENERATED,
                reader_role_names=[READER],
                generated_reader_role_names=[LABEL.name(FUNCTION_ROLE), TASK],
                key_arn=SECRETS_KEY,
            ),
        )
        rotation = Rotation(
            "rotation",
            RotationArgs(
                label=LABEL,
                account=parts.ACCOUNT,
                source="app/rotator",
                architecture="arm64",
                boundary_arn=parts.BOUNDARY,
                log_policy=parts.LOG_POLICY,
                messages_key_arn=MESSAGES_KEY,
                secrets=secrets,
            ),
        )
        return {
            "arns": pulumi.Output.all(**rotation.arn_by_entry),
            "written": parts.granted(secrets.read_access()),
            "generated": parts.granted(secrets.generated_read_access()),
        }

    return record(program)


def test_every_generated_entry_and_no_other_is_rotated_each_month() -> None:
    rotations = made().of("secretsmanager/secretRotation:SecretRotation")
    assert sorted(each.name for each in rotations) == sorted(f"rotation-{entry}" for entry in GENERATED)
    for each in rotations:
        assert each.inputs["rotationRules"] == {"automaticallyAfterDays": 30}
        assert each.inputs["rotationLambdaArn"].endswith("/rotation-function-function")


def test_an_empty_entry_gets_its_first_value_at_once_and_none_through_the_program() -> None:
    for each in made().of("secretsmanager/secretRotation:SecretRotation"):
        assert each.inputs["rotateImmediately"] is True
    assert made().of("secretsmanager/secretVersion:SecretVersion") == []
    assert set(made().outputs["arns"]) == set(GENERATED)


def test_secrets_manager_may_call_the_function_for_each_of_these_secrets_before_it_is_asked_to() -> None:
    recording = made()
    for entry in GENERATED:
        permission = recording.one("lambda/permission:Permission", f"rotation-{entry}-call")
        assert permission.inputs["principal"] == "secretsmanager.amazonaws.com"
        assert permission.inputs["sourceAccount"] == ACCOUNT_ID
        assert permission.inputs["sourceArn"].endswith(f"secret/secrets-{entry}")
        rotation = recording.one("secretsmanager/secretRotation:SecretRotation", f"rotation-{entry}")
        assert permission.name in rotation.dependencies


def test_the_function_writes_the_generated_entries_and_reads_no_other() -> None:
    granted = parts.statements(made(), "iam/rolePolicy:RolePolicy", "rotation-function-role-grants")
    for statement in granted:
        secrets = [arn for arn in statement["Resource"] if ":secretsmanager:" in arn]
        assert not [arn for arn in secrets if arn.endswith("secrets-desk-api-token")]
    (random,) = [each for each in granted if "secretsmanager:GetRandomPassword" in each["Action"]]
    assert (random["Action"], random["Resource"]) == (["secretsmanager:GetRandomPassword"], ["*"])


def test_each_kind_of_entry_has_readers_of_its_own_and_the_function_reads_only_what_it_carries_over() -> None:
    role = made().one("iam/role:Role", "rotation-function-role-role").inputs["name"]
    for entry, names in (("desk-api-token", [READER]), ("token-signing-key", [role, TASK])):
        readers = [f"arn:aws:iam::{ACCOUNT_ID}:role/{name}" for name in names]
        (statement,) = parts.statements(
            made(), "secretsmanager/secretPolicy:SecretPolicy", f"secrets-{entry}-policy"
        )
        assert statement["Condition"] == {"ArnNotEquals": {"aws:PrincipalArn": readers}}


def test_a_reader_of_one_kind_of_entry_reads_none_of_the_other() -> None:
    for kind, entries in (("written", ["desk-api-token"]), ("generated", list(GENERATED))):
        read, opened = made().outputs[kind]
        assert [arn.rpartition("/")[2] for arn in read["Resource"]] == [f"secrets-{each}" for each in entries]
        assert opened["Resource"] == [SECRETS_KEY]


def test_the_function_has_no_environment() -> None:
    assert "environment" not in made().one("lambda/function:Function").inputs
