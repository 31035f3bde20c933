from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

from infra.components.queue import Queue, QueueArgs, allowed_sources
from tests.infra import parts
from tests.infra.recorder import ACCOUNT_ID, Recording, record

KEY = "arn:aws:kms:eu-west-1:111111111111:key/messages"
QUEUE = "sqs/queue:Queue"


def arguments(**changes: Any) -> QueueArgs:
    given: dict[str, Any] = {
        "label": parts.label("messaging"),
        "role": "tickets",
        "account": parts.ACCOUNT,
        "key_arn": KEY,
        "visibility_timeout_seconds": 180,
        **changes,
    }
    return QueueArgs(**given)


@cache
def made(**changes: Any) -> Recording:
    def program() -> dict[str, Any]:
        queue = Queue("tickets", arguments(**changes))
        return {
            "send": parts.granted(queue.send_access()),
            "consume": parts.granted(queue.consume_access()),
            "replay": parts.granted(queue.replay_access()),
        }

    return record(program)


@pytest.mark.parametrize("fifo", [True, False])
def test_a_queue_fails_into_one_of_its_own_kind_that_keeps_for_longer(fifo: bool) -> None:
    recording = made(fifo=fifo)
    queue = recording.one(QUEUE, "tickets-queue")
    failures = recording.one(QUEUE, "tickets-dead-letters-queue")
    redrive = json.loads(queue.inputs["redrivePolicy"])
    assert redrive["deadLetterTargetArn"].endswith("queue/tickets-dead-letters-queue")
    assert redrive["maxReceiveCount"] == 5
    assert failures.inputs["messageRetentionSeconds"] > queue.inputs["messageRetentionSeconds"]
    assert bool(queue.inputs.get("fifoQueue")) is bool(failures.inputs.get("fifoQueue")) is fifo
    assert queue.inputs["name"].endswith(".fifo") is failures.inputs["name"].endswith(".fifo") is fifo


@pytest.mark.parametrize("fifo", [True, False])
def test_only_its_queue_may_fail_into_a_dead_letter_queue(fifo: bool) -> None:
    recording = made(fifo=fifo)
    (allow,) = recording.of("sqs/redriveAllowPolicy:RedriveAllowPolicy")
    name = recording.one(QUEUE, "tickets-queue").inputs["name"]
    assert json.loads(allow.inputs["redriveAllowPolicy"]) == {
        "redrivePermission": "byQueue",
        "sourceQueueArns": [f"arn:aws:sqs:eu-west-1:{ACCOUNT_ID}:{name}"],
    }
    assert allow.inputs["queueUrl"].endswith(
        recording.one(QUEUE, "tickets-dead-letters-queue").inputs["name"]
    )


def test_a_dead_letter_queue_of_no_queue_takes_from_none() -> None:
    assert allowed_sources(parts.ACCOUNT, None) == {"redrivePermission": "denyAll"}


def test_a_queue_in_order_takes_a_group_at_a_time_and_what_the_scheduler_sends() -> None:
    queue = made(fifo=True).one(QUEUE, "tickets-queue").inputs
    assert queue["contentBasedDeduplication"] is True
    assert queue["deduplicationScope"] == "messageGroup"
    assert queue["fifoThroughputLimit"] == "perMessageGroupId"


def test_every_queue_is_encrypted_and_refuses_plain_http_and_other_accounts() -> None:
    recording = made()
    queues = recording.of(QUEUE)
    assert {queue.inputs["kmsMasterKeyId"] for queue in queues} == {KEY}
    policies = recording.of("sqs/queuePolicy:QueuePolicy")
    assert len(policies) == len(queues) == 2
    for policy in policies:
        statements = json.loads(policy.inputs["policy"])["Statement"]
        assert {each["Effect"] for each in statements} == {"Deny"}
        conditions = [each["Condition"] for each in statements]
        assert {"Bool": {"aws:SecureTransport": "false"}} in conditions
        assert {"StringNotEquals": {"aws:PrincipalAccount": ACCOUNT_ID}} in conditions


def test_who_sends_cannot_read_and_who_reads_cannot_send() -> None:
    send, consume = made().outputs["send"], made().outputs["consume"]
    assert send[0]["Action"] == ["sqs:SendMessage"]
    assert "sqs:SendMessage" not in consume[0]["Action"]
    assert {"sqs:ReceiveMessage", "sqs:DeleteMessage"} <= set(consume[0]["Action"])
    assert {tuple(each["Resource"]) for each in (send[1], consume[1])} == {(KEY,)}


def test_an_operator_moves_messages_from_the_dead_letters_back_to_the_queue() -> None:
    move, send, _ = made().outputs["replay"]
    assert "sqs:StartMessageMoveTask" in move["Action"]
    assert [arn.rpartition("/")[2] for arn in move["Resource"]] == ["tickets-dead-letters-queue"]
    assert [arn.rpartition("/")[2] for arn in send["Resource"]] == ["tickets-queue"]


@pytest.mark.parametrize("seconds", [59, 1_209_600])
def test_a_retention_that_leaves_the_dead_letter_queue_no_time_is_refused(seconds: int) -> None:
    with pytest.raises(ValueError, match=f"got {seconds}"):
        arguments(retention_seconds=seconds)
