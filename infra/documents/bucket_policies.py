"""What a bucket refuses, and which services of AWS may write to it: bucket policies as data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from infra.account import Account
from infra.iam import Allow, Deny
from infra.naming import Label


@dataclass(frozen=True, kw_only=True)
class ServiceWriter:
    """A service of AWS that adds objects under one prefix, and does nothing else with them.

    For the services that say for whom and for what they write, name both: the others send no such key.
    """

    service: str
    prefix: str
    source_account_id: str | None = None
    source_arn: str | None = None
    # True for a service that is documented to hand each object to the owner of the bucket.
    gives_owner_control: bool = False
    # What it looks at in the bucket before it writes.
    inspects: Sequence[str] = ()


def trail_writer(account: Account, trail_arn: str) -> ServiceWriter:
    """CloudTrail, for one trail (CloudTrail user guide, "Amazon S3 bucket policy for CloudTrail")."""
    return ServiceWriter(
        service="cloudtrail.amazonaws.com",
        prefix=f"AWSLogs/{account.account_id}",
        source_arn=trail_arn,
        gives_owner_control=True,
        inspects=("s3:GetBucketAcl",),
    )


def configuration_writer(account: Account) -> ServiceWriter:
    """AWS Config, for this account ("Permissions for the Amazon S3 bucket for the delivery channel")."""
    return ServiceWriter(
        service="config.amazonaws.com",
        prefix=f"AWSLogs/{account.account_id}/Config",
        source_account_id=account.account_id,
        gives_owner_control=True,
        inspects=("s3:GetBucketAcl", "s3:ListBucket"),
    )


def access_log_writer(account: Account, label: Label, prefix: str) -> ServiceWriter:
    """S3 itself, for the other buckets of the stack ("Enabling Amazon S3 server access logging")."""
    return ServiceWriter(
        service="logging.s3.amazonaws.com",
        prefix=prefix,
        source_account_id=account.account_id,
        source_arn=f"arn:{account.partition}:s3:::{label.prefix}-*",
    )


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


def deposit(bucket_arn: pulumi.Input[str], writer: ServiceWriter) -> list[Allow]:
    """Lets a service look at what it has to, and add objects under its prefix."""
    origin: dict[str, dict[str, str]] = {}
    if writer.source_account_id:
        origin["StringEquals"] = {"aws:SourceAccount": writer.source_account_id}
    if writer.source_arn:
        origin["ArnLike"] = {"aws:SourceArn": writer.source_arn}
    written = origin
    if writer.gives_owner_control:
        control = {"s3:x-amz-acl": "bucket-owner-full-control"}
        written = {**origin, "StringEquals": {**origin.get("StringEquals", {}), **control}}
    principals = {"Service": writer.service}
    looks = [Allow(writer.inspects, [bucket_arn], origin, principals=principals)] if writer.inspects else []
    return [
        *looks,
        Allow(
            ["s3:PutObject"],
            [pulumi.Output.concat(bucket_arn, f"/{writer.prefix}/*")],
            written,
            principals=principals,
        ),
    ]
