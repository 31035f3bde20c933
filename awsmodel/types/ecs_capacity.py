"""ECS: what capacity a cluster has, and how tasks that name none are shared out."""

from awsmodel.resource import Call, Example, ResourceType

_CLUSTER = {"cluster": "clusterName"}

CLUSTER_CAPACITY_PROVIDERS = ResourceType(
    token="aws:ecs/clusterCapacityProviders:ClusterCapacityProviders",
    service="ecs",
    create=Call(operation="put_cluster_capacity_providers"),
    id="{clusterName}",
    read=Call(operation="describe_clusters", identify={"clusters": "clusterName"}, result="clusters[0]"),
    updates=(Call(operation="put_cluster_capacity_providers", identify=_CLUSTER, whole=True),),
    delete=Call(
        operation="put_cluster_capacity_providers",
        identify=_CLUSTER,
        fixed={"capacityProviders": [], "defaultCapacityProviderStrategy": []},
    ),
    parse_id=lambda physical_id: {"clusterName": physical_id},
    names={
        "clusterName": "cluster|clusterName",
        "defaultCapacityProviderStrategies": "defaultCapacityProviderStrategy",
    },
    defaults={"capacityProviders": [], "defaultCapacityProviderStrategies": []},
    gone=frozenset({"ClusterNotFoundException"}),
    gone_when="status=='INACTIVE'",
    busy=frozenset({"ResourceInUseException", "UpdateInProgressException"}),
    leaves="the cluster stays, with no capacity of its own",
    example=Example(
        inputs=lambda need: {
            "clusterName": need("aws:ecs/cluster:Cluster", "name"),
            "capacityProviders": ["FARGATE", "FARGATE_SPOT"],
            "defaultCapacityProviderStrategies": [{"capacityProvider": "FARGATE", "base": 1, "weight": 100}],
        },
        update=lambda need: {
            "capacityProviders": ["FARGATE"],
            "defaultCapacityProviderStrategies": [{"capacityProvider": "FARGATE", "weight": 1}],
        },
        replace=lambda need: {"clusterName": "other"},
    ),
)
