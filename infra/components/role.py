"""A role for an AWS service, under the boundary of the stack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra import iam
from infra.naming import Label


@dataclass(frozen=True, kw_only=True)
class RoleArgs:
    label: Label
    role: str  # what it is for: "execution"
    trust: iam.Allow
    boundary_arn: pulumi.Input[str]
    grants: Sequence[iam.Statement] = ()
    # Only for a service of AWS that documents a policy of AWS as what it needs.
    managed_policy_arn: str | None = None


class Role(pulumi.ComponentResource):
    """A role that can do what it was granted, and nothing beyond the boundary.

    `arn` is known only when the grants are in place, so that whoever takes the role can use it.
    """

    arn: pulumi.Output[str]
    name: pulumi.Output[str]

    def __init__(self, name: str, args: RoleArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("slipway:role:Role", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)

        role = aws.iam.Role(
            f"{name}-role",
            name=args.label.name(args.role),
            description=f"{args.role} role of {args.label.prefix}",
            assume_role_policy=iam.document([args.trust]),
            permissions_boundary=args.boundary_arn,
            tags=args.label.tags(args.role),
            opts=child,
        )
        attached: list[pulumi.Output[str]] = []
        if args.grants:
            grants = aws.iam.RolePolicy(
                f"{name}-grants",
                name="grants",
                role=role.name,
                policy=iam.document(args.grants),
                opts=child,
            )
            attached.append(grants.id)
        if args.managed_policy_arn:
            managed = aws.iam.RolePolicyAttachment(
                f"{name}-managed", role=role.name, policy_arn=args.managed_policy_arn, opts=child
            )
            attached.append(managed.id)

        self.arn = pulumi.Output.all(role.arn, *attached).apply(lambda values: str(values[0]))
        self.name = role.name
        self.register_outputs({"arn": self.arn, "name": self.name})
