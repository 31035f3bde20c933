"""Queues, each with a place for what could not be handled."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.account import Account
from infra.iam import Allow, Deny, document
from infra.naming import Label

_DAY_SECONDS = 86_400
# The most that SQS keeps a message.
_LONGEST_RETENTION_SECONDS = 14 * _DAY_SECONDS
# The longest that a call may wait for a message; short polls cost more and find less.
_RECEIVE_WAIT_SECONDS = 20
_FIFO_SUFFIX = ".fifo"
_NAME_LIMIT = 80


@dataclass(frozen=True, kw_only=True)
class DeadLetterQueueArgs:
    label: Label
    role: str  # whose failures it holds: "schedules"
    account: Account
    key_arn: pulumi.Input[str]
    # Only for a queue in order, whose failures can go only to a queue of the same kind.
    fifo: bool = False
    # The name of the queue that fails into it; None for a service of AWS that writes as its own role.
    source_name: str | None = None


class DeadLetterQueue(pulumi.ComponentResource):
    """Where messages wait for a person. They are kept for as long as SQS keeps anything.

    Each needs an alarm on the messages that are visible: nobody else looks.
    """

    arn: pulumi.Output[str]
    name: pulumi.Output[str]
    url: pulumi.Output[str]

    def __init__(
        self, name: str, args: DeadLetterQueueArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("slipway:queue:DeadLetterQueue", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self._key_arn = args.key_arn

        queue = aws.sqs.Queue(
            f"{name}-queue",
            name=queue_name(args.label, args.role, fifo=args.fifo),
            fifo_queue=args.fifo or None,
            message_retention_seconds=_LONGEST_RETENTION_SECONDS,
            kms_master_key_id=args.key_arn,
            tags=args.label.tags(args.role),
            opts=child,
        )
        aws.sqs.QueuePolicy(
            f"{name}-policy",
            queue_url=queue.url,
            policy=document(own_account_by_tls(args.account, queue.arn)),
            opts=child,
        )
        aws.sqs.RedriveAllowPolicy(
            f"{name}-sources",
            queue_url=queue.url,
            redrive_allow_policy=pulumi.Output.json_dumps(
                allowed_sources(args.account, args.source_name), sort_keys=True
            ),
            opts=child,
        )

        self.arn = queue.arn
        self.name = queue.name
        self.url = queue.url
        self.register_outputs({"arn": self.arn, "name": self.name, "url": self.url})

    def send_access(self) -> list[Allow]:
        """Puts away what failed, and reads none of it."""
        return [
            Allow(["sqs:SendMessage"], [self.arn]),
            Allow(["kms:Decrypt", "kms:GenerateDataKey"], [self._key_arn]),
        ]


@dataclass(frozen=True, kw_only=True)
class QueueArgs:
    label: Label
    role: str  # what its messages are: "tickets"
    account: Account
    key_arn: pulumi.Input[str]
    # Longer than the longest that one message takes to handle, or two consumers get it.
    visibility_timeout_seconds: int
    # True keeps the messages of a group in order and takes the same message once in five minutes. A
    # message that fails holds up its own group until it has failed often enough, and no other.
    fifo: bool = False
    # How often a message is tried before a person has to look.
    max_receive_count: int = 5
    retention_seconds: int = 4 * _DAY_SECONDS

    def __post_init__(self) -> None:
        if not 60 <= self.retention_seconds < _LONGEST_RETENTION_SECONDS:
            raise ValueError(
                f"retention_seconds of {self.role} must be from 60 to below "
                f"{_LONGEST_RETENTION_SECONDS}, since a failed message must live on in "
                f"the dead-letter queue, got {self.retention_seconds}"
            )


class Queue(pulumi.ComponentResource):
    """A queue and its dead-letter queue, encrypted, by TLS only, for this account only.

    `arn` and `url` are known only when its policy is in place.
    """

    arn: pulumi.Output[str]
    name: pulumi.Output[str]
    url: pulumi.Output[str]
    dead_letters: DeadLetterQueue
    fifo: bool

    def __init__(self, name: str, args: QueueArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("slipway:queue:Queue", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self._key_arn = args.key_arn

        physical_name = queue_name(args.label, args.role, fifo=args.fifo)
        self.dead_letters = DeadLetterQueue(
            f"{name}-dead-letters",
            DeadLetterQueueArgs(
                label=args.label,
                role=f"{args.role}-dead-letters",
                account=args.account,
                key_arn=args.key_arn,
                fifo=args.fifo,
                source_name=physical_name,
            ),
            child,
        )
        queue = aws.sqs.Queue(
            f"{name}-queue",
            name=physical_name,
            fifo_queue=args.fifo or None,
            # The scheduler names no deduplication id, and sends to no other queue in order (EventBridge
            # Scheduler API, "Target"). A sender that knows an id of its own gives that.
            content_based_deduplication=args.fifo or None,
            # By group, since groups are customers: none waits for another.
            deduplication_scope="messageGroup" if args.fifo else None,
            fifo_throughput_limit="perMessageGroupId" if args.fifo else None,
            visibility_timeout_seconds=args.visibility_timeout_seconds,
            message_retention_seconds=args.retention_seconds,
            receive_wait_time_seconds=_RECEIVE_WAIT_SECONDS,
            kms_master_key_id=args.key_arn,
            redrive_policy=pulumi.Output.json_dumps(
                {"deadLetterTargetArn": self.dead_letters.arn, "maxReceiveCount": args.max_receive_count},
                sort_keys=True,
            ),
            tags=args.label.tags(args.role),
            opts=child,
        )
        policy = aws.sqs.QueuePolicy(
            f"{name}-policy",
            queue_url=queue.url,
            policy=document(own_account_by_tls(args.account, queue.arn)),
            opts=child,
        )

        self.fifo = args.fifo
        self.arn = pulumi.Output.all(queue.arn, policy.id).apply(lambda values: str(values[0]))
        self.name = queue.name
        self.url = policy.queue_url
        self.register_outputs({"arn": self.arn, "name": self.name, "url": self.url})

    def send_access(self) -> list[Allow]:
        """Sends messages, and reads none."""
        return [
            Allow(["sqs:SendMessage"], [self.arn]),
            # The key of a message is made with the one and, once it is shared among messages, read with
            # the other ("Configuring KMS permissions for Amazon SQS").
            Allow(["kms:Decrypt", "kms:GenerateDataKey"], [self._key_arn]),
        ]

    def consume_access(self) -> list[Allow]:
        """Receives messages, holds them while it works, and deletes what is done."""
        return [
            Allow(
                [
                    "sqs:ChangeMessageVisibility",
                    "sqs:DeleteMessage",
                    "sqs:GetQueueAttributes",
                    "sqs:ReceiveMessage",
                ],
                [self.arn],
            ),
            Allow(["kms:Decrypt"], [self._key_arn]),
        ]

    def replay_access(self) -> list[Allow]:
        """For operators: moves what failed back to the queue ("Configure a dead-letter queue redrive")."""
        return [
            Allow(
                [
                    "sqs:CancelMessageMoveTask",
                    "sqs:DeleteMessage",
                    "sqs:GetQueueAttributes",
                    "sqs:ListMessageMoveTasks",
                    "sqs:ReceiveMessage",
                    "sqs:StartMessageMoveTask",
                ],
                [self.dead_letters.arn],
            ),
            *self.send_access(),
        ]


def queue_name(label: Label, role: str, *, fifo: bool) -> str:
    """The name of a queue in at most 80 characters; one in order has to end in `.fifo`."""
    if fifo:
        return label.name(role, limit=_NAME_LIMIT - len(_FIFO_SUFFIX)) + _FIFO_SUFFIX
    return label.name(role, limit=_NAME_LIMIT)


def own_account_by_tls(account: Account, queue_arn: pulumi.Input[str]) -> list[Deny]:
    """Refuses what comes without TLS, and every principal of another account."""
    everyone: dict[str, str] = {"AWS": "*"}
    return [
        Deny(
            ["sqs:*"],
            [queue_arn],
            {"Bool": {"aws:SecureTransport": "false"}},
            principals=everyone,
            sid="TlsOnly",
        ),
        Deny(
            ["sqs:*"],
            [queue_arn],
            {"StringNotEquals": {"aws:PrincipalAccount": account.account_id}},
            principals=everyone,
            sid="OwnAccountOnly",
        ),
    ]


def allowed_sources(account: Account, source_name: str | None) -> dict[str, object]:
    """Which queues may fail into a dead-letter queue: the one that it is for, or none."""
    if source_name is None:
        return {"redrivePermission": "denyAll"}
    return {"redrivePermission": "byQueue", "sourceQueueArns": [account.arn("sqs", source_name)]}
