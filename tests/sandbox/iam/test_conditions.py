"""Conditions and variables as the IAM user guide describes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from sandbox.iam.conditions import OPERATORS
from sandbox.iam.evaluation import Effect
from tests.sandbox.iam.policies import BUCKET, document, effect, statement

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
