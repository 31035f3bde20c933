"""What protects a bucket: public access, policy, encryption, ownership."""

from awsmodel.resource import Call, Example, ResourceType
from awsmodel.types.s3_bucket import BUCKET_IS_GONE

BUCKET = {"Bucket": "id"}

PUBLIC_ACCESS_BLOCK = ResourceType(
    token="aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    service="s3",
    create=Call(operation="put_public_access_block"),
    id="{bucket}",
    read=Call(operation="get_public_access_block", identify=BUCKET),
    updates=(Call(operation="put_public_access_block", identify=BUCKET, whole=True),),
    delete=Call(
        operation="delete_public_access_block",
        identify=BUCKET,
        build=lambda known: None if known.get("skipDestroy") else {},
    ),
    parse_id=lambda physical_id: {"bucket": physical_id},
    names={
        name: f"PublicAccessBlockConfiguration.{name[0].upper()}{name[1:]}"
        for name in ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
    },
    defaults={
        "blockPublicAcls": False,
        "blockPublicPolicy": False,
        "ignorePublicAcls": False,
        "restrictPublicBuckets": False,
    },
    unreadable={"skipDestroy": "a switch of the delete; AWS does not know it"},
    gone=BUCKET_IS_GONE | {"NoSuchPublicAccessBlockConfiguration"},
    example=Example(
        inputs=lambda need: {
            "bucket": need("aws:s3/bucket:Bucket", "id"),
            "blockPublicAcls": True,
            "blockPublicPolicy": True,
        },
        update=lambda need: {"blockPublicAcls": False, "restrictPublicBuckets": True},
        replace=lambda need: {"bucket": "example-other"},
    ),
)

_EXAMPLE_POLICY = (
    '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:PutObject",'
    '"Resource":"arn:aws:s3:::example-one/*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}'
)

POLICY = ResourceType(
    token="aws:s3/bucketPolicy:BucketPolicy",
    service="s3",
    create=Call(operation="put_bucket_policy"),
    id="{bucket}",
    read=Call(operation="get_bucket_policy", identify=BUCKET),
    updates=(Call(operation="put_bucket_policy", identify=BUCKET),),
    delete=Call(operation="delete_bucket_policy", identify=BUCKET),
    parse_id=lambda physical_id: {"bucket": physical_id},
    gone=BUCKET_IS_GONE | {"NoSuchBucketPolicy"},
    example=Example(
        inputs=lambda need: {
            "bucket": need("aws:s3/bucket:Bucket", "id"),
            "policy": _EXAMPLE_POLICY,
        },
        update=lambda need: {"policy": _EXAMPLE_POLICY.replace("s3:PutObject", "s3:GetObject")},
        replace=lambda need: {"bucket": "example-other"},
    ),
)

ENCRYPTION = ResourceType(
    token="aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    service="s3",
    create=Call(operation="put_bucket_encryption"),
    id="{bucket}",
    read=Call(operation="get_bucket_encryption", identify=BUCKET),
    updates=(Call(operation="put_bucket_encryption", identify=BUCKET, whole=True),),
    delete=Call(operation="delete_bucket_encryption", identify=BUCKET),
    parse_id=lambda physical_id: {"bucket": physical_id},
    names={
        "rules": "ServerSideEncryptionConfiguration.Rules",
        "rules.blockedEncryptionTypes": "BlockedEncryptionTypes.EncryptionType",
    },
    gone=BUCKET_IS_GONE | {"ServerSideEncryptionConfigurationNotFoundError"},
    leaves="AWS encrypts every bucket: it goes back to keys of S3's own",
    example=Example(
        inputs=lambda need: {
            "bucket": need("aws:s3/bucket:Bucket", "id"),
            "rules": [
                {
                    "applyServerSideEncryptionByDefault": {
                        "sseAlgorithm": "aws:kms",
                        "kmsMasterKeyId": need("aws:kms/key:Key", "arn"),
                    },
                    "bucketKeyEnabled": True,
                }
            ],
        },
        update=lambda need: {"rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}]},
        replace=lambda need: {"bucket": "example-other"},
    ),
)

OWNERSHIP_CONTROLS = ResourceType(
    token="aws:s3/bucketOwnershipControls:BucketOwnershipControls",
    service="s3",
    create=Call(operation="put_bucket_ownership_controls"),
    id="{bucket}",
    read=Call(operation="get_bucket_ownership_controls", identify=BUCKET),
    updates=(Call(operation="put_bucket_ownership_controls", identify=BUCKET),),
    delete=Call(operation="delete_bucket_ownership_controls", identify=BUCKET),
    parse_id=lambda physical_id: {"bucket": physical_id},
    names={"rule": "OwnershipControls.Rules"},
    gone=BUCKET_IS_GONE | {"OwnershipControlsNotFoundError"},
    example=Example(
        inputs=lambda need: {
            "bucket": need("aws:s3/bucket:Bucket", "id"),
            "rule": {"objectOwnership": "BucketOwnerPreferred"},
        },
        update=lambda need: {"rule": {"objectOwnership": "BucketOwnerEnforced"}},
        replace=lambda need: {"bucket": "example-other"},
    ),
)
