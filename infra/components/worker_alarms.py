"""The alarms that take a release of the worker back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.alarms.alarm import Alert, Owner, Severity
from infra.alarms.slo import APPLICATION_NAMESPACE
from infra.naming import Label

_PERIOD_SECONDS = 60
_MESSAGE_GIVEN_UP = Alert(
    role="message-given-up",
    meaning="Takes a release of the worker back: messages are given up, and wait in the dead-letter queue",
    severity=Severity.TICKET,
    owner=Owner.TRIAGE,
)

Query = aws.cloudwatch.MetricAlarmMetricQueryArgs


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
        self._name, self._args = name, args
        self._child = pulumi.ResourceOptions(parent=self)
        failing, given_up = worker_alerts(args.error_share)
        work = {"Service": args.application}
        dead_letters = {"QueueName": args.dead_letter_queue_name}
        enough = f"FILL(requests, 0) >= {args.fewest_messages}"
        alarms = [
            self._make_alarm(
                failing,
                args.error_share,
                f"IF({enough}, FILL(errors, 0) / FILL(requests, 0), 0)",
                [
                    _measure("requests", APPLICATION_NAMESPACE, "Requests", "Sum", work),
                    _measure("errors", APPLICATION_NAMESPACE, "Errors", "Sum", work),
                ],
                datapoints=args.evaluation_minutes - 1,
            ),
            self._make_alarm(
                given_up,
                0,
                # SQS reports nothing of a queue that has been empty for hours, and each minute of another.
                "DIFF(FILL(waiting, 0))",
                [
                    _measure(
                        "waiting", "AWS/SQS", "ApproximateNumberOfMessagesVisible", "Maximum", dead_letters
                    )
                ],
                datapoints=1,
            ),
        ]
        self.names = [alarm.name for alarm in alarms]
        self.arns = [alarm.arn for alarm in alarms]
        self.register_outputs({"names": self.names, "arns": self.arns})

    def _make_alarm(
        self, alert: Alert, threshold: float, expression: str, measured: Sequence[Query], *, datapoints: int
    ) -> aws.cloudwatch.MetricAlarm:
        return aws.cloudwatch.MetricAlarm(
            f"{self._name}-{alert.role}",
            name=self._args.label.name(alert.role, limit=255),
            alarm_description=alert.description,
            metric_queries=[
                Query(id="value", expression=expression, label=alert.role, return_data=True),
                *measured,
            ],
            comparison_operator="GreaterThanThreshold",
            threshold=threshold,
            evaluation_periods=self._args.evaluation_minutes,
            datapoints_to_alarm=datapoints,
            treat_missing_data="notBreaching",
            alarm_actions=self._args.alarm_actions,
            tags=self._args.label.tags(alert.role),
            opts=self._child,
        )


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


def _measure(
    query_id: str, namespace: str, metric_name: str, stat: str, dimensions: Mapping[str, pulumi.Input[str]]
) -> Query:
    return Query(
        id=query_id,
        return_data=False,
        metric=aws.cloudwatch.MetricAlarmMetricQueryMetricArgs(
            namespace=namespace,
            metric_name=metric_name,
            stat=stat,
            period=_PERIOD_SECONDS,
            dimensions=dimensions,
        ),
    )
