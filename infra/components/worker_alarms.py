"""The alarms that take a release of the worker back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from infra.alarms.alarm import Alert, Owner, Severity
from infra.alarms.slo import APPLICATION_NAMESPACE
from infra.components.release_alarm import Query, ReleaseWatch, measured
from infra.naming import Label

_MESSAGE_GIVEN_UP = Alert(
    role="message-given-up",
    meaning="Takes a release of the worker back: messages are given up, and wait in the dead-letter queue",
    severity=Severity.TICKET,
    owner=Owner.TRIAGE,
)


@dataclass(frozen=True, kw_only=True)
class WorkerAlarmsArgs:
    label: Label
    application: str  # the value of the dimension `Service` in the worker's metrics
    dead_letter_queue_name: pulumi.Input[str]
    # How many minutes are looked at; one of them may be good.
    evaluation_minutes: int
    error_share: float = 0.2
    # Below this many messages a minute a share of errors says nothing.
    fewest_messages: int = 5
    # Who is told, beside ECS: topics.
    alarm_actions: Sequence[pulumi.Input[str]] = ()


class WorkerAlarms(pulumi.ComponentResource):
    """What ECS watches while a release of the worker runs: work that fails, and work that is given up.

    Tasks that do not start, or do not stay, are for the circuit breaker of the service. What lay in the
    dead-letter queue before a release is not of its doing: only growth counts.
    """

    names: Sequence[pulumi.Output[str]]
    arns: Sequence[pulumi.Output[str]]

    def __init__(self, name: str, args: WorkerAlarmsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("slipway:worker_alarms:WorkerAlarms", name, None, opts)
        watch = ReleaseWatch(
            name=name,
            label=args.label,
            evaluation_minutes=args.evaluation_minutes,
            alarm_actions=args.alarm_actions,
            opts=pulumi.ResourceOptions(parent=self),
        )
        failing, given_up = worker_alerts(args.error_share)
        work = {"Service": args.application}
        dead_letters = {"QueueName": args.dead_letter_queue_name}
        enough = f"FILL(requests, 0) >= {args.fewest_messages}"
        alarms = [
            watch.alarm(
                failing,
                args.error_share,
                [
                    _value(failing, f"IF({enough}, FILL(errors, 0) / FILL(requests, 0), 0)"),
                    measured("requests", APPLICATION_NAMESPACE, "Requests", "Sum", work),
                    measured("errors", APPLICATION_NAMESPACE, "Errors", "Sum", work),
                ],
                datapoints=args.evaluation_minutes - 1,
            ),
            watch.alarm(
                given_up,
                0,
                [
                    # SQS reports nothing of a queue that was empty for hours, and each minute of another.
                    _value(given_up, "DIFF(FILL(waiting, 0))"),
                    measured(
                        "waiting", "AWS/SQS", "ApproximateNumberOfMessagesVisible", "Maximum", dead_letters
                    ),
                ],
                datapoints=1,
            ),
        ]
        self.names = [alarm.name for alarm in alarms]
        self.arns = [alarm.arn for alarm in alarms]
        self.register_outputs({"names": self.names, "arns": self.arns})


def worker_alerts(error_share: float) -> tuple[Alert, Alert]:
    """What each of the alarms tells."""
    failing = Alert(
        role="work-failing",
        meaning=(
            f"Takes a release of the worker back: more than {error_share:.0%} of the messages that it takes "
            "up fail"
        ),
        severity=Severity.TICKET,
        owner=Owner.TRIAGE,
    )
    return failing, _MESSAGE_GIVEN_UP


def _value(alert: Alert, expression: str) -> Query:
    return Query(id="value", expression=expression, label=alert.role, return_data=True)
