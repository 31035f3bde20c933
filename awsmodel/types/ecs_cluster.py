"""ECS clusters."""

from __future__ import annotations

from awsmodel.names import Properties
from awsmodel.resource import AutoName, Call, Example, Params, ResourceType, Tags


def ecs_tags(*, read: str = "") -> Tags:
    """ECS tags everything by its ARN."""
    return Tags(
        tag="tag_resource", untag="untag_resource", target="resourceArn", untag_keys="tagKeys", read=read
    )


def _without_namespace(known: Properties) -> Params:
    """An empty namespace takes the default away."""
    taken_away = known["live"].get("serviceConnectDefaults") and not known.get("serviceConnectDefaults")
    return {"serviceConnectDefaults": {"namespace": ""}} if taken_away else {}


CLUSTER = ResourceType(
    token="aws:ecs/cluster:Cluster",
    service="ecs",
    create=Call(operation="create_cluster"),
    id="cluster.clusterArn",
    read=Call(
        operation="describe_clusters",
        identify={"clusters": "id"},
        fixed={"include": ["CONFIGURATIONS", "SETTINGS", "TAGS"]},
        result="clusters[0]",
    ),
    updates=(Call(operation="update_cluster", identify={"cluster": "id"}, build=_without_namespace),),
    delete=Call(operation="delete_cluster", identify={"cluster": "id"}),
    list=Call(operation="list_clusters", result="clusterArns"),
    names={
        "arn": "clusterArn",
        "name": "clusterName",
        "configuration.executeCommandConfiguration.logConfiguration.s3BucketEncryptionEnabled": (
            "s3EncryptionEnabled"
        ),
    },
    auto_name=AutoName(limit=255),
    tags=ecs_tags(),
    # a cluster is imported by its name
    derive=lambda known, scope: {"id": known["arn"]},
    gone=frozenset({"ClusterNotFoundException"}),
    gone_when="status=='INACTIVE'",
    ready="status=='ACTIVE'",
    failed="status=='FAILED' && 'AWS could not make its capacity'",
    busy=frozenset(
        {
            "ClusterContainsContainerInstancesException",
            "ClusterContainsServicesException",
            "ClusterContainsTasksException",
            "UpdateInProgressException",
        }
    ),
    example=Example(
        inputs=lambda need: {
            "name": "example-cluster",
            "settings": [{"name": "containerInsights", "value": "enabled"}],
        },
        update=lambda need: {
            "settings": [{"name": "containerInsights", "value": "disabled"}],
            "configuration": {
                "executeCommandConfiguration": {
                    "logging": "OVERRIDE",
                    "logConfiguration": {
                        "cloudWatchLogGroupName": "exec",
                        "s3BucketName": "exec",
                        "s3BucketEncryptionEnabled": True,
                    },
                }
            },
            "serviceConnectDefaults": {
                "namespace": "arn:aws:servicediscovery:eu-west-1:111111111111:namespace/ns-example"
            },
            "tags": {"Owner": "platform"},
        },
        replace=lambda need: {"name": "other-cluster"},
    ),
)
