"""Entries for secrets, and no secrets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.account import Account
from infra.iam import Allow, Deny, document
from infra.naming import Label


@dataclass(frozen=True, kw_only=True)
class SecretStoreArgs:
    label: Label
    account: Account
    entry_names: Sequence[str]  # what each is for: "desk-api-token"
    reader_role_names: Sequence[str]
    key_arn: pulumi.Input[str]
    # How long a deleted secret can be called back; AWS allows 7 to 30, and 0 deletes at once.
    recovery_window_days: int = 30


class SecretStore(pulumi.ComponentResource):
    """Secrets Manager entries under one key, each with a policy that names its readers.

    An entry is made empty: a value that passed through this program would be in the state for ever.
    An operator writes it once, from a file that is deleted afterwards or from standard input:

        aws secretsmanager put-secret-value --secret-id <arn> --secret-string file:///dev/stdin

    A task that refers to an empty entry does not start, so write the value before the first release.
    """

    arn_by_entry: Mapping[str, pulumi.Output[str]]

    def __init__(self, name: str, args: SecretStoreArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("slipway:secret_store:SecretStore", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self._key_arn = args.key_arn
        arns: dict[str, pulumi.Output[str]] = {}
        for entry in args.entry_names:
            secret = aws.secretsmanager.Secret(
                f"{name}-{entry}",
                name=args.label.name(entry, limit=128),
                description=f"{entry} of {args.label.prefix}; the value is written by an operator",
                kms_key_id=args.key_arn,
                recovery_window_in_days=args.recovery_window_days,
                tags=args.label.tags(entry),
                opts=child,
            )
            aws.secretsmanager.SecretPolicy(
                f"{name}-{entry}-policy",
                secret_arn=secret.arn,
                policy=document(readers_only(args.account, args.reader_role_names)),
                block_public_policy=True,
                opts=child,
            )
            arns[entry] = secret.arn

        self.arn_by_entry = arns
        self.register_outputs({"arn_by_entry": arns})

    def read_access(self) -> list[Allow]:
        """Reads the values of these entries, and opens nothing else with their key."""
        if not self.arn_by_entry:
            return []
        return [
            Allow(["secretsmanager:GetSecretValue"], list(self.arn_by_entry.values())),
            Allow(["kms:Decrypt"], [self._key_arn]),
        ]


def readers_only(account: Account, reader_role_names: Sequence[str]) -> list[Deny]:
    """Refuses the value to all but the named roles, administrators of the account included."""
    readers = [account.global_arn("iam", f"role/{name}") for name in reader_role_names]
    return [
        Deny(
            ["secretsmanager:BatchGetSecretValue", "secretsmanager:GetSecretValue"],
            ["*"],
            {"ArnNotEquals": {"aws:PrincipalArn": readers}},
            principals={"AWS": "*"},
            sid="OnlyReadersRead",
        )
    ]
