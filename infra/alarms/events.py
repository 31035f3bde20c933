"""Events that a person is told of, since no metric shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from infra.alarms.alarm import Alert, Owner, Severity

# From where a finding is medium, and from where it is high. What is low was stopped, and stays in GuardDuty's
# own list (GuardDuty user guide, "Findings severity levels").
_MEDIUM, _HIGH = 4, 7
_FINDING = {
    "finding": "$.detail.type",
    "title": "$.detail.title",
    "id": "$.detail.id",
    "severity": "$.detail.severity",
}


@dataclass(frozen=True, kw_only=True)
class EventSpec(Alert):
    """An event of EventBridge's default bus; `shown` names what the message quotes of it.

    The paths are in dot notation, the only one that EventBridge takes (API reference, InputTransformer).
    """

    pattern: Mapping[str, Any]
    shown: Mapping[str, str]


def _finding(severity: list[str | int]) -> Mapping[str, Any]:
    return {
        "source": ["aws.guardduty"],
        "detail-type": ["GuardDuty Finding"],
        "detail": {"severity": [{"numeric": severity}]},
    }


EVENTS: tuple[EventSpec, ...] = (
    EventSpec(
        role="key-pending-deletion",
        meaning="A key is disabled or about to be deleted; what it encrypts is lost with it",
        severity=Severity.PAGE,
        owner=Owner.SECURITY,
        pattern={
            "source": ["aws.kms"],
            "detail-type": ["AWS API Call via CloudTrail"],
            "detail": {
                "eventSource": ["kms.amazonaws.com"],
                "eventName": ["DisableKey", "ScheduleKeyDeletion"],
                "errorCode": [{"exists": False}],
            },
        },
        shown={
            "call": "$.detail.eventName",
            "key": "$.detail.requestParameters.keyId",
            "who": "$.detail.userIdentity.arn",
        },
    ),
    EventSpec(
        role="rotation-failed",
        meaning="A secret could not be rotated; the old value stays in use",
        severity=Severity.TICKET,
        owner=Owner.PLATFORM,
        pattern={
            "source": ["aws.secretsmanager"],
            "detail-type": ["AWS Service Event via CloudTrail"],
            "detail": {"eventSource": ["secretsmanager.amazonaws.com"], "eventName": ["RotationFailed"]},
        },
        shown={"secret": "$.detail.additionalEventData.SecretId"},
    ),
    EventSpec(
        role="release-failed",
        meaning="A release of a service failed or was rolled back",
        severity=Severity.TICKET,
        owner=Owner.TRIAGE,
        pattern={
            "source": ["aws.ecs"],
            "detail-type": ["ECS Deployment State Change"],
            "detail": {"eventName": ["SERVICE_DEPLOYMENT_FAILED"]},
        },
        shown={"deployment": "$.detail.deploymentId", "reason": "$.detail.reason"},
    ),
    EventSpec(
        role="threat-found",
        meaning="GuardDuty has found a threat of high severity",
        severity=Severity.PAGE,
        owner=Owner.SECURITY,
        pattern=_finding([">=", _HIGH]),
        shown=_FINDING,
    ),
    EventSpec(
        role="threat-suspected",
        meaning="GuardDuty has found a threat of medium severity",
        severity=Severity.TICKET,
        owner=Owner.SECURITY,
        pattern=_finding([">=", _MEDIUM, "<", _HIGH]),
        shown=_FINDING,
    ),
)

# What services write to the topics in words of their own, in which no runbook can be named.
AWS_MESSAGES: tuple[Alert, ...] = (
    Alert(
        role="budget-used",
        meaning="A share of the monthly budget is used up, or all of it is going to be",
        severity=Severity.TICKET,
        owner=Owner.PLATFORM,
    ),
    Alert(
        role="database-event",
        meaning="RDS tells of its instance or of its parameters: a failover, a failure, a change",
        severity=Severity.TICKET,
        owner=Owner.PLATFORM,
    ),
    Alert(
        role="vault-event",
        meaning="Somebody restores from the vault of backups, changes a recovery point, or a copy failed",
        severity=Severity.TICKET,
        owner=Owner.SECURITY,
    ),
)
