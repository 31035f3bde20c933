"""Rules that tell a person of an event."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.alarm import Severity
from infra.event_catalogue import EVENTS, EventSpec
from infra.naming import Label

# A message older than this tells nobody anything; until then EventBridge tries again.
_OLDEST_SECONDS = 3600
_ATTEMPTS = 20


@dataclass(frozen=True, kw_only=True)
class EventAlarmsArgs:
    label: Label
    topic_arns: Mapping[Severity, pulumi.Input[str]]
    dead_letter_queue_arn: pulumi.Input[str]


class EventAlarms(pulumi.ComponentResource):
    """A rule for each event of the catalogue, whose message says what happened and where to look."""

    def __init__(self, name: str, args: EventAlarmsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("slipway:event_alarms:EventAlarms", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        for event in EVENTS:
            rule = aws.cloudwatch.EventRule(
                f"{name}-{event.role}",
                name=args.label.name(event.role),
                description=event.description,
                event_pattern=json.dumps(event.pattern, sort_keys=True, separators=(",", ":")),
                state="ENABLED",
                tags=args.label.tags(event.role),
                opts=child,
            )
            aws.cloudwatch.EventTarget(
                f"{name}-{event.role}-target",
                rule=rule.name,
                target_id=event.severity,
                arn=args.topic_arns[event.severity],
                input_transformer=aws.cloudwatch.EventTargetInputTransformerArgs(
                    input_paths=dict(event.shown), input_template=message(event)
                ),
                retry_policy=aws.cloudwatch.EventTargetRetryPolicyArgs(
                    maximum_event_age_in_seconds=_OLDEST_SECONDS, maximum_retry_attempts=_ATTEMPTS
                ),
                dead_letter_config=aws.cloudwatch.EventTargetDeadLetterConfigArgs(
                    arn=args.dead_letter_queue_arn
                ),
                opts=child,
            )
        self.register_outputs({})


def message(event: EventSpec) -> str:
    """What is published: a text in quotes, in which EventBridge fills in what it was shown."""
    quoted = ", ".join(f"{name} <{name}>" for name in event.shown)
    return json.dumps(f"{event.description} ({quoted})")
