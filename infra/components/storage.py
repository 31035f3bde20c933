"""A private bucket."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import pulumi
import pulumi_aws as aws

from infra.documents.bucket_policies import ServiceWriter, deposit, tls_only
from infra.iam import Allow, document
from infra.naming import Label

_NONCURRENT_DAYS = 30
_ABANDONED_UPLOAD_DAYS = 7
# "AWS Config does not support the delivery channel to an Amazon S3 bucket where object lock is enabled"
# (AWS::Config::DeliveryChannel); nor does S3 write access logs where there is a default retention (Amazon S3
# user guide, "Enabling Amazon S3 server access logging").
_CANNOT_WRITE_LOCKED = ("config.amazonaws.com", "logging.s3.amazonaws.com")


class LockMode(StrEnum):
    """Who can end the lock of an object before its time: whoever may bypass it, or nobody at all."""

    GOVERNANCE = "GOVERNANCE"
    COMPLIANCE = "COMPLIANCE"


@dataclass(frozen=True, kw_only=True)
class ObjectLock:
    """How long, from the day that it is written, no version of an object can be changed or deleted."""

    mode: LockMode
    days: int


@dataclass(frozen=True, kw_only=True)
class AccessLogs:
    """Where S3 writes down each request to a bucket."""

    bucket_name: pulumi.Input[str]
    prefix: str


@dataclass(frozen=True, kw_only=True)
class BucketArgs:
    label: Label
    role: str  # what it holds: "access-logs"
    # Bucket names are shared by all of AWS: the account id makes this one the stack's own.
    account_id: str
    expiration_days: int
    # None lets S3 encrypt with a key of its own (SSE-S3): only for a writer that can do no other, such
    # as the log delivery of load balancers and of S3 itself.
    key_arn: pulumi.Input[str] | None
    writers: Sequence[ServiceWriter] = ()
    # None only for a bucket of access logs, which would write about itself for ever.
    access_logs: AccessLogs | None = None
    object_lock: ObjectLock | None = None
    # After so many days objects move to Glacier Instant Retrieval; None for what is read often or is small.
    archive_after_days: int | None = None
    # True lets the bucket be deleted with what it holds: only where that is worth nothing. What is not
    # worth nothing is protected.
    force_destroy: bool = False

    def __post_init__(self) -> None:
        lock = self.object_lock
        if lock and lock.days > self.expiration_days:
            raise ValueError(
                f"the objects of {self.role} are locked for {lock.days} days and expire after "
                f"{self.expiration_days}; expiration_days must be at least the days of the lock"
            )
        shut_out = [writer.service for writer in self.writers if writer.service in _CANNOT_WRITE_LOCKED]
        if lock and shut_out:
            raise ValueError(
                f"{', '.join(shut_out)} cannot write to {self.role}, whose objects are locked; "
                "give it a bucket without object_lock"
            )


class Bucket(pulumi.ComponentResource):
    """A bucket that is versioned, encrypted, reachable by TLS only, and never public.

    `name` is known only when its policy is in place, so that a writer that is given it can write.
    """

    arn: pulumi.Output[str]
    name: pulumi.Output[str]

    def __init__(self, name: str, args: BucketArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("slipway:storage:Bucket", name, None, opts)
        self._name, self._args = name, args
        self._child = child = pulumi.ResourceOptions(parent=self)

        bucket = aws.s3.Bucket(
            f"{name}-bucket",
            bucket=f"{args.label.name(args.role, limit=50)}-{args.account_id}",
            force_destroy=args.force_destroy,
            object_lock_enabled=args.object_lock is not None,
            tags=args.label.tags(args.role),
            opts=pulumi.ResourceOptions(parent=self, protect=not args.force_destroy),
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
        aws.s3.BucketServerSideEncryptionConfiguration(
            f"{name}-encryption", bucket=bucket.id, rules=[_encryption(args.key_arn)], opts=child
        )
        self._keep_versions(bucket)
        if args.access_logs:
            aws.s3.BucketLogging(
                f"{name}-logging",
                bucket=bucket.id,
                target_bucket=args.access_logs.bucket_name,
                target_prefix=f"{args.access_logs.prefix}/",
                opts=child,
            )
        policy = aws.s3.BucketPolicy(
            f"{name}-policy",
            bucket=bucket.id,
            policy=document(
                [
                    *tls_only(bucket.arn),
                    *(allow for writer in args.writers for allow in deposit(bucket.arn, writer)),
                ]
            ),
            # S3 answers one of the two with a conflict when both arrive at once.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[block]),
        )

        self.arn = bucket.arn
        self.name = policy.bucket
        self.register_outputs({"arn": self.arn, "name": self.name})

    def _keep_versions(self, bucket: aws.s3.Bucket) -> None:
        name, args = self._name, self._args
        versioning = aws.s3.BucketVersioning(
            f"{name}-versioning",
            bucket=bucket.id,
            versioning_configuration=aws.s3.BucketVersioningVersioningConfigurationArgs(status="Enabled"),
            opts=self._child,
        )
        # Neither the rule about noncurrent versions nor a lock means anything before there are versions.
        after = pulumi.ResourceOptions(parent=self, depends_on=[versioning])
        aws.s3.BucketLifecycleConfiguration(
            f"{name}-lifecycle",
            bucket=bucket.id,
            rules=[_expiry(args.expiration_days, args.archive_after_days)],
            opts=after,
        )
        if args.object_lock:
            aws.s3.BucketObjectLockConfiguration(
                f"{name}-lock",
                bucket=bucket.id,
                rule=aws.s3.BucketObjectLockConfigurationRuleArgs(
                    default_retention=aws.s3.BucketObjectLockConfigurationRuleDefaultRetentionArgs(
                        mode=args.object_lock.mode.value, days=args.object_lock.days
                    )
                ),
                opts=after,
            )

    def read_access(self) -> list[Allow]:
        """Lists the bucket and reads what it holds."""
        return [
            Allow(["s3:ListBucket"], [self.arn]),
            Allow(["s3:GetObject"], [pulumi.Output.concat(self.arn, "/*")]),
            *self._key_access("kms:Decrypt"),
        ]

    def write_access(self, prefix: str) -> list[Allow]:
        """Adds objects under a prefix, and neither reads nor deletes any."""
        return [
            Allow(["s3:PutObject"], [pulumi.Output.concat(self.arn, f"/{prefix}/*")]),
            # An upload in parts reads back what it has written ("Multipart upload API and permissions").
            *self._key_access("kms:Decrypt", "kms:GenerateDataKey"),
        ]

    def _key_access(self, *actions: str) -> list[Allow]:
        return [Allow(actions, [self._args.key_arn])] if self._args.key_arn is not None else []


def _encryption(key_arn: pulumi.Input[str] | None) -> aws.s3.BucketServerSideEncryptionConfigurationRuleArgs:
    return aws.s3.BucketServerSideEncryptionConfigurationRuleArgs(
        apply_server_side_encryption_by_default=(
            aws.s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
                sse_algorithm="aws:kms" if key_arn else "AES256", kms_master_key_id=key_arn
            )
        ),
        bucket_key_enabled=key_arn is not None,
    )


def _expiry(days: int, archive_after_days: int | None) -> aws.s3.BucketLifecycleConfigurationRuleArgs:
    archive = [
        aws.s3.BucketLifecycleConfigurationRuleTransitionArgs(
            days=archive_after_days, storage_class="GLACIER_IR"
        )
    ]
    return aws.s3.BucketLifecycleConfigurationRuleArgs(
        id="expire",
        status="Enabled",
        filter=aws.s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=""),
        transitions=archive if archive_after_days is not None else None,
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
