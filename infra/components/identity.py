"""The ceilings of the roles of a stack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra import iam
from infra.account import Account
from infra.documents.ceilings import PROTECTION, SERVICES, service_ceiling
from infra.documents.protection_ceiling import protection_ceiling
from infra.naming import Label


@dataclass(frozen=True, kw_only=True)
class BoundaryArgs:
    label: Label
    account: Account
    # The models and inference profiles that tasks may ask. None: no model.
    model_arns: Sequence[str] = ()


class Boundary(pulumi.ComponentResource):
    """Managed policies that roles carry as their permissions boundary.

    They grant nothing by themselves. A role that is given too much by mistake, or by someone who can write
    role policies, still reaches nothing outside these lists and this stack's names. `arn` is for all that
    runs the service, `protection_arn` for what AWS Backup does.
    """

    arn: pulumi.Output[str]
    protection_arn: pulumi.Output[str]

    def __init__(self, name: str, args: BoundaryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("slipway:identity:Boundary", name, None, opts)

        def make_policy(role: str, whose: str, ceiling: Sequence[iam.Allow]) -> pulumi.Output[str]:
            return aws.iam.Policy(
                f"{name}-{role}",
                name=args.label.name(role),
                description=f"The most that {whose} of {args.label.prefix} can do",
                policy=iam.document(ceiling),
                tags=args.label.tags(role),
                opts=pulumi.ResourceOptions(parent=self),
            ).arn

        ceiling = service_ceiling(args.account, args.label, args.model_arns)
        self.arn = make_policy(SERVICES, "what runs the service", ceiling)
        self.protection_arn = make_policy(
            PROTECTION, "what keeps copies", protection_ceiling(args.account, args.label)
        )
        self.register_outputs({"arn": self.arn, "protection_arn": self.protection_arn})
