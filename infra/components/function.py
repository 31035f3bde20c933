"""A Lambda function and all that it needs to be operated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pulumi
import pulumi_aws as aws

from infra import iam
from infra.account import Account
from infra.components.log_group import LogGroup, LogGroupArgs, LogPolicy
from infra.components.queue import DeadLetterQueue, DeadLetterQueueArgs
from infra.components.role import Role, RoleArgs
from infra.naming import Label

# By it a policy can name the role of a function before it is there: `label.name(FUNCTION_ROLE)`.
FUNCTION_ROLE = "function"
_RUNTIME = "python3.13"
_MEMORY_MIB = 256
# What Lambda does with a call that nobody waits for and that fails: tries it twice more, for an hour at most.
_RETRIES = 2
_OLDEST_SECONDS = 3600


@dataclass(frozen=True, kw_only=True)
class FunctionArgs:
    label: Label
    account: Account
    description: str
    # The package of the function, relative to the folder in which the program runs. Its `handler` module
    # has a function `handler`.
    source: str
    architecture: str  # as Lambda says it: "arm64" or "x86_64"
    boundary_arn: pulumi.Input[str]
    log_policy: LogPolicy
    # Encrypts the calls that failed and wait for a person.
    messages_key_arn: pulumi.Input[str]
    grants: Sequence[iam.Allow] = ()
    # Names and addresses only: whoever may look at the function sees them.
    environment: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    timeout_seconds: int = 60
    # Enough for calls that overlap, and a cap on a runaway.
    reserved_concurrency: int = 5


class Function(pulumi.ComponentResource):
    """A function with its log group, its role, its traces, and a queue for the calls that failed.

    `arn` is known only when a failed call has somewhere to go.
    """

    arn: pulumi.Output[str]
    name: pulumi.Output[str]
    role_name: pulumi.Output[str]
    dead_letters: DeadLetterQueue

    def __init__(self, name: str, args: FunctionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("slipway:function:Function", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)

        logs = LogGroup(
            f"{name}-logs",
            LogGroupArgs(label=args.label, log_group_name=args.label.path(), policy=args.log_policy),
            child,
        )
        self.dead_letters = DeadLetterQueue(
            f"{name}-dead-letters",
            DeadLetterQueueArgs(
                label=args.label, role="dead-letters", account=args.account, key_arn=args.messages_key_arn
            ),
            child,
        )
        role = Role(
            f"{name}-role",
            RoleArgs(
                label=args.label,
                role=FUNCTION_ROLE,
                trust=iam.trust("lambda.amazonaws.com"),
                boundary_arn=args.boundary_arn,
                grants=[
                    *logs.write_access(),
                    # Neither knows a resource: AWS accepts no narrower one.
                    iam.Allow(["xray:PutTelemetryRecords", "xray:PutTraceSegments"], ["*"]),
                    *self.dead_letters.send_access(),
                    *args.grants,
                ],
            ),
            child,
        )
        function = aws.lambda_.Function(
            f"{name}-function",
            name=args.label.name(),
            description=args.description,
            runtime=_RUNTIME,
            architectures=[args.architecture],
            handler=f"{Path(args.source).name}.handler.handler",
            code=archive(Path(args.source)),
            role=role.arn,
            timeout=args.timeout_seconds,
            memory_size=_MEMORY_MIB,
            reserved_concurrent_executions=args.reserved_concurrency,
            environment=aws.lambda_.FunctionEnvironmentArgs(variables=args.environment)
            if args.environment
            else None,
            tracing_config=aws.lambda_.FunctionTracingConfigArgs(mode="Active"),
            logging_config=aws.lambda_.FunctionLoggingConfigArgs(log_format="JSON", log_group=logs.name),
            tags=args.label.tags(),
            opts=child,
        )
        failures = aws.lambda_.FunctionEventInvokeConfig(
            f"{name}-failures",
            function_name=function.name,
            maximum_event_age_in_seconds=_OLDEST_SECONDS,
            maximum_retry_attempts=_RETRIES,
            destination_config=aws.lambda_.FunctionEventInvokeConfigDestinationConfigArgs(
                on_failure=aws.lambda_.FunctionEventInvokeConfigDestinationConfigOnFailureArgs(
                    destination=self.dead_letters.arn
                )
            ),
            opts=child,
        )

        self.arn = pulumi.Output.all(function.arn, failures.id).apply(lambda values: str(values[0]))
        self.name = function.name
        self.role_name = role.name
        self.register_outputs({"arn": self.arn, "name": self.name, "role_name": self.role_name})


def archive(source: Path) -> pulumi.AssetArchive:
    """The package as it lies in the function: Python files one by one, so that no cache gets in."""
    return pulumi.AssetArchive(
        {
            f"{source.name}/{file.relative_to(source).as_posix()}": pulumi.FileAsset(str(file))
            for file in sorted(source.rglob("*.py"))
        }
    )
