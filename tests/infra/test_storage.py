from __future__ import annotations

import json

from tests.infra.recorder import ACCOUNT_ID, Recording

BUCKET = "access-logs-bucket-id"


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
    statements = json.loads(built.one("s3/bucketPolicy:BucketPolicy").inputs["policy"])["Statement"]
    allowed = [each for each in statements if each["Effect"] == "Allow"]
    assert [each["Action"] for each in allowed] == [["s3:PutObject"]] * 2
    for kind, statement in zip(("access", "connection"), allowed, strict=True):
        assert statement["Principal"] == {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"}
        (resource,) = statement["Resource"]
        assert resource.endswith(f"/{kind}/AWSLogs/{ACCOUNT_ID}/*")


def test_the_bucket_of_load_balancer_logs_uses_the_only_encryption_that_their_delivery_can(
    built: Recording,
) -> None:
    (rule,) = built.one(
        "s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
    ).inputs["rules"]
    assert rule["applyServerSideEncryptionByDefault"]["sseAlgorithm"] == "AES256"


def test_a_bucket_of_prod_is_not_deleted_with_what_it_holds(prod: Recording, dev: Recording) -> None:
    assert prod.one("s3/bucket:Bucket").inputs["forceDestroy"] is False
    assert dev.one("s3/bucket:Bucket").inputs["forceDestroy"] is True


def test_the_account_id_makes_a_buckets_name_the_stacks_own(built: Recording) -> None:
    name = built.one("s3/bucket:Bucket").inputs["bucket"]
    assert name.endswith(f"-{ACCOUNT_ID}")
    assert len(name) <= 63
