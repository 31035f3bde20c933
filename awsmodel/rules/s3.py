"""Rules of buckets."""

from awsmodel.checks import Distinct, OneOf, Pattern
from awsmodel.relations import ExactlyOneOf, Requires
from awsmodel.rule import Rule, TypeRules
from awsmodel.rule_words import arn, avoids, between, exclusive, items, length, policy, said

_BUCKET = r"\A[0-9a-z][0-9a-z.-]{1,61}[0-9a-z]\Z"
_LOCK_DAYS = 36500


def _name(path: str = "bucket") -> Rule:
    """A bucket's name or, where a program gives it, its ARN."""
    return Rule(
        path=path,
        check=Pattern(
            rf"{_BUCKET}|\Aarn:aws[a-z-]*:s3", "be 3 to 63 small letters, digits, dots and hyphens"
        ),
        source="validBucketName",
    )


BUCKET = TypeRules(
    of="aws:s3/bucket:Bucket",
    source="internal/service/s3/bucket.go",
    rules=(
        exclusive("bucket", "bucketPrefix"),
        _name(),
        avoids(
            "bucket",
            r"\.\.|\A(\d{1,3}\.){3}\d{1,3}\Z",
            "have no two dots in a row and be no address",
            "validBucketName",
        ),
        avoids(
            "bucket",
            r"\A(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|--x-s3)\Z",
            "have no prefix or suffix that S3 keeps for itself",
            "AWS: S3 User Guide, Bucket naming rules",
        ),
        length("bucketPrefix", None, 37),
    ),
)

BUCKET_POLICY = TypeRules(
    of="aws:s3/bucketPolicy:BucketPolicy",
    source="internal/service/s3/bucket_policy.go",
    rules=(policy(most=20480, source="verify.ValidIAMPolicyJSON"), length("bucket", 1, 63)),
)

LIFECYCLE = TypeRules(
    of="aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    source="internal/service/s3/bucket_lifecycle_configuration.go",
    rules=(
        length("bucket", 1, 63, "stringvalidator.LengthBetween(1, 63)"),
        items("rules", 1, 1000, "listvalidator.SizeAtLeast(1); AWS: S3 User Guide, Lifecycle rules"),
        said("rules", Distinct("id"), "AWS: S3 API Reference, LifecycleRule"),
        length("rules[].id", 1, 255, "stringvalidator.LengthBetween(1, 255)"),
        between("rules[].expiration.days", 1, None, "AWS: S3 API Reference, LifecycleExpiration"),
        between("rules[].noncurrentVersionExpiration.noncurrentDays", 1, None, "int32validator.AtLeast(1)"),
        between(
            "rules[].noncurrentVersionExpiration.newerNoncurrentVersions",
            1,
            100,
            "int32validator.AtLeast(1), and AWS",
        ),
        between(
            "rules[].noncurrentVersionTransitions[].noncurrentDays", 0, None, "int32validator.AtLeast(0)"
        ),
        between("rules[].transitions[].days", 0, None, "int32validator.AtLeast(0)"),
        said("rules[].transitions[]", ExactlyOneOf(("date", "days")), "ruleTransitionExactlyOneOfChildren"),
        said(
            "rules[].expiration",
            Requires("expiredObjectDeleteMarker", (True,), forbids=("date", "days")),
            "AWS: S3 API Reference, LifecycleExpiration",
        ),
        exclusive(
            "date", "days", path="rules[].expiration", source="AWS: S3 API Reference, LifecycleExpiration"
        ),
    ),
)

LOGGING = TypeRules(
    of="aws:s3/bucketLogging:BucketLogging",
    source="internal/service/s3/bucket_logging.go",
    rules=(
        length("bucket", 1, 63),
        length("targetBucket", 1, 63),
        exclusive("partitionedPrefix", "simplePrefix", path="targetObjectKeyFormat"),
    ),
)

OBJECT_LOCK = TypeRules(
    of="aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
    source="internal/service/s3/bucket_object_lock_configuration.go",
    rules=(
        said("rule.defaultRetention", ExactlyOneOf(("days", "years")), "ConflictsWith"),
        between("rule.defaultRetention.days", 1, _LOCK_DAYS),
        between("rule.defaultRetention.years", 1, 100),
    ),
)

ENCRYPTION = TypeRules(
    of="aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    source="internal/service/s3/bucket_server_side_encryption_configuration.go",
    rules=(
        items("rules", 1, 1, "AWS: S3 API Reference, ServerSideEncryptionConfiguration"),
        said(
            "rules[].applyServerSideEncryptionByDefault",
            Requires("sseAlgorithm", ("AES256",), forbids=("kmsMasterKeyId",)),
            "AWS: S3 API Reference, ServerSideEncryptionByDefault",
        ),
    ),
)

VERSIONING = TypeRules(
    of="aws:s3/bucketVersioning:BucketVersioning",
    source="internal/service/s3/bucket_versioning.go",
    rules=(
        said(
            "versioningConfiguration.status",
            OneOf(("Enabled", "Suspended", "Disabled")),
            "enum.Validate[BucketVersioningStatus]",
        ),
    ),
)

NOTIFICATION = TypeRules(
    of="aws:s3/bucketNotification:BucketNotification",
    source="internal/service/s3/bucket_notification.go",
    rules=(
        arn("lambdaFunctions[].lambdaFunctionArn", "lambda"),
        arn("queues[].queueArn", "sqs"),
        arn("topics[].topicArn", "sns"),
    ),
)
