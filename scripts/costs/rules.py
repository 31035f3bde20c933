"""Which rule says what a resource of a type costs, and which types cost nothing."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pydantic import Field

import infra
from scripts.costs import figures
from scripts.costs import rules_data as data
from scripts.costs import rules_serving as serving
from scripts.costs import rules_watch as watch
from scripts.costs.figures import Figures
from scripts.costs.scene import Rule

FREE_FILE = Path(infra.__file__).with_name("free_of_charge.yaml")

RULES: Mapping[str, Rule] = {
    "aws:accessanalyzer/analyzer:Analyzer": watch.access_analyzer,
    "aws:appconfig/configurationProfile:ConfigurationProfile": serving.flags,
    "aws:backup/plan:Plan": data.backup_plan,
    "aws:bedrock/guardrail:Guardrail": data.guardrail,
    "aws:bedrock/inferenceProfile:InferenceProfile": data.inference_profile,
    "aws:bedrockmodel/invocationLoggingConfiguration:InvocationLoggingConfiguration": data.model_access,
    "aws:cfg/recorder:Recorder": watch.configuration_recorder,
    "aws:cfg/rule:Rule": watch.configuration_rule,
    "aws:cloudtrail/trail:Trail": watch.trail,
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": watch.composite_alarm,
    "aws:cloudwatch/dashboard:Dashboard": watch.dashboard,
    "aws:cloudwatch/logDataProtectionPolicy:LogDataProtectionPolicy": watch.log_masking,
    "aws:cloudwatch/logGroup:LogGroup": watch.log_group,
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": watch.metric_filter,
    "aws:cloudwatch/metricAlarm:MetricAlarm": watch.metric_alarm,
    "aws:dynamodb/table:Table": data.table,
    "aws:ec2/eip:Eip": serving.public_address,
    "aws:ec2/natGateway:NatGateway": serving.nat_gateway,
    "aws:ec2/vpcEndpoint:VpcEndpoint": serving.endpoint,
    "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration": serving.image_scan,
    "aws:ecr/repository:Repository": serving.repository,
    "aws:ecs/cluster:Cluster": serving.cluster,
    "aws:ecs/service:Service": serving.service,
    "aws:guardduty/detector:Detector": watch.threat_detector,
    "aws:guardduty/detectorFeature:DetectorFeature": watch.threat_feature,
    "aws:kms/key:Key": data.key,
    "aws:lambda/function:Function": serving.function,
    "aws:lb/loadBalancer:LoadBalancer": serving.load_balancer,
    "aws:rds/instance:Instance": data.database,
    "aws:route53/healthCheck:HealthCheck": serving.health_check,
    "aws:route53/zone:Zone": serving.hosted_zone,
    "aws:s3/bucket:Bucket": data.bucket,
    "aws:scheduler/schedule:Schedule": data.schedule,
    "aws:secretsmanager/secret:Secret": data.secret,
    "aws:sns/topic:Topic": data.topic,
    "aws:sns/topicSubscription:TopicSubscription": data.subscription,
    "aws:sqs/queue:Queue": data.queue,
    "aws:wafv2/webAcl:WebAcl": serving.web_acl,
}


class _Free(Figures):
    reason: str = Field(min_length=10)
    types: tuple[str, ...] = Field(min_length=1)


class _FreeFile(Figures):
    free: tuple[_Free, ...]


@cache
def free_of_charge() -> Mapping[str, str]:
    """Type → why it costs nothing by itself."""
    found = figures.accept(_FreeFile, {"free": figures.read(FREE_FILE)}, f"infra/{FREE_FILE.name}")
    return {kind: each.reason for each in found.free for kind in each.types}
