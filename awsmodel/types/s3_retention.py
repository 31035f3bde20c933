"""What a bucket keeps: versions, for how long, and who read it."""

from awsmodel.resource import Call, Example, ResourceType
from awsmodel.types.s3_bucket import BUCKET_IS_GONE

_BUCKET = {"Bucket": "id"}

VERSIONING = ResourceType(
    token="aws:s3/bucketVersioning:BucketVersioning",
    service="s3",
    create=Call(operation="put_bucket_versioning"),
    id="{bucket}",
    read=Call(
        operation="get_bucket_versioning",
        identify=_BUCKET,
        decode=lambda answer: {
            "versioningConfiguration": {"status": answer["Status"]}
            | ({"mfaDelete": answer["MFADelete"]} if "MFADelete" in answer else {})
        },
    ),
    updates=(Call(operation="put_bucket_versioning", identify=_BUCKET),),
    delete=Call(
        operation="put_bucket_versioning",
        identify=_BUCKET,
        fixed={"VersioningConfiguration": {"Status": "Suspended"}},
    ),
    parse_id=lambda physical_id: {"bucket": physical_id},
    not_modelled={"mfa": "a code that is good for one call cannot be part of a program"},
    # a bucket with a lock keeps its versions, and the switch goes with it
    gone=BUCKET_IS_GONE | {"InvalidBucketState"},
    gone_when="!Status",
    leaves="a bucket that had versions is only ever suspended",
    example=Example(
        inputs=lambda need: {
            "bucket": need("aws:s3/bucket:Bucket", "id"),
            "versioningConfiguration": {"status": "Enabled"},
        },
        update=lambda need: {"versioningConfiguration": {"status": "Suspended"}},
        replace=lambda need: {"bucket": "example-other"},
    ),
)

LIFECYCLE = ResourceType(
    token="aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    service="s3",
    create=Call(operation="put_bucket_lifecycle_configuration"),
    id="{bucket}",
    read=Call(operation="get_bucket_lifecycle_configuration", identify=_BUCKET),
    updates=(Call(operation="put_bucket_lifecycle_configuration", identify=_BUCKET, whole=True),),
    delete=Call(operation="delete_bucket_lifecycle", identify=_BUCKET),
    parse_id=lambda physical_id: {"bucket": physical_id},
    names={"rules": "LifecycleConfiguration.Rules|Rules"},
    gone=BUCKET_IS_GONE | {"NoSuchLifecycleConfiguration"},
    example=Example(
        inputs=lambda need: {
            "bucket": need("aws:s3/bucket:Bucket", "id"),
            "rules": [
                {
                    "id": "expire",
                    "status": "Enabled",
                    "filter": {"prefix": "logs/"},
                    "expiration": {"days": 90},
                    "noncurrentVersionExpiration": {"noncurrentDays": 30, "newerNoncurrentVersions": 3},
                    "abortIncompleteMultipartUpload": {"daysAfterInitiation": 7},
                }
            ],
        },
        update=lambda need: {
            "rules": [
                {
                    "id": "archive",
                    "status": "Disabled",
                    "filter": {
                        "and": {"prefix": "logs/", "tags": {"Data": "old"}, "objectSizeGreaterThan": 1024}
                    },
                    "transitions": [{"days": 30, "storageClass": "GLACIER"}],
                    "noncurrentVersionTransitions": [{"noncurrentDays": 30, "storageClass": "GLACIER"}],
                    "expiration": {"date": "2030-01-01T00:00:00Z"},
                },
                {
                    "id": "one-tag",
                    "status": "Enabled",
                    "filter": {"tag": {"key": "Data", "value": "scratch"}},
                    "expiration": {"days": 1},
                },
            ],
        },
        replace=lambda need: {"bucket": "example-other"},
    ),
)

_LOGGING_POLICY = (
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:PutObject",'
    '"Principal":{"Service":"logging.s3.amazonaws.com"},"Resource":"arn:aws:s3:::example-logs/*"}]}'
)

LOGGING = ResourceType(
    token="aws:s3/bucketLogging:BucketLogging",
    service="s3",
    create=Call(operation="put_bucket_logging"),
    id="{bucket}",
    read=Call(operation="get_bucket_logging", identify=_BUCKET),
    updates=(Call(operation="put_bucket_logging", identify=_BUCKET, whole=True),),
    delete=Call(operation="put_bucket_logging", identify=_BUCKET, fixed={"BucketLoggingStatus": {}}),
    parse_id=lambda physical_id: {"bucket": physical_id},
    names={
        name: f"BucketLoggingStatus.LoggingEnabled.{member}|LoggingEnabled.{member}"
        for name, member in {
            "targetBucket": "TargetBucket",
            "targetGrants": "TargetGrants",
            "targetObjectKeyFormat": "TargetObjectKeyFormat",
            "targetPrefix": "TargetPrefix",
        }.items()
    },
    gone=BUCKET_IS_GONE,
    gone_when="!LoggingEnabled",
    example=Example(
        inputs=lambda need: {
            "bucket": need("aws:s3/bucket:Bucket", "id"),
            "targetBucket": need(
                "aws:s3/bucketPolicy:BucketPolicy",
                "bucket",
                bucket=need("aws:s3/bucket:Bucket", "id", bucket="example-logs", forceDestroy=True),
                policy=_LOGGING_POLICY,
            ),
            "targetPrefix": "example/",
        },
        update=lambda need: {"targetPrefix": "other/"},
        replace=lambda need: {"bucket": "example-other"},
    ),
)
