"""The lifecycle hook on the events that ECS sends, and on those that it does not."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.judge.handler import STAGES, find_faults, handler

REVISION = "arn:aws:ecs:eu-west-1:111111111111:service-revision/main/triage/9313423515462893900"


def event(**changes: Any) -> dict[str, Any]:
    return {
        "executionId": "7a3c",
        "lifecycleStage": "PRODUCTION_TRAFFIC_SHIFT",
        "resourceArn": "arn:aws:ecs:eu-west-1:111111111111:service-deployment/main/triage/abc",
        "executionDetails": {
            "serviceArn": "arn:aws:ecs:eu-west-1:111111111111:service/main/triage",
            "targetServiceRevisionArn": REVISION,
            "testTrafficWeights": {},
            "productionTrafficWeights": {REVISION: 100},
        },
        "hookDetails": {"note": "swordfish"},
        **changes,
    }


def without(key: str) -> dict[str, Any]:
    return {name: value for name, value in event().items() if name != key}


def details(**changes: Any) -> dict[str, Any]:
    return event(executionDetails={**event()["executionDetails"], **changes})


@pytest.mark.parametrize("stage", STAGES)
def test_each_stage_that_a_hook_can_name_is_let_pass_and_logged(
    stage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert handler(event(lifecycleStage=stage), None) == {"hookStatus": "SUCCEEDED"}
    line = json.loads(capsys.readouterr().out)
    assert (line["event"], line["stage"], line["target_revision"]) == ("hook_called", stage, REVISION)
    assert line["production_weights_percent"] == {REVISION: 100}


@pytest.mark.parametrize(
    ("bad", "named"),
    [
        ("text", "not an object"),
        (without("executionId"), "executionId"),
        (without("lifecycleStage"), "lifecycleStage"),
        (without("resourceArn"), "resourceArn"),
        (without("executionDetails"), "executionDetails"),
        (event(lifecycleStage="BAKE_TIME"), "BAKE_TIME"),
        (event(hookDetails="text"), "hookDetails"),
        (details(serviceArn=""), "serviceArn"),
        (details(targetServiceRevisionArn=None), "targetServiceRevisionArn"),
        (details(productionTrafficWeights=[100]), "productionTrafficWeights"),
        (details(productionTrafficWeights={REVISION: 101}), "productionTrafficWeights"),
        (details(testTrafficWeights={REVISION: "100"}), "testTrafficWeights"),
        (details(testTrafficWeights={REVISION: True}), "testTrafficWeights"),
    ],
)
def test_a_malformed_event_fails_the_hook_with_the_reason_in_the_log(
    bad: Any, named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert handler(bad, None) == {"hookStatus": "FAILED"}
    line = json.loads(capsys.readouterr().out)
    assert line["event"] == "hook_refused"
    assert any(named in fault for fault in line["faults"])


def test_hook_details_are_optional_and_never_logged(capsys: pytest.CaptureFixture[str]) -> None:
    assert handler(without("hookDetails"), None) == {"hookStatus": "SUCCEEDED"}
    handler(event(), None)
    assert "swordfish" not in capsys.readouterr().out


@settings(deadline=None)
@given(
    st.recursive(st.none() | st.booleans() | st.floats() | st.text(), lambda x: st.dictionaries(st.text(), x))
)
def test_no_event_makes_the_hook_raise(anything: Any) -> None:
    assert find_faults(anything)
    assert find_faults(event(executionDetails=anything))
