"""What is charged of each resource.

Ten requests a second are 26.28 million a month, and one ticket a second 2.628 million.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from scripts.costs.estimate import limits
from scripts.costs.rules import RULES
from scripts.costs.rules_watch import database_vcpus
from tests.scripts import costs
from tests.scripts.costs import API, EVERYTHING, WORKER, made, quantities, reckon, state

FEATURE = "guardduty/detectorFeature:DetectorFeature"


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        (made("ec2/natGateway:NatGateway", "nat"), {"nat_hour": "730", "nat_gb": "26280"}),
        (made("ec2/eip:Eip", "address"), {"public_ipv4_hour": "730"}),
        (
            made("ec2/vpcEndpoint:VpcEndpoint", "e", vpcEndpointType="Interface", subnetIds=["a", "b"]),
            {"endpoint_hour": "1460", "endpoint_gb": "26280"},
        ),
        (made("ec2/vpcEndpoint:VpcEndpoint", "e", vpcEndpointType="Gateway"), {}),
        (
            made("lb/loadBalancer:LoadBalancer", "lb", loadBalancerType="application", subnets=["a", "b"]),
            # 36 GB an hour are 36 units; the 10 connections a second would be less than one.
            {
                "load_balancer_hour/application": "730", "lcu_hour/application": "26280",
                "public_ipv4_hour": "1460", "internet_out_gb": "26280",
            },
        ),
        (
            made("lb/loadBalancer:LoadBalancer", "lb", internal=True, subnets=["a"]),
            {"load_balancer_hour/application": "730", "lcu_hour/application": "26280"},
        ),
        (
            made("wafv2/webAcl:WebAcl", "acl", rules=[{}, {}]),
            {"waf_acl_month": "1", "waf_rule_month": "2", "waf_million_requests": "26.28"},
        ),
        (
            made(
                "rds/instance:Instance", "db",
                instanceClass="db.t4g.micro", allocatedStorage=20, storageType="gp3",
            ),
            {"rds_hour/db.t4g.micro": "730", "rds_storage_gb_month/gp3": "20"},
        ),
        (
            made(
                "rds/instance:Instance", "db", instanceClass="db.m7g.large", allocatedStorage="100",
                storageType="gp3", multiAz=True, manageMasterUserPassword=True,
            ),
            {"rds_hour/db.m7g.large": "1460", "rds_storage_gb_month/gp3": "200", "secret_month": "1"},
        ),
        (
            made("cloudwatch/logGroup:LogGroup", "logs", name="l", retentionInDays=365),
            {"log_ingest_gb/STANDARD": "26.28", "log_storage_gb_month": "47.304"},
        ),
        (made("cloudwatch/logGroup:LogGroup", "logs", name="l", retentionInDays=0),
         {"log_ingest_gb/STANDARD": "26.28", "log_storage_gb_month": "47.304"}),
        (made("cloudwatch/metricAlarm:MetricAlarm", "a", period=60), {"alarm_metric_month/standard": "1"}),
        (
            made(
                "cloudwatch/metricAlarm:MetricAlarm", "a",
                metricQueries=[{"expression": "a+b"}, {"metric": {"period": 60}}, {"metric": {"period": 60}}],
            ),
            {"alarm_metric_month/standard": "2"},
        ),
        (
            made("cloudwatch/metricAlarm:MetricAlarm", "a", period=10),
            {"alarm_metric_month/high-resolution": "1"},
        ),
        (
            made("bedrock/guardrail:Guardrail", "g", contentPolicyConfig={"filtersConfigs": [{}]}),
            {"guardrail_thousand_units/content": "2628"},
        ),
        (
            made(
                "bedrock/inferenceProfile:InferenceProfile", "p",
                modelSource={"copyFrom": "a/us.amazon.nova-pro-v1:0"},
            ),
            {
                "model_million_input/amazon.nova-pro-v1:0": "1314",
                "model_million_output/amazon.nova-pro-v1:0": "131.4",
            },
        ),
        (
            made("bedrockmodel/invocationLoggingConfiguration:InvocationLoggingConfiguration", "l"),
            {"model_million_input/amazon.titan-embed-text-v2:0": "262.8"},
        ),
        (made("sqs/queue:Queue", "q", redrivePolicy="{}"), {"sqs_million_requests/standard": "10.512"}),
        (
            made("sqs/queue:Queue", "q", redrivePolicy="{}", fifoQueue=True),
            {"sqs_million_requests/fifo": "10.512"},
        ),
        (made("sqs/queue:Queue", "dead-letters"), {}),
        (made("kms/key:Key", "k"), {"kms_key_month": "1", "kms_million_requests": "2.628"}),
        (
            made("s3/bucket:Bucket", "b", bucket="b"),
            {"s3_standard_gb_month": "31.536", "s3_million_writes": "2.628"},
        ),
        (made(FEATURE, "f", name="S3_DATA_EVENTS", status="DISABLED"), {}),
        (made(FEATURE, "f", name="EBS_MALWARE_PROTECTION", status="ENABLED"), {}),
        (made("accessanalyzer/analyzer:Analyzer", "a", type="ACCOUNT"), {}),
        (made("ecs/cluster:Cluster", "c", settings=[]), {}),
        (made("sns/topicSubscription:TopicSubscription", "s", protocol="sqs"), {}),
        (
            made("route53/healthCheck:HealthCheck", "c", type="HTTPS_STR_MATCH", requestInterval=10),
            {"health_check_month": "1", "health_check_option_month": "3"},
        ),
    ],
)  # fmt: skip
def test_what_is_charged_of_a_resource(resource: dict[str, Any], expected: dict[str, str]) -> None:
    assert quantities(resource) == {key: Decimal(value) for key, value in expected.items()}


def test_money_is_exact() -> None:
    gateways = [made("ec2/natGateway:NatGateway", f"nat-{zone}") for zone in "abc"]
    total = reckon(gateways, costs.workload().times(Decimal(0))).total.total
    assert total == Decimal("105.120")  # 3 gateways, 730 hours, 0.048 USD


def test_what_all_resources_of_a_type_share_is_counted_once() -> None:
    keys = [made("kms/key:Key", name) for name in "abc"]
    assert quantities(*keys) == {"kms_key_month": 3, "kms_million_requests": Decimal("2.628")}


def test_backups_beyond_the_storage_of_the_database_are_charged() -> None:
    database = made(
        "rds/instance:Instance", "db",
        instanceClass="db.t4g.micro", allocatedStorage=20, storageType="gp3", backupRetentionPeriod=30,
    )  # fmt: skip
    load = costs.workload(standing={"database_used_gb": 20, "database_changed_share_per_day": 0.1})
    assert quantities(database, load=load)["rds_backup_gb_month"] == 60


def test_a_vault_holds_one_whole_copy_and_what_changed_between_its_points() -> None:
    plan = made(
        "backup/plan:Plan", "plan",
        rules=[
            {"schedule": "cron(0 3 * * ? *)", "lifecycle": {"deleteAfter": 35}},
            {"schedule": "cron(0 4 1 * ? *)", "lifecycle": {"deleteAfter": 365}},
        ],
    )  # fmt: skip
    load = costs.workload(standing={"database_used_gb": 10, "database_changed_share_per_day": 0.1})
    # A whole copy, 35 nights of a tenth, and 12 months that have changed altogether.
    assert quantities(plan, load=load) == {"backup_gb_month": 10 * (1 + Decimal("3.5") + 12)}


def test_a_vault_holds_a_whole_copy_of_a_table_for_each_of_its_points() -> None:
    plan = made(
        "backup/plan:Plan", "plan",
        rules=[
            {"schedule": "cron(0 3 * * ? *)", "lifecycle": {"deleteAfter": 35}},
            {"schedule": "cron(0 4 1 * ? *)", "lifecycle": {"deleteAfter": 365}},
        ],
    )  # fmt: skip
    load = costs.workload(standing={"table_gb": 2})
    database = made("backup/selection:Selection", "s", resources=["arn:aws:rds:eu-west-1:1:db:db"])
    table = made("backup/selection:Selection", "s", resources=["arn:aws:dynamodb:eu-west-1:1:table/t"])
    assert quantities(plan, database, load=load) == {}
    assert quantities(plan, table, load=load) == {"backup_table_gb_month": 2 * (35 + 12)}


def test_objects_are_paid_where_they_lie_for_as_long_as_they_are_kept() -> None:
    lifecycle = made(
        "s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "life", bucket="b",
        rules=[{"expiration": {"days": 730}, "transitions": [{"days": 365, "storageClass": "GLACIER_IR"}]}],
    )  # fmt: skip
    found = quantities(made("s3/bucket:Bucket", "b", bucket="b"), lifecycle)
    assert found["s3_standard_gb_month"] == found["s3_archive_gb_month/GLACIER_IR"] == Decimal("31.536")


@pytest.mark.parametrize(
    ("factor", "hours"),
    # 1 task for each 10 requests a second, from 2 to 6.
    [("0", 2), ("1", 2), ("2", 2), ("2.5", 3), ("4", 4), ("6", 6), ("9", 6)],
)
def test_tasks_are_added_by_requests_within_their_limits(factor: str, hours: int) -> None:
    found = quantities(*API, load=costs.workload().times(Decimal(factor)))
    assert found["fargate_vcpu_hour/X86_64"] == 730 * hours * Decimal("0.5")
    assert found["fargate_gb_hour/X86_64"] == 730 * hours


def test_tasks_are_added_by_tickets_in_the_hours_that_bring_them() -> None:
    # In the busy hours 1.5 tickets a second of 2 seconds each are 3 tasks, in the others 1.
    traffic = {"average_requests_per_second": 10, "peak_requests_per_second": 15}
    found = quantities(*WORKER, load=costs.workload(traffic=traffic))
    assert found["fargate_gb_hour/X86_64"] == 365 * (3 + 1)


def test_a_release_runs_a_second_set_of_tasks_until_it_is_baked() -> None:
    load = costs.workload(standing={"releases_per_month": 10})
    # An hour each, two tasks.
    assert quantities(*API, load=load)["fargate_gb_hour/X86_64"] == 730 * 2 + 10 * 2


def test_a_service_that_the_load_would_need_more_of_than_allowed_is_named() -> None:
    enough, too_much = costs.workload(), costs.workload().times(Decimal(7))
    assert limits(state(*API), enough) == []
    assert limits(state(*API), too_much) == ["api needs 7 tasks in the busy hours and may have 6"]


def test_a_service_without_autoscaling_has_the_tasks_that_the_program_asks_for() -> None:
    alone = [each for each in API if "appautoscaling" not in each["type"]]
    assert quantities(*alone)["fargate_gb_hour/X86_64"] == 730 * 2


@pytest.mark.parametrize(
    ("instance_class", "count"),
    [("db.t4g.micro", 2), ("db.m7g.large", 2), ("db.m7g.xlarge", 4), ("db.m7g.4xlarge", 16)],
)
def test_the_processors_of_an_instance_class(instance_class: str, count: int) -> None:
    assert database_vcpus(instance_class) == count


def test_each_rule_finds_something_to_charge_in_the_small_stack() -> None:
    assert {line.type for line in reckon(EVERYTHING).lines if line.usd} >= RULES.keys() - {
        "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration",  # basic scans cost nothing
        # With nothing standing, nothing stored and nothing called.
        "aws:appconfig/configurationProfile:ConfigurationProfile", "aws:backup/plan:Plan",
        "aws:accessanalyzer/analyzer:Analyzer", "aws:cfg/recorder:Recorder", "aws:cfg/rule:Rule",
        "aws:dynamodb/table:Table", "aws:ecr/repository:Repository", "aws:ecs/cluster:Cluster",
        "aws:lambda/function:Function", "aws:sns/topic:Topic",
        "aws:sns/topicSubscription:TopicSubscription",
    }  # fmt: skip
