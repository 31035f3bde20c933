"""Entries for secrets, and no secrets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.account import Account
from infra.iam import Allow, Deny, document
from infra.naming import Label

_WRITTEN = "the value is written by an operator"
_GENERATED = "the value is made and rotated by a function"


@dataclass(frozen=True, kw_only=True)
class SecretStoreArgs:
    label: Label
    account: Account
    entry_names: Sequence[str]  # what each is for: "desk-api-token"
    reader_role_names: Sequence[str]
    key_arn: pulumi.Input[str]
    # Those that are nobody's but ours, so that a function can make them: "token-signing-key".
    generated_entry_names: Sequence[str] = ()
    # Who reads those: the role of that function, which carries a value over to the next, and of programs
    # that read while they run. A task that is given a value when it starts keeps it after a rotation.
    generated_reader_role_names: Sequence[str] = ()
    # How long a deleted secret can be called back; AWS allows 7 to 30, and 0 deletes at once.
    recovery_window_days: int = 30
    # False lets the entries go with their stack.
    deletion_protection: bool = True


class SecretStore(pulumi.ComponentResource):
    """Secrets Manager entries under one key, each with a policy that names its readers.

    An entry is made empty: a value that passed through this program would be in the state for ever.
    A generated entry gets its first value when its rotation is set up. An operator writes each of the
    others once, from a file that is deleted afterwards or from standard input:

        aws secretsmanager put-secret-value --secret-id <arn> --secret-string file:///dev/stdin

    A task that refers to an empty entry does not start, so write the value before the first release.
    """

    arn_by_entry: Mapping[str, pulumi.Output[str]]
    generated_arn_by_entry: Mapping[str, pulumi.Output[str]]

    def __init__(self, name: str, args: SecretStoreArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("slipway:secret_store:SecretStore", name, None, opts)
        self._name, self._args = name, args
        self.arn_by_entry = {
            entry: self._make_entry(entry, _WRITTEN, args.reader_role_names) for entry in args.entry_names
        }
        self.generated_arn_by_entry = {
            entry: self._make_entry(entry, _GENERATED, args.generated_reader_role_names)
            for entry in args.generated_entry_names
        }
        self.register_outputs(
            {"arn_by_entry": self.arn_by_entry, "generated_arn_by_entry": self.generated_arn_by_entry}
        )

    def _make_entry(self, entry: str, origin: str, reader_role_names: Sequence[str]) -> pulumi.Output[str]:
        name, args = self._name, self._args
        secret = aws.secretsmanager.Secret(
            f"{name}-{entry}",
            name=args.label.name(entry, limit=128),
            description=f"{entry} of {args.label.prefix}; {origin}",
            kms_key_id=args.key_arn,
            recovery_window_in_days=args.recovery_window_days,
            tags=args.label.tags(entry),
            opts=pulumi.ResourceOptions(parent=self, protect=args.deletion_protection),
        )
        policy = aws.secretsmanager.SecretPolicy(
            f"{name}-{entry}-policy",
            secret_arn=secret.arn,
            policy=document(readers_only(args.account, reader_role_names)),
            block_public_policy=True,
            opts=pulumi.ResourceOptions(parent=self),
        )
        # Known only when the entry is closed to all others.
        return policy.secret_arn

    def read_access(self) -> list[Allow]:
        """Reads the values that an operator wrote, and opens nothing else with their key."""
        arns = list(self.arn_by_entry.values())
        return _access(["secretsmanager:GetSecretValue"], arns, ["kms:Decrypt"], self._args.key_arn)

    def generated_read_access(self) -> list[Allow]:
        """Reads the values that are rotated: for a program that reads them anew while it runs."""
        arns = list(self.generated_arn_by_entry.values())
        return _access(["secretsmanager:GetSecretValue"], arns, ["kms:Decrypt"], self._args.key_arn)

    def rotate_access(self) -> list[Allow]:
        """Reads and writes the values of the generated entries, one version after the other."""
        return _access(
            [
                "secretsmanager:DescribeSecret",
                "secretsmanager:GetSecretValue",
                "secretsmanager:PutSecretValue",
                "secretsmanager:UpdateSecretVersionStage",
            ],
            list(self.generated_arn_by_entry.values()),
            ["kms:Decrypt", "kms:GenerateDataKey"],
            self._args.key_arn,
        )


def _access(
    actions: Sequence[str],
    arns: Sequence[pulumi.Input[str]],
    key_actions: Sequence[str],
    key_arn: pulumi.Input[str],
) -> list[Allow]:
    """Nothing at all where there is no entry: a statement needs a resource."""
    return [Allow(actions, arns), Allow(key_actions, [key_arn])] if arns else []


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
