from __future__ import annotations

import json
from typing import Any

import pytest

from sandbox.extensions.appconfig_content import problem_with_content

FLAGS: dict[str, Any] = {
    "version": "1",
    "flags": {
        "answers": {
            "name": "answers",
            "attributes": {
                "share": {"constraints": {"type": "number", "minimum": 0, "maximum": 100, "required": True}},
                "model": {"constraints": {"type": "string", "enum": ["small", "large"]}},
                "queues": {
                    "constraints": {"type": "array", "elements": {"type": "string", "pattern": "^[a-z]+$"}}
                },
            },
        }
    },
    "values": {"answers": {"enabled": True, "share": 10, "model": "small", "queues": ["billing"]}},
}


def problem(values: Any = None, flags: Any = None) -> str:
    document = {
        **FLAGS,
        "flags": FLAGS["flags"] if flags is None else flags,
        "values": FLAGS["values"] if values is None else values,
    }
    return problem_with_content(json.dumps(document).encode(), [], is_flags=True)


def test_flags_that_keep_their_constraints_are_taken() -> None:
    assert problem() == ""
    variants = [
        {"name": "few", "enabled": True, "rule": '(eq $tier "pro")', "attributeValues": {"share": 5}},
        {"name": "rest", "enabled": False, "attributeValues": {"share": 0}},
    ]
    assert problem({"answers": {"_variants": variants}}) == ""
    assert problem({}) == ""


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"other": {"enabled": True}}, "there is no flag other"),
        ({"answers": {"enabled": "yes", "share": 1}}, "values.answers.enabled"),
        ({"answers": {"enabled": True}}, "values.answers.share: it is required"),
        ({"answers": {"enabled": True, "share": 101}}, "values.answers.share: 101 is greater"),
        ({"answers": {"enabled": True, "share": "much"}}, "values.answers.share: 'much' is not of type"),
        ({"answers": {"enabled": True, "share": 1, "model": "huge"}}, "'huge' is not one of"),
        ({"answers": {"enabled": True, "share": 1, "queues": ["B1"]}}, "'B1' does not match"),
        ({"answers": {"enabled": True, "share": 1, "colour": "red"}}, "there is no attribute colour"),
        (
            {"answers": {"_variants": [{"name": "few", "enabled": True, "attributeValues": {}}]}},
            "values.answers.share: it is required",
        ),
        ({"answers": {"_variants": [{"name": "few"}]}}, "'enabled' is a required property"),
    ],
)
def test_a_value_that_breaks_a_constraint_is_named(values: Any, expected: str) -> None:
    assert expected in problem(values)


@pytest.mark.parametrize(
    "flags",
    [
        {"Answers": {"name": "capital"}},
        {"answers": {"name": "answers", "colour": "red"}},
        {"answers": {"attributes": {"share": {"constraints": {"type": "date"}}}}},
        {
            "answers": {
                "attributes": {"a": {"constraints": {"type": "string", "enum": ["a"], "pattern": "a"}}}
            }
        },
    ],
)
def test_a_flag_of_another_form_is_refused(flags: Any) -> None:
    assert problem({}, flags)


def test_free_content_is_taken_as_it_is_and_flags_are_held_to_a_schema_beside() -> None:
    assert problem_with_content(b"anything", [], is_flags=False) == ""
    schema = json.dumps({"required": ["comment"]})
    assert "comment" in problem_with_content(json.dumps(FLAGS).encode(), [schema], is_flags=True)
