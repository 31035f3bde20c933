from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.conftest import Cloud

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"},
    }
)
QUEUE = "arn:aws:sqs:eu-west-1:111111111111:slipway-dev-tickets"


def policy(**statement: Any) -> str:
    return json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Resource": "*"} | statement]}
    )


def decisions(answer: Any) -> dict[str, str]:
    return {each["EvalActionName"]: each["EvalDecision"] for each in answer["EvaluationResults"]}


def test_a_roles_policies_and_its_boundary_are_asked_together(client: Callable[[str], Any]) -> None:
    iam = client("iam")
    boundary = iam.create_policy(PolicyName="boundary", PolicyDocument=policy(Action="sqs:*"))["Policy"][
        "Arn"
    ]
    role = iam.create_role(RoleName="app", AssumeRolePolicyDocument=TRUST, PermissionsBoundary=boundary)
    iam.put_role_policy(RoleName="app", PolicyName="own", PolicyDocument=policy(Action="sqs:Send*"))
    managed = iam.create_policy(PolicyName="more", PolicyDocument=policy(Action=["s3:*", "sqs:GetQueueUrl"]))
    iam.attach_role_policy(RoleName="app", PolicyArn=managed["Policy"]["Arn"])
    answer = iam.simulate_principal_policy(
        PolicySourceArn=role["Role"]["Arn"],
        ActionNames=["sqs:SendMessage", "sqs:GetQueueUrl", "sqs:DeleteQueue", "s3:ListAllMyBuckets"],
        ResourceArns=[QUEUE],
    )
    assert decisions(answer) == {
        "sqs:SendMessage": "allowed",
        "sqs:GetQueueUrl": "allowed",
        "sqs:DeleteQueue": "implicitDeny",
        "s3:ListAllMyBuckets": "implicitDeny",
    }
    first, *_, last = answer["EvaluationResults"]
    assert [each["SourcePolicyId"] for each in first["MatchedStatements"]] == ["own"]
    assert last["PermissionsBoundaryDecisionDetail"] == {"AllowedByPermissionsBoundary": False}


def test_a_users_groups_count(client: Callable[[str], Any]) -> None:
    iam = client("iam")
    user = iam.create_user(UserName="ada")["User"]["Arn"]
    iam.create_group(GroupName="readers")
    iam.put_group_policy(GroupName="readers", PolicyName="read", PolicyDocument=policy(Action="sqs:Get*"))
    iam.add_user_to_group(GroupName="readers", UserName="ada")
    answer = iam.simulate_principal_policy(
        PolicySourceArn=user, ActionNames=["sqs:GetQueueUrl", "sqs:SendMessage"]
    )
    assert decisions(answer) == {"sqs:GetQueueUrl": "allowed", "sqs:SendMessage": "implicitDeny"}


def test_what_the_call_says_of_its_context_decides_conditions(client: Callable[[str], Any]) -> None:
    iam = client("iam")
    document = policy(Action="sqs:*", Condition={"StringEquals": {"aws:ResourceTag/Project": "slipway"}})
    entry = {
        "ContextKeyName": "aws:ResourceTag/Project",
        "ContextKeyType": "string",
        "ContextKeyValues": ["slipway"],
    }
    without, with_tag = (
        iam.simulate_custom_policy(
            PolicyInputList=[document], ActionNames=["sqs:SendMessage"], ContextEntries=entries
        )["EvaluationResults"][0]
        for entries in ([], [entry])
    )
    assert (without["EvalDecision"], with_tag["EvalDecision"]) == ("implicitDeny", "allowed")
    assert without["MissingContextValues"] == ["aws:ResourceTag/Project"]


def test_a_principal_that_is_not_there_is_refused(cloud: Cloud) -> None:
    for arn in ("arn:aws:iam::111111111111:root", "arn:aws:iam::111111111111:role/no"):
        with pytest.raises(ClientError, match="NoSuchEntity"):
            cloud.client("iam").simulate_principal_policy(PolicySourceArn=arn, ActionNames=["s3:GetObject"])


def test_an_action_without_a_service_is_refused(cloud: Cloud) -> None:
    with pytest.raises(ClientError, match="Invalid Entity Action"):
        cloud.client("iam").simulate_custom_policy(PolicyInputList=[policy(Action="*")], ActionNames=["Send"])
