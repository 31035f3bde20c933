"""What a role may do against what the program needs, as the simulator says."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pytest

from infra.ci import access
from infra.ci.withheld import WITHHELD
from infra.iam import Statement, policy
from scripts.aws.permissions import denied_actions, needed_actions, state_actions
from tests.scripts.accounts import Account

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"},
    }
)
EVERYTHING = {"all": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def make_role(account: Account, policies: Mapping[str, Sequence[Any]]) -> str:
    iam = account.client("iam")
    arn = iam.create_role(RoleName="someone", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    for name, statements in policies.items():
        text = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
        iam.put_role_policy(RoleName="someone", PolicyName=name, PolicyDocument=text)
    return str(arn)


def denied(account: Account, policies: Mapping[str, Sequence[Any]]) -> set[str]:
    arn = make_role(account, policies)
    return set(denied_actions(account.shell.client("iam"), arn, account.place.scope))


def written(policies: Mapping[str, Iterable[Statement]]) -> dict[str, list[Any]]:
    return {name: policy(statements)["Statement"] for name, statements in policies.items()}


def test_a_role_without_rights_is_denied_all_that_the_program_needs(account: Account) -> None:
    assert denied(account, {}) == needed_actions() | state_actions(account.place.scope)


def test_an_administrator_is_denied_nothing(account: Account) -> None:
    assert denied(account, EVERYTHING) == set()


def test_the_one_action_that_is_missing_is_named(account: Account) -> None:
    refusal = {"Effect": "Deny", "Action": "ecs:CreateService", "Resource": "*"}
    assert denied(account, {**EVERYTHING, "guard": [refusal]}) == {"ecs:CreateService"}


def test_deploy_may_do_all_but_what_is_withheld(account: Account) -> None:
    scope = account.place.scope
    rights = written({**access.deploy_policies(scope), "guards": access.guards(scope)})
    assert denied(account, rights) <= WITHHELD.keys()


@pytest.mark.parametrize("action", ["ec2:CreateVpc", "iam:CreateRole", "kms:Encrypt", "s3:PutObject"])
def test_plan_may_change_nothing(account: Account, action: str) -> None:
    rights = written(access.plan_policies(account.place.scope))
    assert action in denied(account, rights)
