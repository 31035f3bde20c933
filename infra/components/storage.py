"""A private bucket."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.iam import Allow, Deny, document
from infra.naming import Label

_NONCURRENT_DAYS = 30
_ABANDONED_UPLOAD_DAYS = 7


@dataclass(frozen=True, kw_only=True)
class ServiceWriter:
    """A service of AWS that adds objects under one prefix, and does nothing else."""

    service: str
    prefix: str


@dataclass(frozen=True, kw_only=True)
class BucketArgs:
    label: Label
    role: str  # what it holds: "access-logs"
    # Bucket names are shared by all of AWS: the account id makes this one the stack's own.
    account_id: str
    expiration_days: int
    # None lets S3 encrypt with a key of its own (SSE-S3): only for a writer that can do no other, such
    # as the log delivery of load balancers.
    key_arn: pulumi.Input[str] | None
    writers: Sequence[ServiceWriter] = ()
    # True lets the bucket be deleted with what it holds: only where that is worth nothing.
    force_destroy: bool = False


class Bucket(pulumi.ComponentResource):
    """A bucket that is versioned, encrypted, reachable by TLS only, and never public.

    `name` is known only when its policy is in place, so that a writer that is given it can write.
    """

    arn: pulumi.Output[str]
    name: pulumi.Output[str]

    def __init__(self, name: str, args: BucketArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("slipway:storage:Bucket", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)

        bucket = aws.s3.Bucket(
            f"{name}-bucket",
            bucket=f"{args.label.name(args.role, limit=50)}-{args.account_id}",
            force_destroy=args.force_destroy,
            tags=args.label.tags(args.role),
            opts=child,
        )
        aws.s3.BucketOwnershipControls(
            f"{name}-ownership",
            bucket=bucket.id,
            rule=aws.s3.BucketOwnershipControlsRuleArgs(object_ownership="BucketOwnerEnforced"),
            opts=child,
        )
        block = aws.s3.BucketPublicAccessBlock(
            f"{name}-public-access",
            bucket=bucket.id,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=child,
        )
        versioning = aws.s3.BucketVersioning(
            f"{name}-versioning",
            bucket=bucket.id,
            versioning_configuration=aws.s3.BucketVersioningVersioningConfigurationArgs(status="Enabled"),
            opts=child,
        )
        aws.s3.BucketServerSideEncryptionConfiguration(
            f"{name}-encryption", bucket=bucket.id, rules=[_encryption(args.key_arn)], opts=child
        )
        aws.s3.BucketLifecycleConfiguration(
            f"{name}-lifecycle",
            bucket=bucket.id,
            rules=[_expiry(args.expiration_days)],
            # The rule about noncurrent versions means nothing before there are versions.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[versioning]),
        )
        policy = aws.s3.BucketPolicy(
            f"{name}-policy",
            bucket=bucket.id,
            policy=document(
                [*tls_only(bucket.arn), *(deposit(bucket.arn, writer) for writer in args.writers)]
            ),
            # S3 answers one of the two with a conflict when both arrive at once.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[block]),
        )

        self.arn = bucket.arn
        self.name = policy.bucket
        self.register_outputs({"arn": self.arn, "name": self.name})


def tls_only(bucket_arn: pulumi.Input[str]) -> list[Deny]:
    """Refuses every call that does not come over TLS 1.2 or newer."""
    everything = [bucket_arn, pulumi.Output.concat(bucket_arn, "/*")]
    everyone: dict[str, str] = {"AWS": "*"}
    return [
        Deny(
            ["s3:*"],
            everything,
            {"Bool": {"aws:SecureTransport": "false"}},
            principals=everyone,
            sid="TlsOnly",
        ),
        Deny(
            ["s3:*"],
            everything,
            {"NumericLessThan": {"s3:TlsVersion": "1.2"}},
            principals=everyone,
            sid="NoOldTls",
        ),
    ]


def deposit(bucket_arn: pulumi.Input[str], writer: ServiceWriter) -> Allow:
    """Lets a service add objects under its prefix."""
    return Allow(
        ["s3:PutObject"],
        [pulumi.Output.concat(bucket_arn, f"/{writer.prefix}/*")],
        principals={"Service": writer.service},
    )


def _encryption(key_arn: pulumi.Input[str] | None) -> aws.s3.BucketServerSideEncryptionConfigurationRuleArgs:
    return aws.s3.BucketServerSideEncryptionConfigurationRuleArgs(
        apply_server_side_encryption_by_default=(
            aws.s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
                sse_algorithm="aws:kms" if key_arn else "AES256", kms_master_key_id=key_arn
            )
        ),
        bucket_key_enabled=key_arn is not None,
    )


def _expiry(days: int) -> aws.s3.BucketLifecycleConfigurationRuleArgs:
    return aws.s3.BucketLifecycleConfigurationRuleArgs(
        id="expire",
        status="Enabled",
        filter=aws.s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=""),
        expiration=aws.s3.BucketLifecycleConfigurationRuleExpirationArgs(days=days),
        noncurrent_version_expiration=(
            aws.s3.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs(
                noncurrent_days=_NONCURRENT_DAYS
            )
        ),
        abort_incomplete_multipart_upload=(
            aws.s3.BucketLifecycleConfigurationRuleAbortIncompleteMultipartUploadArgs(
                days_after_initiation=_ABANDONED_UPLOAD_DAYS
            )
        ),
    )
