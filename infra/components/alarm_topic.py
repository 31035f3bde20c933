"""Where alarms go: one topic that wakes somebody, and one that waits for the morning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.account import Account
from infra.alarms.alarm import Severity
from infra.iam import Allow, Deny, document
from infra.naming import Label

_KEPT_SECONDS = 14 * 86400


@dataclass(frozen=True, kw_only=True)
class AlarmTopicArgs:
    label: Label
    account: Account
    key_arn: pulumi.Input[str]  # of messages
    # Each address gets a mail in which it has to confirm. With none, an alarm is seen in the console only.
    emails: Mapping[Severity, Sequence[str]]


class AlarmTopic(pulumi.ComponentResource):
    """A topic for each severity, encrypted, to which only services of AWS publish, for this account.

    What cannot be delivered is kept for two weeks in `dead_letter_queue`, which has an alarm of its own kind.
    """

    topic_arns: Mapping[Severity, pulumi.Output[str]]
    topic_names: Mapping[Severity, str]
    dead_letter_queue_arn: pulumi.Output[str]
    dead_letter_queue_name: str

    def __init__(self, name: str, args: AlarmTopicArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("slipway:alarm_topic:AlarmTopic", name, None, opts)
        self._name, self._args = name, args
        self._child = pulumi.ResourceOptions(parent=self)

        self.topic_names = {severity: args.label.name(severity, limit=256) for severity in Severity}
        self.dead_letter_queue_name = args.label.name("undelivered", limit=80)
        self.dead_letter_queue_arn = self._make_dead_letter_queue()
        self.topic_arns = {severity: self._make_topic(severity) for severity in Severity}
        self.register_outputs(
            {"topic_arns": self.topic_arns, "dead_letter_queue_arn": self.dead_letter_queue_arn}
        )

    def _make_dead_letter_queue(self) -> pulumi.Output[str]:
        label, account = self._args.label, self._args.account
        queue_arn = account.arn("sqs", self.dead_letter_queue_name)
        topic_arns = [account.arn("sns", topic_name) for topic_name in self.topic_names.values()]
        return aws.sqs.Queue(
            f"{self._name}-undelivered",
            name=self.dead_letter_queue_name,
            message_retention_seconds=_KEPT_SECONDS,
            kms_master_key_id=self._args.key_arn,
            policy=document(deposits(account, label, queue_arn, topic_arns)),
            tags=label.tags("undelivered"),
            opts=self._child,
        ).arn

    def _make_topic(self, severity: Severity) -> pulumi.Output[str]:
        label, topic_name = self._args.label, self.topic_names[severity]
        topic = aws.sns.Topic(
            f"{self._name}-{severity}",
            name=topic_name,
            display_name=f"{label.prefix} {severity}",
            kms_master_key_id=self._args.key_arn,
            policy=document(publishers(self._args.account, label, self._args.account.arn("sns", topic_name))),
            tags=label.tags(severity),
            opts=self._child,
        )
        # By place, so that who is told in an environment is a difference of one property.
        for place, address in enumerate(self._args.emails[severity]):
            aws.sns.TopicSubscription(
                f"{self._name}-{severity}-{place}",
                topic=topic.arn,
                protocol="email",
                endpoint=address,
                redrive_policy=pulumi.Output.json_dumps(
                    {"deadLetterTargetArn": self.dead_letter_queue_arn}, separators=(",", ":")
                ),
                opts=self._child,
            )
        return topic.arn


def publishers(account: Account, label: Label, topic_arn: str) -> list[Allow | Deny]:
    """The services that tell of this stack, each for this account only, and over TLS only.

    A condition would lock EventBridge out: "You can't use Condition blocks in Amazon SNS topic policies for
    EventBridge" (EventBridge user guide, "Using resource-based policies").
    """
    sources = {
        "cloudwatch": ("cloudwatch.amazonaws.com", account.arn("cloudwatch", f"alarm:{label.prefix}-*")),
        "budgets": ("budgets.amazonaws.com", account.global_arn("budgets", "*")),
        "backup": ("backup.amazonaws.com", account.arn("backup", "backup-vault:*")),
        "rds": ("events.rds.amazonaws.com", account.arn("rds", "*")),
    }
    return [
        *(
            Allow(
                ["sns:Publish"],
                [topic_arn],
                {
                    "StringEquals": {"aws:SourceAccount": account.account_id},
                    "ArnLike": {"aws:SourceArn": source_arn},
                },
                principals={"Service": service},
                sid=f"Publish{name.capitalize()}",
            )
            for name, (service, source_arn) in sources.items()
        ),
        Allow(
            ["sns:Publish"], [topic_arn], principals={"Service": "events.amazonaws.com"}, sid="PublishEvents"
        ),
        Deny(
            ["sns:Publish"],
            [topic_arn],
            {"Bool": {"aws:SecureTransport": "false"}},
            principals={"AWS": "*"},
            sid="TlsOnly",
        ),
    ]


def deposits(account: Account, label: Label, queue_arn: str, topic_arns: Sequence[str]) -> list[Allow | Deny]:
    """Lets these topics and the event rules of this stack leave what they could not deliver."""
    return [
        Allow(
            ["sqs:SendMessage"],
            [queue_arn],
            {"ArnEquals": {"aws:SourceArn": topic_arns}},
            principals={"Service": "sns.amazonaws.com"},
            sid="DepositTopics",
        ),
        Allow(
            ["sqs:SendMessage"],
            [queue_arn],
            {"ArnLike": {"aws:SourceArn": account.arn("events", f"rule/{label.prefix}-*")}},
            principals={"Service": "events.amazonaws.com"},
            sid="DepositEvents",
        ),
        Deny(
            ["sqs:*"],
            [queue_arn],
            {"Bool": {"aws:SecureTransport": "false"}},
            principals={"AWS": "*"},
            sid="TlsOnly",
        ),
    ]
