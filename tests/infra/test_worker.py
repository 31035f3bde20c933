"""The worker and how many of its tasks there are."""

from __future__ import annotations

from typing import Any

from infra import load_targets
from infra.account import Account
from infra.components.log_group import LogPolicy
from infra.components.scaling import Scaling, ScalingArgs
from infra.components.worker import Worker, WorkerArgs
from infra.components.workload import WorkloadArgs
from infra.iam import Allow
from infra.naming import Label
from infra.task import Container
from tests.infra.recorder import ACCOUNT_ID, REGION, Recording, record

LABEL = Label(
    project="slipway", environment="dev", owner="platform", cost_center="triage", component="worker"
)
QUEUE = "slipway-dev-messaging-tickets"


def _worker(*rollback_alarm_names: str) -> Recording:
    def program() -> dict[str, Any]:
        worker = Worker(
            "worker",
            WorkerArgs(
                label=LABEL,
                cluster_arn="cluster",
                subnet_ids=["subnet-1", "subnet-2"],
                security_group_id="sg-1",
                workload=WorkloadArgs(
                    label=LABEL,
                    account=Account(partition="aws", account_id=ACCOUNT_ID, region=REGION),
                    boundary_arn="boundary",
                    log_policy=LogPolicy(key_arn="key", retention_days=14),
                    container=Container(name="triage", image="image@sha256:1", command=("worker",)),
                    start_access=[],
                    grants=[Allow(["sqs:ReceiveMessage"], ["queue"])],
                    cpu_architecture="X86_64",
                    cpu_units=256,
                    memory_mib=512,
                ),
                task_count=1,
                rollback_alarm_names=rollback_alarm_names,
            ),
        )
        return {"service_name": worker.service_name}

    return record(program)


def _scaling(seconds_per_message: float = 5.0) -> Recording:
    def program() -> dict[str, Any]:
        backlog = load_targets.Backlog(
            queue_name=QUEUE,
            cluster_name="slipway-dev-cluster",
            service_name="slipway-dev-worker-triage",
            seconds_per_message=seconds_per_message,
        )
        Scaling(
            "queue-scaling",
            ScalingArgs(
                label=LABEL,
                cluster_name=backlog.cluster_name,
                service_name=backlog.service_name,
                min_tasks=1,
                max_tasks=4,
                target=load_targets.message_wait(backlog, seconds=60),
            ),
        )
        return {}

    return record(program)


def _metrics(recording: Recording) -> list[dict[str, Any]]:
    policy = recording.one("appautoscaling/policy:Policy").inputs["targetTrackingScalingPolicyConfiguration"]
    metrics: list[dict[str, Any]] = policy["customizedMetricSpecification"]["metrics"]
    return metrics


def test_the_alarms_of_a_worker_take_its_release_back() -> None:
    alarms = _worker("one", "two").one("ecs/service:Service").inputs["alarms"]
    assert alarms == {"alarmNames": ["one", "two"], "enable": True, "rollback": True}


def test_a_worker_without_alarms_says_nothing_of_them() -> None:
    assert "alarms" not in _worker().one("ecs/service:Service").inputs


def test_what_a_worker_may_do_belongs_to_its_task_and_not_to_who_starts_it() -> None:
    recording = _worker()
    grants = {each.name: each.inputs["policy"] for each in recording.of("iam/rolePolicy:RolePolicy")}
    assert "sqs:ReceiveMessage" in grants["worker-task-task-grants"]
    assert "sqs:ReceiveMessage" not in grants["worker-task-execution-grants"]


def test_a_task_definition_is_made_when_its_roles_can_do_what_they_are_for() -> None:
    task = _worker().one("ecs/taskDefinition:TaskDefinition")
    assert {"worker-task-execution-grants", "worker-task-task-grants"} <= task.dependencies


def test_tasks_are_counted_by_how_long_a_message_waits() -> None:
    recording = _scaling()
    policy = recording.one("appautoscaling/policy:Policy").inputs
    assert policy["targetTrackingScalingPolicyConfiguration"]["targetValue"] == 60
    target = recording.one("appautoscaling/target:Target").inputs
    assert target["resourceId"] == "service/slipway-dev-cluster/slipway-dev-worker-triage"
    assert (target["minCapacity"], target["maxCapacity"]) == (1, 4)


def test_the_wait_is_the_age_of_the_oldest_or_the_work_before_the_newest_whichever_is_longer() -> None:
    wait, *measured = _metrics(_scaling(seconds_per_message=2.5))
    assert wait["returnData"] is True
    assert wait["expression"] == (
        "MAX([FILL(age, 0), FILL(waiting, 0) * 2.5 / IF(FILL(tasks, 0) > 0, FILL(tasks, 1), 1)])"
    )
    assert [each["id"] for each in measured if each["returnData"]] == []
    by_id = {each["id"]: each["metricStat"]["metric"] for each in measured}
    assert {key: each["metricName"] for key, each in by_id.items()} == {
        "age": "ApproximateAgeOfOldestMessage",
        "waiting": "ApproximateNumberOfMessagesVisible",
        "tasks": "RunningTaskCount",
    }
    assert (
        by_id["age"]["dimensions"]
        == by_id["waiting"]["dimensions"]
        == [{"name": "QueueName", "value": QUEUE}]
    )
    assert {each["name"] for each in by_id["tasks"]["dimensions"]} == {"ClusterName", "ServiceName"}


def test_scaling_out_is_faster_than_scaling_in() -> None:
    policy = _scaling().one("appautoscaling/policy:Policy").inputs["targetTrackingScalingPolicyConfiguration"]
    assert policy["scaleOutCooldown"] < policy["scaleInCooldown"]
