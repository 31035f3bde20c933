"""What keys, secrets, roles and policies promise beyond what holds for every type."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from awsmodel.calls import AwsError
from awsmodel.clients import Clients
from awsmodel.lifecycle import Lifecycle, Patience
from awsmodel.types.lambda_permission import PERMISSION
from awsmodel.types.secretsmanager import SECRET_VERSION

TRUST = (
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",'
    '"Principal":{"Service":"ecs-tasks.amazonaws.com"}}]}'
)


def document(action: str) -> str:
    return json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]}
    )


def test_a_role_with_policies_goes_only_when_it_is_forced(clients: Clients, make: Callable[..., Any]) -> None:
    policy = make("aws:iam/policy:Policy", name="force", policy=document("s3:GetObject"))
    role = make("aws:iam/role:Role", name="force", assumeRolePolicy=TRUST)
    iam = clients.get("iam")
    iam.attach_role_policy(RoleName="force", PolicyArn=policy.physical_id)
    iam.put_role_policy(RoleName="force", PolicyName="inline", PolicyDocument=document("s3:PutObject"))
    with pytest.raises(AwsError, match="DeleteConflict"):
        role.delete()
    role.update(forceDetachPolicies=True)
    role.delete()
    assert role.read() is None


def test_a_policy_takes_any_number_of_updates_and_keeps_the_newest_versions(
    clients: Clients, make: Callable[..., Any]
) -> None:
    policy = make("aws:iam/policy:Policy", name="versions", policy=document("s3:Get0"))
    for number in range(1, 8):
        policy.update(policy=document(f"s3:Get{number}"))
    assert policy.state["policy"] == document("s3:Get7")
    versions = clients.get("iam").list_policy_versions(PolicyArn=policy.physical_id)["Versions"]
    assert sorted(version["VersionId"] for version in versions) == ["v4", "v5", "v6", "v7", "v8"]
    policy.delete()
    assert policy.read() is None


def test_a_managed_policy_of_aws_can_be_attached(make: Callable[..., Any]) -> None:
    role = make("aws:iam/role:Role", name="managed", assumeRolePolicy=TRUST)
    arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
    attachment = make(
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment", role=role.physical_id, policyArn=arn
    )
    assert attachment.physical_id == f"managed/{arn}"
    assert attachment.lifecycle.read(attachment.physical_id) == {"role": "managed", "policyArn": arn}


def test_a_write_only_secret_never_shows_in_what_is_read(clients: Clients, make: Callable[..., Any]) -> None:
    secret = make("aws:secretsmanager/secret:Secret", name="write-only", recoveryWindowInDays=0)
    lifecycle = Lifecycle(SECRET_VERSION, clients)
    inputs = {"secretId": secret.physical_id, "secretStringWo": "hidden", "secretStringWoVersion": 1}
    physical_id, created = lifecycle.create(inputs, Patience.of(30))
    shown = lifecycle.read(physical_id, inputs, created)
    assert shown is not None
    assert (shown["hasSecretStringWo"], shown["secretStringWoVersion"]) == (True, 1)
    assert "hidden" not in str(created) + str(shown)
    value = clients.get("secretsmanager").get_secret_value(SecretId=secret.physical_id)
    assert value["SecretString"] == "hidden"


def test_a_secret_with_a_recovery_window_can_be_brought_back(
    clients: Clients, make: Callable[..., Any]
) -> None:
    secret = make("aws:secretsmanager/secret:Secret", name="window", recoveryWindowInDays=7)
    secret.delete()
    assert secret.read() is None
    clients.get("secretsmanager").restore_secret(SecretId=secret.physical_id)
    assert secret.read() is not None
    clients.get("secretsmanager").delete_secret(SecretId=secret.physical_id, ForceDeleteWithoutRecovery=True)


def test_replicas_of_a_secret_come_and_go(make: Callable[..., Any]) -> None:
    secret = make("aws:secretsmanager/secret:Secret", name="replicated", recoveryWindowInDays=0)
    secret.update(replicas=[{"region": "eu-central-1"}, {"region": "us-east-1"}])
    assert {replica["region"] for replica in secret.state["replicas"]} == {"eu-central-1", "us-east-1"}
    secret.update(replicas=[{"region": "us-east-1"}])
    assert [replica["region"] for replica in secret.state["replicas"]] == ["us-east-1"]
    secret.update(replicas=[])


def test_a_disabled_key_is_made_and_enabled_again_with_its_other_changes(make: Callable[..., Any]) -> None:
    key = make("aws:kms/key:Key", isEnabled=False, description="off")
    assert key.state["isEnabled"] is False
    key.update(isEnabled=True, enableKeyRotation=True, description="on")
    assert (key.state["isEnabled"], key.state["enableKeyRotation"], key.state["description"]) == (
        True,
        True,
        "on",
    )


@pytest.mark.parametrize(
    ("physical_id", "parsed"),
    [
        ("judge/hook", {"function": "judge", "statementId": "hook"}),
        ("judge:live/hook", {"function": "judge", "qualifier": "live", "statementId": "hook"}),
        (
            "arn:aws:lambda:eu-west-1:111111111111:function:judge/hook",
            {"function": "arn:aws:lambda:eu-west-1:111111111111:function:judge", "statementId": "hook"},
        ),
    ],
)
def test_the_import_id_of_a_permission_names_function_qualifier_and_statement(
    physical_id: str, parsed: dict[str, str]
) -> None:
    assert PERMISSION.parse_id is not None
    assert PERMISSION.parse_id(physical_id) == parsed
