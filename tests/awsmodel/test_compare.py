from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awsmodel.compare import Comparison, covers, in_the_spelling_of, same
from awsmodel.schema import type_schema

scalars = st.none() | st.booleans() | st.integers() | st.text(max_size=8)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


@given(values)
def test_every_value_is_the_same_as_itself(value: Any) -> None:
    assert same(value, value)


@given(values, values)
def test_sameness_has_no_direction(one: Any, other: Any) -> None:
    assert same(one, other) == same(other, one)


@given(st.lists(values, max_size=5), st.randoms())
def test_the_order_of_a_list_is_no_difference(items: list[Any], random: Any) -> None:
    shuffled = list(items)
    random.shuffle(shuffled)
    assert same(items, shuffled)


@given(st.dictionaries(st.text(max_size=4), values, max_size=4), st.dictionaries(st.text(max_size=4), values))
def test_what_aws_adds_is_covered(wanted: dict[str, Any], added: dict[str, Any]) -> None:
    assert covers(wanted, {**added, **wanted})


@given(values, values)
def test_a_value_takes_the_prior_spelling_only_when_it_means_the_same(prior: Any, current: Any) -> None:
    assert same(in_the_spelling_of(prior, current), current)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('{"Action": ["s3:GetObject"]}', '{"Action":"s3:GetObject"}'),
        ('{"Action": ["a", "b"]}', '{"Action": ["b", "a"]}'),
        ('{"a": 1, "b": 2}', '{"b": 2, "a": 1}'),
    ],
)
def test_two_spellings_of_a_policy_are_the_same(one: str, other: str) -> None:
    assert same(one, other)


@pytest.mark.parametrize(
    ("wanted", "live"),
    [
        ({"enabled": True}, {"enabled": False}),
        ({"enabled": True}, None),
        ([1, 1], [1, 2]),
        ([1], [1, 2]),
        ("a", "b"),
        ('{"Effect": "Allow"}', '{"Effect": "Deny"}'),
        ('{"Effect": "Allow"}', '{"Effect": "Allow", "Condition": {}}'),
        ("{broken", "{broken too"),
        (1, "1"),
    ],
)
def test_a_difference_is_a_difference(wanted: Any, live: Any) -> None:
    assert not covers(wanted, live)


@pytest.mark.parametrize("wish", [None, False, 0, "", []])
def test_a_false_or_empty_wish_is_met_by_absence(wish: Any) -> None:
    assert covers(wish, None)


@given(values)
def test_a_json_text_is_the_same_however_it_is_laid_out(value: Any) -> None:
    document = {"value": value}
    assert same(json.dumps(document), json.dumps(document, indent=2))


@pytest.mark.parametrize(
    ("name", "wanted", "live"),
    [
        ("tags", {"A": "1"}, {"A": "1", "Hand": "made"}),
        ("tags", {}, {"Hand": "made"}),
        ("environment", {"variables": {"A": "1"}}, {"variables": {"A": "1", "HAND": "made"}}),
    ],
)
def test_an_entry_that_was_added_to_a_map_is_no_default(name: str, wanted: Any, live: Any) -> None:
    compare = Comparison({}, type_schema("aws:lambda/function:Function").state)
    assert not compare.covers(name, wanted, live)
    assert compare.covers(name, live, live)


def test_what_aws_adds_to_an_object_is_a_default() -> None:
    compare = Comparison({}, type_schema("aws:lambda/function:Function").state)
    assert compare.covers("loggingConfig", {"logFormat": "JSON"}, {"logFormat": "JSON", "logGroup": "/app"})


def test_a_canonical_form_decides_for_its_property_alone() -> None:
    compare = Comparison({"name": str.lower}, type_schema("aws:lambda/function:Function").state)
    assert compare.same("name", "App", "app")
    assert not compare.same("handler", "App", "app")
    assert compare.in_the_spelling_of("name", "App", "app") == "App"
    assert compare.in_the_spelling_of("name", "App", "other") == "other"
