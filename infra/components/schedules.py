"""What is done by the clock: messages that are sent to a queue at their time."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra import iam
from infra.account import Account
from infra.components.queue import DeadLetterQueue, DeadLetterQueueArgs, Queue
from infra.components.role import Role, RoleArgs
from infra.naming import Label

# Minutes, hours, day of month, month, day of week, year.
_CRON = re.compile(r"cron\(\S+( \S+){5}\)")
# A message that is an hour late meets the next of an hourly schedule.
_OLDEST_SECONDS = 3600
_RETRIES = 10


@dataclass(frozen=True, kw_only=True)
class ScheduleSpec:
    """One message, and when it is sent: `cron="cron(0 7 * * ? *)"`."""

    name: str
    cron: str
    message: Mapping[str, str | int]

    def __post_init__(self) -> None:
        if not _CRON.fullmatch(self.cron):
            raise ValueError(
                f"the cron of schedule {self.name} must be six fields, such as 'cron(0 7 * * ? *)' for every "
                f"day at seven, got {self.cron!r}"
            )


@dataclass(frozen=True, kw_only=True)
class SchedulesArgs:
    label: Label
    account: Account
    boundary_arn: pulumi.Input[str]
    key_arn: pulumi.Input[str]
    target: Queue
    specs: Sequence[ScheduleSpec]
    # By its name in the IANA database. Where clocks change, an hour is skipped or comes twice: keep what
    # must run once out of the small hours.
    time_zone: str


class Schedules(pulumi.ComponentResource):
    """A group of schedules, the role by which they send and nothing else, and where their failures go.

    The dead-letter queue holds what could not be sent. What was sent and could not be handled is in the
    dead-letter queue of the target.
    """

    group_name: pulumi.Output[str]
    dead_letters: DeadLetterQueue

    def __init__(self, name: str, args: SchedulesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("slipway:schedules:Schedules", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)

        group = aws.scheduler.ScheduleGroup(
            f"{name}-group", name=args.label.name(), tags=args.label.tags(), opts=child
        )
        # In no order, whatever the target is: the scheduler takes no other ("Configuring a dead-letter
        # queue for EventBridge Scheduler").
        self.dead_letters = DeadLetterQueue(
            f"{name}-dead-letters",
            DeadLetterQueueArgs(
                label=args.label, role="dead-letters", account=args.account, key_arn=args.key_arn
            ),
            child,
        )
        role = Role(
            f"{name}-role",
            RoleArgs(
                label=args.label,
                role="sender",
                trust=trusted_group(args.account, args.label.name()),
                boundary_arn=args.boundary_arn,
                # Both use the key under which the schedules themselves are kept.
                grants=[*args.target.send_access(), *self.dead_letters.send_access()],
            ),
            child,
        )
        for spec in args.specs:
            aws.scheduler.Schedule(
                f"{name}-{spec.name}",
                name=args.label.name(spec.name),
                group_name=group.name,
                description=f"Sends {spec.name} of {args.label.prefix}",
                state="ENABLED",
                schedule_expression=spec.cron,
                schedule_expression_timezone=args.time_zone,
                flexible_time_window=aws.scheduler.ScheduleFlexibleTimeWindowArgs(mode="OFF"),
                kms_key_arn=args.key_arn,
                target=aws.scheduler.ScheduleTargetArgs(
                    arn=args.target.arn,
                    role_arn=role.arn,
                    input=json.dumps(spec.message, sort_keys=True, separators=(",", ":")),
                    dead_letter_config=aws.scheduler.ScheduleTargetDeadLetterConfigArgs(
                        arn=self.dead_letters.arn
                    ),
                    retry_policy=aws.scheduler.ScheduleTargetRetryPolicyArgs(
                        maximum_event_age_in_seconds=_OLDEST_SECONDS, maximum_retry_attempts=_RETRIES
                    ),
                    # A group of its own, so that a schedule that fails holds up no customer.
                    sqs_parameters=(
                        aws.scheduler.ScheduleTargetSqsParametersArgs(
                            message_group_id=f"schedule-{spec.name}"
                        )
                        if args.target.fifo
                        else None
                    ),
                ),
                opts=child,
            )

        self.group_name = group.name
        self.register_outputs({"group_name": self.group_name})


def message_of(name: str) -> dict[str, str | int]:
    """What the worker reads when a schedule has come."""
    return {"schema_version": 1, "kind": "schedule", "name": name}


def trusted_group(account: Account, group_name: str) -> iam.Allow:
    """Lets the scheduler take a role for the schedules of one group ("Confused deputy prevention")."""
    return iam.trust(
        "scheduler.amazonaws.com",
        source_account_id=account.account_id,
        source_arn=account.arn("scheduler", f"schedule-group/{group_name}"),
    )
