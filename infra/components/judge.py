"""The function that ECS asks, at each stage of a release, whether to go on."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from infra import iam
from infra.account import Account
from infra.components.function import Function, FunctionArgs
from infra.components.log_group import LogPolicy
from infra.components.queue import DeadLetterQueue
from infra.components.role import Role, RoleArgs
from infra.components.table import Table
from infra.naming import Label


@dataclass(frozen=True, kw_only=True)
class JudgeArgs:
    label: Label
    account: Account
    # The package of the function, relative to the folder in which the program runs.
    source: str
    architecture: str  # as Lambda says it: "arm64" or "x86_64"
    boundary_arn: pulumi.Input[str]
    log_policy: LogPolicy
    messages_key_arn: pulumi.Input[str]
    # Where it writes down each call; a call that it cannot write down stops the release.
    releases: Table


class Judge(pulumi.ComponentResource):
    """A Lambda function, and the role by which ECS calls it and nothing else."""

    function_name: pulumi.Output[str]
    function_arn: pulumi.Output[str]
    hook_role_arn: pulumi.Output[str]
    dead_letters: DeadLetterQueue

    def __init__(self, name: str, args: JudgeArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("slipway:judge:Judge", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)

        function = Function(
            f"{name}-function",
            FunctionArgs(
                label=args.label,
                account=args.account,
                description=f"Judges the releases of {args.label.prefix}",
                source=args.source,
                architecture=args.architecture,
                boundary_arn=args.boundary_arn,
                log_policy=args.log_policy,
                messages_key_arn=args.messages_key_arn,
                grants=args.releases.put_access(),
                environment={"RELEASE_TABLE": args.releases.name},
            ),
            child,
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
        self.dead_letters = function.dead_letters
        self.register_outputs(
            {
                "function_name": self.function_name,
                "function_arn": self.function_arn,
                "hook_role_arn": self.hook_role_arn,
            }
        )
