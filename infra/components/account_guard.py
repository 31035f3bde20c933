"""What holds for a whole account, whoever makes a resource in it."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws


@dataclass(frozen=True, kw_only=True)
class AccountGuardArgs:
    account_id: str


class AccountGuard(pulumi.ComponentResource):
    """Switches of the account and of its region that make a careless resource a safe one.

    They have no name and no tag, and exist once. A stack may own them because each environment has an account
    of its own; two stacks in one account would take turns in writing them. Destroying the stack gives AWS's
    own defaults back to the account.
    """

    def __init__(self, name: str, args: AccountGuardArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("slipway:account_guard:AccountGuard", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        aws.s3.AccountPublicAccessBlock(
            f"{name}-public-access",
            account_id=args.account_id,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=child,
        )
        aws.ebs.EncryptionByDefault(f"{name}-disk-encryption", enabled=True, opts=child)
        aws.ebs.SnapshotBlockPublicAccess(f"{name}-snapshots", state="block-all-sharing", opts=child)
        aws.ec2.InstanceMetadataDefaults(
            f"{name}-instance-metadata",
            http_endpoint="enabled",
            # IMDSv2: no token, no credentials; and none for what is a hop away, such as a container.
            http_tokens="required",
            http_put_response_hop_limit=1,
            instance_metadata_tags="disabled",
            opts=child,
        )
        aws.ec2.SerialConsoleAccess(f"{name}-serial-console", enabled=False, opts=child)
        # People come by federation and there are no IAM users; this is for whoever makes one all the same.
        # At least what CIS AWS Foundations 1.8 and 1.9 ask for.
        aws.iam.AccountPasswordPolicy(
            f"{name}-passwords",
            minimum_password_length=16,
            require_lowercase_characters=True,
            require_uppercase_characters=True,
            require_numbers=True,
            require_symbols=True,
            max_password_age=90,
            password_reuse_prevention=24,
            allow_users_to_change_password=True,
            # An expired password can still be changed by its owner, and needs no administrator.
            hard_expiry=False,
            opts=child,
        )
        self.register_outputs({})
