"""The events of the catalogue, each told to the topic of its severity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from infra.alarms.alarm import Severity
from infra.alarms.events import EVENTS, EventSpec
from infra.components.event_notice import EventNotice, EventNoticeArgs
from infra.naming import Label


@dataclass(frozen=True, kw_only=True)
class EventAlarmsArgs:
    label: Label
    topic_arns: Mapping[Severity, pulumi.Input[str]]
    dead_letter_queue_arn: pulumi.Input[str]


class EventAlarms(pulumi.ComponentResource):
    """A notice for each event of the catalogue: what happened, to what, and where to look."""

    def __init__(self, name: str, args: EventAlarmsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("slipway:event_alarms:EventAlarms", name, None, opts)
        for event in EVENTS:
            EventNotice(
                f"{name}-{event.role}",
                EventNoticeArgs(
                    label=args.label,
                    alert=event,
                    pattern=event.pattern,
                    sentence=sentence(event),
                    paths=event.shown,
                    topic_arn=args.topic_arns[event.severity],
                    dead_letter_queue_arn=args.dead_letter_queue_arn,
                ),
                pulumi.ResourceOptions(parent=self),
            )
        self.register_outputs({})


def sentence(event: EventSpec) -> str:
    """What a person reads; EventBridge fills in what stands in angle brackets."""
    quoted = ", ".join(f"{name} <{name}>" for name in event.shown)
    return f"{event.description} ({quoted})"
