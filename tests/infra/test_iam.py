from __future__ import annotations

import json

import pulumi
import pytest

from infra import iam
from infra.iam import Allow, Deny
from tests.infra.recorder import record


def _text(*statements: iam.Statement) -> str:
    return str(record(lambda: {"text": iam.document(statements)}).outputs["text"])


@pytest.mark.parametrize("action", ["*", "s3:*", "s3:Get*", "s3", ":GetObject", ""])
def test_an_allow_refuses_a_wildcard_and_what_is_no_action(action: str) -> None:
    with pytest.raises(ValueError, match="an Allow names each action in full"):
        Allow([action], ["*"])


def test_an_allow_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="an Allow names each action in full"):
        Allow([], ["*"])


def test_a_deny_may_refuse_everything() -> None:
    assert Deny(["s3:*"], ["*"]).to_dict() == {"Effect": "Deny", "Action": ["s3:*"], "Resource": ["*"]}


def test_a_statement_leaves_out_what_is_empty() -> None:
    assert Allow(["s3:GetObject"], ["arn"]).to_dict().keys() == {"Effect", "Action", "Resource"}


def test_a_document_is_the_same_text_in_whatever_order_the_actions_come() -> None:
    first = _text(Allow(["s3:PutObject", "s3:GetObject"], ["arn"]))
    assert first == _text(Allow(["s3:GetObject", "s3:PutObject"], ["arn"]))
    assert " " not in first
    assert json.loads(first)["Version"] == "2012-10-17"


def test_a_document_resolves_resources_that_are_not_known_yet() -> None:
    text = _text(Allow(["s3:GetObject"], [pulumi.Output.from_input("arn:later")]))
    assert json.loads(text)["Statement"][0]["Resource"] == ["arn:later"]


def test_trust_names_the_service_and_the_account_that_it_acts_for() -> None:
    statement = iam.trust("ecs-tasks.amazonaws.com", source_account_id="111111111111").to_dict()
    assert statement == {
        "Effect": "Allow",
        "Principal": {"Service": "ecs-tasks.amazonaws.com"},
        "Action": ["sts:AssumeRole"],
        "Condition": {"StringEquals": {"aws:SourceAccount": "111111111111"}},
    }


def test_trust_names_what_the_service_acts_for_where_it_says_so() -> None:
    statement = iam.trust(
        "scheduler.amazonaws.com", source_account_id="111111111111", source_arn="arn:group"
    ).to_dict()
    assert statement["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "111111111111"},
        "ArnLike": {"aws:SourceArn": "arn:group"},
    }


def test_trust_without_an_account_has_no_condition() -> None:
    assert "Condition" not in iam.trust("ecs.amazonaws.com").to_dict()
