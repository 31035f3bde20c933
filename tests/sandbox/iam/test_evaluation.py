"""Decisions as the IAM user guide describes them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.iam.documents import read
from sandbox.iam.evaluation import Effect, Request, context, decide
from sandbox.iam.matching import is_arn_like
from tests.sandbox.iam.policies import BUCKET, document, effect, statement

# --- the order of the rules: "How AWS enforcement code logic evaluates requests" ---------------------


def test_what_no_policy_allows_is_denied() -> None:
    assert effect(()) == effect(document(statement(Action="s3:PutObject"))) == Effect.IMPLICIT_DENY


def test_one_allow_is_enough() -> None:
    assert effect(document(statement(Action="s3:PutObject"), statement(Action="s3:*"))) == Effect.ALLOWED


def test_an_explicit_deny_wins_over_every_allow() -> None:
    policy = document(
        statement(Action="*"), statement("Deny", Action="s3:GetObject"), statement(Action="s3:*")
    )
    assert effect(policy) == Effect.EXPLICIT_DENY
    assert effect(policy, action="s3:PutObject") == Effect.ALLOWED


def test_the_example_of_a_user_who_may_do_all_but_what_one_bucket_holds() -> None:
    """ "The difference between explicit and implicit denies": a deny that takes a bucket out."""
    policy = document(
        statement(Action=["s3:*"]),
        statement("Deny", Action=["s3:*"], Resource=[BUCKET, f"{BUCKET}/*"]),
    )
    assert effect(policy, "s3:ListBucket", BUCKET) == Effect.EXPLICIT_DENY
    assert effect(policy, "s3:ListBucket", "arn:aws:s3:::other") == Effect.ALLOWED
    assert effect(policy, "iam:ListUsers", "*") == Effect.IMPLICIT_DENY


def test_a_boundary_limits_and_gives_nothing() -> None:
    """ "Permissions boundaries for IAM entities": what both allow, and nothing that either denies."""
    everything, reads = document(statement(Action="*")), document(statement(Action="s3:Get*"))
    assert effect(everything, boundary=reads) == Effect.ALLOWED
    assert effect(everything, "s3:PutObject", boundary=reads) == Effect.IMPLICIT_DENY
    assert effect((), boundary=everything) == Effect.IMPLICIT_DENY
    assert effect(everything, boundary=()) == Effect.IMPLICIT_DENY
    denying = document(statement(Action="*"), statement("Deny", Action="s3:GetObject"))
    assert effect(everything, boundary=denying) == Effect.EXPLICIT_DENY


def test_the_decision_names_who_decided() -> None:
    policy = document(statement(Action="*", Sid="All"), statement("Deny", Action="s3:*", Sid="No"))
    decision = decide(Request(action="s3:GetObject", resource="*", context={}), policy)
    assert [each.sid for each in decision.matched] == ["No"]
    assert decision.allowed_by_boundary is None


# --- actions and resources ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "action", "is_meant"),
    [
        ("*", "s3:GetObject", True),
        ("S3:getobject", "s3:GetObject", True),
        ("s3:Get*", "s3:GetObjectAcl", True),
        ("s3:*Object", "s3:GetObjectAcl", False),
        ("s3:Get?bject", "s3:GetObject", True),
        ("iam:*AccessKey*", "iam:CreateAccessKey", True),
        ("s3.*", "s3:GetObject", False),
    ],
)
def test_wildcards_in_actions(pattern: str, action: str, is_meant: bool) -> None:
    assert (effect(document(statement(Action=pattern)), action) == Effect.ALLOWED) is is_meant


@pytest.mark.parametrize(
    ("pattern", "arn", "is_meant"),
    [
        ("*", "anything", True),
        ("arn:aws:s3:::bucket/*", "arn:aws:s3:::bucket/a/b", True),
        ("arn:aws:s3:::bucket/*", "arn:aws:s3:::bucket", False),
        ("arn:aws:s3:::Bucket", "arn:aws:s3:::bucket", False),
        ("arn:aws:sqs:*:111111111111:q-?", "arn:aws:sqs:eu-west-1:111111111111:q-1", True),
        ("arn:aws:sqs:*:q-1", "arn:aws:sqs:eu-west-1:111111111111:q-1", False),
        ("arn:aws:logs:*:*:log-group:/app/*:*", "arn:aws:logs:eu-west-1:1:log-group:/app/x:*", True),
        ("arn:aws:sqs:eu-west-1:111111111111:q", "*", False),
    ],
)
def test_wildcards_in_resources_stay_within_their_part(pattern: str, arn: str, is_meant: bool) -> None:
    assert is_arn_like(pattern, arn) is is_meant


def test_not_action_is_everything_else() -> None:
    policy = document(statement(NotAction="iam:*"))
    assert effect(policy) == Effect.ALLOWED
    assert effect(policy, "iam:CreateUser", "*") == Effect.IMPLICIT_DENY


def test_a_deny_of_not_resource_leaves_only_what_it_names() -> None:
    """ "IAM JSON policy elements: NotResource": all but the bucket and its objects is denied."""
    policy = document(
        statement(Action="s3:*"), statement("Deny", Action="s3:*", NotResource=[BUCKET, f"{BUCKET}/*"])
    )
    assert effect(policy) == Effect.ALLOWED
    assert effect(policy, resource="arn:aws:s3:::other/file") == Effect.EXPLICIT_DENY


# --- documents ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{", "is no JSON"),
        ("{}", "has no Statement"),
        ('{"Statement": [{"Effect": "allow", "Action": "*"}]}', "Allow or Deny"),
        ('{"Statement": {"Effect": "Allow", "Resource": "*"}}', "one of Action and NotAction"),
        (
            '{"Statement": {"Effect": "Allow", "Action": "*", "Condition": {"StringEqual": {"a": "b"}}}}',
            "no condition operator StringEqual",
        ),
    ],
)
def test_what_is_no_policy_is_told(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        read("policy", text)


# --- what holds for all policies ----------------------------------------------------------------------

ACTIONS = ["s3:GetObject", "s3:PutObject", "s3:ListBucket", "iam:PassRole"]
RESOURCES = ["arn:aws:s3:::one/x", "arn:aws:s3:::two", "arn:aws:iam::1:role/app"]
_conditions = st.sampled_from(
    [
        {},
        {"StringEquals": {"aws:a": "1"}},
        {"StringNotLike": {"aws:a": "1*"}},
        {"ForAllValues:StringEquals": {"aws:b": ["1", "2"]}},
        {"Null": {"aws:b": "true"}},
    ]
)
_patterns = st.sampled_from(["*", "s3:*", "s3:Get*", "iam:PassRole", *ACTIONS])
_statements = st.builds(
    lambda effect, about, patterns, resource_about, resources, condition: {
        "Effect": effect,
        about: patterns,
        resource_about: resources,
        "Condition": condition,
    },
    st.sampled_from(["Allow", "Deny"]),
    st.sampled_from(["Action", "NotAction"]),
    st.lists(_patterns, min_size=1, max_size=3),
    st.sampled_from(["Resource", "NotResource"]),
    st.lists(st.sampled_from(["*", "arn:aws:s3:::*", *RESOURCES]), min_size=1, max_size=2),
    _conditions,
)
_policies = st.lists(_statements, max_size=5)
_requests = st.builds(
    lambda action, resource, known: Request(action=action, resource=resource, context=context(known)),
    st.sampled_from(ACTIONS),
    st.sampled_from(RESOURCES),
    st.dictionaries(
        st.sampled_from(["aws:a", "aws:b"]),
        st.lists(st.sampled_from(["1", "2", "3"]), min_size=1),
        max_size=2,
    ),
)


@settings(max_examples=200, deadline=None)
@given(_policies, _policies, _requests)
def test_more_denies_and_a_boundary_never_allow_more(
    mine: list[dict[str, Any]], other: list[dict[str, Any]], request: Request
) -> None:
    policy, boundary = document(*mine), document(*other)
    alone = decide(request, policy).effect
    denies = [each for each in boundary if not each.allows]
    if alone != Effect.ALLOWED:
        assert decide(request, [*policy, *denies]).effect != Effect.ALLOWED
        assert decide(request, policy, boundary).effect != Effect.ALLOWED
    if alone == Effect.EXPLICIT_DENY:
        assert decide(request, [*policy, *boundary]).effect == Effect.EXPLICIT_DENY


@settings(max_examples=200, deadline=None)
@given(_policies, _requests, st.randoms())
def test_the_order_of_statements_says_nothing(
    given_statements: list[dict[str, Any]], request: Request, random: Any
) -> None:
    before = decide(request, document(*given_statements)).effect
    random.shuffle(given_statements)
    assert decide(request, document(*given_statements)).effect == before
    assert decide(request, [*document(*given_statements)] * 2).effect == before


@settings(max_examples=200, deadline=None)
@given(_policies, _requests)
def test_a_deny_of_everything_denies_and_nothing_allows_without_an_allow(
    given_statements: list[dict[str, Any]], request: Request
) -> None:
    nothing_goes = document(*given_statements, statement("Deny", Action="*"))
    assert decide(request, nothing_goes).effect == Effect.EXPLICIT_DENY
    denies = [each for each in document(*given_statements) if not each.allows]
    assert decide(request, denies).effect != Effect.ALLOWED
