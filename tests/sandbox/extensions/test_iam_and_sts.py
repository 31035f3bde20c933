from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

STATEMENT = {"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}
POLICY = json.dumps({"Version": "2012-10-17", "Statement": [STATEMENT]})
TRUST = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sts:*"}]}
)


def test_an_attached_policy_cannot_be_deleted(client: Callable[[str], Any]) -> None:
    iam = client("iam")
    iam.create_role(RoleName="app", AssumeRolePolicyDocument=TRUST)
    arn = iam.create_policy(PolicyName="app", PolicyDocument=POLICY)["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="app", PolicyArn=arn)
    with pytest.raises(ClientError, match="DeleteConflict"):
        iam.delete_policy(PolicyArn=arn)
    iam.detach_role_policy(RoleName="app", PolicyArn=arn)
    iam.delete_policy(PolicyArn=arn)


def test_a_policy_with_other_versions_cannot_be_deleted(client: Callable[[str], Any]) -> None:
    iam = client("iam")
    arn = iam.create_policy(PolicyName="app", PolicyDocument=POLICY)["Policy"]["Arn"]
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=POLICY)
    with pytest.raises(ClientError, match="DeleteConflict"):
        iam.delete_policy(PolicyArn=arn)
    iam.delete_policy_version(PolicyArn=arn, VersionId="v2")
    iam.delete_policy(PolicyArn=arn)


def test_the_audiences_of_an_identity_provider_change_in_place(client: Callable[[str], Any]) -> None:
    iam = client("iam")
    arn = iam.create_open_id_connect_provider(Url="https://token.example.com", ClientIDList=["one"])[
        "OpenIDConnectProviderArn"
    ]
    iam.add_client_id_to_open_id_connect_provider(OpenIDConnectProviderArn=arn, ClientID="two")
    iam.remove_client_id_from_open_id_connect_provider(OpenIDConnectProviderArn=arn, ClientID="one")
    assert iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)["ClientIDList"] == ["two"]


def test_an_environments_key_is_the_root_user_of_its_account(client: Callable[[str], Any]) -> None:
    identity = client("sts").get_caller_identity()
    assert identity["Arn"] == "arn:aws:iam::111111111111:root"
    assert identity["Account"] == identity["UserId"] == "111111111111"


@pytest.mark.parametrize(
    "role_arn", ["arn:aws:iam::111111111111:role/no", "arn:aws:iam::444444444444:role/no"]
)
def test_a_role_that_does_not_exist_cannot_be_assumed(client: Callable[[str], Any], role_arn: str) -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        client("sts").assume_role(RoleArn=role_arn, RoleSessionName="test")
