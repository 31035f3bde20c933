"""Where a stack lives: partition, account and region."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Account:
    """One AWS account in one region, as plain values that `infra/stack/` has looked up."""

    partition: str
    account_id: str
    region: str

    def arn(self, service: str, resource: str) -> str:
        """The ARN of something in this account and region: `arn("ecr", "repository/x")`."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account_id}:{resource}"

    def global_arn(self, service: str, resource: str) -> str:
        """The ARN of something that has an account and no region: `global_arn("iam", "role/x")`."""
        return f"arn:{self.partition}:{service}::{self.account_id}:{resource}"

    @property
    def root(self) -> str:
        """The principal that stands for whatever this account's own IAM policies allow."""
        return self.global_arn("iam", "root")
