"""Decisions as the IAM user guide describes them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.iam.conditions import OPERATORS
from sandbox.iam.documents import Statement, read
from sandbox.iam.evaluation import Effect, Request, context, decide
from sandbox.iam.matching import is_arn_like

BUCKET = "arn:aws:s3:::carlossalazar"
Given = Mapping[str, Sequence[str]]


def document(*statements: dict[str, Any], version: str = "2012-10-17") -> tuple[Statement, ...]:
    return read("policy", json.dumps({"Version": version, "Statement": list(statements)}))


def statement(effect: str = "Allow", **more: Any) -> dict[str, Any]:
    rest = {} if "NotResource" in more else {"Resource": "*"}
    return {"Effect": effect} | rest | more


def effect(
    identity: Sequence[Statement],
    action: str = "s3:GetObject",
    resource: str = f"{BUCKET}/file",
    boundary: Sequence[Statement] | None = None,
    **known: Any,
) -> Effect:
    request = Request(action=action, resource=resource, context=context(known.get("known", {})))
    return decide(request, identity, boundary).effect


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


# --- conditions --------------------------------------------------------------------------------------

KEY = "aws:PrincipalTag/job"


def holds(operator: str, wanted: Any, given: Sequence[str] | None, key: str = KEY) -> bool:
    known = {} if given is None else {key: given}
    policy = document(statement(Action="*", Condition={operator: {key: wanted}}))
    return effect(policy, known=known) == Effect.ALLOWED


@pytest.mark.parametrize(
    ("operator", "wanted", "right", "wrong"),
    [
        ("StringEquals", ["a", "b"], "b", "B"),
        ("StringNotEquals", ["a", "b"], "c", "a"),
        ("StringEqualsIgnoreCase", "A", "a", "b"),
        ("StringNotEqualsIgnoreCase", "A", "b", "a"),
        ("StringLike", "data*", "database", "big data"),
        ("StringNotLike", "data*", "big data", "database"),
        ("NumericEquals", "10", "10.0", "11"),
        ("NumericNotEquals", "10", "11", "10"),
        ("NumericLessThan", 10, "9", "10"),
        ("NumericLessThanEquals", "10", "10", "11"),
        ("NumericGreaterThan", "10", "11", "ten"),
        ("NumericGreaterThanEquals", "10", "10", "9"),
        ("DateEquals", "2026-01-01T00:00:00Z", "1767225600", "1767225601"),
        ("DateNotEquals", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z"),
        ("DateLessThan", "2026-01-01T00:00:00Z", "2025-12-31T23:59:59Z", "2026-01-01T00:00:00Z"),
        ("DateLessThanEquals", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z"),
        ("DateGreaterThan", "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z", "never"),
        ("DateGreaterThanEquals", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "2025-01-01T00:00:00Z"),
        ("Bool", True, "true", "false"),
        ("BinaryEquals", "QmluYXJ5", "QmluYXJ5", "b3RoZXI="),
        ("IpAddress", "203.0.113.0/24", "203.0.113.9", "203.0.114.9"),
        ("NotIpAddress", "2001:db8::/32", "2001:db9::1", "2001:db8::1"),
        ("ArnEquals", "arn:aws:sns:*:111111111111:t-*", "arn:aws:sns:eu-west-1:111111111111:t-1", "t-1"),
        ("ArnLike", "arn:aws:sns:*:1:t", "arn:aws:sns:eu-west-1:1:t", "arn:aws:sns:eu-west-1:2:t"),
        ("ArnNotEquals", "arn:aws:sns:*:1:t", "arn:aws:sns:eu-west-1:2:t", "arn:aws:sns:eu-west-1:1:t"),
        ("ArnNotLike", "arn:aws:sns:*:1:t", "arn:aws:sns:eu-west-1:2:t", "arn:aws:sns:eu-west-1:1:t"),
    ],
)
def test_each_operator_tells_right_from_wrong(operator: str, wanted: Any, right: str, wrong: str) -> None:
    assert holds(operator, wanted, [right])
    assert not holds(operator, wanted, [wrong])


@pytest.mark.parametrize("operator", sorted(OPERATORS.keys() - {"Null"}))
def test_of_a_missing_key_only_negated_operators_and_if_exists_hold(operator: str) -> None:
    assert holds(operator, "0", None) is OPERATORS[operator].negated
    assert holds(f"{operator}IfExists", "0", None)


def test_null_asks_whether_a_key_is_there() -> None:
    assert holds("Null", "true", None)
    assert not holds("Null", "true", ["x"])
    assert holds("Null", False, ["x"])


@pytest.mark.parametrize(
    ("operator", "given", "expected"),
    [
        # "Single-valued vs. multivalued context keys"
        ("ForAllValues:StringEquals", ["a", "b"], True),
        ("ForAllValues:StringEquals", ["a", "c"], False),
        ("ForAllValues:StringEquals", None, True),
        ("ForAnyValue:StringEquals", ["a", "c"], True),
        ("ForAnyValue:StringEquals", ["c"], False),
        ("ForAnyValue:StringEquals", None, False),
        ("ForAllValues:StringNotEquals", ["c", "d"], True),
        ("ForAllValues:StringNotEquals", ["a", "c"], False),
        ("ForAnyValue:StringNotEquals", ["a", "c"], True),
        ("ForAnyValue:StringNotEquals", ["a", "b"], False),
    ],
)
def test_keys_of_many_values(operator: str, given: Sequence[str] | None, expected: bool) -> None:
    assert holds(operator, ["a", "b"], given) is expected


def test_every_line_of_a_condition_has_to_hold() -> None:
    condition = {"StringEquals": {"aws:a": "1", "aws:b": "2"}, "Bool": {"aws:SecureTransport": "true"}}
    policy = document(statement(Action="*", Condition=condition))
    whole = {"aws:a": ["1"], "AWS:B": ["2"], "aws:securetransport": ["true"]}
    assert effect(policy, known=whole) == Effect.ALLOWED
    for key in whole:
        assert effect(policy, known={**whole, key: ["no"]}) == Effect.IMPLICIT_DENY


# --- variables: "IAM policy elements: Variables and tags" ---------------------------------------------


def test_a_variable_in_a_resource_is_the_callers_own() -> None:
    policy = document(statement(Action="*", Resource=f"{BUCKET}/${{aws:username}}/*"))
    known = {"aws:username": ["ada"]}
    assert effect(policy, resource=f"{BUCKET}/ada/x", known=known) == Effect.ALLOWED
    assert effect(policy, resource=f"{BUCKET}/bob/x", known=known) == Effect.IMPLICIT_DENY
    assert effect(policy, resource=f"{BUCKET}//x") == Effect.IMPLICIT_DENY


def test_a_callers_name_is_no_pattern() -> None:
    policy = document(statement(Action="*", Resource=f"{BUCKET}/${{aws:username}}/*"))
    assert effect(policy, resource=f"{BUCKET}/ada/x", known={"aws:username": ["*"]}) == Effect.IMPLICIT_DENY


def test_a_variable_may_have_a_default() -> None:
    policy = document(statement(Action="*", Resource=f"{BUCKET}/${{aws:PrincipalTag/team, 'company-wide'}}"))
    assert effect(policy, resource=f"{BUCKET}/company-wide") == Effect.ALLOWED
    assert effect(policy, resource=f"{BUCKET}/x", known={"aws:PrincipalTag/team": ["x"]}) == Effect.ALLOWED


def test_signs_are_written_as_variables() -> None:
    policy = document(statement(Action="*", Resource=f"{BUCKET}/a${{*}}b${{?}}${{$}}"))
    assert effect(policy, resource=f"{BUCKET}/a*b?$") == Effect.ALLOWED
    assert effect(policy, resource=f"{BUCKET}/axxbx$") == Effect.IMPLICIT_DENY


def test_in_the_older_version_there_are_no_variables() -> None:
    policy = document(statement(Action="*", Resource=f"{BUCKET}/${{aws:username}}"), version="2008-10-17")
    assert effect(policy, resource=f"{BUCKET}/${{aws:username}}") == Effect.ALLOWED


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
