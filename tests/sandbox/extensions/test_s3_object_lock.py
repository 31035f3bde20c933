from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

BUCKET = "locked-bucket"
NOW = datetime.now(UTC).replace(microsecond=0)


def make_bucket(client: Callable[[str], Any]) -> Any:
    s3 = client("s3")
    s3.create_bucket(
        Bucket=BUCKET,
        CreateBucketConfiguration={"LocationConstraint": "eu-west-1"},
        ObjectLockEnabledForBucket=True,
    )
    return s3


def lock(s3: Any, mode: str, **period: int) -> None:
    rule = {"DefaultRetention": {"Mode": mode, **period}}
    s3.put_object_lock_configuration(
        Bucket=BUCKET, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": rule}
    )


def retain(s3: Any, mode: str, days: int, **how: Any) -> None:
    until = NOW + timedelta(days=days)
    s3.put_object_retention(Bucket=BUCKET, Key="a", Retention={"Mode": mode, "RetainUntilDate": until}, **how)


def test_a_bucket_that_holds_something_takes_another_lock(client: Callable[[str], Any]) -> None:
    s3 = make_bucket(client)
    s3.put_object(Bucket=BUCKET, Key="a", Body=b"b")
    lock(s3, "COMPLIANCE", Years=1)
    shown = s3.get_object_lock_configuration(Bucket=BUCKET)["ObjectLockConfiguration"]
    assert shown["Rule"]["DefaultRetention"] == {"Mode": "COMPLIANCE", "Years": 1}


def test_a_bucket_with_a_lock_keeps_its_versions(client: Callable[[str], Any]) -> None:
    s3 = make_bucket(client)
    with pytest.raises(ClientError, match="InvalidBucketState"):
        s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Suspended"})


def test_nobody_shortens_a_retention_of_compliance(client: Callable[[str], Any]) -> None:
    s3 = make_bucket(client)
    s3.put_object(Bucket=BUCKET, Key="a", Body=b"b")
    retain(s3, "COMPLIANCE", 30)
    retain(s3, "COMPLIANCE", 60)
    for mode, days in (("COMPLIANCE", 10), ("GOVERNANCE", 90)):
        with pytest.raises(ClientError, match="AccessDenied"):
            retain(s3, mode, days, BypassGovernanceRetention=True)


def test_who_may_shortens_a_retention_of_governance(client: Callable[[str], Any]) -> None:
    s3 = make_bucket(client)
    s3.put_object(Bucket=BUCKET, Key="a", Body=b"b")
    retain(s3, "GOVERNANCE", 30)
    with pytest.raises(ClientError, match="AccessDenied"):
        retain(s3, "GOVERNANCE", 10)
    retain(s3, "GOVERNANCE", 10, BypassGovernanceRetention=True)
