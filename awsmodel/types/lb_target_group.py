"""Target groups: where a load balancer sends requests to, and how it tells who can take them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from awsmodel.names import Properties
from awsmodel.resource import AutoName, Call, Example, Params, ResourceType
from awsmodel.types.lb_attributes import LB_TAGS, Attributes

_TYPE = "aws:lb/targetGroup:TargetGroup"

# Elastic Load Balancing API reference, TargetGroupAttribute
_KEYS = {
    "connectionTermination": "deregistration_delay.connection_termination.enabled",
    "deregistrationDelay": "deregistration_delay.timeout_seconds",
    "lambdaMultiValueHeadersEnabled": "lambda.multi_value_headers.enabled",
    "loadBalancingAlgorithmType": "load_balancing.algorithm.type",
    "loadBalancingAnomalyMitigation": "load_balancing.algorithm.anomaly_mitigation",
    "loadBalancingCrossZoneEnabled": "load_balancing.cross_zone.enabled",
    "preserveClientIp": "preserve_client_ip.enabled",
    "proxyProtocolV2": "proxy_protocol_v2.enabled",
    "slowStart": "slow_start.duration_seconds",
    "stickiness.enabled": "stickiness.enabled",
    "stickiness.type": "stickiness.type",
    "targetFailovers.onDeregistration": "target_failover.on_deregistration",
    "targetFailovers.onUnhealthy": "target_failover.on_unhealthy",
    "targetGroupHealth.dnsFailover.minimumHealthyTargetsCount": (
        "target_group_health.dns_failover.minimum_healthy_targets.count"
    ),
    "targetGroupHealth.dnsFailover.minimumHealthyTargetsPercentage": (
        "target_group_health.dns_failover.minimum_healthy_targets.percentage"
    ),
    "targetGroupHealth.unhealthyStateRouting.minimumHealthyTargetsCount": (
        "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count"
    ),
    "targetGroupHealth.unhealthyStateRouting.minimumHealthyTargetsPercentage": (
        "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage"
    ),
    "targetHealthStates.enableUnhealthyConnectionTermination": (
        "target_health_state.unhealthy.connection_termination.enabled"
    ),
    "targetHealthStates.unhealthyDrainingInterval": (
        "target_health_state.unhealthy.draining_interval_seconds"
    ),
}
_INITIAL = {
    "connectionTermination": False,
    "deregistrationDelay": 300,
    "lambdaMultiValueHeadersEnabled": False,
    "loadBalancingAlgorithmType": "round_robin",
    "loadBalancingAnomalyMitigation": "off",
    "loadBalancingCrossZoneEnabled": "use_load_balancer_configuration",
    "proxyProtocolV2": False,
    "slowStart": 0,
}
_ATTRIBUTES = Attributes(_TYPE, _KEYS, _INITIAL)
# each kind of cookie has a duration of its own
_ATTRIBUTES_WITH = {
    "lb_cookie": replace(
        _ATTRIBUTES, keys=_KEYS | {"stickiness.cookieDuration": "stickiness.lb_cookie.duration_seconds"}
    ),
    "app_cookie": replace(
        _ATTRIBUTES,
        keys=_KEYS
        | {
            "stickiness.cookieDuration": "stickiness.app_cookie.duration_seconds",
            "stickiness.cookieName": "stickiness.app_cookie.cookie_name",
        },
    ),
}


def _changed_attributes(known: Properties) -> Params | None:
    stickiness = known.get("stickiness") or {}
    changes = _ATTRIBUTES_WITH.get(stickiness.get("type", ""), _ATTRIBUTES).changes(known)
    return {"Attributes": changes} if changes else None


def _shown_attributes(answer: dict[str, Any]) -> Properties:
    attributes = answer["Attributes"]
    kind = next((entry["Value"] for entry in attributes if entry["Key"] == "stickiness.type"), "")
    return _ATTRIBUTES_WITH.get(kind, _ATTRIBUTES).read(attributes)


TARGET_GROUP = ResourceType(
    token=_TYPE,
    service="elbv2",
    create=Call(operation="create_target_group"),
    id="TargetGroups[0].TargetGroupArn",
    read=Call(
        operation="describe_target_groups", identify={"TargetGroupArns": "id"}, result="TargetGroups[0]"
    ),
    more_reads=(
        Call(
            operation="describe_target_group_attributes",
            identify={"TargetGroupArn": "id"},
            decode=_shown_attributes,
        ),
    ),
    updates=(
        Call(
            operation="modify_target_group",
            identify={"TargetGroupArn": "id"},
            properties=frozenset({"healthCheck"}),
        ),
        Call(
            operation="modify_target_group_attributes",
            identify={"TargetGroupArn": "id"},
            properties=_ATTRIBUTES.properties,
            build=_changed_attributes,
        ),
    ),
    delete=Call(operation="delete_target_group", identify={"TargetGroupArn": "id"}),
    list=Call(operation="describe_target_groups", result="TargetGroups[].TargetGroupArn"),
    names={
        "arn": "TargetGroupArn",
        "name": "Name|TargetGroupName",
        "healthCheck.enabled": "HealthCheckEnabled",
        "healthCheck.healthyThreshold": "HealthyThresholdCount",
        "healthCheck.interval": "HealthCheckIntervalSeconds",
        "healthCheck.matcher": "Matcher.HttpCode",
        "healthCheck.path": "HealthCheckPath",
        "healthCheck.port": "HealthCheckPort",
        "healthCheck.protocol": "HealthCheckProtocol",
        "healthCheck.timeout": "HealthCheckTimeoutSeconds",
        "healthCheck.unhealthyThreshold": "UnhealthyThresholdCount",
    },
    flat=frozenset({"healthCheck"}),
    defaults={"targetType": "instance"},
    auto_name=AutoName(limit=32),
    tags=LB_TAGS,
    derive=lambda known, scope: {"arnSuffix": known["arn"].rpartition(":")[2]},
    gone=frozenset({"TargetGroupNotFound"}),
    busy=frozenset({"ResourceInUse"}),
    example=Example(
        inputs=lambda need: {
            "name": "example-targets",
            "port": 8080,
            "protocol": "HTTP",
            "targetType": "ip",
            "vpcId": need("aws:ec2/vpc:Vpc", "id"),
            "healthCheck": {"path": "/healthz", "matcher": "200", "interval": 15, "timeout": 5},
            "stickiness": {"enabled": True, "type": "lb_cookie", "cookieDuration": 3600},
        },
        update=lambda need: {
            "deregistrationDelay": 30,
            "loadBalancingAlgorithmType": "least_outstanding_requests",
            "healthCheck": {"path": "/ready", "matcher": "200-204", "interval": 20, "timeout": 5},
            "tags": {"Owner": "platform"},
        },
        replace=lambda need: {"port": 8081},
    ),
)
