"""What the types of events, schedules and rotations promise beyond what holds for every type."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from awsmodel.clients import Clients
from awsmodel.lifecycle import Lifecycle
from awsmodel.types.appconfig import HOSTED_CONFIGURATION_VERSION, without_stamps
from awsmodel.types.lambda_events import ALIAS, FUNCTION_EVENT_INVOKE_CONFIG, function_name
from awsmodel.types.lambda_function import FUNCTION
from awsmodel.types.scheduler import SCHEDULE

TRUST = '{"Version":"2012-10-17","Statement":[]}'
ARN = "arn:aws:lambda:eu-west-1:111111111111:function:judge"


@pytest.fixture
def function(make: Callable[..., Any]) -> Any:
    role = make("aws:iam/role:Role", name="judge", assumeRolePolicy=TRUST)
    archive = FUNCTION.example.inputs(lambda *_, **__: "arn:aws:iam::111111111111:role/judge")["code"]
    return make(
        "aws:lambda/function:Function",
        name="judge",
        role=role.state["arn"],
        runtime="python3.13",
        handler="main.handler",
        code=archive,
    )


def test_an_alias_sends_a_share_of_the_calls_to_another_version(
    make: Callable[..., Any], clients: Clients, function: Any
) -> None:
    client = clients.get("lambda")
    first = client.publish_version(FunctionName="judge")["Version"]
    client.update_function_configuration(FunctionName="judge", Description="another")
    second = client.publish_version(FunctionName="judge")["Version"]
    weights = {"additionalVersionWeights": {second: 0.1}}
    alias = make(
        "aws:lambda/alias:Alias",
        name="live",
        functionName="judge",
        functionVersion=first,
        routingConfig=weights,
    )
    assert alias.read()["routingConfig"] == weights
    alias.update(functionVersion=second, routingConfig=None)
    live = alias.read()
    assert live["functionVersion"] == second
    assert not live.get("routingConfig")
    assert (Lifecycle(ALIAS, clients).read("judge/live") or {})["arn"] == live["arn"]


@pytest.mark.parametrize(
    ("identity", "properties"),
    [
        ("judge", {"functionName": "judge"}),
        ("judge:live", {"functionName": "judge", "qualifier": "live"}),
        (ARN, {"functionName": ARN}),
        (f"{ARN}:live", {"functionName": ARN, "qualifier": "live"}),
    ],
)
def test_a_configuration_is_imported_by_function_and_qualifier(
    identity: str, properties: dict[str, str]
) -> None:
    assert FUNCTION_EVENT_INVOKE_CONFIG.parse_id is not None
    assert FUNCTION_EVENT_INVOKE_CONFIG.parse_id(identity) == properties
    assert callable(FUNCTION_EVENT_INVOKE_CONFIG.id)
    assert FUNCTION_EVENT_INVOKE_CONFIG.id(properties) == identity


def test_a_function_is_the_same_by_name_and_by_arn() -> None:
    assert function_name(ARN) == function_name("judge") == "judge"


def test_the_settings_of_a_function_stay_through_other_updates(
    make: Callable[..., Any], function: Any
) -> None:
    key = make("aws:kms/key:Key", description="for the function")
    kept = {
        "deadLetterConfig": {"targetArn": "arn:aws:sqs:eu-west-1:111111111111:failures"},
        "ephemeralStorage": {"size": 1024},
        "kmsKeyArn": key.state["arn"],
        "loggingConfig": {"logFormat": "JSON", "logGroup": "/judge", "systemLogLevel": "WARN"},
        "reservedConcurrentExecutions": 5,
        "tracingConfig": {"mode": "Active"},
    }
    function.update(**kept)
    function.update(description="another", environment={"variables": {"LEVEL": "info"}}, timeout=30)
    live = function.read()
    for name, value in kept.items():
        assert function.lifecycle.compare.covers(name, value, live[name]), name


def test_a_schedule_to_a_fifo_queue_names_its_group(make: Callable[..., Any], clients: Clients) -> None:
    queue = make("aws:sqs/queue:Queue", name="tickets.fifo", fifoQueue=True)
    role = make("aws:iam/role:Role", name="scheduler", assumeRolePolicy=TRUST)
    schedule = make(
        "aws:scheduler/schedule:Schedule",
        name="digest",
        scheduleExpression="rate(1 hour)",
        flexibleTimeWindow={"mode": "OFF"},
        target={
            "arn": queue.state["arn"],
            "roleArn": role.state["arn"],
            "sqsParameters": {"messageGroupId": "digest"},
        },
    )
    assert schedule.physical_id == "default/digest"
    assert schedule.read()["target"]["sqsParameters"] == {"messageGroupId": "digest"}
    assert (Lifecycle(SCHEDULE, clients).read("default/digest") or {})["arn"] == schedule.state["arn"]


def test_the_times_that_appconfig_writes_into_flags_are_no_difference(make: Callable[..., Any]) -> None:
    application = make("aws:appconfig/application:Application", name="triage")
    profile = make(
        "aws:appconfig/configurationProfile:ConfigurationProfile",
        applicationId=application.physical_id,
        name="flags",
        locationUri="hosted",
        type="AWS.AppConfig.FeatureFlags",
    )
    content = json.dumps(
        {"version": "1", "flags": {"llm": {"name": "llm"}}, "values": {"llm": {"enabled": False}}}
    )
    version = make(
        HOSTED_CONFIGURATION_VERSION.token,
        applicationId=application.physical_id,
        configurationProfileId=profile.state["configurationProfileId"],
        content=content,
        contentType="application/json",
    )
    assert version.read()["content"] == content
    turned_on = content.replace("false", "true")
    assert version.lifecycle.change(version.inputs, {**version.inputs, "content": turned_on}).replaces == {
        "content"
    }
    assert without_stamps("level: 1") == "level: 1"


def test_a_deployment_that_is_under_way_is_stopped_so_that_its_environment_can_go(
    make: Callable[..., Any],
) -> None:
    application = make("aws:appconfig/application:Application", name="triage")
    profile = make(
        "aws:appconfig/configurationProfile:ConfigurationProfile",
        applicationId=application.physical_id,
        name="limits",
        locationUri="hosted",
    )
    names = {
        "applicationId": application.physical_id,
        "configurationProfileId": profile.state["configurationProfileId"],
    }
    version = make(HOSTED_CONFIGURATION_VERSION.token, **names, content="one", contentType="text/plain")
    environment = make(
        "aws:appconfig/environment:Environment", applicationId=application.physical_id, name="prod"
    )
    deployment = make(
        "aws:appconfig/deployment:Deployment",
        **names,
        environmentId=environment.state["environmentId"],
        configurationVersion=str(version.state["versionNumber"]),
        deploymentStrategyId="AppConfig.Linear20PercentEvery6Minutes",
    )
    assert deployment.state["state"] == "DEPLOYING"
    deployment.delete()
    assert deployment.read()["state"] == "ROLLED_BACK"
    environment.delete()
    assert environment.read() is None


@pytest.fixture
def scalable(make: Callable[..., Any]) -> dict[str, str]:
    make("aws:ecs/cluster:Cluster", name="main")
    revision = make(
        "aws:ecs/taskDefinition:TaskDefinition",
        family="app",
        containerDefinitions='[{"name": "app", "image": "app", "memory": 128}]',
    )
    make(
        "aws:ecs/service:Service",
        name="worker",
        cluster="main",
        taskDefinition=revision.state["arn"],
        desiredCount=1,
    )
    of_service = {
        "serviceNamespace": "ecs",
        "resourceId": "service/main/worker",
        "scalableDimension": "ecs:service:DesiredCount",
    }
    make("aws:appautoscaling/target:Target", **of_service, minCapacity=1, maxCapacity=4)
    return of_service


STEPS = {
    "adjustmentType": "ExactCapacity",
    "cooldown": 120,
    "metricAggregationType": "Maximum",
    "stepAdjustments": [
        {"metricIntervalLowerBound": "0", "metricIntervalUpperBound": "300", "scalingAdjustment": 2},
        {"metricIntervalLowerBound": "300", "scalingAdjustment": 4},
    ],
}


def _metric(identity: str, namespace: str, name: str, dimension: str, value: str) -> dict[str, Any]:
    return {
        "id": identity,
        "returnData": False,
        "metricStat": {
            "stat": "Average",
            "metric": {
                "namespace": namespace,
                "metricName": name,
                "dimensions": [{"name": dimension, "value": value}],
            },
        },
    }


BACKLOG = {
    "targetValue": 10.0,
    "scaleInCooldown": 300,
    "scaleOutCooldown": 60,
    "customizedMetricSpecification": {
        "metrics": [
            _metric("waiting", "AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", "tickets"),
            _metric("tasks", "ECS/ContainerInsights", "RunningTaskCount", "ServiceName", "worker"),
            {"id": "each", "expression": "waiting / tasks", "label": "backlog per task", "returnData": True},
        ]
    },
}


@pytest.mark.parametrize(
    ("kind", "name", "configuration"),
    [
        ("StepScaling", "stepScalingPolicyConfiguration", STEPS),
        ("TargetTrackingScaling", "targetTrackingScalingPolicyConfiguration", BACKLOG),
    ],
)
def test_a_scaling_policy_reads_back_with_all_its_steps_and_metrics(
    make: Callable[..., Any], scalable: dict[str, str], kind: str, name: str, configuration: dict[str, Any]
) -> None:
    policy = make(
        "aws:appautoscaling/policy:Policy",
        **scalable,
        name="backlog",
        policyType=kind,
        **{name: configuration},
    )
    live = policy.read()
    assert live["policyType"] == kind
    assert live[name] == configuration


def test_a_scheduled_action_is_found_by_all_that_names_it(
    make: Callable[..., Any], clients: Clients, scalable: dict[str, str]
) -> None:
    action = make(
        "aws:appautoscaling/scheduledAction:ScheduledAction",
        **scalable,
        name="night",
        schedule="cron(0 22 * * ? *)",
        scalableTargetAction={"minCapacity": 0, "maxCapacity": 1},
    )
    assert action.physical_id == "ecs/service/main/worker/ecs:service:DesiredCount/night"
    found = action.lifecycle.read(action.physical_id)
    assert found is not None
    assert found["scalableTargetAction"] == {"minCapacity": 0, "maxCapacity": 1}
