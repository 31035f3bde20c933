"""What buckets, repositories, queues and alarms promise beyond what holds for every type."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest

from awsmodel.calls import AwsError
from awsmodel.clients import Clients
from awsmodel.types.s3_bucket import BUCKET
from awsmodel.types.sqs import QUEUE


def test_a_bucket_that_holds_something_goes_only_when_it_is_forced(
    clients: Clients, make: Callable[..., Any]
) -> None:
    s3 = clients.get("s3")
    bucket = make("aws:s3/bucket:Bucket", bucket="full-of-versions")
    make(
        "aws:s3/bucketVersioning:BucketVersioning",
        bucket="full-of-versions",
        versioningConfiguration={"status": "Enabled"},
    )
    for text in (b"first", b"second"):
        s3.put_object(Bucket="full-of-versions", Key="object", Body=text)
    s3.delete_object(Bucket="full-of-versions", Key="object")
    with pytest.raises(AwsError, match="BucketNotEmpty"):
        bucket.delete()
    assert bucket.read() is not None
    bucket.update(forceDestroy=True)
    bucket.delete()
    assert bucket.read() is None


def test_a_bucket_s_generated_name_is_one_that_s3_takes() -> None:
    assert BUCKET.auto_name is not None
    name = BUCKET.auto_name.made("Assets" * 20, "-0a1b2c3", {})
    assert name == name.lower()
    assert len(name) == 63
    assert name.endswith("-0a1b2c3")


def test_the_tags_of_a_bucket_are_exactly_those_of_the_program(
    clients: Clients, make: Callable[..., Any]
) -> None:
    tags = {"tags": {"Data": "one", "Owner": "platform"}}
    bucket = make("aws:s3/bucket:Bucket", bucket="tagged", **tags, tagsAll=tags["tags"])
    bucket.update(tags={"Data": "two"}, tagsAll={"Data": "two"})
    answer = clients.get("s3").get_bucket_tagging(Bucket="tagged")
    assert answer["TagSet"] == [{"Key": "Data", "Value": "two"}]
    bucket.update(tags={}, tagsAll={})
    assert bucket.state["tagsAll"] == {}


def test_a_repository_with_an_image_goes_only_when_it_is_forced(
    clients: Clients, make: Callable[..., Any]
) -> None:
    repository = make("aws:ecr/repository:Repository", name="with-image")
    _push(clients.get("ecr"), "with-image")
    with pytest.raises(AwsError, match="RepositoryNotEmptyException"):
        repository.delete()
    repository.update(forceDelete=True)
    repository.delete()
    assert repository.read() is None


def test_a_fifo_queue_s_generated_name_ends_as_sqs_wants_it() -> None:
    assert QUEUE.auto_name is not None
    assert QUEUE.auto_name.made("orders", "-0a1b2c3", {"fifoQueue": True}) == "orders-0a1b2c3.fifo"
    assert QUEUE.auto_name.made("orders", "-0a1b2c3", {"fifoQueue": False}) == "orders-0a1b2c3"


def test_a_fifo_queue_reads_back(make: Callable[..., Any]) -> None:
    queue = make("aws:sqs/queue:Queue", name="orders.fifo", fifoQueue=True, contentBasedDeduplication=True)
    assert (queue.state["fifoQueue"], queue.state["contentBasedDeduplication"]) == (True, True)
    queue.update(contentBasedDeduplication=False, visibilityTimeoutSeconds=120)
    assert (queue.state["visibilityTimeoutSeconds"], queue.state["contentBasedDeduplication"]) == (120, False)


def test_an_alarm_over_an_expression_reads_back_and_changes(make: Callable[..., Any]) -> None:
    queries = [
        {"id": "share", "expression": "100 * bad / all", "label": "share", "returnData": True},
        _measure("bad", "HTTPCode_Target_5XX_Count"),
        _measure("all", "RequestCount"),
    ]
    alarm = make(
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        name="share-of-failures",
        metricQueries=queries,
        comparisonOperator="GreaterThanThreshold",
        threshold=5,
        evaluationPeriods=5,
        datapointsToAlarm=4,
        treatMissingData="notBreaching",
    )
    assert alarm.lifecycle.read(alarm.physical_id)["metricQueries"] == queries
    changed = [{**queries[0], "expression": "bad / all"}, *queries[1:]]
    alarm.update(metricQueries=changed, threshold=0.05)
    assert alarm.lifecycle.read(alarm.physical_id)["metricQueries"] == changed
    assert alarm.state["threshold"] == 0.05


def _measure(name: str, metric: str) -> dict[str, Any]:
    dimensions = {"LoadBalancer": "app/one/0123456789abcdef", "TargetGroup": "targetgroup/one/0123"}
    return {
        "id": name,
        "returnData": False,
        "metric": {
            "namespace": "AWS/ApplicationELB",
            "metricName": metric,
            "stat": "Sum",
            "period": 60,
            "dimensions": dimensions,
        },
    }


def _push(ecr: Any, repository: str) -> None:
    layers = []
    for content in (b"{}", b"layer"):
        digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
        upload = ecr.initiate_layer_upload(repositoryName=repository)["uploadId"]
        ecr.upload_layer_part(
            repositoryName=repository,
            uploadId=upload,
            partFirstByte=0,
            partLastByte=len(content) - 1,
            layerPartBlob=content,
        )
        ecr.complete_layer_upload(repositoryName=repository, uploadId=upload, layerDigests=[digest])
        layers.append({"digest": digest, "size": len(content)})
    config, layer = layers
    manifest = {
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": {"mediaType": "application/vnd.oci.image.config.v1+json", **config},
        "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar", **layer}],
    }
    ecr.put_image(
        repositoryName=repository,
        imageManifest=json.dumps(manifest),
        imageManifestMediaType=manifest["mediaType"],
        imageTag="one",
    )
