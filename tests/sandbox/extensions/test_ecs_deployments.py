"""Until something runs tasks, a deployment is done when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

CANARY = {
    "strategy": "CANARY",
    "bakeTimeInMinutes": 5,
    "canaryConfiguration": {"canaryPercent": 10.0, "canaryBakeTimeInMinutes": 3},
    "alarms": {"alarmNames": ["errors"], "enable": True, "rollback": True},
}
GROUP = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/blue/0123456789abcdef"
RULE = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener-rule/app/main/1/2/3"


@pytest.fixture
def ecs(client: Callable[[str], Any]) -> Any:
    ecs = client("ecs")
    ecs.create_cluster(clusterName="main")
    register(ecs, "app")
    return ecs


def register(ecs: Any, image: str) -> str:
    answer = ecs.register_task_definition(
        family="app", containerDefinitions=[{"name": "app", "image": image, "memory": 1}]
    )
    arn: str = answer["taskDefinition"]["taskDefinitionArn"]
    return arn


def create(ecs: Any, name: str = "app", **changes: Any) -> Any:
    wish = {"cluster": "main", "serviceName": name, "taskDefinition": "app", "desiredCount": 2}
    return ecs.create_service(**wish | changes)["service"]


def deployments(ecs: Any, **filters: Any) -> list[Any]:
    found = ecs.list_service_deployments(cluster="main", service="app", **filters)["serviceDeployments"]
    arns = [each["serviceDeploymentArn"] for each in found]
    return ecs.describe_service_deployments(serviceDeploymentArns=arns)["serviceDeployments"] if arns else []


def revision(ecs: Any, arn: str) -> Any:
    [found] = ecs.describe_service_revisions(serviceRevisionArns=[arn])["serviceRevisions"]
    return found


@pytest.mark.parametrize(
    "configuration", [{}, {"deploymentConfiguration": CANARY}], ids=["rolling", "canary"]
)
def test_a_new_service_reaches_its_steady_state(ecs: Any, configuration: Any) -> None:
    create(ecs, **configuration)
    waiter = ecs.get_waiter("services_stable")
    waiter.wait(cluster="main", services=["app"], WaiterConfig={"Delay": 0, "MaxAttempts": 1})
    [service] = ecs.describe_services(cluster="main", services=["app"])["services"]
    [shown] = service["deployments"]
    assert (service["runningCount"], service["pendingCount"]) == (2, 0)
    assert (shown["rolloutState"], shown["runningCount"]) == ("COMPLETED", 2)
    [cluster] = ecs.describe_clusters(clusters=["main"])["clusters"]
    assert (cluster["runningTasksCount"], cluster["pendingTasksCount"]) == (2, 0)


def test_the_deployment_of_a_service_is_found_by_the_number_in_its_primary_one(ecs: Any) -> None:
    before = datetime.now(UTC) - timedelta(seconds=1)
    service = create(
        ecs,
        deploymentConfiguration=CANARY,
        loadBalancers=[
            {
                "targetGroupArn": GROUP,
                "containerName": "app",
                "containerPort": 80,
                "advancedConfiguration": {"productionListenerRule": RULE},
            }
        ],
    )
    number = service["deployments"][0]["id"].removeprefix("ecs-svc/")
    [deployment] = deployments(ecs, createdAt={"after": before}, status=["SUCCESSFUL"])
    assert number.isdigit()
    assert deployment["targetServiceRevision"]["arn"].endswith(f":service-revision/main/app/{number}")
    assert ":service-deployment/main/app/" in deployment["serviceDeploymentArn"]
    assert deployment["lifecycleStage"] == "CLEAN_UP"
    assert deployment["alarms"]["status"] == "MONITORING_COMPLETE"
    assert deployment["alarms"]["alarmNames"] == ["errors"]
    assert deployment["deploymentCircuitBreaker"]["status"] == "DISABLED"
    assert deployment["deploymentConfiguration"]["canaryConfiguration"]["canaryPercent"] == 10.0
    assert deployment["createdAt"] <= deployment["finishedAt"]
    target = revision(ecs, deployment["targetServiceRevision"]["arn"])
    assert target["resolvedConfiguration"]["loadBalancers"] == [
        {"targetGroupArn": GROUP, "productionListenerRule": RULE}
    ]
    assert deployments(ecs, createdAt={"before": before}) == []
    assert deployments(ecs, status=["IN_PROGRESS"]) == []


def test_another_task_definition_goes_from_one_revision_to_the_next(ecs: Any) -> None:
    create(ecs)
    newer = register(ecs, "registry/app@sha256:" + "0" * 64)
    ecs.update_service(cluster="main", service="app", taskDefinition=newer)
    last, first = deployments(ecs)
    assert [each["arn"] for each in last["sourceServiceRevisions"]] == [first["targetServiceRevision"]["arn"]]
    target = revision(ecs, last["targetServiceRevision"]["arn"])
    assert target["taskDefinition"] == newer
    assert target["containerImages"][0]["imageDigest"] == "sha256:" + "0" * 64
    assert "resolvedConfiguration" in target
    assert "resolvedConfiguration" not in revision(ecs, first["targetServiceRevision"]["arn"])
    [service] = ecs.describe_services(cluster="main", services=["app"])["services"]
    assert [each["arn"] for each in service["currentServiceRevisions"]] == [target["serviceRevisionArn"]]


def test_what_makes_no_other_revision_is_no_deployment_unless_it_is_forced(ecs: Any) -> None:
    create(ecs)
    ecs.update_service(cluster="main", service="app", desiredCount=3, enableExecuteCommand=True)
    assert len(deployments(ecs)) == 1
    [service] = ecs.describe_services(cluster="main", services=["app"])["services"]
    assert (service["runningCount"], service["deployments"][0]["runningCount"]) == (3, 3)
    ecs.update_service(cluster="main", service="app", forceNewDeployment=True)
    assert len(deployments(ecs)) == 2


def test_deployments_come_in_pages(ecs: Any) -> None:
    create(ecs)
    for _ in range(2):
        ecs.update_service(cluster="main", service="app", forceNewDeployment=True)
    first = ecs.list_service_deployments(cluster="main", service="app", maxResults=2)
    rest = ecs.list_service_deployments(cluster="main", service="app", nextToken=first["nextToken"])
    assert (len(first["serviceDeployments"]), len(rest["serviceDeployments"])) == (2, 1)
    assert "nextToken" not in rest


def test_a_finished_deployment_can_be_neither_stopped_nor_continued(ecs: Any) -> None:
    create(ecs)
    arn = deployments(ecs)[0]["serviceDeploymentArn"]
    with pytest.raises(ClientError, match="SUCCESSFUL") as stopped:
        ecs.stop_service_deployment(serviceDeploymentArn=arn, stopType="ROLLBACK")
    assert stopped.value.response["Error"]["Code"] == "ConflictException"
    with pytest.raises(ClientError, match="SUCCESSFUL") as continued:
        ecs.continue_service_deployment(serviceDeploymentArn=arn, hookId="one")
    assert continued.value.response["Error"]["Code"] == "InvalidParameterException"


def test_what_does_not_exist_is_named(ecs: Any) -> None:
    with pytest.raises(ClientError) as caught:
        ecs.stop_service_deployment(serviceDeploymentArn="arn:aws:ecs:eu-west-1:111111111111:no")
    assert caught.value.response["Error"]["Code"] == "ServiceDeploymentNotFoundException"
    answer = ecs.describe_service_deployments(serviceDeploymentArns=["arn:aws:ecs:eu-west-1:1:no"])
    assert answer["failures"] == [{"arn": "arn:aws:ecs:eu-west-1:1:no", "reason": "MISSING"}]
    with pytest.raises(ClientError, match="Service not found"):
        ecs.list_service_deployments(cluster="main", service="nothing")


def test_a_task_runs_in_a_vpc_without_host_names_and_gives_its_interface_back(
    client: Callable[[str], Any], ecs: Any
) -> None:
    ec2 = client("ec2")
    vpc_id = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet_id = ec2.create_subnet(VpcId=vpc_id, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    ecs.register_task_definition(
        family="migration",
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu="256",
        memory="512",
        containerDefinitions=[{"name": "app", "image": "app"}],
    )
    [task] = ecs.run_task(
        cluster="main",
        taskDefinition="migration",
        launchType="FARGATE",
        networkConfiguration={"awsvpcConfiguration": {"subnets": [subnet_id]}},
    )["tasks"]
    mine = [{"Name": "subnet-id", "Values": [subnet_id]}]
    assert len(ec2.describe_network_interfaces(Filters=mine)["NetworkInterfaces"]) == 1
    ecs.stop_task(cluster="main", task=task["taskArn"])
    assert ec2.describe_network_interfaces(Filters=mine)["NetworkInterfaces"] == []
