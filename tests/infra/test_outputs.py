from __future__ import annotations

import json
from typing import Any

import pytest

from infra import outputs
from tests.infra.recorder import Recording


def test_a_stack_gives_what_it_promises_and_scripts_can_read_it_back(built: Recording) -> None:
    values = json.loads(json.dumps(built.outputs))
    assert outputs.read(values).model_dump(mode="json") == values


def _empty() -> dict[str, Any]:
    return dict.fromkeys(outputs.StackOutputs.model_fields, "")


def test_one_output_too_few_is_refused() -> None:
    values = _empty()
    del values["url"]
    with pytest.raises(ValueError, match=r"missing: url$"):
        outputs.export(values)


def test_one_output_too_many_is_refused() -> None:
    with pytest.raises(ValueError, match=r"not promised: password$"):
        outputs.export({**_empty(), "password": ""})


def test_outputs_of_another_version_are_refused_with_what_to_do() -> None:
    with pytest.raises(ValueError, match=r"in: access_log_bucket_name, account_id, .* run `pulumi up`"):
        outputs.read({"url": "https://dev.triage.example.com"})


def test_no_output_is_a_secret_by_its_name() -> None:
    assert not [
        name
        for name in outputs.StackOutputs.model_fields
        if any(word in name for word in ("password", "token", "key", "credential"))
    ]
