"""For how long nobody can delete what a bucket holds."""

from awsmodel.resource import Call, Example, ResourceType
from awsmodel.types.s3_bucket import BUCKET_IS_GONE

_BUCKET = {"Bucket": "id"}


def _retention(mode: str, days: int) -> dict[str, object]:
    return {"defaultRetention": {"mode": mode, "days": days}}


OBJECT_LOCK = ResourceType(
    token="aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
    service="s3",
    create=Call(operation="put_object_lock_configuration"),
    id="{bucket}",
    parse_id=lambda physical_id: {"bucket": physical_id},
    read=Call(operation="get_object_lock_configuration", identify=_BUCKET),
    updates=(Call(operation="put_object_lock_configuration", identify=_BUCKET, whole=True),),
    delete=Call(
        operation="put_object_lock_configuration",
        identify=_BUCKET,
        fixed={"ObjectLockConfiguration": {"ObjectLockEnabled": "Enabled"}},
    ),
    names={
        "objectLockEnabled": "ObjectLockConfiguration.ObjectLockEnabled",
        "rule": "ObjectLockConfiguration.Rule",
    },
    defaults={"objectLockEnabled": "Enabled"},
    unreadable={"token": "AWS Support gave it for one call"},
    gone=BUCKET_IS_GONE | {"ObjectLockConfigurationNotFoundError"},
    leaves="a lock never comes off: what is put from then on is kept for no time",
    example=Example(
        inputs=lambda need: {
            "bucket": need("aws:s3/bucket:Bucket", "id", bucket="example-locked", objectLockEnabled=True),
            "rule": _retention("GOVERNANCE", 30),
        },
        update=lambda need: {"rule": _retention("COMPLIANCE", 365)},
        replace=lambda need: {"bucket": "example-other"},
    ),
)
