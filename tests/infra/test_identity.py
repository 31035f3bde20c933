from __future__ import annotations

import json
from typing import Any

import pytest

from tests.infra.recorder import ACCOUNT_ID, Recording

TRUSTED = {
    "network-flow-logs-role-role": "vpc-flow-logs.amazonaws.com",
    "judge-function-role-role": "lambda.amazonaws.com",
    "judge-hook-role-role": "ecs.amazonaws.com",
    "service-execution-role": "ecs-tasks.amazonaws.com",
    "service-task-role": "ecs-tasks.amazonaws.com",
    "service-infrastructure-role": "ecs.amazonaws.com",
}
# Documented to name the account that they act for when they take a role.
NAME_THEIR_ACCOUNT = {"vpc-flow-logs.amazonaws.com", "ecs-tasks.amazonaws.com"}


def _grants(recording: Recording, name: str) -> list[dict[str, Any]]:
    found = [each for each in recording.of("iam/rolePolicy:RolePolicy") if each.name == name]
    return [statement for each in found for statement in json.loads(each.inputs["policy"])["Statement"]]


def test_there_is_no_role_but_these(built: Recording) -> None:
    assert {role.name for role in built.of("iam/role:Role")} == set(TRUSTED)


@pytest.mark.parametrize("name", TRUSTED)
def test_a_role_trusts_its_one_service_and_for_this_account_where_the_service_says_so(
    dev: Recording, name: str
) -> None:
    (statement,) = json.loads(dev.one("iam/role:Role", name).inputs["assumeRolePolicy"])["Statement"]
    service = TRUSTED[name]
    assert statement["Principal"] == {"Service": service}
    expected = {"StringEquals": {"aws:SourceAccount": ACCOUNT_ID}} if service in NAME_THEIR_ACCOUNT else None
    assert statement.get("Condition") == expected


def test_the_task_may_do_nothing_in_aws(built: Recording) -> None:
    assert _grants(built, "service-task-grants") == []


def test_tasks_are_started_with_one_image_repository_one_log_group_and_the_named_secrets(
    dev: Recording,
) -> None:
    by_action = {
        action: statement["Resource"]
        for statement in _grants(dev, "service-execution-grants")
        for action in statement["Action"]
    }
    assert by_action["ecr:BatchGetImage"] == [
        "arn:aws:ecr:eu-west-1:111111111111:repository/registry-repository"
    ]
    assert by_action["logs:PutLogEvents"] == [
        "arn:aws:cloudwatch:eu-west-1:111111111111:loggroup/service-logs-group:*"
    ]
    assert by_action["secretsmanager:GetSecretValue"] == [
        "arn:aws:secretsmanager:eu-west-1:111111111111:secret/secrets-desk-api-token"
    ]
    assert by_action["kms:Decrypt"] == ["arn:aws:kms:eu-west-1:111111111111:key/encryption-secrets"]
    assert [action for action, where in by_action.items() if where == ["*"]] == ["ecr:GetAuthorizationToken"]


def test_ecs_calls_the_judge_and_nothing_else(built: Recording) -> None:
    (grant,) = _grants(built, "judge-hook-role-grants")
    assert grant["Action"] == ["lambda:InvokeFunction"]
    assert grant["Resource"] == ["arn:aws:lambda:eu-west-1:111111111111:function/judge-function"]


def test_ecs_shifts_traffic_with_the_policy_that_aws_documents_for_it(built: Recording) -> None:
    attached = built.one("iam/rolePolicyAttachment:RolePolicyAttachment").inputs
    assert (
        attached["policyArn"] == "arn:aws:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers"
    )
    assert attached["role"] == built.one("iam/role:Role", "service-infrastructure-role").inputs["name"]


def test_the_boundary_lets_nobody_change_an_identity(built: Recording) -> None:
    statements = json.loads(built.one("iam/policy:Policy").inputs["policy"])["Statement"]
    actions = {action for statement in statements for action in statement["Action"]}
    assert not [action for action in actions if action.startswith(("iam:", "sts:", "organizations:"))]


def test_the_boundary_reaches_everything_only_where_aws_knows_nothing_narrower(built: Recording) -> None:
    statements = json.loads(built.one("iam/policy:Policy").inputs["policy"])["Statement"]
    everywhere = [statement["Sid"] for statement in statements if statement["Resource"] == ["*"]]
    assert everywhere == ["WhatKnowsNoResource"]
