"""The function that ECS asks, at each stage of a release, whether to go on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pulumi
import pulumi_aws as aws

from infra import iam
from infra.components.log_group import LogGroup, LogGroupArgs, LogPolicy
from infra.components.role import Role, RoleArgs
from infra.naming import Label


@dataclass(frozen=True, kw_only=True)
class JudgeArgs:
    label: Label
    # The package of the function, relative to the folder in which the program runs.
    source: str
    architecture: str  # as Lambda says it: "arm64" or "x86_64"
    boundary_arn: pulumi.Input[str]
    log_policy: LogPolicy
    timeout_seconds: int = 60
    # One release runs at a time; this much is for calls that overlap, and caps a runaway.
    reserved_concurrency: int = 5


class Judge(pulumi.ComponentResource):
    """A Lambda function, its role, and the role by which ECS calls it and nothing else."""

    function_name: pulumi.Output[str]
    function_arn: pulumi.Output[str]
    hook_role_arn: pulumi.Output[str]

    def __init__(self, name: str, args: JudgeArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("slipway:judge:Judge", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)

        logs = LogGroup(
            f"{name}-logs",
            LogGroupArgs(
                label=args.label,
                log_group_name=args.label.path(),
                policy=args.log_policy,
            ),
            child,
        )
        role = Role(
            f"{name}-function-role",
            RoleArgs(
                label=args.label,
                role="function",
                trust=iam.trust("lambda.amazonaws.com"),
                boundary_arn=args.boundary_arn,
                grants=[
                    *logs.write_access(),
                    # Neither knows a resource: AWS accepts no narrower one.
                    iam.Allow(["xray:PutTelemetryRecords", "xray:PutTraceSegments"], ["*"]),
                ],
            ),
            child,
        )
        function = aws.lambda_.Function(
            f"{name}-function",
            name=args.label.name(),
            description=f"Judges the releases of {args.label.prefix}",
            runtime="python3.13",
            architectures=[args.architecture],
            handler="judge.handler.handler",
            code=archive(Path(args.source)),
            role=role.arn,
            timeout=args.timeout_seconds,
            memory_size=256,
            reserved_concurrent_executions=args.reserved_concurrency,
            tracing_config=aws.lambda_.FunctionTracingConfigArgs(mode="Active"),
            logging_config=aws.lambda_.FunctionLoggingConfigArgs(log_format="JSON", log_group=logs.name),
            tags=args.label.tags(),
            opts=child,
        )
        hook_role = Role(
            f"{name}-hook-role",
            RoleArgs(
                label=args.label,
                role="hook",
                trust=iam.trust("ecs.amazonaws.com"),
                boundary_arn=args.boundary_arn,
                grants=[iam.Allow(["lambda:InvokeFunction"], [function.arn])],
            ),
            child,
        )

        self.function_name = function.name
        self.function_arn = function.arn
        self.hook_role_arn = hook_role.arn
        self.register_outputs(
            {
                "function_name": self.function_name,
                "function_arn": self.function_arn,
                "hook_role_arn": self.hook_role_arn,
            }
        )


def archive(source: Path) -> pulumi.AssetArchive:
    """The package as it lies in the function: Python files one by one, so that no cache gets in."""
    return pulumi.AssetArchive(
        {
            f"{source.name}/{file.relative_to(source).as_posix()}": pulumi.FileAsset(str(file))
            for file in sorted(source.rglob("*.py"))
        }
    )
