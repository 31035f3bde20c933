from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.controlplane.inventory import count_resources

WISH: dict[str, Any] = {
    "Name": "digest",
    "GroupName": "main",
    "ScheduleExpression": "cron(0 7 * * ? *)",
    "ScheduleExpressionTimezone": "Europe/Berlin",
    "FlexibleTimeWindow": {"Mode": "OFF"},
    "Target": {
        "Arn": "arn:aws:sqs:eu-west-1:111111111111:tickets",
        "RoleArn": "arn:aws:iam::111111111111:role/scheduler",
        "RetryPolicy": {"MaximumRetryAttempts": 5},
    },
}
IDENTITY = {"GroupName": "main", "Name": "digest"}


@pytest.fixture
def scheduler(client: Callable[[str], Any]) -> Any:
    scheduler = client("scheduler")
    scheduler.create_schedule_group(Name="main")
    return scheduler


@pytest.mark.parametrize(
    "fault",
    [
        {"ScheduleExpression": "cron(0 7 * * *)"},
        {"ScheduleExpression": "rate(1 minutes)"},
        {"ScheduleExpressionTimezone": "Europe/Bonn"},
        {"FlexibleTimeWindow": {"Mode": "FLEXIBLE"}},
        {"FlexibleTimeWindow": {"Mode": "OFF", "MaximumWindowInMinutes": 5}},
    ],
    ids=["cron", "rate", "time zone", "window missing", "window off"],
)
@pytest.mark.parametrize("call", ["create_schedule", "update_schedule"])
def test_a_schedule_that_could_not_happen_is_refused(
    scheduler: Any, call: str, fault: dict[str, Any]
) -> None:
    if call == "update_schedule":
        scheduler.create_schedule(**WISH)
    with pytest.raises(ClientError) as caught:
        getattr(scheduler, call)(**WISH | fault)
    assert caught.value.response["Error"]["Code"] == "ValidationException"


def test_a_schedule_in_a_group_that_does_not_exist_is_refused(scheduler: Any) -> None:
    with pytest.raises(ClientError, match="other does not exist") as caught:
        scheduler.create_schedule(**WISH | {"GroupName": "other"})
    assert caught.value.response["Error"]["Code"] == "ResourceNotFoundException"


def test_an_update_says_all_that_a_schedule_is_to_be(scheduler: Any) -> None:
    scheduler.create_schedule(**WISH, State="DISABLED", ActionAfterCompletion="DELETE")
    scheduler.update_schedule(**WISH)
    shown = scheduler.get_schedule(**IDENTITY)
    assert (shown["State"], shown["ActionAfterCompletion"]) == ("ENABLED", "NONE")
    assert shown["Target"]["RetryPolicy"] == {"MaximumEventAgeInSeconds": 86400, "MaximumRetryAttempts": 5}
    scheduler.update_schedule(**WISH, ActionAfterCompletion="DELETE")
    assert scheduler.get_schedule(**IDENTITY)["ActionAfterCompletion"] == "DELETE"


def test_a_group_is_made_once_and_a_missing_one_is_named(scheduler: Any) -> None:
    scheduler.create_schedule(**WISH)
    with pytest.raises(ClientError) as taken:
        scheduler.create_schedule_group(Name="main")
    assert taken.value.response["Error"]["Code"] == "ConflictException"
    assert len(scheduler.list_schedules(GroupName="main")["Schedules"]) == 1
    with pytest.raises(ClientError) as missing:
        scheduler.delete_schedule_group(Name="other")
    assert missing.value.response["Error"]["Code"] == "ResourceNotFoundException"


def test_schedules_are_counted_until_they_or_their_group_are_deleted(cloud: Any) -> None:
    scheduler = cloud.client("scheduler")
    scheduler.create_schedule_group(Name="main")
    scheduler.create_schedule(**WISH)
    scheduler.create_schedule(**{**WISH, "GroupName": "default"})
    assert count_resources("111111111111") == {"scheduler": 3}
    scheduler.delete_schedule(GroupName="default", Name="digest")
    assert count_resources("111111111111") == {"scheduler": 2}
    scheduler.delete_schedule_group(Name="main")
    assert count_resources("111111111111") == {}
