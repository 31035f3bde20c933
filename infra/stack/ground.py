"""What every part of a stack stands on."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pulumi
import pulumi_aws as aws

from infra.account import Account
from infra.alarms.alarm import Severity
from infra.components.alarm_topic import AlarmTopic, AlarmTopicArgs
from infra.components.encryption import Encryption, EncryptionArgs
from infra.components.identity import Boundary, BoundaryArgs
from infra.components.log_group import LogPolicy
from infra.config import Environment, StackConfig
from infra.model_ids import resolve
from infra.naming import Label

_APP = Path(__file__).resolve().parents[2] / "app"


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What is there before anything else, and where it all goes."""

    config: StackConfig
    account: Account
    label: Label
    keys: Encryption
    boundary: Boundary
    log_policy: LogPolicy
    topics: AlarmTopic
    # Relative to where the program runs, so that the state is the same whichever folder the project lies in.
    app_folder: str

    @property
    def is_prod(self) -> bool:
        return self.config.environment is Environment.PROD

    @property
    def ticket_topic_arn(self) -> pulumi.Output[str]:
        """Where goes what waits for the morning."""
        return self.topics.topic_arns[Severity.TICKET]

    @property
    def function_architecture(self) -> str:
        """The processor of functions, as Lambda says it."""
        return self.config.service.architecture.lower()


def lay_ground(config: StackConfig) -> Ground:
    """Look up where the stack goes, and make its keys, its ceilings and its topics."""
    account = Account(
        partition=aws.get_partition().partition,
        account_id=aws.get_caller_identity().account_id,
        region=aws.get_region().region,
    )
    label = Label(
        project=pulumi.get_project(),
        environment=config.environment,
        owner=config.owner,
        cost_center=config.cost_center,
    )
    keys = Encryption(
        "encryption",
        EncryptionArgs(
            label=label.of("encryption"),
            account=account,
            deletion_window_days=30 if config.deletion_protection else 7,
            deletion_protection=config.deletion_protection,
        ),
    )
    models = [resolve(each, account) for each in (*config.models.text, *config.models.embedding)]
    boundary = Boundary(
        "identity",
        BoundaryArgs(
            label=label.of("identity"),
            account=account,
            model_arns=[arn for model in models for arn in model.called_arns],
        ),
    )
    topics = AlarmTopic(
        "alarm-topic",
        AlarmTopicArgs(
            label=label.of("alarms"),
            account=account,
            key_arn=keys.messages_key_arn,
            emails=dict.fromkeys(Severity, config.alerts.emails),
        ),
    )
    return Ground(
        config=config,
        account=account,
        label=label,
        keys=keys,
        boundary=boundary,
        log_policy=LogPolicy(
            key_arn=keys.logs_key_arn,
            retention_days=config.log_retention_days,
            deletion_protection=config.deletion_protection,
        ),
        topics=topics,
        app_folder=os.path.relpath(_APP),
    )
