from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

from infra.components.storage import AccessLogs, Bucket, BucketArgs, LockMode, ObjectLock
from infra.documents.bucket_policies import access_log_writer, configuration_writer, trail_writer
from tests.infra import parts
from tests.infra.recorder import ACCOUNT_ID, Recording, record

KEY = "arn:aws:kms:eu-west-1:111111111111:key/storage"
TRAIL = f"arn:aws:cloudtrail:eu-west-1:{ACCOUNT_ID}:trail/slipway-prod-trail"
WRITERS = (
    trail_writer(parts.ACCOUNT, TRAIL),
    configuration_writer(parts.ACCOUNT),
    access_log_writer(parts.ACCOUNT, parts.label("storage"), "s3"),
)


def arguments(**changes: Any) -> BucketArgs:
    given: dict[str, Any] = {
        "label": parts.label("storage"),
        "role": "exports",
        "account_id": ACCOUNT_ID,
        "expiration_days": 400,
        "key_arn": KEY,
        **changes,
    }
    return BucketArgs(**given)


@cache
def made(**changes: Any) -> Recording:
    def program() -> dict[str, Any]:
        bucket = Bucket("exports", arguments(**changes))
        return {
            "read": parts.granted(bucket.read_access()),
            "write": parts.granted(bucket.write_access("daily")),
        }

    return record(program)


def test_every_bucket_has_all_that_makes_it_private(built: Recording) -> None:
    for bucket in built.of("s3/bucket:Bucket"):
        for kind in (
            "BucketLifecycleConfiguration",
            "BucketOwnershipControls",
            "BucketPolicy",
            "BucketPublicAccessBlock",
            "BucketServerSideEncryptionConfiguration",
            "BucketVersioning",
        ):
            parts = [part for part in built.of(f":{kind}") if part.inputs["bucket"] == f"{bucket.name}-id"]
            assert len(parts) == 1, kind


def test_no_bucket_can_be_made_public(built: Recording) -> None:
    for block in built.of("s3/bucketPublicAccessBlock:BucketPublicAccessBlock"):
        names = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
        assert all(block.inputs[name] is True for name in names)
    for controls in built.of("s3/bucketOwnershipControls:BucketOwnershipControls"):
        assert controls.inputs["rule"] == {"objectOwnership": "BucketOwnerEnforced"}


def test_every_bucket_keeps_versions_and_drops_them_in_time(built: Recording) -> None:
    for versioning in built.of("s3/bucketVersioning:BucketVersioning"):
        assert versioning.inputs["versioningConfiguration"] == {"status": "Enabled"}
    for lifecycle in built.of("s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"):
        (rule,) = lifecycle.inputs["rules"]
        assert rule["expiration"]["days"] > 0
        assert rule["noncurrentVersionExpiration"]["noncurrentDays"] > 0
        assert rule["abortIncompleteMultipartUpload"]["daysAfterInitiation"] > 0


def test_every_bucket_refuses_plain_http_and_old_tls(built: Recording) -> None:
    for policy in built.of("s3/bucketPolicy:BucketPolicy"):
        denied = [
            each for each in json.loads(policy.inputs["policy"])["Statement"] if each["Effect"] == "Deny"
        ]
        conditions = [each["Condition"] for each in denied]
        assert {"Bool": {"aws:SecureTransport": "false"}} in conditions
        assert {"NumericLessThan": {"s3:TlsVersion": "1.2"}} in conditions
        assert all(len(each["Resource"]) == 2 for each in denied), "the bucket and what it holds"


def test_the_load_balancer_is_made_when_it_may_write_its_logs(built: Recording) -> None:
    assert "access-logs-policy" in built.one("lb/loadBalancer:LoadBalancer").dependencies


def test_the_load_balancer_writes_its_logs_and_reads_none(built: Recording) -> None:
    statements = parts.statements(built, "s3/bucketPolicy:BucketPolicy", "access-logs-policy")
    load_balancer = {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"}
    allowed = [each for each in statements if each.get("Principal") == load_balancer]
    assert [each["Action"] for each in allowed] == [["s3:PutObject"]] * 2
    for kind, statement in zip(("access", "connection"), allowed, strict=True):
        (resource,) = statement["Resource"]
        assert resource.endswith(f"/{kind}/AWSLogs/{ACCOUNT_ID}/*")


def test_the_bucket_of_load_balancer_logs_uses_the_only_encryption_that_their_delivery_can(
    built: Recording,
) -> None:
    (rule,) = built.one(
        "s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        "access-logs-encryption",
    ).inputs["rules"]
    assert rule["applyServerSideEncryptionByDefault"]["sseAlgorithm"] == "AES256"


def test_a_bucket_of_prod_is_not_deleted_with_what_it_holds(prod: Recording, dev: Recording) -> None:
    for bucket in prod.of("s3/bucket:Bucket"):
        assert bucket.inputs["forceDestroy"] is False
        assert bucket.protect
    for bucket in dev.of("s3/bucket:Bucket"):
        assert bucket.inputs["forceDestroy"] is True
        assert not bucket.protect


def test_the_account_id_makes_a_buckets_name_the_stacks_own(built: Recording) -> None:
    for bucket in built.of("s3/bucket:Bucket"):
        assert bucket.inputs["bucket"].endswith(f"-{ACCOUNT_ID}")
        assert len(bucket.inputs["bucket"]) <= 63


def test_a_bucket_is_encrypted_under_the_key_that_it_was_given() -> None:
    (rule,) = (
        made()
        .one("s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration")
        .inputs["rules"]
    )
    assert rule == {
        "applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": KEY},
        "bucketKeyEnabled": True,
    }


def test_requests_to_a_bucket_are_written_down_under_its_prefix() -> None:
    recording = made(access_logs=AccessLogs(bucket_name="logs", prefix="s3/exports"))
    logging = recording.one("s3/bucketLogging:BucketLogging").inputs
    assert (logging["targetBucket"], logging["targetPrefix"]) == ("logs", "s3/exports/")
    assert made().of("s3/bucketLogging:BucketLogging") == []


@pytest.mark.parametrize("mode", list(LockMode))
def test_what_is_locked_cannot_be_deleted_before_its_time(mode: LockMode) -> None:
    recording = made(object_lock=ObjectLock(mode=mode, days=365))
    assert recording.one("s3/bucket:Bucket").inputs["objectLockEnabled"] is True
    lock = recording.one("s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration")
    assert lock.inputs["rule"] == {"defaultRetention": {"mode": mode.value, "days": 365}}
    assert "exports-versioning" in lock.dependencies


def test_a_bucket_without_a_lock_has_none() -> None:
    assert made().one("s3/bucket:Bucket").inputs["objectLockEnabled"] is False
    assert made().of("s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration") == []


def test_objects_that_expire_before_their_lock_ends_are_refused() -> None:
    with pytest.raises(ValueError, match="locked for 401 days and expire after 400"):
        arguments(object_lock=ObjectLock(mode=LockMode.GOVERNANCE, days=401))


@pytest.mark.parametrize("writer", WRITERS[1:], ids=lambda writer: writer.service)
def test_a_service_that_cannot_write_what_is_locked_is_refused_a_bucket_with_a_lock(writer: Any) -> None:
    with pytest.raises(ValueError, match=f"{writer.service} cannot write to exports"):
        arguments(writers=(writer,), object_lock=ObjectLock(mode=LockMode.GOVERNANCE, days=30))


def test_what_is_seldom_read_moves_to_the_archive() -> None:
    (rule,) = (
        made(archive_after_days=90)
        .one("s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration")
        .inputs["rules"]
    )
    assert rule["transitions"] == [{"days": 90, "storageClass": "GLACIER_IR"}]
    (rule,) = made().one("s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration").inputs["rules"]
    assert "transitions" not in rule


@pytest.mark.parametrize("writer", WRITERS, ids=lambda writer: writer.service)
def test_a_service_adds_objects_under_its_prefix_for_this_stack_only(writer: Any) -> None:
    statements = parts.statements(made(writers=(writer,)), "s3/bucketPolicy:BucketPolicy", "exports-policy")
    allowed = [each for each in statements if each["Effect"] == "Allow"]
    *looks, put = allowed
    assert put["Action"] == ["s3:PutObject"]
    assert [arn.endswith(f"/{writer.prefix}/*") for arn in put["Resource"]] == [True]
    for each in allowed:
        assert each["Principal"] == {"Service": writer.service}
        origin = {key: value for keys in each["Condition"].values() for key, value in keys.items()}
        assert origin.keys() & {"aws:SourceArn", "aws:SourceAccount"}
        assert origin.get("aws:SourceAccount", ACCOUNT_ID) == ACCOUNT_ID
    for each in looks:
        assert each["Action"] == list(writer.inspects)
        assert "s3:x-amz-acl" not in each["Condition"].get("StringEquals", {})


@pytest.mark.parametrize("writer", WRITERS[:2], ids=lambda writer: writer.service)
def test_a_service_that_brings_an_acl_gives_the_object_to_the_owner_of_the_bucket(writer: Any) -> None:
    statements = parts.statements(made(writers=(writer,)), "s3/bucketPolicy:BucketPolicy", "exports-policy")
    (put,) = [each for each in statements if each["Action"] == ["s3:PutObject"]]
    assert put["Condition"]["StringEquals"]["s3:x-amz-acl"] == "bucket-owner-full-control"


def test_who_writes_under_a_prefix_reads_nothing_and_who_reads_writes_nothing() -> None:
    read, write = made().outputs["read"], made().outputs["write"]
    assert [each["Action"] for each in read] == [["s3:ListBucket"], ["s3:GetObject"], ["kms:Decrypt"]]
    assert write[0]["Action"] == ["s3:PutObject"]
    assert [arn.endswith("/daily/*") for arn in write[0]["Resource"]] == [True]
    assert {tuple(each["Resource"]) for each in (read[-1], write[-1])} == {(KEY,)}


def test_a_bucket_with_a_key_of_s3_grants_no_key() -> None:
    recording = made(key_arn=None)
    granted = [*recording.outputs["read"], *recording.outputs["write"]]
    assert not [each for each in granted if any(action.startswith("kms:") for action in each["Action"])]
