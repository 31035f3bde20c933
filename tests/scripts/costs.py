"""A small stack that has something of each type that AWS charges for, and a load in round numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from scripts.costs import prices
from scripts.costs.estimate import Estimate, estimate
from scripts.costs.workload import Workload
from scripts.state import State

TWICE = Decimal(2)
TABLE = prices.load("eu-west-1")
EMBEDDING = ("amazon.titan-embed-text-v2:0",)
STACK = "urn:pulumi:prod::slipway::pulumi:pulumi:Stack::slipway-prod"
_LOAD_BALANCER_METRIC = {"metricStat": {"metric": {"namespace": "AWS/ApplicationELB"}}}
_QUEUE_METRIC = {"metricStat": {"metric": {"namespace": "AWS/SQS"}}}


def component(name: str) -> dict[str, Any]:
    return {"urn": f"urn::x::slipway:part:Part::{name}", "type": "slipway:part:Part", "parent": STACK}


def made(kind: str, name: str, part: str = "part", /, **outputs: Any) -> dict[str, Any]:
    """A resource of a state, by the end of its token: `ec2/eip:Eip`."""
    return {
        "urn": f"urn::x::aws:{kind}::{name}",
        "type": f"aws:{kind}",
        "custom": True,
        "id": name,
        "parent": f"urn::x::slipway:part:Part::{part}",
        "outputs": outputs,
    }


def state(*resources: dict[str, Any]) -> State:
    parts = {str(each["parent"]).rpartition("::")[2] for each in resources}
    return State([{"urn": STACK, "type": "pulumi:pulumi:Stack"}, *map(component, sorted(parts)), *resources])


def service(name: str, least: int, most: int, metric: Mapping[str, Any], target: int) -> list[dict[str, Any]]:
    """A service of half a processor and a gigabyte, with its autoscaling."""
    identity = f"service/cluster/{name}"
    return [
        made(
            "ecs/taskDefinition:TaskDefinition", f"{name}-task", name,
            arn=f"arn:task/{name}:1", cpu="512", memory="1024", runtimePlatform={"cpuArchitecture": "X86_64"},
        ),
        made(
            "ecs/service:Service", f"{name}-service", name,
            name=name, taskDefinition=f"arn:task/{name}:1", launchType="FARGATE", desiredCount=least,
            deploymentConfiguration={
                "bakeTimeInMinutes": "30", "canaryConfiguration": {"canaryBakeTimeInMinutes": "30"}
            },
        ),
        made(
            "appautoscaling/target:Target", f"{name}-target", name,
            resourceId=identity, minCapacity=least, maxCapacity=most,
        ),
        made(
            "appautoscaling/policy:Policy", f"{name}-policy", name,
            resourceId=identity,
            targetTrackingScalingPolicyConfiguration={
                "targetValue": target, "customizedMetricSpecification": {"metrics": [metric]}
            },
        ),
    ]  # fmt: skip


API = service("api", 2, 6, _LOAD_BALANCER_METRIC, 600)
WORKER = service("worker", 1, 4, _QUEUE_METRIC, 60)

EVERYTHING: list[dict[str, Any]] = [
    *API,
    *WORKER,
    made("accessanalyzer/analyzer:Analyzer", "analyzer", type="ACCOUNT_UNUSED_ACCESS"),
    made("appconfig/configurationProfile:ConfigurationProfile", "flags"),
    made(
        "backup/plan:Plan", "plan",
        rules=[
            {"schedule": "cron(0 3 * * ? *)", "lifecycle": {"deleteAfter": 35}},
            {"schedule": "cron(0 4 1 * ? *)", "lifecycle": {"deleteAfter": 365}},
        ],
    ),
    made("backup/selection:Selection", "selection", resources=["arn:aws:dynamodb:eu-west-1:1:table/table"]),
    made(
        "bedrock/guardrail:Guardrail", "guardrail",
        contentPolicyConfig={"filtersConfigs": [{}]},
        topicPolicyConfig={"topicsConfigs": [{}]},
        sensitiveInformationPolicyConfig={"piiEntitiesConfigs": [{}]},
        contextualGroundingPolicyConfig={"filtersConfigs": [{}]},
    ),
    made(
        "bedrock/inferenceProfile:InferenceProfile", "profile",
        modelSource={"copyFrom": "arn:aws:bedrock:eu-west-1:1:inference-profile/eu.amazon.nova-lite-v1:0"},
    ),
    made("bedrockmodel/invocationLoggingConfiguration:InvocationLoggingConfiguration", "logging"),
    made("cfg/recorder:Recorder", "recorder"),
    made("cfg/rule:Rule", "rule"),
    made(
        "cloudtrail/trail:Trail", "trail",
        advancedEventSelectors=[{"fieldSelectors": [{"field": "eventCategory", "equals": ["Data"]}]}],
        insightSelectors=[{"insightType": "ApiCallRateInsight"}, {"insightType": "ApiErrorRateInsight"}],
    ),
    made("cloudwatch/compositeAlarm:CompositeAlarm", "composite"),
    made("cloudwatch/dashboard:Dashboard", "dashboard"),
    made("cloudwatch/logDataProtectionPolicy:LogDataProtectionPolicy", "masking", logGroupName="/a/service"),
    made("cloudwatch/logGroup:LogGroup", "logs", name="/a/service", retentionInDays=365),
    made("cloudwatch/logMetricFilter:LogMetricFilter", "filter"),
    made("cloudwatch/metricAlarm:MetricAlarm", "alarm", period=60),
    made("cloudwatch/metricAlarm:MetricAlarm", "quick", period=10),
    made(
        "dynamodb/table:Table", "table", billingMode="PAY_PER_REQUEST", pointInTimeRecovery={"enabled": True}
    ),
    made("ec2/eip:Eip", "address"),
    made("ec2/natGateway:NatGateway", "nat"),
    made("ec2/vpcEndpoint:VpcEndpoint", "endpoint", vpcEndpointType="Interface", subnetIds=["a", "b"]),
    made("ec2/vpcEndpoint:VpcEndpoint", "gateway", vpcEndpointType="Gateway"),
    made("ecr/repository:Repository", "images"),
    made(
        "ecs/cluster:Cluster", "cluster", settings=[{"name": "containerInsights", "value": "enhanced"}]
    ),
    made("guardduty/detector:Detector", "detector", enable=True),
    *(
        made("guardduty/detectorFeature:DetectorFeature", name, name=name, status="ENABLED")
        for name in ("S3_DATA_EVENTS", "LAMBDA_NETWORK_LOGS", "RUNTIME_MONITORING", "RDS_LOGIN_EVENTS")
    ),
    made("kms/key:Key", "key"),
    made(
        "lambda/function:Function", "function",
        architectures=["x86_64"], memorySize=256, tracingConfig={"mode": "Active"},
    ),
    made("lb/loadBalancer:LoadBalancer", "balancer", loadBalancerType="application", subnets=["a", "b"]),
    made(
        "rds/instance:Instance", "db",
        instanceClass="db.m7g.large", allocatedStorage=100, storageType="gp3", multiAz=True,
        backupRetentionPeriod=35, manageMasterUserPassword=True,
    ),
    made("route53/healthCheck:HealthCheck", "check", type="HTTPS", requestInterval=30),
    made("route53/zone:Zone", "zone"),
    made("s3/bucket:Bucket", "bucket", bucket="a-audit-1"),
    made(
        "s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "life", bucket="a-audit-1",
        rules=[{"expiration": {"days": 730}, "transitions": [{"days": 365, "storageClass": "GLACIER_IR"}]}],
    ),
    made("scheduler/schedule:Schedule", "schedule"),
    made("secretsmanager/secret:Secret", "secret"),
    made("sns/topic:Topic", "topic"),
    made("sns/topicSubscription:TopicSubscription", "mail", protocol="email"),
    made("sqs/queue:Queue", "tickets", name="tickets", redrivePolicy="{}"),
    made("wafv2/webAcl:WebAcl", "acl", rules=[{}, {}, {}]),
]  # fmt: skip

_ZERO_STANDING = dict.fromkeys(
    (
        "releases_per_month", "image_gb", "function_calls_per_month", "function_seconds_per_call",
        "queue_requests_per_month", "flag_polls_per_task_hour", "table_writes_per_month",
        "table_reads_per_month", "table_gb", "database_used_gb", "database_changed_share_per_day",
        "secret_reads_per_month", "management_events_per_month", "writing_event_share",
        "configuration_items_per_month", "rule_evaluations_per_month", "network_log_gb_per_month",
        "function_network_gb_per_month", "application_metrics", "insight_metrics_per_service",
        "insight_metrics_per_task", "notices_per_month",
    ),
    0,
)  # fmt: skip


def workload(**changes: Mapping[str, Any]) -> Workload:
    """Ten requests a second at any hour, a tenth of them tickets; a million bytes each; nothing stands.

    Each change is of one section: `standing={"image_gb": 1}`.
    """
    sections: dict[str, dict[str, Any]] = {
        "traffic": {
            "average_requests_per_second": 10, "peak_requests_per_second": 10, "peak_hours_per_month": 365
        },
        "per_request": {
            "tickets": 0.1, "bytes_in": 0, "bytes_out": 1_000_000, "new_connections": 1,
            "connection_seconds": 1, "nat_bytes": 1_000_000, "endpoint_bytes": 1_000_000, "kms_requests": 0,
            "threat_bytes": 0,
        },
        "per_ticket": {
            "model_share": 0.5, "input_tokens": 1000, "output_tokens": 100, "embedding_tokens": 100,
            "guardrail_text_units": 2, "worker_seconds": 2, "queue_requests": 4, "kms_requests": 1,
            "nat_bytes": 0, "endpoint_bytes": 0, "object_events": 1,
        },
        "standing": dict(_ZERO_STANDING),
    }  # fmt: skip
    for section, figures in changes.items():
        sections[section] |= figures
    rows: dict[str, Any] = {
        "log_groups": [{"pattern": "*", "bytes_per_request": 1000}],
        "buckets": [{"pattern": "*", "bytes_per_ticket": 1000, "object_bytes": 1000}],
    }
    return Workload.model_validate(sections | rows)


def reckon(
    resources: Sequence[dict[str, Any]], load: Workload | None = None, factor: Decimal = TWICE
) -> Estimate:
    """What resources cost in Ireland, at the load in round numbers if no other is given."""
    return estimate(state(*resources), load or workload(), TABLE, factor, EMBEDDING)


def quantities(*resources: dict[str, Any], load: Workload | None = None) -> dict[str, Decimal]:
    """Price → quantity, of the items that are not nothing."""
    found: dict[str, Decimal] = {}
    for line in reckon(resources, load).lines:
        found[line.price] = found.get(line.price, Decimal(0)) + line.quantity
    return {key: quantity for key, quantity in found.items() if quantity}
