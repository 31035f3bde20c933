from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

SERVICE: dict[str, Any] = {
    "serviceName": "app",
    "desiredCount": 1,
    "enableExecuteCommand": True,
    "enableECSManagedTags": True,
    "healthCheckGracePeriodSeconds": 30,
    "availabilityZoneRebalancing": "ENABLED",
    "deploymentConfiguration": {
        "strategy": "CANARY",
        "bakeTimeInMinutes": 5,
        "maximumPercent": 150,
        "canaryConfiguration": {"canaryPercent": 10.0, "canaryBakeTimeInMinutes": 3},
        "alarms": {"alarmNames": ["errors"], "enable": True, "rollback": True},
        "deploymentCircuitBreaker": {"enable": True, "rollback": True},
    },
}


def make_cluster(client: Callable[[str], Any]) -> Any:
    ecs = client("ecs")
    ecs.create_cluster(clusterName="main", settings=[{"name": "containerInsights", "value": "disabled"}])
    ecs.register_task_definition(
        family="app", containerDefinitions=[{"name": "app", "image": "app", "memory": 1}]
    )
    return ecs


def test_everything_that_create_service_takes_reads_back(client: Callable[[str], Any]) -> None:
    ecs = make_cluster(client)
    connect = {"enabled": True, "namespace": "main"}
    ecs.create_service(cluster="main", taskDefinition="app", serviceConnectConfiguration=connect, **SERVICE)
    [service] = ecs.describe_services(cluster="main", services=["app"])["services"]
    assert SERVICE.items() <= {**service, "deploymentConfiguration": _given(service)}.items()
    assert service["deploymentConfiguration"]["minimumHealthyPercent"] == 100
    assert service["deployments"][0]["serviceConnectConfiguration"] == connect


def _given(service: dict[str, Any]) -> dict[str, Any]:
    configuration = service["deploymentConfiguration"]
    return {name: configuration[name] for name in SERVICE["deploymentConfiguration"]}


def test_a_service_is_not_created_twice(client: Callable[[str], Any]) -> None:
    ecs = make_cluster(client)
    ecs.create_service(cluster="main", serviceName="app", taskDefinition="app", desiredCount=1)
    with pytest.raises(ClientError, match="not idempotent"):
        ecs.create_service(cluster="main", serviceName="app", taskDefinition="app", desiredCount=2)
    ecs.delete_service(cluster="main", service="app", force=True)
    ecs.create_service(cluster="main", serviceName="app", taskDefinition="app", desiredCount=2)


def test_a_service_names_its_task_definition_by_arn(client: Callable[[str], Any]) -> None:
    ecs = make_cluster(client)
    ecs.create_service(cluster="main", serviceName="app", taskDefinition="app:1", desiredCount=1)
    service = ecs.update_service(cluster="main", service="app", taskDefinition="app:1")["service"]
    assert service["taskDefinition"].startswith("arn:aws:ecs:")


def test_a_deleted_service_is_not_listed(client: Callable[[str], Any]) -> None:
    ecs = make_cluster(client)
    ecs.create_service(cluster="main", serviceName="app", taskDefinition="app", desiredCount=1)
    ecs.delete_service(cluster="main", service="app", force=True)
    assert ecs.list_services(cluster="main")["serviceArns"] == []


def test_cluster_settings_can_be_changed(client: Callable[[str], Any]) -> None:
    ecs = make_cluster(client)
    ecs.update_cluster_settings(cluster="main", settings=[{"name": "containerInsights", "value": "enhanced"}])
    [cluster] = ecs.describe_clusters(clusters=["main"], include=["SETTINGS"])["clusters"]
    assert cluster["settings"] == [{"name": "containerInsights", "value": "enhanced"}]


def test_a_new_task_definition_is_a_new_deployment(client: Callable[[str], Any]) -> None:
    ecs = make_cluster(client)
    ecs.create_service(cluster="main", serviceName="app", taskDefinition="app", desiredCount=1)
    [before] = ecs.describe_services(cluster="main", services=["app"])["services"][0]["deployments"]
    revision = ecs.register_task_definition(
        family="app", containerDefinitions=[{"name": "app", "image": "app:2", "memory": 1}]
    )["taskDefinition"]["taskDefinitionArn"]
    ecs.update_service(cluster="main", service="app", taskDefinition=revision)
    [after] = ecs.describe_services(cluster="main", services=["app"])["services"][0]["deployments"]
    assert after["taskDefinition"] == revision
    assert after["id"] != before["id"]


def test_a_service_needs_no_security_group(client: Callable[[str], Any]) -> None:
    ecs, ec2 = make_cluster(client), client("ec2")
    vpc_id = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet_id = ec2.create_subnet(VpcId=vpc_id, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    network = {"awsvpcConfiguration": {"subnets": [subnet_id]}}
    service = ecs.create_service(
        cluster="main",
        serviceName="app",
        taskDefinition="app",
        desiredCount=1,
        networkConfiguration=network,
    )["service"]
    assert service["networkConfiguration"]["awsvpcConfiguration"]["subnets"] == [subnet_id]
