from __future__ import annotations

import json
from typing import Any

import pytest

from infra.alarms.alarm import Severity
from infra.components.alarm_topic import deposits, publishers
from tests.infra.observed import ACCOUNT, LABEL, observed
from tests.infra.recorder import ACCOUNT_ID

TOPIC_ARN = ACCOUNT.arn("sns", "slipway-dev-alarms-page")


def _publishers() -> list[dict[str, Any]]:
    return [statement.to_dict() for statement in publishers(ACCOUNT, LABEL, TOPIC_ARN)]


def _allowed() -> dict[str, dict[str, Any]]:
    return {each["Principal"]["Service"]: each for each in _publishers() if each["Effect"] == "Allow"}


@pytest.mark.parametrize("severity", Severity)
def test_each_severity_has_a_topic_of_its_own_under_the_key_of_messages(severity: Severity) -> None:
    topic = observed().one("sns/topic:Topic", f"alarm-topic-{severity}").inputs
    assert topic["name"] == f"slipway-dev-alarms-{severity}"
    assert topic["kmsMasterKeyId"] == "key-of-messages"


def test_only_a_page_wakes_somebody() -> None:
    subscriptions = observed().of("sns/topicSubscription:TopicSubscription")
    told = {(each.inputs["topic"].rpartition("-")[2], each.inputs["endpoint"]) for each in subscriptions}
    assert told == {
        ("page", "night@example.com"),
        ("ticket", "day@example.com"),
        ("ticket", "team@example.com"),
    }


def test_only_services_that_tell_of_this_account_may_publish() -> None:
    assert set(_allowed()) == {
        "cloudwatch.amazonaws.com",
        "events.amazonaws.com",
        "budgets.amazonaws.com",
        "backup.amazonaws.com",
        "events.rds.amazonaws.com",
    }
    for service, statement in _allowed().items():
        assert statement["Action"] == ["sns:Publish"]
        assert statement["Resource"] == [TOPIC_ARN]
        if service != "events.amazonaws.com":
            condition = statement["Condition"]
            assert condition["StringEquals"] == {"aws:SourceAccount": ACCOUNT_ID}
            assert ACCOUNT_ID in condition["ArnLike"]["aws:SourceArn"]


def test_eventbridge_is_let_in_without_the_conditions_that_would_lock_it_out() -> None:
    assert "Condition" not in _allowed()["events.amazonaws.com"]


def test_cloudwatch_publishes_for_the_alarms_of_this_stack_only() -> None:
    condition = _allowed()["cloudwatch.amazonaws.com"]["Condition"]
    assert condition["ArnLike"]["aws:SourceArn"] == ACCOUNT.arn("cloudwatch", "alarm:slipway-dev-*")


def test_nothing_is_published_without_tls() -> None:
    (denied,) = [each for each in _publishers() if each["Effect"] == "Deny"]
    assert denied["Principal"] == {"AWS": "*"}
    assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_the_policy_names_the_topic_that_it_belongs_to() -> None:
    for severity in Severity:
        topic = observed().one("sns/topic:Topic", f"alarm-topic-{severity}").inputs
        resources = {
            resource
            for statement in json.loads(topic["policy"])["Statement"]
            for resource in statement["Resource"]
        }
        assert resources == {ACCOUNT.arn("sns", topic["name"])}


def test_what_cannot_be_delivered_is_kept() -> None:
    queue = observed().one("sqs/queue:Queue", "alarm-topic-undelivered")
    assert queue.inputs["kmsMasterKeyId"] == "key-of-messages"
    assert queue.inputs["messageRetentionSeconds"] == 14 * 86400
    for subscription in observed().of("sns/topicSubscription:TopicSubscription"):
        assert (
            "alarm-topic-undelivered"
            in json.loads(subscription.inputs["redrivePolicy"])["deadLetterTargetArn"]
        )


def test_only_the_topics_and_the_rules_of_this_stack_leave_messages_in_the_queue() -> None:
    statements = [each.to_dict() for each in deposits(ACCOUNT, LABEL, "queue-arn", [TOPIC_ARN])]
    allowed = {
        each["Principal"]["Service"]: each["Condition"] for each in statements if each["Effect"] == "Allow"
    }
    assert allowed == {
        "sns.amazonaws.com": {"ArnEquals": {"aws:SourceArn": [TOPIC_ARN]}},
        "events.amazonaws.com": {"ArnLike": {"aws:SourceArn": ACCOUNT.arn("events", "rule/slipway-dev-*")}},
    }
    assert [each["Condition"] for each in statements if each["Effect"] == "Deny"] == [
        {"Bool": {"aws:SecureTransport": "false"}}
    ]
