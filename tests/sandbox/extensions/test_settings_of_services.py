"""Smaller mends: scheduled scaling, the registry, health checks, query logs, capacity, X-Ray."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.controlplane.inventory import count_resources

TARGET = {
    "ServiceNamespace": "ecs",
    "ResourceId": "service/main/app",
    "ScalableDimension": "ecs:service:DesiredCount",
}
ACTION: dict[str, Any] = {
    **TARGET,
    "ScheduledActionName": "night",
    "Schedule": "cron(0 22 * * ? *)",
    "Timezone": "Europe/Berlin",
    "ScalableTargetAction": {"MinCapacity": 1, "MaxCapacity": 2},
}
RULE: dict[str, Any] = {
    "RuleName": "all",
    "Priority": 1,
    "FixedRate": 0.1,
    "ReservoirSize": 1,
    "Version": 1,
    **dict.fromkeys(("ServiceName", "ServiceType", "Host", "HTTPMethod", "URLPath", "ResourceARN"), "*"),
}


def code(caught: pytest.ExceptionInfo[ClientError]) -> str:
    found: str = caught.value.response["Error"]["Code"]
    return found


@pytest.fixture
def scaling(client: Callable[[str], Any]) -> Any:
    ecs, scaling = client("ecs"), client("application-autoscaling")
    ecs.create_cluster(clusterName="main")
    ecs.register_task_definition(
        family="app", containerDefinitions=[{"name": "app", "image": "app", "memory": 1}]
    )
    ecs.create_service(cluster="main", serviceName="app", taskDefinition="app", desiredCount=1)
    scaling.register_scalable_target(**TARGET, MinCapacity=1, MaxCapacity=4)
    return scaling


@pytest.mark.parametrize(
    "fault", [{"Schedule": "cron(0 22 * * *)"}, {"Timezone": "Europe/Bonn"}], ids=["cron", "time zone"]
)
def test_an_action_at_no_time_is_refused(scaling: Any, fault: dict[str, str]) -> None:
    with pytest.raises(ClientError) as caught:
        scaling.put_scheduled_action(**ACTION | fault)
    assert code(caught) == "ValidationException"


def test_an_action_goes_with_its_target_and_needs_one(scaling: Any) -> None:
    scaling.put_scheduled_action(**ACTION)
    scaling.deregister_scalable_target(**TARGET)
    assert scaling.describe_scheduled_actions(ServiceNamespace="ecs")["ScheduledActions"] == []
    with pytest.raises(ClientError) as caught:
        scaling.put_scheduled_action(**ACTION)
    assert code(caught) == "ObjectNotFoundException"


def test_an_action_that_is_not_there_is_said_to_be_missing(scaling: Any) -> None:
    identity = {name: value for name, value in ACTION.items() if name in (*TARGET, "ScheduledActionName")}
    with pytest.raises(ClientError) as caught:
        scaling.delete_scheduled_action(**identity)
    assert code(caught) == "ObjectNotFoundException"


def test_a_registry_without_rules_scans_nothing_by_itself(client: Callable[[str], Any]) -> None:
    ecr = client("ecr")
    ecr.put_registry_scanning_configuration(scanType="BASIC")
    shown = ecr.get_registry_scanning_configuration()["scanningConfiguration"]
    assert shown == {"scanType": "BASIC", "rules": []}


def test_basic_scanning_does_not_go_on_by_itself(client: Callable[[str], Any]) -> None:
    filters = [{"filter": "*", "filterType": "WILDCARD"}]
    rules = [{"scanFrequency": "CONTINUOUS_SCAN", "repositoryFilters": filters}]
    with pytest.raises(ClientError) as caught:
        client("ecr").put_registry_scanning_configuration(scanType="BASIC", rules=rules)
    assert code(caught) == "InvalidParameterException"


def test_a_check_follows_an_alarm(client: Callable[[str], Any]) -> None:
    route53 = client("route53")
    alarm = {"Region": "eu-west-1", "Name": "errors"}
    identity = route53.create_health_check(
        CallerReference="one",
        HealthCheckConfig={
            "Type": "CLOUDWATCH_METRIC",
            "AlarmIdentifier": alarm,
            "InsufficientDataHealthStatus": "Unhealthy",
        },
    )["HealthCheck"]["Id"]
    route53.update_health_check(HealthCheckId=identity, AlarmIdentifier={**alarm, "Name": "latency"})
    config = route53.get_health_check(HealthCheckId=identity)["HealthCheck"]["HealthCheckConfig"]
    assert config["AlarmIdentifier"] == {**alarm, "Name": "latency"}
    assert config["InsufficientDataHealthStatus"] == "Unhealthy"
    assert "Port" not in config


def test_an_update_of_a_check_leaves_what_it_does_not_name(client: Callable[[str], Any]) -> None:
    route53 = client("route53")
    regions = ["eu-west-1", "us-east-1", "us-west-2"]
    identity = route53.create_health_check(
        CallerReference="one",
        HealthCheckConfig={
            "Type": "HTTPS",
            "FullyQualifiedDomainName": "example.com",
            "ResourcePath": "/health",
            "Regions": regions,
        },
    )["HealthCheck"]["Id"]
    route53.update_health_check(HealthCheckId=identity, FailureThreshold=5, ResetElements=["ResourcePath"])
    check = route53.get_health_check(HealthCheckId=identity)["HealthCheck"]
    config = check["HealthCheckConfig"]
    assert (config["Port"], config["EnableSNI"], config["FailureThreshold"]) == (443, True, 5)
    assert config["Regions"] == regions
    assert "ResourcePath" not in config
    assert check["HealthCheckVersion"] == 2


def test_a_record_that_was_deleted_can_be_made_again(client: Callable[[str], Any]) -> None:
    route53 = client("route53")
    zone = route53.create_hosted_zone(Name="example.com", CallerReference="one")["HostedZone"]["Id"]

    def change(action: str, name: str) -> None:
        record = {"Name": name, "Type": "TXT", "TTL": 60, "ResourceRecords": [{"Value": '"here"'}]}
        changes = [{"Action": action, "ResourceRecordSet": record}]
        route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})

    for action, name in (("CREATE", "b"), ("CREATE", "a"), ("DELETE", "a"), ("CREATE", "a")):
        change(action, f"{name}.example.com")
    names = [
        each["Name"] for each in route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    ]
    assert names.count("a.example.com.") == 1
    with pytest.raises(ClientError, match="already exists"):
        change("CREATE", "a.example.com")
    change("DELETE", "a.example.com")


def test_the_group_of_a_query_log_is_named_by_its_arn(client: Callable[[str], Any], cloud: Any) -> None:
    cloud.client("logs", region_name="us-east-1").create_log_group(logGroupName="/dns")
    route53 = client("route53")
    zone = route53.create_hosted_zone(Name="example.com", CallerReference="one")["HostedZone"]["Id"]
    arn = "arn:aws:logs:us-east-1:111111111111:log-group:/dns"
    made = route53.create_query_logging_config(HostedZoneId=zone, CloudWatchLogsLogGroupArn=arn)
    assert made["QueryLoggingConfig"]["CloudWatchLogsLogGroupArn"] == arn


@pytest.mark.parametrize(
    ("providers", "strategy"),
    [
        (["FARGATE_CHEAP"], []),
        (["FARGATE"], [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]),
    ],
    ids=["unknown", "not in the cluster"],
)
def test_capacity_that_a_cluster_does_not_have_is_refused(
    client: Callable[[str], Any], providers: list[str], strategy: list[dict[str, Any]]
) -> None:
    ecs = client("ecs")
    ecs.create_cluster(clusterName="main")
    with pytest.raises(ClientError) as caught:
        ecs.put_cluster_capacity_providers(
            cluster="main", capacityProviders=providers, defaultCapacityProviderStrategy=strategy
        )
    assert code(caught) == "InvalidParameterException"


def test_x_ray_keeps_groups_and_rules(client: Callable[[str], Any]) -> None:
    xray = client("xray")
    group = xray.create_group(
        GroupName="errors", FilterExpression="error", Tags=[{"Key": "Owner", "Value": "platform"}]
    )["Group"]
    xray.update_group(GroupARN=group["GroupARN"], InsightsConfiguration={"InsightsEnabled": True})
    shown = xray.get_group(GroupName="errors")["Group"]
    assert shown["FilterExpression"] == "error"
    assert shown["InsightsConfiguration"] == {"InsightsEnabled": True, "NotificationsEnabled": False}
    tags = xray.list_tags_for_resource(ResourceARN=group["GroupARN"])["Tags"]
    assert tags == [{"Key": "Owner", "Value": "platform"}]
    xray.create_sampling_rule(SamplingRule=RULE)
    xray.update_sampling_rule(SamplingRuleUpdate={"RuleName": "all", "FixedRate": 0.5})
    [record] = xray.get_sampling_rules()["SamplingRuleRecords"]
    assert (record["SamplingRule"]["FixedRate"], record["SamplingRule"]["Priority"]) == (0.5, 1)


def test_what_x_ray_does_not_take_is_refused(client: Callable[[str], Any]) -> None:
    xray = client("xray")
    xray.create_group(GroupName="errors")
    with pytest.raises(ClientError) as caught:
        xray.create_group(GroupName="errors")
    assert code(caught) == "InvalidRequestException"
    with pytest.raises(ClientError) as caught:
        xray.create_sampling_rule(SamplingRule=RULE | {"FixedRate": 1.5})
    assert code(caught) == "InvalidRequestException"


def test_what_x_ray_deletes_is_counted_no_more(cloud: Any) -> None:
    xray = cloud.client("xray")
    xray.create_group(GroupName="errors")
    xray.create_sampling_rule(SamplingRule=RULE)
    assert count_resources("111111111111") == {"xray": 2}
    xray.delete_group(GroupName="errors")
    xray.delete_sampling_rule(RuleName="all")
    assert count_resources("111111111111") == {}


def test_state_of_the_extensions_outlives_a_restart(start_cloud: Callable[[], Any]) -> None:
    cloud = start_cloud()
    identity = cloud.client("appconfig").create_application(Name="triage")["Id"]
    cloud.client("appconfig").create_environment(ApplicationId=identity, Name="prod")
    cloud.client("appconfig").create_deployment_strategy(
        Name="slowly", DeploymentDurationInMinutes=10, GrowthFactor=20.0
    )
    cloud.client("bedrock").create_guardrail(
        name="tickets",
        blockedInputMessaging="no",
        blockedOutputsMessaging="no",
        wordPolicyConfig={"managedWordListsConfig": [{"type": "PROFANITY"}]},
    )
    cloud.client("xray").create_sampling_rule(SamplingRule=RULE)
    cloud.client("scheduler").create_schedule_group(Name="main")
    ecs = cloud.client("ecs")
    ecs.create_cluster(clusterName="main")
    ecs.register_task_definition(
        family="app", containerDefinitions=[{"name": "app", "image": "app", "memory": 1}]
    )
    ecs.create_service(cluster="main", serviceName="app", taskDefinition="app", desiredCount=1)
    before = count_resources("111111111111")
    cloud = start_cloud()
    assert count_resources("111111111111") == before
    [environment] = cloud.client("appconfig").list_environments(ApplicationId=identity)["Items"]
    assert environment["Name"] == "prod"
    assert cloud.client("bedrock").list_guardrails()["guardrails"][0]["name"] == "tickets"
    deployments = cloud.client("ecs").list_service_deployments(cluster="main", service="app")
    assert deployments["serviceDeployments"][0]["status"] == "SUCCESSFUL"
