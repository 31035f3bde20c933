from __future__ import annotations

import json
import operator
from typing import Any

import pytest

from infra.alarms.alarm import Severity
from infra.alarms.events import EVENTS, EventSpec
from infra.components.event_alarms import sentence
from infra.components.quota_alarms import QUOTAS, Quota
from tests.infra.observed import observed

# One event for each that a person is told of, cut down to what rules look at.
SAMPLES: dict[str, dict[str, Any]] = {
    "key-pending-deletion": {
        "source": "aws.kms",
        "detail-type": "AWS API Call via CloudTrail",
        "detail": {
            "eventSource": "kms.amazonaws.com",
            "eventName": "ScheduleKeyDeletion",
            "requestParameters": {"keyId": "key", "pendingWindowInDays": 7},
            "userIdentity": {"arn": "arn:aws:iam::111111111111:user/somebody"},
        },
    },
    "rotation-failed": {
        "source": "aws.secretsmanager",
        "detail-type": "AWS Service Event via CloudTrail",
        "detail": {
            "eventSource": "secretsmanager.amazonaws.com",
            "eventName": "RotationFailed",
            "additionalEventData": {"SecretId": "arn:aws:secretsmanager:eu-west-1:111111111111:secret:one"},
        },
    },
    "release-failed": {
        "source": "aws.ecs",
        "detail-type": "ECS Deployment State Change",
        "detail": {
            "eventType": "ERROR",
            "eventName": "SERVICE_DEPLOYMENT_FAILED",
            "deploymentId": "ecs-svc/123",
            "reason": "ECS deployment circuit breaker: task failed to start.",
        },
    },
    "threat-found": {
        "source": "aws.guardduty",
        "detail-type": "GuardDuty Finding",
        "detail": {"type": "CryptoCurrency:Runtime/BitcoinTool.B", "title": "A", "id": "1", "severity": 8},
    },
    "threat-suspected": {
        "source": "aws.guardduty",
        "detail-type": "GuardDuty Finding",
        "detail": {"type": "Recon:EC2/Portscan", "title": "A", "id": "1", "severity": 4.0},
    },
}
NEAR_MISSES: dict[str, dict[str, Any]] = {
    "key-pending-deletion": {"eventName": "EnableKey"},
    "rotation-failed": {"eventName": "RotationSucceeded"},
    "release-failed": {"eventName": "SERVICE_DEPLOYMENT_COMPLETED"},
    "threat-found": {"severity": 6.9},
    "threat-suspected": {"severity": 7.0},
}
each_event = pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.role)
each_quota = pytest.mark.parametrize("quota", QUOTAS, ids=lambda quota: quota.role)


def _matches(pattern: Any, event: Any) -> bool:
    if isinstance(pattern, dict):
        return all(_matches(each, (event or {}).get(key)) for key, each in pattern.items())
    return any(_matches_one(wanted, event) for wanted in pattern)


def _matches_one(wanted: Any, value: Any) -> bool:
    if not isinstance(wanted, dict):
        return bool(wanted == value)
    if "exists" in wanted:
        return bool((value is not None) == wanted["exists"])
    limits = wanted["numeric"]
    compare = {">=": operator.ge, "<": operator.lt}
    return all(compare[sign](value, limit) for sign, limit in zip(limits[::2], limits[1::2], strict=True))


@each_event
def test_a_rule_finds_its_event_and_lets_its_neighbour_pass(event: EventSpec) -> None:
    sample = SAMPLES[event.role]
    pattern = json.loads(observed().one("EventRule", f"events-{event.role}-rule").inputs["eventPattern"])
    assert _matches(pattern, sample)
    near = {**sample, "detail": {**sample["detail"], **NEAR_MISSES[event.role]}}
    assert not _matches(pattern, near)


@pytest.mark.parametrize(
    ("severity", "told"),
    [
        (1.0, []),
        (3.9, []),
        (4.0, [Severity.TICKET]),
        (6.9, [Severity.TICKET]),
        (7.0, [Severity.PAGE]),
        (9.5, [Severity.PAGE]),
    ],
)
def test_a_finding_wakes_somebody_or_waits_and_never_both(severity: float, told: list[Severity]) -> None:
    sample = {"source": "aws.guardduty", "detail-type": "GuardDuty Finding", "detail": {"severity": severity}}
    assert [event.severity for event in EVENTS if _matches(event.pattern, sample)] == told


def test_a_deletion_of_a_key_that_was_refused_wakes_nobody() -> None:
    sample = SAMPLES["key-pending-deletion"]
    (event,) = [event for event in EVENTS if event.role == "key-pending-deletion"]
    refused = {**sample, "detail": {**sample["detail"], "errorCode": "AccessDenied"}}
    assert not _matches(event.pattern, refused)


@each_event
def test_what_a_message_quotes_is_in_the_event(event: EventSpec) -> None:
    for path in event.shown.values():
        value: Any = SAMPLES[event.role]
        for step in path.removeprefix("$.").split("."):
            value = value[step]
        assert not isinstance(value, list | dict)


@each_event
def test_a_message_is_a_text_that_names_the_runbook(event: EventSpec) -> None:
    target = observed().one("EventTarget", f"events-{event.role}-target").inputs
    text = json.loads(target["inputTransformer"]["inputTemplate"])
    assert text == sentence(event)
    assert f"Runbook: docs/runbooks/{event.role}.md" in text
    assert all(f"<{name}>" in text for name in event.shown)


@each_event
def test_an_event_goes_to_the_topic_of_its_severity_and_is_kept_when_it_cannot(event: EventSpec) -> None:
    rule = observed().one("EventRule", f"events-{event.role}-rule")
    target = observed().one("EventTarget", f"events-{event.role}-target").inputs
    assert rule.inputs["name"].startswith("slipway-dev-"), "the queue takes messages of such rules only"
    assert target["rule"] == rule.inputs["name"]
    assert target["arn"] == observed().outputs["topics"][event.severity]
    assert "alarm-topic-undelivered" in target["deadLetterConfig"]["arn"]
    assert "roleArn" not in target, "delivery by a role fails for encrypted topics"


@each_event
def test_eventbridge_takes_the_description_and_the_pattern(event: EventSpec) -> None:
    rule = observed().one("EventRule", f"events-{event.role}-rule").inputs
    assert len(rule["description"]) <= 512
    assert len(rule["eventPattern"]) <= 2048


@each_quota
def test_a_quota_alarms_at_four_fifths_of_what_the_account_has(quota: Quota) -> None:
    alarm = observed().one("cloudwatch/metricAlarm:MetricAlarm", f"quotas-{quota.role}").inputs
    used, measured = alarm["metricQueries"]
    assert (used["expression"], used["returnData"]) == ("m0 / SERVICE_QUOTA(m0) * 100", True)
    assert alarm["threshold"] == 80
    assert measured["metric"]["metricName"] == quota.metric
    assert measured["metric"].get("dimensions", {}) == quota.dimensions
    assert alarm["alarmActions"] == [observed().outputs["topics"][quota.severity]]
