"""What the state's bucket and key are told: policies and settings as data."""

from __future__ import annotations

import json
from typing import Any

from infra.account import Account
from infra.documents.key_policies import administration
from infra.iam import Allow, Deny, Statement, policy

# A state that was written over can be taken back for so long; the newest of them for longer.
_OLD_STATE_DAYS = 90
_KEPT_VERSIONS = 20
_ABANDONED_UPLOAD_DAYS = 7
_LEAST_TLS = "1.2"

PUBLIC_ACCESS_BLOCK = {
    "BlockPublicAcls": True,
    "BlockPublicPolicy": True,
    "IgnorePublicAcls": True,
    "RestrictPublicBuckets": True,
}


def bucket_policy(account: Account, bucket: str) -> dict[str, Any]:
    """Refuses every call that does not come over TLS 1.2 or newer."""
    arn = f"arn:{account.partition}:s3:::{bucket}"
    everyone = {"AWS": "*"}

    def refuse(sid: str, condition: dict[str, dict[str, str]]) -> Deny:
        return Deny(["s3:*"], [arn, f"{arn}/*"], condition, principals=everyone, sid=sid)

    return policy(
        [
            refuse("TlsOnly", {"Bool": {"aws:SecureTransport": "false"}}),
            refuse("RecentTlsOnly", {"NumericLessThan": {"s3:TlsVersion": _LEAST_TLS}}),
        ]
    )


def key_policy(account: Account) -> dict[str, Any]:
    """The account's own IAM policies say who administers the key, and who reads and writes by it."""
    use: Statement = Allow(
        ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"],
        ["*"],
        {"StringEquals": {"kms:CallerAccount": account.account_id}},
        principals={"AWS": account.root},
        sid="UseByThisAccount",
    )
    return policy([administration(account), use])


def meaning(document: Any) -> Any:
    """A policy as it compares: AWS may answer a list of one as its entry, and lists in another order."""
    if isinstance(document, dict):
        return {key: meaning(value) for key, value in document.items()}
    if isinstance(document, list):
        entries = sorted(
            (meaning(each) for each in document), key=lambda each: json.dumps(each, sort_keys=True)
        )
        return entries[0] if len(entries) == 1 else entries
    return document


def encryption(key_arn: str) -> list[dict[str, Any]]:
    return [
        {
            "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key_arn},
            # S3 asks KMS once for many objects, which a state with its history is.
            "BucketKeyEnabled": True,
        }
    ]


def lifecycle() -> list[dict[str, Any]]:
    """Old versions go after a while, and so do the marks that locks leave when they are taken off."""
    return [
        {
            "ID": "old-versions",
            "Status": "Enabled",
            "Filter": {"Prefix": ""},
            "NoncurrentVersionExpiration": {
                "NoncurrentDays": _OLD_STATE_DAYS,
                "NewerNoncurrentVersions": _KEPT_VERSIONS,
            },
            "Expiration": {"ExpiredObjectDeleteMarker": True},
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": _ABANDONED_UPLOAD_DAYS},
        }
    ]
