"""Secrets that nobody writes: a function makes them, and makes them anew in time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra import iam
from infra.account import Account
from infra.components.function import Function, FunctionArgs
from infra.components.log_group import LogPolicy
from infra.components.queue import DeadLetterQueue
from infra.components.secret_store import SecretStore
from infra.naming import Label

_DAYS_BETWEEN = 30


@dataclass(frozen=True, kw_only=True)
class RotationArgs:
    label: Label
    account: Account
    # The package of the function, relative to the folder in which the program runs.
    source: str
    architecture: str  # as Lambda says it: "arm64" or "x86_64"
    boundary_arn: pulumi.Input[str]
    log_policy: LogPolicy
    messages_key_arn: pulumi.Input[str]
    # Whose generated entries are rotated; it names the role of this function as their reader.
    secrets: SecretStore


class Rotation(pulumi.ComponentResource):
    """The function that rotates, what lets Secrets Manager call it, and the rotation of each secret.

    A secret is rotated when its rotation is set up, which gives an empty one its first value. RotateSecret
    takes a secret without a value: it adds an empty version labelled AWSPENDING and calls the function,
    which writes that version and makes it AWSCURRENT. (With RotateImmediately false, Secrets Manager would
    only test the function, and the secret would stay empty until the first window.) So one `pulumi up`
    brings a secret to life and its value never passes through the program or its state.

    The rotation goes on after the call returns. A task that starts within those seconds finds no value and
    is started again by ECS.
    """

    # Known only when the rotation of the secret is set up: give these to who needs a value.
    arn_by_entry: Mapping[str, pulumi.Output[str]]
    function_name: pulumi.Output[str]
    dead_letters: DeadLetterQueue

    def __init__(self, name: str, args: RotationArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("slipway:rotation:Rotation", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)

        function = Function(
            f"{name}-function",
            FunctionArgs(
                label=args.label,
                account=args.account,
                description=f"Rotates the secrets of {args.label.prefix}",
                source=args.source,
                architecture=args.architecture,
                boundary_arn=args.boundary_arn,
                log_policy=args.log_policy,
                messages_key_arn=args.messages_key_arn,
                grants=[
                    *args.secrets.rotate_access(),
                    # It knows no resource: AWS accepts no narrower one.
                    iam.Allow(["secretsmanager:GetRandomPassword"], ["*"]),
                ],
            ),
            child,
        )
        arns: dict[str, pulumi.Output[str]] = {}
        for entry, secret_arn in args.secrets.generated_arn_by_entry.items():
            permission = aws.lambda_.Permission(
                f"{name}-{entry}-call",
                action="lambda:InvokeFunction",
                function=function.name,
                principal="secretsmanager.amazonaws.com",
                source_account=args.account.account_id,
                # One permission for each secret, since the condition holds for the one that it names.
                source_arn=secret_arn,
                opts=child,
            )
            rotation = aws.secretsmanager.SecretRotation(
                f"{name}-{entry}",
                secret_id=secret_arn,
                rotation_lambda_arn=function.arn,
                rotate_immediately=True,
                rotation_rules=aws.secretsmanager.SecretRotationRotationRulesArgs(
                    automatically_after_days=_DAYS_BETWEEN
                ),
                # Secrets Manager asks whether it may call the function before it takes it.
                opts=pulumi.ResourceOptions(parent=self, depends_on=[permission]),
            )
            arns[entry] = rotation.secret_id

        self.arn_by_entry = arns
        self.function_name = function.name
        self.dead_letters = function.dead_letters
        self.register_outputs({"arn_by_entry": self.arn_by_entry, "function_name": self.function_name})
