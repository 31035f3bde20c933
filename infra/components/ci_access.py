"""The roles of continuous integration in an environment's account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.ci import access as ci_access
from infra.ci.scope import CiScope
from infra.iam import Statement, document
from infra.naming import Label

_SESSION_SECONDS = 3600


@dataclass(frozen=True, kw_only=True)
class CiAccessArgs:
    label: Label
    scope: CiScope


class CiAccess(pulumi.ComponentResource):
    """A role that plans and a role that deploys, which GitHub's workflows take by OIDC.

    GitHub's provider is not made here: an account has one of it, whatever stacks it holds. The deploy role
    changes nothing of this component; `slipway bootstrap` brings it here and brings it up to date.
    """

    plan_role_arn: pulumi.Output[str]
    deploy_role_arn: pulumi.Output[str]

    def __init__(self, name: str, args: CiAccessArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("slipway:ci_access:CiAccess", name, None, opts)
        self._name, self._args = name, args
        self._child = pulumi.ResourceOptions(parent=self)

        ceiling = ci_access.ceiling(args.scope)
        self._boundary_arn = self._make_policy("boundary", "The most that CI can do", ceiling)
        self.plan_role_arn = self._make_role("plan", ci_access.plan_policies(args.scope))
        self.deploy_role_arn = self._make_role("deploy", ci_access.deploy_policies(args.scope))
        self.register_outputs({"plan_role_arn": self.plan_role_arn, "deploy_role_arn": self.deploy_role_arn})

    def _make_role(self, role: str, policies: Mapping[str, Sequence[Statement]]) -> pulumi.Output[str]:
        label = self._args.label
        made = aws.iam.Role(
            f"{self._name}-{role}",
            name=self._args.scope.role_name(role),
            description=f"{role} role of {label.prefix} for {self._args.scope.repository}",
            assume_role_policy=document([ci_access.trust(self._args.scope, role)]),
            permissions_boundary=self._boundary_arn,
            max_session_duration=_SESSION_SECONDS,
            tags=label.tags(role),
            opts=self._child,
        )
        # In the role itself, where nothing detaches it.
        guards = aws.iam.RolePolicy(
            f"{self._name}-{role}-guards",
            name="guards",
            role=made.name,
            policy=document(ci_access.guards(self._args.scope)),
            opts=self._child,
        )
        attached = [
            aws.iam.RolePolicyAttachment(
                f"{self._name}-{role}-{group}-attached",
                role=made.name,
                policy_arn=self._make_policy(f"{role}-{group}", f"What {role} does: {group}", statements),
                opts=self._child,
            )
            for group, statements in policies.items()
        ]
        # Known when the role can do what it is for.
        parts = [guards.id, *(each.id for each in attached)]
        return pulumi.Output.all(made.arn, *parts).apply(lambda values: str(values[0]))

    def _make_policy(self, role: str, meaning: str, statements: Sequence[Statement]) -> pulumi.Output[str]:
        label = self._args.label
        return aws.iam.Policy(
            f"{self._name}-{role}-policy",
            name=label.name(role, limit=128),
            description=f"{meaning} in {label.prefix}",
            policy=document(statements),
            tags=label.tags(role),
            opts=self._child,
        ).arn
