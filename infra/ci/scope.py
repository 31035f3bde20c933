"""Whose continuous integration it is, and where it may act."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from infra.account import Account
from infra.naming import Label

ISSUER = "token.actions.githubusercontent.com"


@dataclass(frozen=True, kw_only=True)
class CiScope:
    """Whose continuous integration, and where it may act."""

    account: Account
    label: Label  # of the stack, whichever component
    repository: str  # "owner/name" on GitHub
    # True: what holds data is not emptied.
    deletion_protection: bool = True

    def role_name(self, role: str) -> str:
        return self.label.of("ci").name(role)

    @property
    def provider_arn(self) -> str:
        """GitHub's provider, of which an account has one; `slipway bootstrap` makes it."""
        return self.account.global_arn("iam", f"oidc-provider/{ISSUER}")

    @property
    def state_bucket_name(self) -> str:
        """The bucket of the Pulumi state; `slipway bootstrap` makes it."""
        return f"{self.label.of('state').name(limit=50)}-{self.account.account_id}"

    @property
    def state_key_alias(self) -> str:
        """The alias of the key that encrypts the state and its secrets; `slipway bootstrap` makes both."""
        return f"alias/{self.label.of('state').name()}"

    def arns(self, patterns: Iterable[str]) -> list[str]:
        """The ARNs of a row's patterns."""
        account = self.account
        names = {
            "here": f"{account.region}:{account.account_id}",
            "account": account.account_id,
            "prefix": self.label.prefix,
            "path": self.label.path_prefix,
        }
        return [
            each if each == "*" else f"arn:{account.partition}:{each.format(**names)}" for each in patterns
        ]

    def tags(self, key: str) -> dict[str, str]:
        """That something is this environment's, as a condition on its tags: `tags("ResourceTag")`."""
        label = self.label
        return {f"aws:{key}/Project": label.project, f"aws:{key}/Environment": label.environment}
