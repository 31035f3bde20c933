"""An event of AWS that a person has to hear of."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from infra.alarms.alarm import Alert
from infra.naming import Label

# An event that is older than this is in the console by now, and no news.
_OLDEST_NEWS_SECONDS = 6 * 3600


@dataclass(frozen=True, kw_only=True)
class EventNoticeArgs:
    label: Label
    alert: Alert
    pattern: Mapping[str, Any]
    # A sentence with <names>, and where in the event each name is found.
    sentence: str
    paths: Mapping[str, str]
    topic_arn: pulumi.Input[str]  # of the alert's severity
    # Where a sentence is kept that the topic does not take.
    dead_letter_queue_arn: pulumi.Input[str]


class EventNotice(pulumi.ComponentResource):
    """An EventBridge rule that sends one plain sentence per event to a topic.

    The policy of the topic has to let events.amazonaws.com publish for this account: EventBridge takes no
    role for a topic (EventBridge user guide, "Using resource-based policies").
    """

    rule_arn: pulumi.Output[str]

    def __init__(self, name: str, args: EventNoticeArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("slipway:event_notice:EventNotice", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        rule = aws.cloudwatch.EventRule(
            f"{name}-rule",
            name=args.label.name(args.alert.role),
            description=args.alert.description,
            event_pattern=json.dumps(args.pattern, sort_keys=True, separators=(",", ":")),
            state="ENABLED",
            tags=args.label.tags(args.alert.role),
            opts=child,
        )
        aws.cloudwatch.EventTarget(
            f"{name}-target",
            rule=rule.name,
            target_id="topic",
            arn=args.topic_arn,
            input_transformer=aws.cloudwatch.EventTargetInputTransformerArgs(
                input_paths=args.paths, input_template=json.dumps(args.sentence)
            ),
            retry_policy=aws.cloudwatch.EventTargetRetryPolicyArgs(
                maximum_event_age_in_seconds=_OLDEST_NEWS_SECONDS, maximum_retry_attempts=185
            ),
            dead_letter_config=aws.cloudwatch.EventTargetDeadLetterConfigArgs(arn=args.dead_letter_queue_arn),
            opts=child,
        )
        self.rule_arn = rule.arn
        self.register_outputs({"rule_arn": self.rule_arn})
