"""S3 buckets themselves; their settings are resources of their own."""

from typing import Any

from awsmodel.names import Properties
from awsmodel.resource import AutoName, Call, Example, Params, ResourceType, Scope, Tags

BUCKET_IS_GONE = frozenset({"NoSuchBucket", "404"})


def _location(known: Properties) -> Params:
    # us-east-1 is the default, and is refused when it is named
    region = known["region"]
    return {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}


def _empty(client: Any, known: Properties) -> None:
    """Deletes every version of every object, locked ones under governance too."""
    if not known.get("forceDestroy"):
        return
    bypass = {"BypassGovernanceRetention": True} if known.get("objectLockEnabled") else {}
    for page in client.get_paginator("list_object_versions").paginate(Bucket=known["id"]):
        entries = [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]
        objects = [{"Key": entry["Key"], "VersionId": entry["VersionId"]} for entry in entries]
        if objects:
            client.delete_objects(Bucket=known["id"], Delete={"Objects": objects, "Quiet": True}, **bypass)


def _addresses(known: Properties, scope: Scope) -> Properties:
    bucket, region = known["id"], known.get("bucketRegion") or scope.region
    return {
        "arn": f"arn:{scope.partition}:s3:::{bucket}",
        "bucketDomainName": f"{bucket}.s3.amazonaws.com",
        "bucketRegion": region,
        "bucketRegionalDomainName": f"{bucket}.s3.{region}.amazonaws.com",
    }


BUCKET = ResourceType(
    token="aws:s3/bucket:Bucket",
    service="s3",
    create=Call(operation="create_bucket", build=_location),
    id="{bucket}",
    read=Call(operation="head_bucket", identify={"Bucket": "id"}),
    more_reads=(
        Call(
            operation="get_object_lock_configuration",
            identify={"Bucket": "id"},
            decode=lambda answer: {"objectLockEnabled": "ObjectLockConfiguration" in answer},
            unless=frozenset({"ObjectLockConfigurationNotFoundError"}),
        ),
    ),
    delete=Call(operation="delete_bucket", identify={"Bucket": "id"}, before=_empty),
    list=Call(operation="list_buckets", result="Buckets[].Name"),
    parse_id=lambda physical_id: {"bucket": physical_id},
    names={"objectLockEnabled": "ObjectLockEnabledForBucket"},
    defaults={"forceDestroy": False},
    auto_name=AutoName(property="bucket", limit=63, lowercase=True),
    tags=Tags(
        tag="put_bucket_tagging",
        untag="delete_bucket_tagging",
        target="Bucket",
        by="bucket",
        read="get_bucket_tagging",
        whole=True,
        unless=frozenset({"NoSuchTagSet"}),
    ),
    unreadable={"forceDestroy": "a switch of the delete; AWS does not know it"},
    not_modelled={"bucketNamespace": "names of an account's own namespace are outside of this model"},
    derive=_addresses,
    gone=BUCKET_IS_GONE,
    example=Example(
        inputs=lambda need: {"bucket": "example-one", "tags": {"Data": "example"}},
        update=lambda need: {"forceDestroy": True, "tags": {"Data": "other", "Owner": "platform"}},
        replace=lambda need: {"bucket": "example-other", "objectLockEnabled": True},
    ),
)
