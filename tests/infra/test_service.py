from __future__ import annotations

import json
import re
from typing import Any

import pytest

from infra.components.service import HOOK_STAGES
from tests.infra.recorder import Recording

_SECRET_NAME = re.compile(r"pass|secret|token|credential|private|api_?key", re.IGNORECASE)
_SECRET_VALUE = re.compile(r"AKIA[0-9A-Z]{16}|-----BEGIN|[A-Za-z0-9+/=_-]{32,}")


def _containers(recording: Recording) -> list[dict[str, Any]]:
    definitions = json.loads(
        recording.one("ecs/taskDefinition:TaskDefinition").inputs["containerDefinitions"]
    )
    assert isinstance(definitions, list)
    return definitions


def _service(recording: Recording) -> Any:
    return recording.one("ecs/service:Service").inputs


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


def test_secrets_are_given_by_reference(built: Recording) -> None:
    for container in _containers(built):
        assert [secret["name"] for secret in container["secrets"]] == ["DESK_API_TOKEN"]
        assert all(
            secret["valueFrom"].startswith("arn:aws:secretsmanager:") for secret in container["secrets"]
        )


def test_the_service_is_told_nothing_that_it_does_not_know(built: Recording) -> None:
    """The settings of the service are `TRIAGE_<field>`; it refuses to start with any other of that prefix."""
    (container,) = _containers(built)
    names = {variable["name"] for variable in container["environment"]}
    assert names == {"TRIAGE_ENVIRONMENT", "TRIAGE_LOG_LEVEL", "TRIAGE_PORT", "TRIAGE_REVISION"}


def test_a_container_logs_to_the_services_group_and_never_waits_for_it(built: Recording) -> None:
    (container,) = _containers(built)
    options = container["logConfiguration"]["options"]
    assert options["awslogs-group"] == built.outputs["service_log_group_name"]
    assert options["mode"] == "non-blocking"


def test_a_container_has_a_health_check_and_time_to_end(built: Recording) -> None:
    (container,) = _containers(built)
    assert container["healthCheck"]["command"] == ["CMD", "python", "-m", "triage.healthcheck"]
    assert container["stopTimeout"] == 30


def test_tasks_run_on_fargate_in_the_app_tier_without_public_addresses(built: Recording) -> None:
    network = _service(built)["networkConfiguration"]
    assert network["assignPublicIp"] is False
    assert all(subnet.startswith("network-app-") for subnet in network["subnets"])
    assert network["securityGroups"] == ["tasks-group-id"]
    assert _service(built)["launchType"] == "FARGATE"
    assert _service(built)["enableExecuteCommand"] is False


def test_the_role_that_starts_tasks_is_not_the_role_of_the_task(built: Recording) -> None:
    task = built.one("ecs/taskDefinition:TaskDefinition").inputs
    assert task["executionRoleArn"] != task["taskRoleArn"]


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
    assert hook["hookTargetArn"].endswith("function/judge-function")
    assert hook["roleArn"].endswith("role/judge-hook-role-role")


def test_the_alarms_roll_a_release_back_and_each_of_them_exists(built: Recording) -> None:
    alarms = _service(built)["alarms"]
    assert (alarms["enable"], alarms["rollback"]) == (True, True)
    made = {alarm.inputs["name"] for alarm in built.of("cloudwatch/metricAlarm:MetricAlarm")}
    assert set(alarms["alarmNames"]) == made
    assert _service(built)["deploymentCircuitBreaker"] == {"enable": True, "rollback": True}


def test_ecs_is_given_both_target_groups_and_both_rules(built: Recording) -> None:
    (balancer,) = _service(built)["loadBalancers"]
    advanced = balancer["advancedConfiguration"]
    assert balancer["targetGroupArn"].endswith("entrance-blue")
    assert advanced["alternateTargetGroupArn"].endswith("entrance-green")
    assert advanced["productionListenerRule"].endswith("entrance-production-rule")
    assert advanced["testListenerRule"].endswith("entrance-test-rule")
    assert advanced["roleArn"].endswith("role/service-infrastructure-role")


def test_the_number_of_tasks_is_left_to_autoscaling(built: Recording) -> None:
    assert built.one("ecs/service:Service").ignore_changes == ("desiredCount",)
    target = built.one("appautoscaling/target:Target").inputs
    names = built.outputs["cluster_name"], built.outputs["service_name"]
    assert target["resourceId"] == f"service/{names[0]}/{names[1]}"
    assert target["minCapacity"] <= _service(built)["desiredCount"] <= target["maxCapacity"]


def test_autoscaling_counts_the_requests_of_both_target_groups(built: Recording) -> None:
    policy = built.one("appautoscaling/policy:Policy").inputs["targetTrackingScalingPolicyConfiguration"]
    total, *measured = policy["customizedMetricSpecification"]["metrics"]
    assert total["expression"] == "FILL(r0, 0) + FILL(r1, 0)"
    assert total["returnData"] is True
    groups = [each["metricStat"]["metric"]["dimensions"][0]["value"] for each in measured]
    assert groups == ["suffix/entrance-blue", "suffix/entrance-green"]


def test_the_service_is_made_when_its_roles_can_do_what_they_are_for(built: Recording) -> None:
    assert {"service-infrastructure-managed", "judge-hook-role-grants"} <= built.one(
        "ecs/service:Service"
    ).dependencies
    assert "service-execution-grants" in built.one("ecs/taskDefinition:TaskDefinition").dependencies


def test_the_program_waits_longer_than_a_whole_release_takes(built: Recording) -> None:
    service = built.one("ecs/service:Service")
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
    assert prod.one("ecs/taskDefinition:TaskDefinition").inputs["skipDestroy"] is True


def test_the_cluster_is_observed(built: Recording) -> None:
    cluster = built.one("ecs/cluster:Cluster").inputs
    assert cluster["settings"] == [{"name": "containerInsights", "value": "enhanced"}]
    groups = {group.inputs["name"] for group in built.of("cloudwatch/logGroup:LogGroup")}
    assert f"/aws/ecs/containerinsights/{cluster['name']}/performance" in groups


def test_an_alarm_looks_at_both_target_groups_and_takes_the_worse(built: Recording) -> None:
    for alarm in built.of("cloudwatch/metricAlarm:MetricAlarm"):
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
    for alarm in built.of("cloudwatch/metricAlarm:MetricAlarm"):
        period = {query["metric"]["period"] for query in alarm.inputs["metricQueries"] if "metric" in query}
        assert period == {60}
        assert alarm.inputs["evaluationPeriods"] + 2 <= bake


@pytest.mark.parametrize("name", ["error-share", "p95-latency", "unhealthy-tasks"])
def test_there_is_an_alarm_for_each_way_in_which_a_release_goes_wrong(dev: Recording, name: str) -> None:
    assert dev.one("cloudwatch/metricAlarm:MetricAlarm", f"rollback-{name}").inputs["threshold"] >= 0
