from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

LOGS, WATCHED = "access-logs-of-a-test", "watched-by-a-test"


def log(client: Callable[[str], Any], *resources: str) -> dict[str, Any]:
    """Switch on the log of one bucket into another whose policy lets S3 write to the resources."""
    s3 = client("s3")
    for bucket in (LOGS, WATCHED):
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "logging.s3.amazonaws.com"},
        "Action": ["s3:PutObject"],
        "Resource": [f"arn:aws:s3:::{LOGS}/{resource}" for resource in resources],
    }
    s3.put_bucket_policy(Bucket=LOGS, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    target = {"TargetBucket": LOGS, "TargetPrefix": "s3/watched/"}
    s3.put_bucket_logging(Bucket=WATCHED, BucketLoggingStatus={"LoggingEnabled": target})
    enabled: dict[str, Any] = s3.get_bucket_logging(Bucket=WATCHED)["LoggingEnabled"]
    return enabled


def test_a_bucket_writes_its_log_where_any_of_several_patterns_lets_it(
    client: Callable[[str], Any],
) -> None:
    assert log(client, "other/*", "s3/*")["TargetPrefix"] == "s3/watched/"


def test_a_bucket_does_not_write_its_log_where_the_policy_names_another_prefix(
    client: Callable[[str], Any],
) -> None:
    with pytest.raises(ClientError, match="InvalidTargetBucketForLogging"):
        log(client, "s3/other/*")
    assert "LoggingEnabled" not in client("s3").get_bucket_logging(Bucket=WATCHED)
    client("s3").put_bucket_policy(
        Bucket=LOGS,
        Policy=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"Service": ["logging.s3.amazonaws.com"]},
                        "Action": "s3:PutObject",
                        "Resource": f"arn:aws:s3:::{LOGS}/s3/w*",
                    }
                ],
            }
        ),
    )
    target = {"TargetBucket": LOGS, "TargetPrefix": "s3/watched/"}
    client("s3").put_bucket_logging(Bucket=WATCHED, BucketLoggingStatus={"LoggingEnabled": target})
