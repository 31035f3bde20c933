"""Rules of clusters, services and tasks."""

from awsmodel.checks import Json, OneOf
from awsmodel.relations import Requires
from awsmodel.rule import TypeRules
from awsmodel.rule_words import arn, between, exclusive, items, length, matches, said

_NAME = r"\A[0-9A-Za-z_-]{1,255}\Z"
_NAME_WORDS = "be at most 255 letters, digits, hyphens and underscores"

CLUSTER = TypeRules(
    of="aws:ecs/cluster:Cluster",
    source="internal/service/ecs/cluster.go",
    rules=(
        matches("name", _NAME, _NAME_WORDS, "validateClusterName"),
        said(
            "settings[].value",
            OneOf(("enabled", "disabled", "enhanced")),
            "AWS: ECS API Reference, ClusterSetting",
        ),
        arn("serviceConnectDefaults.namespace", "servicediscovery"),
    ),
)

SERVICE = TypeRules(
    of="aws:ecs/service:Service",
    source="internal/service/ecs/service.go",
    rules=(
        matches("name", _NAME, _NAME_WORDS, "AWS: ECS API Reference, CreateService"),
        exclusive("capacityProviderStrategies", "launchType"),
        between("healthCheckGracePeriodSeconds", 0, 2147483647),
        between("loadBalancers[].containerPort", 0, 65536),
        arn("loadBalancers[].targetGroupArn", "elasticloadbalancing"),
        arn("loadBalancers[].advancedConfiguration.alternateTargetGroupArn", "elasticloadbalancing"),
        arn("loadBalancers[].advancedConfiguration.productionListenerRule", "elasticloadbalancing"),
        arn("loadBalancers[].advancedConfiguration.testListenerRule", "elasticloadbalancing"),
        arn("loadBalancers[].advancedConfiguration.roleArn", "iam"),
        arn("deploymentConfiguration.lifecycleHooks[].hookTargetArn"),
        arn("deploymentConfiguration.lifecycleHooks[].roleArn", "iam"),
        matches(
            "deploymentConfiguration.bakeTimeInMinutes",
            r"\A\d{1,4}\Z",
            "be a number of minutes as text, from 0 to 1440",
            "nullable.ValidateTypeStringNullableIntBetween(0, 1440)",
        ),
        between(
            "deploymentConfiguration.bakeTimeInMinutes",
            0,
            1440,
            "nullable.ValidateTypeStringNullableIntBetween(0, 1440)",
        ),
        between(
            "deploymentConfiguration.canaryConfiguration.canaryPercent",
            0.1,
            100,
            "validation.FloatBetween(0.1, 100)",
        ),
        between(
            "deploymentConfiguration.canaryConfiguration.canaryBakeTimeInMinutes",
            0,
            1440,
            "nullable.ValidateTypeStringNullableIntBetween(0, 1440)",
        ),
        between(
            "deploymentConfiguration.linearConfiguration.stepPercent",
            3,
            100,
            "validation.FloatBetween(3, 100)",
        ),
        items("orderedPlacementStrategies", None, 5),
        items("placementConstraints", None, 10),
        arn("serviceRegistries.registryArn", "servicediscovery"),
        said(
            "deploymentConfiguration",
            Requires("strategy", ("CANARY",), needs=("canaryConfiguration",)),
            "AWS: ECS API Reference, DeploymentConfiguration",
        ),
        said(
            "deploymentConfiguration",
            Requires("strategy", ("LINEAR",), needs=("linearConfiguration",)),
            "AWS: ECS API Reference, DeploymentConfiguration",
        ),
        said(
            "",
            Requires("launchType", ("FARGATE",), needs=("networkConfiguration",)),
            "AWS: ECS API Reference, CreateService",
        ),
        said(
            "", Requires("schedulingStrategy", ("DAEMON",), forbids=("desiredCount",)), "scheduling_strategy"
        ),
    ),
)

TASK_DEFINITION = TypeRules(
    of="aws:ecs/taskDefinition:TaskDefinition",
    source="internal/service/ecs/task_definition.go",
    rules=(
        said("containerDefinitions", Json(), "validTaskDefinitionContainerDefinitions"),
        length("family", 1, 255),
        matches("family", r"\A[0-9A-Za-z_-]+\Z", "have only letters, digits, hyphens and underscores"),
        arn("executionRoleArn", "iam"),
        arn("taskRoleArn", "iam"),
        between("ephemeralStorage.sizeInGib", 21, 200),
        items("placementConstraints", None, 10),
        said(
            "",
            Requires("requiresCompatibilities", (["FARGATE"],), needs=("cpu", "memory", "networkMode")),
            "AWS: ECS API Reference, RegisterTaskDefinition",
        ),
    ),
)
