from __future__ import annotations

import json
from functools import cache

import pytest

from infra.components.queue import Queue, QueueArgs
from infra.components.schedules import Schedules, SchedulesArgs, ScheduleSpec, message_of
from tests.infra import parts
from tests.infra.recorder import ACCOUNT_ID, Recording, record

KEY = "arn:aws:kms:eu-west-1:111111111111:key/messages"
SPECS = tuple(
    ScheduleSpec(name=name, cron=cron, message=message_of(name))
    for name, cron in (("retriage", "cron(0 * * * ? *)"), ("digest", "cron(0 7 * * ? *)"))
)


@cache
def made(fifo: bool = True) -> Recording:
    def program() -> None:
        target = Queue(
            "tickets",
            QueueArgs(
                label=parts.label("messaging"),
                role="tickets",
                account=parts.ACCOUNT,
                key_arn=KEY,
                visibility_timeout_seconds=180,
                fifo=fifo,
            ),
        )
        Schedules(
            "schedules",
            SchedulesArgs(
                label=parts.label("schedules"),
                account=parts.ACCOUNT,
                boundary_arn=parts.BOUNDARY,
                key_arn=KEY,
                target=target,
                specs=SPECS,
                time_zone="Europe/Dublin",
            ),
        )

    return record(program)


def test_every_schedule_runs_in_the_group_at_its_time_in_the_zone_of_the_stack() -> None:
    recording = made()
    group = recording.one("scheduler/scheduleGroup:ScheduleGroup").inputs["name"]
    schedules = recording.of("scheduler/schedule:Schedule")
    assert {each.inputs["scheduleExpression"] for each in schedules} == {spec.cron for spec in SPECS}
    for each in schedules:
        assert each.inputs["groupName"] == group
        assert each.inputs["scheduleExpressionTimezone"] == "Europe/Dublin"
        assert each.inputs["flexibleTimeWindow"] == {"mode": "OFF"}
        assert each.inputs["state"] == "ENABLED"
        assert each.inputs["kmsKeyArn"] == KEY


def test_every_schedule_sends_its_message_and_puts_away_what_it_could_not_send() -> None:
    for each in made().of("scheduler/schedule:Schedule"):
        target = each.inputs["target"]
        assert target["arn"].endswith("queue/tickets-queue")
        assert target["deadLetterConfig"]["arn"].endswith("queue/schedules-dead-letters-queue")
        assert target["retryPolicy"] == {"maximumEventAgeInSeconds": 3600, "maximumRetryAttempts": 10}
        name = each.name.removeprefix("schedules-")
        assert json.loads(target["input"]) == {"schema_version": 1, "kind": "schedule", "name": name}


def test_a_schedule_is_a_group_of_its_own_in_a_queue_in_order_and_names_none_in_another() -> None:
    groups = [each.inputs["target"]["sqsParameters"] for each in made().of("scheduler/schedule:Schedule")]
    assert sorted(group["messageGroupId"] for group in groups) == ["schedule-digest", "schedule-retriage"]
    for each in made(fifo=False).of("scheduler/schedule:Schedule"):
        assert "sqsParameters" not in each.inputs["target"]


def test_what_could_not_be_sent_waits_in_a_queue_without_an_order() -> None:
    failures = made().one("sqs/queue:Queue", "schedules-dead-letters-queue").inputs
    assert "fifoQueue" not in failures
    assert not failures["name"].endswith(".fifo")


def test_only_this_group_of_this_account_takes_the_role() -> None:
    recording = made()
    (trust,) = parts.statements(recording, "iam/role:Role", "schedules-role-role", "assumeRolePolicy")
    assert trust["Principal"] == {"Service": "scheduler.amazonaws.com"}
    group = recording.one("scheduler/scheduleGroup:ScheduleGroup").inputs["name"]
    assert trust["Condition"] == {
        "StringEquals": {"aws:SourceAccount": ACCOUNT_ID},
        "ArnLike": {"aws:SourceArn": f"arn:aws:scheduler:eu-west-1:{ACCOUNT_ID}:schedule-group/{group}"},
    }


def test_the_role_sends_to_the_target_and_to_the_dead_letters_and_does_nothing_else() -> None:
    granted = parts.statements(made(), "iam/rolePolicy:RolePolicy", "schedules-role-grants")
    sends = [each for each in granted if each["Action"] == ["sqs:SendMessage"]]
    assert sorted(arn.rpartition("/")[2] for each in sends for arn in each["Resource"]) == [
        "schedules-dead-letters-queue",
        "tickets-queue",
    ]
    others = [each for each in granted if each not in sends]
    assert {tuple(each["Resource"]) for each in others} == {(KEY,)}


@pytest.mark.parametrize("cron", ["0 7 * * ? *", "cron(0 7 * * *)", "rate(1 hour)", "cron(0 7 * * ? * *)"])
def test_a_cron_that_the_scheduler_does_not_take_is_refused_with_one_that_it_does(cron: str) -> None:
    with pytest.raises(ValueError, match=r"'cron\(0 7 \* \* \? \*\)' for every day at seven"):
        ScheduleSpec(name="digest", cron=cron, message={})
