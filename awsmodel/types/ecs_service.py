"""ECS services, with rolling, blue/green, linear and canary deployments."""

from __future__ import annotations

from awsmodel.names import JSON_TEXT, Codec, Field, Properties
from awsmodel.resource import AutoName, Call, Example, Params, ResourceType
from awsmodel.types.ecs_cluster import ecs_tags

_ENABLED = Codec(
    encode=lambda wanted: "ENABLED" if wanted else "DISABLED", decode=lambda word: word == "ENABLED"
)
_IDENTITY = {"cluster": "cluster", "service": "name"}
_DEPLOYMENT = frozenset(
    {
        "alarms",
        "deploymentCircuitBreaker",
        "deploymentConfiguration",
        "deploymentMaximumPercent",
        "deploymentMinimumHealthyPercent",
    }
)
_OF_A_DEPLOYMENT = frozenset(
    {"serviceConnectConfiguration", "volumeConfiguration", "vpcLatticeConfigurations"}
)
# the service is what the program asked for once the new deployment is the only one and all of it runs
_STEADY = (
    "'{waitForSteadyState}'!='True' || (length(deployments)==`1` && runningCount==desiredCount"
    " && not_null(deployments[0].rolloutState, 'COMPLETED')=='COMPLETED')"
)
# after a rollback, the deployment that AWS works on is the one before
_ROLLED_BACK = (
    "'{waitForSteadyState}'=='True' && deployments[?status=='PRIMARY' && (rolloutState=='FAILED'"
    " || !contains(taskDefinition, '{taskDefinition}'))]"
    ".not_null(rolloutStateReason, 'the deployment was rolled back') | [0]"
)


def _count(known: Properties) -> Params:
    """AWS wants a number of tasks wherever it does not follow from the instances."""
    counted = "desiredCount" in known or known.get("schedulingStrategy") == "DAEMON"
    return {} if counted else {"desiredCount": 0}


def _parse_id(identity: str) -> Properties:
    """An ARN, or `cluster/service`, which an import names."""
    return dict(zip(("cluster", "name"), identity.split("/")[-2:], strict=True))


def _last(reference: str) -> str:
    """The name in an ARN, or the name."""
    return reference.rpartition("/")[2]


SERVICE = ResourceType(
    token="aws:ecs/service:Service",
    service="ecs",
    create=Call(operation="create_service", build=_count),
    id="service.serviceArn",
    read=Call(
        operation="describe_services",
        identify={"cluster": "cluster", "services": "name"},
        fixed={"include": ["TAGS"]},
        result="services[0]",
    ),
    more_reads=(
        Call(
            operation="describe_services",
            identify={"cluster": "cluster", "services": "name"},
            result="services[0].deployments[?status=='PRIMARY'] | [0]",
            properties=_OF_A_DEPLOYMENT,
        ),
    ),
    updates=(
        # first, so that a new deployment goes by it; whole, because AWS puts defaults for what is left out
        Call(operation="update_service", identify=_IDENTITY, properties=_DEPLOYMENT, whole=True),
        Call(
            operation="update_service",
            identify=_IDENTITY,
            properties=_OF_A_DEPLOYMENT
            | {
                "availabilityZoneRebalancing",
                "capacityProviderStrategies",
                "desiredCount",
                "enableEcsManagedTags",
                "enableExecuteCommand",
                "healthCheckGracePeriodSeconds",
                "loadBalancers",
                "networkConfiguration",
                "orderedPlacementStrategies",
                "placementConstraints",
                "platformVersion",
                "propagateTags",
                "serviceRegistries",
                "taskDefinition",
                "triggers",
            },
            build=lambda known: {"forceNewDeployment": True} if known.get("forceNewDeployment") else {},
        ),
    ),
    delete=Call(operation="delete_service", identify=_IDENTITY, fixed={"force": True}),
    parse_id=_parse_id,
    names={
        "arn": "serviceArn",
        "name": "serviceName",
        "cluster": "cluster|clusterArn",
        "alarms": "deploymentConfiguration.alarms",
        "capacityProviderStrategies": "capacityProviderStrategy",
        "deploymentCircuitBreaker": "deploymentConfiguration.deploymentCircuitBreaker",
        "deploymentConfiguration.lifecycleHooks.hookDetails": Field("hookDetails", JSON_TEXT),
        "deploymentMaximumPercent": "deploymentConfiguration.maximumPercent",
        "deploymentMinimumHealthyPercent": "deploymentConfiguration.minimumHealthyPercent",
        "iamRole": "role|roleArn",
        "loadBalancers.elbName": "loadBalancerName",
        "networkConfiguration": "networkConfiguration.awsvpcConfiguration",
        "networkConfiguration.assignPublicIp": Field("assignPublicIp", _ENABLED),
        "orderedPlacementStrategies": "placementStrategy",
        "serviceConnectConfiguration.services.clientAlias": "clientAliases",
        "serviceConnectConfiguration.services.tls.issuerCertAuthority": "issuerCertificateAuthority",
        "volumeConfiguration": "volumeConfigurations",
        "volumeConfiguration.managedEbsVolume.sizeInGb": "sizeInGiB",
    },
    canonical={"cluster": _last, "iamRole": _last, "taskDefinition": _last},
    defaults={
        "deploymentMaximumPercent": 200,
        "deploymentMinimumHealthyPercent": 100,
        "enableEcsManagedTags": False,
        "enableExecuteCommand": False,
        "forceDelete": False,
        "forceNewDeployment": False,
        "schedulingStrategy": "REPLICA",
        "waitForSteadyState": False,
    },
    auto_name=AutoName(limit=255),
    tags=ecs_tags(),
    unreadable={
        "forceDelete": "AWS does not know it; a destroy never waits for somebody to scale the service down",
        "forceNewDeployment": "AWS does not know it: it says what an update does",
        "triggers": "AWS does not know them: a change of one is an update",
        "waitForSteadyState": "AWS does not know it: it says how long the program waits",
    },
    not_modelled={"sigintRollback": "an interrupted run leaves the deployment to its alarms and its breaker"},
    derive=lambda known, scope: {"id": known["arn"]},
    gone=frozenset({"ClusterNotFoundException", "ServiceNotActiveException", "ServiceNotFoundException"}),
    gone_when="status=='INACTIVE'",
    ready=f"status=='ACTIVE' && ({_STEADY})",
    failed=_ROLLED_BACK,
    # "The service cannot be stopped while deployments are active"
    busy=frozenset({"InvalidParameterException"}),
    example=Example(
        inputs=lambda need: {
            "name": "example-service",
            "cluster": need("aws:ecs/cluster:Cluster", "arn"),
            "taskDefinition": need("aws:ecs/taskDefinition:TaskDefinition", "arn"),
            "launchType": "FARGATE",
            "desiredCount": 2,
            "healthCheckGracePeriodSeconds": 30,
            "enableEcsManagedTags": True,
            "propagateTags": "SERVICE",
            "networkConfiguration": {
                "subnets": [need("aws:ec2/subnet:Subnet", "id")],
                "assignPublicIp": False,
            },
            "loadBalancers": [
                {
                    "targetGroupArn": need("aws:lb/targetGroup:TargetGroup", "arn"),
                    "containerName": "app",
                    "containerPort": 8080,
                    "advancedConfiguration": {
                        "alternateTargetGroupArn": need(
                            "aws:lb/targetGroup:TargetGroup", "arn", name="other"
                        ),
                        "productionListenerRule": need("aws:lb/listenerRule:ListenerRule", "arn"),
                        "roleArn": need("aws:iam/role:Role", "arn"),
                    },
                }
            ],
            "deploymentConfiguration": {
                "strategy": "CANARY",
                "bakeTimeInMinutes": "5",
                "canaryConfiguration": {"canaryPercent": 10.0, "canaryBakeTimeInMinutes": "10"},
                "lifecycleHooks": [
                    {
                        "hookTargetArn": "arn:aws:lambda:eu-west-1:111111111111:function:judge",
                        "roleArn": need("aws:iam/role:Role", "arn"),
                        "lifecycleStages": ["POST_TEST_TRAFFIC_SHIFT"],
                        "hookDetails": '{"metric": "errors"}',
                    }
                ],
            },
            "alarms": {"alarmNames": ["burn"], "enable": True, "rollback": True},
            "deploymentCircuitBreaker": {"enable": True, "rollback": True},
        },
        update=lambda need: {
            "desiredCount": 3,
            "enableExecuteCommand": True,
            "deploymentMinimumHealthyPercent": 50,
            "deploymentConfiguration": {
                "strategy": "CANARY",
                "bakeTimeInMinutes": "15",
                "canaryConfiguration": {"canaryPercent": 20.0, "canaryBakeTimeInMinutes": "10"},
            },
            "alarms": {"alarmNames": ["burn", "latency"], "enable": True, "rollback": True},
            "taskDefinition": need("aws:ecs/taskDefinition:TaskDefinition", "arn", family="other"),
            "triggers": {"release": "2"},
            "tags": {"Owner": "platform"},
        },
        replace=lambda need: {"schedulingStrategy": "DAEMON"},
    ),
)
