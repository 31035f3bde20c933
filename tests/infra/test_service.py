from __future__ import annotations

import json
import re
from dataclasses import fields
from typing import Any

import pytest

from app.triage.main import COMMANDS
from app.triage.settings import Settings
from infra.components.service import HOOK_STAGES
from infra.task import Surroundings
from tests.infra.recorder import Recording, Resource

_SECRET_NAME = re.compile(r"pass|secret|token|credential|private|api_?key", re.IGNORECASE)
# A word of letters and digits that nobody would say: what stands between the separators of a name or address.
_SECRET_VALUE = re.compile(
    r"AKIA[0-9A-Z]{16}|-----BEGIN|(?=[A-Za-z]*[0-9])(?=[0-9]*[A-Za-z])[A-Za-z0-9+=]{20,}"
)


def _containers(recording: Recording) -> list[dict[str, Any]]:
    """The containers of every workload."""
    tasks = recording.of("ecs/taskDefinition:TaskDefinition")
    return [container for task in tasks for container in json.loads(task.inputs["containerDefinitions"])]


def _container(recording: Recording, workload: str = "service") -> dict[str, Any]:
    task = recording.one("ecs/taskDefinition:TaskDefinition", f"{workload}-task-definition")
    (container,) = json.loads(task.inputs["containerDefinitions"])
    assert isinstance(container, dict)
    return container


def _resource(recording: Recording, workload: str = "service") -> Resource:
    return recording.one("ecs/service:Service", f"{workload}-service")


def _service(recording: Recording) -> Any:
    return _resource(recording).inputs


def test_the_image_is_referenced_by_digest(built: Recording) -> None:
    for container in _containers(built):
        assert re.fullmatch(r".+@sha256:[0-9a-f]{64}", container["image"])


def test_a_container_is_read_only_without_privileges_and_not_root(built: Recording) -> None:
    for container in _containers(built):
        assert container["readonlyRootFilesystem"] is True
        assert container["privileged"] is False
        assert container["linuxParameters"]["capabilities"] == {"drop": ["ALL"]}
        assert container["user"] == "10001:10001"


def test_no_container_environment_value_looks_like_a_secret(built: Recording) -> None:
    for container in _containers(built):
        for variable in container["environment"]:
            assert not _SECRET_NAME.search(variable["name"])
            assert not _SECRET_VALUE.search(variable["value"])


@pytest.mark.parametrize(
    ("value", "is_secret"),
    [
        ("AKIAIOSFODNN7EXAMPLE", True),
        ("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b", True),
        ("postgres://user:c2VjcmV0LXNlY3JldC1zZWNyZXQ1@host/name", True),
        ("https://sqs.eu-west-1.amazonaws.com/111111111111/slipway-dev-messaging-tickets", False),
        ("slipway-staging-storage-exports-111111111111", False),
        ("slipway-dev-database.c0123456789a.eu-west-1.rds.amazonaws.com", False),
    ],
)
def test_a_secret_can_be_told_from_an_address(value: str, is_secret: bool) -> None:
    assert bool(_SECRET_VALUE.search(value)) is is_secret


def test_secrets_are_given_by_reference(built: Recording) -> None:
    secrets = _container(built)["secrets"]
    assert [secret["name"] for secret in secrets] == ["DESK_API_TOKEN"]
    assert all(secret["valueFrom"].startswith("arn:aws:secretsmanager:") for secret in secrets)


@pytest.mark.parametrize("workload", ["worker", "migration"])
def test_a_workload_that_needs_no_secret_is_given_none_and_cannot_read_one(
    built: Recording, workload: str
) -> None:
    assert _container(built, workload)["secrets"] == []
    grants = built.one("iam/rolePolicy:RolePolicy", f"{workload}-task-execution-grants").inputs["policy"]
    assert "secretsmanager" not in grants


def test_a_workload_is_told_nothing_that_the_application_does_not_know(built: Recording) -> None:
    """The settings are `TRIAGE_<field>`; the application refuses to start with any other of that prefix."""
    known = {f"TRIAGE_{name.upper()}" for name in Settings.model_fields}
    for container in _containers(built):
        names = {variable["name"] for variable in container["environment"]}
        assert {"TRIAGE_ENVIRONMENT", "TRIAGE_LOG_LEVEL", "TRIAGE_REVISION"} <= names <= known
    assert "TRIAGE_PORT" in {variable["name"] for variable in _container(built)["environment"]}


def test_whatever_surrounds_a_task_can_be_said_to_the_application() -> None:
    everything = Surroundings(**{field.name: "there" for field in fields(Surroundings)})
    assert set(everything.variables()) <= {f"TRIAGE_{name.upper()}" for name in Settings.model_fields}


def test_what_is_not_there_is_not_said() -> None:
    assert Surroundings().variables() == {}
    assert Surroundings(queue_url="there").variables() == {"TRIAGE_QUEUE_URL": "there"}


@pytest.mark.parametrize(
    ("workload", "command"), [("service", None), ("worker", ["worker"]), ("migration", ["migrate"])]
)
def test_each_workload_is_the_same_image_with_a_command_that_it_knows(
    built: Recording, workload: str, command: list[str] | None
) -> None:
    container = _container(built, workload)
    assert container["image"] == built.outputs["image"]
    assert container.get("command") == command
    assert command is None or command[0] in COMMANDS


@pytest.mark.parametrize("workload", ["service", "worker", "migration"])
def test_a_container_logs_to_its_workloads_group_and_never_waits_for_it(
    built: Recording, workload: str
) -> None:
    options = _container(built, workload)["logConfiguration"]["options"]
    assert options["awslogs-group"] == built.outputs[f"{workload}_log_group_name"]
    assert options["mode"] == "non-blocking"


def test_a_container_has_a_health_check_and_time_to_end(built: Recording) -> None:
    container = _container(built)
    assert container["healthCheck"]["command"] == ["CMD", "python", "-m", "triage.healthcheck"]
    assert container["stopTimeout"] == 30


@pytest.mark.parametrize("workload", ["worker", "migration"])
def test_a_task_that_nobody_calls_listens_nowhere_and_has_the_longest_time_to_end(
    built: Recording, workload: str
) -> None:
    container = _container(built, workload)
    assert container["portMappings"] == []
    assert container["stopTimeout"] == 120


@pytest.mark.parametrize("workload", ["service", "worker"])
def test_tasks_run_on_fargate_in_the_app_tier_without_public_addresses(
    built: Recording, workload: str
) -> None:
    inputs = _resource(built, workload).inputs
    network = inputs["networkConfiguration"]
    assert network["assignPublicIp"] is False
    assert all(subnet.startswith("network-app-") for subnet in network["subnets"])
    assert network["securityGroups"] == [f"{workload}-tasks-group-id"]
    assert inputs["launchType"] == "FARGATE"
    assert inputs["platformVersion"] == "LATEST"
    assert inputs["enableExecuteCommand"] is False


def test_no_role_of_a_task_is_shared(built: Recording) -> None:
    tasks = built.of("ecs/taskDefinition:TaskDefinition")
    roles = [task.inputs[key] for task in tasks for key in ("executionRoleArn", "taskRoleArn")]
    assert len(tasks) == 3
    assert len(set(roles)) == 6


def test_only_the_service_is_sent_requests(built: Recording) -> None:
    rules = built.of("vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    let_in = {rule.inputs["securityGroupId"] for rule in rules}
    assert "service-tasks-group-id" in let_in
    assert not {"worker-tasks-group-id", "migration-tasks-group-id"} & let_in


@pytest.mark.parametrize("workload", ["service", "worker", "migration"])
def test_tasks_reach_the_endpoints_and_the_database_and_nothing_else(built: Recording, workload: str) -> None:
    rules = [
        rule.inputs
        for rule in built.of("vpc/securityGroupEgressRule:SecurityGroupEgressRule")
        if rule.inputs["securityGroupId"] == built.outputs["task_group_ids"][workload]
    ]
    reached = [
        (rule.get("referencedSecurityGroupId") or rule["prefixListId"], rule["fromPort"], rule["toPort"])
        for rule in rules
    ]
    assert sorted(reached) == [
        ("database-group-id", 5432, 5432),
        ("endpoints-group-id", 443, 443),
        ("pl-endpoints-dynamodb", 443, 443),
        ("pl-endpoints-s3", 443, 443),
    ]
    assert not [rule for rule in rules if {"cidrIpv4", "cidrIpv6"} & rule.keys()]


def test_a_worker_is_released_one_task_beside_the_other_and_taken_back_when_tasks_do_not_start(
    built: Recording,
) -> None:
    worker = _resource(built, "worker")
    assert "loadBalancers" not in worker.inputs
    assert "deploymentConfiguration" not in worker.inputs
    assert (worker.inputs["deploymentMinimumHealthyPercent"], worker.inputs["deploymentMaximumPercent"]) == (
        100,
        200,
    )
    assert worker.inputs["deploymentCircuitBreaker"] == {"enable": True, "rollback": True}
    assert worker.ignore_changes == ("desiredCount",)


def test_a_change_of_the_service_is_a_canary_with_nothing_left_to_a_default(built: Recording) -> None:
    deployment = _service(built)["deploymentConfiguration"]
    assert deployment["strategy"] == "CANARY"
    assert re.fullmatch("[0-9]+", deployment["bakeTimeInMinutes"]), "the API takes it as text"
    canary = deployment["canaryConfiguration"]
    assert canary.keys() == {"canaryPercent", "canaryBakeTimeInMinutes"}
    assert 0 < canary["canaryPercent"] <= 50
    assert int(canary["canaryBakeTimeInMinutes"]) >= 5


def test_the_judge_is_asked_before_each_step_and_after_it(built: Recording) -> None:
    (hook,) = _service(built)["deploymentConfiguration"]["lifecycleHooks"]
    assert hook["lifecycleStages"] == list(HOOK_STAGES)
    assert hook["targetType"] == "AWS_LAMBDA"
    assert hook["hookTargetArn"].endswith("function/judge-function-function")
    assert hook["roleArn"].endswith("role/judge-hook-role-role")


def _alarms(recording: Recording, component: str) -> list[Resource]:
    alarms = recording.of("cloudwatch/metricAlarm:MetricAlarm")
    return [alarm for alarm in alarms if alarm.parent_name == component]


@pytest.mark.parametrize(("workload", "component"), [("service", "rollback"), ("worker", "worker-rollback")])
def test_the_alarms_roll_a_release_back_and_each_of_them_exists(
    built: Recording, workload: str, component: str
) -> None:
    inputs = _resource(built, workload).inputs
    alarms = inputs["alarms"]
    assert (alarms["enable"], alarms["rollback"]) == (True, True)
    made = {alarm.inputs["name"] for alarm in _alarms(built, component)}
    assert set(alarms["alarmNames"]) == made
    assert made
    assert inputs["deploymentCircuitBreaker"] == {"enable": True, "rollback": True}


def test_ecs_is_given_both_target_groups_and_both_rules(built: Recording) -> None:
    (balancer,) = _service(built)["loadBalancers"]
    advanced = balancer["advancedConfiguration"]
    assert balancer["targetGroupArn"].endswith("entrance-blue")
    assert advanced["alternateTargetGroupArn"].endswith("entrance-green")
    assert advanced["productionListenerRule"].endswith("entrance-production-rule")
    assert advanced["testListenerRule"].endswith("entrance-test-rule")
    assert advanced["roleArn"].endswith("role/service-infrastructure-role")


@pytest.mark.parametrize(
    ("workload", "scaled"), [("service", "scaling-target"), ("worker", "worker-scaling-target")]
)
def test_the_number_of_tasks_is_left_to_autoscaling(built: Recording, workload: str, scaled: str) -> None:
    assert _resource(built, workload).ignore_changes == ("desiredCount",)
    inputs = _resource(built, workload).inputs
    target = built.one("appautoscaling/target:Target", scaled).inputs
    assert target["resourceId"] == f"service/{built.outputs['cluster_name']}/{inputs['name']}"
    assert target["minCapacity"] <= inputs["desiredCount"] <= target["maxCapacity"]


def test_autoscaling_counts_the_requests_of_both_target_groups(built: Recording) -> None:
    scaling = built.one("appautoscaling/policy:Policy", "scaling-policy").inputs
    policy = scaling["targetTrackingScalingPolicyConfiguration"]
    total, *measured = policy["customizedMetricSpecification"]["metrics"]
    assert total["expression"] == "FILL(r0, 0) + FILL(r1, 0)"
    assert total["returnData"] is True
    groups = [each["metricStat"]["metric"]["dimensions"][0]["value"] for each in measured]
    assert groups == ["suffix/entrance-blue", "suffix/entrance-green"]


def test_the_service_is_made_when_its_roles_can_do_what_they_are_for(built: Recording) -> None:
    assert {"service-infrastructure-managed", "judge-hook-role-grants"} <= _resource(built).dependencies
    for task in built.of("ecs/taskDefinition:TaskDefinition"):
        assert f"{task.parent_name}-execution-grants" in task.dependencies


def test_the_program_waits_longer_than_a_whole_release_takes(built: Recording) -> None:
    service = _resource(built)
    deployment = service.inputs["deploymentConfiguration"]
    release = int(deployment["bakeTimeInMinutes"]) + int(
        deployment["canaryConfiguration"]["canaryBakeTimeInMinutes"]
    )
    minutes = {key: _minutes(value) for key, value in service.timeouts.items()}
    assert minutes["create"] == minutes["update"] > release


def _minutes(duration: str) -> int:
    hours = re.search(r"([0-9]+)h", duration)
    rest = re.search(r"([0-9]+)m", duration)
    return (60 * int(hours[1]) if hours else 0) + (int(rest[1]) if rest else 0)


def test_prod_waits_for_the_release_and_keeps_the_revisions_to_go_back_to(prod: Recording) -> None:
    assert _service(prod)["waitForSteadyState"] is True
    for task in prod.of("ecs/taskDefinition:TaskDefinition"):
        assert task.inputs["skipDestroy"] is True


def test_the_cluster_is_observed(built: Recording) -> None:
    cluster = built.one("ecs/cluster:Cluster").inputs
    assert cluster["settings"] == [{"name": "containerInsights", "value": "enhanced"}]
    groups = {group.inputs["name"] for group in built.of("cloudwatch/logGroup:LogGroup")}
    assert f"/aws/ecs/containerinsights/{cluster['name']}/performance" in groups


def test_an_alarm_looks_at_both_target_groups_and_takes_the_worse(built: Recording) -> None:
    alarms = _alarms(built, "rollback")
    assert alarms
    for alarm in alarms:
        worst, *measured = alarm.inputs["metricQueries"]
        assert worst["returnData"] is True
        assert worst["expression"].startswith("MAX([")
        assert [query["id"] for query in measured if query["returnData"]] == []
        for query in measured:
            assert re.search(rf"\b{query['id']}\b", worst["expression"]), "a metric that nothing reads"
        groups = {query["metric"]["dimensions"]["TargetGroup"] for query in measured}
        assert groups == {"suffix/entrance-blue", "suffix/entrance-green"}
        assert alarm.inputs["treatMissingData"] == "notBreaching"


def test_an_alarm_sees_a_bad_release_before_its_first_bake_is_over(built: Recording) -> None:
    bake = int(_service(built)["deploymentConfiguration"]["canaryConfiguration"]["canaryBakeTimeInMinutes"])
    for alarm in _alarms(built, "rollback"):
        period = {query["metric"]["period"] for query in alarm.inputs["metricQueries"] if "metric" in query}
        assert period == {60}
        assert alarm.inputs["evaluationPeriods"] + 2 <= bake


@pytest.mark.parametrize("name", ["error-share", "p95-latency", "unhealthy-tasks"])
def test_there_is_an_alarm_for_each_way_in_which_a_release_goes_wrong(dev: Recording, name: str) -> None:
    assert dev.one("cloudwatch/metricAlarm:MetricAlarm", f"rollback-{name}").inputs["threshold"] >= 0
