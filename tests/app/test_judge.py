"""The lifecycle hook on the events that ECS sends, and on those that it does not."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from moto import mock_aws

from app.judge.handler import STAGES, find_faults, handler, is_rollback, record_of

REVISION = "arn:aws:ecs:eu-west-1:111111111111:service-revision/main/triage/9313423515462893900"


BLUE = REVISION[:-1] + "1"
TABLE = "slipway-dev-judge-releases"
REGION = "eu-west-1"


class Releases:
    """The table of releases, as the component makes it."""

    def __init__(self) -> None:
        self.client = boto3.client("dynamodb", region_name=REGION)
        self.client.create_table(
            TableName=TABLE,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[
                {"AttributeName": "pk", "KeyType": "HASH"},
                {"AttributeName": "sk", "KeyType": "RANGE"},
            ],
            AttributeDefinitions=[
                {"AttributeName": "pk", "AttributeType": "S"},
                {"AttributeName": "sk", "AttributeType": "S"},
            ],
        )

    def records(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.client.scan(TableName=TABLE)["Items"]
        return found


@pytest.fixture
def releases(monkeypatch: pytest.MonkeyPatch) -> Iterator[Releases]:
    for name, value in (
        ("AWS_DEFAULT_REGION", REGION),
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
        ("RELEASE_TABLE", TABLE),
    ):
        monkeypatch.setenv(name, value)
    with mock_aws():
        yield Releases()


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
    stage: str, releases: Releases, capsys: pytest.CaptureFixture[str]
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


def test_hook_details_are_optional_and_never_logged_or_written_down(
    releases: Releases, capsys: pytest.CaptureFixture[str]
) -> None:
    assert handler(without("hookDetails"), None) == {"hookStatus": "SUCCEEDED"}
    handler(event(executionId="another"), None)
    assert "swordfish" not in capsys.readouterr().out
    assert len(releases.records()) == 2
    assert "swordfish" not in json.dumps(releases.records())


def test_a_call_is_written_down_under_its_deployment(releases: Releases) -> None:
    handler(event(), None)
    (record,) = releases.records()
    assert record["pk"] == {"S": f"deployment#{event()['resourceArn']}"}
    assert record["sk"] == {"S": "hook#PRODUCTION_TRAFFIC_SHIFT#7a3c"}
    assert json.loads(record["production_weights_percent"]["S"]) == {REVISION: 100}
    assert record["rollback"] == {"BOOL": False}


def test_the_same_call_twice_makes_one_record_and_passes_twice(releases: Releases) -> None:
    assert [handler(event(), None) for _ in range(2)] == [{"hookStatus": "SUCCEEDED"}] * 2
    assert len(releases.records()) == 1


def test_calls_of_other_stages_and_executions_make_records_of_their_own(releases: Releases) -> None:
    for changes in ({}, {"executionId": "another"}, {"lifecycleStage": "PRE_SCALE_UP"}):
        handler(event(**changes), None)
    assert len(releases.records()) == 3


def test_a_record_is_forgotten_after_four_hundred_days() -> None:
    seen = {
        "deployment": "arn",
        "execution_id": "7a3c",
        "stage": "PRE_SCALE_UP",
        "service": "arn",
        "target_revision": "arn",
        "test_weights_percent": {},
        "production_weights_percent": {},
        "rollback": False,
    }
    now = datetime(2026, 1, 1, tzinfo=UTC)
    expires = datetime.fromtimestamp(int(record_of(seen, now)["expires_at"]["N"]), UTC)
    assert (expires - now).days == 400


def going_back(stage: str = "PRODUCTION_TRAFFIC_SHIFT") -> dict[str, Any]:
    """What ECS asks when it takes a release back."""
    key = {"TEST_TRAFFIC_SHIFT": "testTrafficWeights"}.get(stage, "productionTrafficWeights")
    return {
        **details(**{"productionTrafficWeights": {}, key: {REVISION: 0, BLUE: 100}}),
        "lifecycleStage": stage,
    }


@pytest.mark.parametrize("stage", ["TEST_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT"])
def test_a_rollback_passes_and_is_written_down_beside_the_call_before_it(
    releases: Releases, stage: str
) -> None:
    handler(event(lifecycleStage=stage), None)
    assert handler(going_back(stage), None) == {"hookStatus": "SUCCEEDED"}
    assert sorted(record["rollback"]["BOOL"] for record in releases.records()) == [False, True]


@pytest.mark.parametrize(
    "forward",
    [
        event(),
        event(lifecycleStage="PRE_SCALE_UP"),
        details(productionTrafficWeights={}),
        details(productionTrafficWeights={REVISION: 10, BLUE: 90}),
        # Before the first step nothing has been shifted yet.
        going_back("PRE_PRODUCTION_TRAFFIC_SHIFT"),
        # The public's weights say nothing yet when it is the test traffic that is shifted.
        {
            **details(
                testTrafficWeights={REVISION: 100, BLUE: 0}, productionTrafficWeights={REVISION: 0, BLUE: 100}
            ),
            "lifecycleStage": "TEST_TRAFFIC_SHIFT",
        },
    ],
)
def test_a_release_that_goes_forward_is_not_taken_for_a_rollback(forward: dict[str, Any]) -> None:
    assert not is_rollback(forward)


def break_table(releases: Releases, monkeypatch: pytest.MonkeyPatch) -> None:
    releases.client.delete_table(TableName=TABLE)


def forget_table(releases: Releases, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RELEASE_TABLE")


def lose_region(releases: Releases, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION")


@pytest.mark.parametrize(
    ("fault", "named"),
    [(break_table, TABLE), (forget_table, "RELEASE_TABLE is not set"), (lose_region, "region")],
)
def test_a_call_that_cannot_be_written_down_fails_the_hook_but_not_a_rollback(
    releases: Releases,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    fault: Any,
    named: str,
) -> None:
    fault(releases, monkeypatch)
    assert handler(event(), None) == {"hookStatus": "FAILED"}
    *_, line = map(json.loads, capsys.readouterr().out.splitlines())
    assert line["event"] == "record_failed"
    assert named in line["reason"]
    assert handler(going_back(), None) == {"hookStatus": "SUCCEEDED"}
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["event"] == "record_failed"


@settings(deadline=None)
@given(
    st.recursive(st.none() | st.booleans() | st.floats() | st.text(), lambda x: st.dictionaries(st.text(), x))
)
def test_no_event_makes_the_hook_raise(anything: Any) -> None:
    assert find_faults(anything)
    assert find_faults(event(executionDetails=anything))
