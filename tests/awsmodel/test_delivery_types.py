"""What ECS and its scaling promise beyond what holds for every type."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import jmespath
import pytest

from awsmodel.calls import filled
from awsmodel.clients import Clients
from awsmodel.lifecycle import Lifecycle, Patience
from awsmodel.types.appautoscaling import POLICY, TARGET
from awsmodel.types.ecs_cluster import CLUSTER
from awsmodel.types.ecs_service import SERVICE
from awsmodel.types.ecs_task_definition import TASK_DEFINITION

CONTAINER = {"name": "app", "image": "app", "memory": 128}


@pytest.fixture
def cluster(make: Callable[..., Any]) -> Any:
    return make("aws:ecs/cluster:Cluster", name="main")


@pytest.fixture
def revision(make: Callable[..., Any]) -> Any:
    return make("aws:ecs/taskDefinition:TaskDefinition", family="app", containerDefinitions=definitions())


def definitions(**changes: Any) -> str:
    return json.dumps([{**CONTAINER, **changes}])


@pytest.mark.parametrize(
    "changes",
    [
        {"essential": True, "cpu": 0, "environment": [], "mountPoints": [], "volumesFrom": []},
        {"healthCheck": None},
        {"user": ""},
    ],
)
def test_what_aws_adds_to_a_container_is_no_difference(changes: dict[str, Any]) -> None:
    same = TASK_DEFINITION.canonical["containerDefinitions"]
    assert same(definitions()) == same(definitions(**changes))


def test_the_order_of_variables_and_ports_is_no_difference_and_that_of_a_command_is() -> None:
    same = TASK_DEFINITION.canonical["containerDefinitions"]
    variables = [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]
    assert same(definitions(environment=variables)) == same(definitions(environment=variables[::-1]))
    port = {"containerPort": 80}
    assert same(definitions(portMappings=[port])) == same(
        definitions(portMappings=[{**port, "hostPort": 80, "protocol": "tcp"}])
    )
    assert same(definitions(command=["a", "b"])) != same(definitions(command=["b", "a"]))
    assert same(definitions(essential=False)) != same(definitions())


def test_container_definitions_that_are_no_json_are_said_to_be_so(clients: Clients) -> None:
    lifecycle = Lifecycle(TASK_DEFINITION, clients)
    with pytest.raises(Exception, match="is no list") as caught:
        lifecycle.create({"family": "app", "containerDefinitions": "[{"}, Patience.of(5))
    assert getattr(caught.value, "property_path", "") == "containerDefinitions"
    change = lifecycle.change({"containerDefinitions": "[{"}, {"containerDefinitions": definitions()})
    assert change.replaces == {"containerDefinitions"}


def test_a_revision_that_is_to_stay_is_left(make: Callable[..., Any], clients: Clients) -> None:
    kept = make(
        "aws:ecs/taskDefinition:TaskDefinition",
        family="kept",
        containerDefinitions=definitions(),
        skipDestroy=True,
    )
    kept.delete()
    assert kept.read() is not None
    kept.update(skipDestroy=False)
    kept.delete()
    assert kept.read() is None


def test_a_refresh_follows_the_revision_that_the_program_made(
    make: Callable[..., Any], clients: Clients
) -> None:
    first = make("aws:ecs/taskDefinition:TaskDefinition", family="two", containerDefinitions=definitions())
    second = make(
        "aws:ecs/taskDefinition:TaskDefinition", family="two", containerDefinitions=definitions(memory=256)
    )
    assert first.read()["revision"] == 1
    assert second.read()["revision"] == 2
    first.delete()
    assert first.read() is None
    assert second.read() is not None


def test_a_count_that_an_autoscaler_set_survives_a_deployment(
    make: Callable[..., Any], clients: Clients, cluster: Any, revision: Any
) -> None:
    service = make(
        "aws:ecs/service:Service",
        name="web",
        cluster=cluster.physical_id,
        taskDefinition=revision.state["arn"],
        desiredCount=1,
    )
    clients.get("ecs").update_service(cluster="main", service="web", desiredCount=5)
    newer = make(
        "aws:ecs/taskDefinition:TaskDefinition", family="app", containerDefinitions=definitions(memory=256)
    )
    service.update(taskDefinition=newer.state["arn"], deploymentMaximumPercent=150)
    live = service.read()
    assert live["taskDefinition"] == newer.state["arn"]
    assert live["deploymentMaximumPercent"] == 150
    assert live["desiredCount"] == 5


def test_a_service_without_a_count_has_no_tasks_and_names_are_as_good_as_arns(
    make: Callable[..., Any], cluster: Any, revision: Any
) -> None:
    name = f"app:{revision.state['revision']}"
    service = make("aws:ecs/service:Service", name="web", cluster="main", taskDefinition=name)
    assert service.state["desiredCount"] == 0
    assert service.state["cluster"] == "main"
    change = service.lifecycle.change(
        service.inputs,
        {**service.inputs, "cluster": cluster.physical_id, "taskDefinition": revision.state["arn"]},
    )
    assert not change.changed


@pytest.mark.parametrize("strategy", ["ROLLING", "CANARY"])
def test_a_program_that_waits_goes_on_when_the_service_is_steady(
    make: Callable[..., Any], cluster: Any, revision: Any, strategy: str
) -> None:
    service = make(
        "aws:ecs/service:Service",
        name="steady",
        cluster=cluster.physical_id,
        taskDefinition=revision.state["arn"],
        desiredCount=2,
        waitForSteadyState=True,
        deploymentConfiguration={"strategy": strategy},
    )
    newer = make(
        "aws:ecs/taskDefinition:TaskDefinition", family="app", containerDefinitions=definitions(memory=256)
    )
    service.update(taskDefinition=newer.state["arn"])
    assert service.read()["taskDefinition"] == newer.state["arn"]


REVISION = "arn:aws:ecs:eu-west-1:111111111111:task-definition/app:2"


def described(*deployments: tuple[str, str, str], running: int = 2) -> dict[str, Any]:
    return {
        "status": "ACTIVE",
        "desiredCount": 2,
        "runningCount": running,
        "deployments": [
            {"status": status, "rolloutState": state, "taskDefinition": revision}
            for status, state, revision in deployments
        ],
    }


@pytest.mark.parametrize(
    ("service", "waits", "is_ready", "has_failed"),
    [
        (described(("PRIMARY", "IN_PROGRESS", REVISION)), False, True, False),
        (described(("PRIMARY", "IN_PROGRESS", REVISION)), True, False, False),
        (described(("PRIMARY", "COMPLETED", REVISION)), True, True, False),
        (described(("PRIMARY", "COMPLETED", REVISION), running=1), True, False, False),
        (
            described(("PRIMARY", "COMPLETED", REVISION), ("ACTIVE", "COMPLETED", "app:1")),
            True,
            False,
            False,
        ),
        (described(("PRIMARY", "FAILED", REVISION)), True, False, True),
        (described(("PRIMARY", "COMPLETED", "app:1")), True, True, True),
        (described(("PRIMARY", "COMPLETED", "app:1")), False, True, False),
    ],
)
def test_a_deployment_is_done_when_it_is_the_only_one_and_failed_when_it_was_rolled_back(
    service: dict[str, Any], waits: bool, is_ready: bool, has_failed: bool
) -> None:
    wish = {"waitForSteadyState": waits, "taskDefinition": REVISION}
    assert bool(jmespath.search(filled(SERVICE.ready, wish), service)) is is_ready
    assert bool(jmespath.search(filled(SERVICE.failed, wish), service)) is has_failed


def test_each_type_of_a_service_is_imported_by_the_id_that_its_page_documents(
    make: Callable[..., Any], clients: Clients, cluster: Any, revision: Any
) -> None:
    service = make(
        "aws:ecs/service:Service",
        name="web",
        cluster=cluster.physical_id,
        taskDefinition=revision.state["arn"],
        desiredCount=1,
    )
    scaled = {
        "serviceNamespace": "ecs",
        "resourceId": "service/main/web",
        "scalableDimension": "ecs:service:DesiredCount",
    }
    target = make("aws:appautoscaling/target:Target", **scaled, minCapacity=1, maxCapacity=2)
    policy = make(
        "aws:appautoscaling/policy:Policy",
        **scaled,
        name="cpu",
        policyType="StepScaling",
        stepScalingPolicyConfiguration={
            "adjustmentType": "ChangeInCapacity",
            "cooldown": 60,
            "stepAdjustments": [{"metricIntervalLowerBound": "0", "scalingAdjustment": 1}],
        },
    )
    of_ecs = "ecs/service/main/web/ecs:service:DesiredCount"
    for resource, imported, made in (
        (CLUSTER, "main", cluster),
        (TASK_DEFINITION, revision.state["arn"], revision),
        (SERVICE, "main/web", service),
        (TARGET, of_ecs, target),
        (POLICY, f"{of_ecs}/cpu", policy),
    ):
        found = Lifecycle(resource, clients).read(imported)
        assert found is not None, resource.token
        assert found["id"] == made.physical_id, resource.token
        assert found["arn"] == made.state["arn"], resource.token
