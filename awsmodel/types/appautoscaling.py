"""Application Auto Scaling: what scales, between which limits, and by which metric."""

from __future__ import annotations

from awsmodel.names import Properties
from awsmodel.resource import AutoName, Call, Example, ResourceType, Tags

_TARGET = {
    "ServiceNamespace": "serviceNamespace",
    "ResourceId": "resourceId",
    "ScalableDimension": "scalableDimension",
}
_POLICY = {"PolicyName": "name", **_TARGET}
_ACTION = {"ScheduledActionName": "name", **_TARGET}
_GONE = frozenset({"ObjectNotFoundException"})
_BUSY = frozenset({"ConcurrentUpdateException"})


def _parse_target_id(identity: str) -> Properties:
    """`namespace/resource/dimension`, which an import names, or the resource of an ECS service."""
    parts = identity.split("/")
    if ":" not in parts[-1]:
        return {
            "serviceNamespace": "ecs",
            "resourceId": identity,
            "scalableDimension": "ecs:service:DesiredCount",
        }
    return {
        "serviceNamespace": parts[0],
        "resourceId": "/".join(parts[1:-1]),
        "scalableDimension": parts[-1],
    }


def _parse_policy_id(identity: str) -> Properties:
    """`namespace/resource/dimension/name`, which an import names, or the name of an ECS policy."""
    target, _, name = identity.rpartition("/")
    return {"name": name, **(_parse_target_id(target) if target else {"serviceNamespace": "ecs"})}


TARGET = ResourceType(
    token="aws:appautoscaling/target:Target",
    service="application-autoscaling",
    create=Call(operation="register_scalable_target"),
    id="{resourceId}",
    read=Call(
        operation="describe_scalable_targets",
        identify={
            "ServiceNamespace": "serviceNamespace",
            "ResourceIds": "resourceId",
            "ScalableDimension": "scalableDimension",
        },
        result="ScalableTargets[0]",
    ),
    updates=(Call(operation="register_scalable_target", identify=_TARGET, whole=True),),
    delete=Call(operation="deregister_scalable_target", identify=_TARGET),
    list=Call(
        operation="describe_scalable_targets",
        fixed={"ServiceNamespace": "ecs"},
        result="ScalableTargets[].ResourceId",
    ),
    parse_id=_parse_target_id,
    names={"arn": "ScalableTargetARN"},
    tags=Tags(
        tag="tag_resource", untag="untag_resource", target="ResourceARN", read="list_tags_for_resource"
    ),
    derive=lambda known, scope: {"id": known["resourceId"]},
    gone=_GONE,
    busy=_BUSY,
    example=Example(
        inputs=lambda need: {
            "serviceNamespace": "ecs",
            "resourceId": _service(
                need("aws:ecs/cluster:Cluster", "name"), need("aws:ecs/service:Service", "name")
            ),
            "scalableDimension": "ecs:service:DesiredCount",
            "minCapacity": 2,
            "maxCapacity": 6,
        },
        update=lambda need: {"minCapacity": 3, "maxCapacity": 9, "tags": {"Owner": "platform"}},
        replace=lambda need: {"resourceId": "service/example/other"},
    ),
)

POLICY = ResourceType(
    token="aws:appautoscaling/policy:Policy",
    service="application-autoscaling",
    create=Call(operation="put_scaling_policy"),
    id="{name}",
    read=Call(
        operation="describe_scaling_policies",
        identify={**_TARGET, "PolicyNames": "name"},
        result="ScalingPolicies[0]",
        decode=lambda policy: {"alarmArns": [alarm["AlarmARN"] for alarm in policy.get("Alarms") or ()]},
    ),
    updates=(Call(operation="put_scaling_policy", identify=_POLICY, whole=True),),
    delete=Call(operation="delete_scaling_policy", identify=_POLICY),
    list=Call(
        operation="describe_scaling_policies",
        fixed={"ServiceNamespace": "ecs"},
        result="ScalingPolicies[].PolicyName",
    ),
    parse_id=_parse_policy_id,
    names={"arn": "PolicyARN", "name": "PolicyName"},
    defaults={"policyType": "StepScaling"},
    auto_name=AutoName(limit=255),
    not_modelled={"predictiveScalingPolicyConfiguration": "the sandbox has no history to forecast from"},
    derive=lambda known, scope: {"id": known["name"]},
    gone=_GONE,
    busy=_BUSY,
    example=Example(
        inputs=lambda need: {
            "name": "example-policy",
            "serviceNamespace": "ecs",
            "resourceId": need("aws:appautoscaling/target:Target", "resourceId"),
            "scalableDimension": "ecs:service:DesiredCount",
            "policyType": "TargetTrackingScaling",
            "targetTrackingScalingPolicyConfiguration": {
                "targetValue": 200.0,
                "scaleInCooldown": 300,
                "scaleOutCooldown": 60,
                "customizedMetricSpecification": {
                    "metrics": [
                        _requests("blue", "targetgroup/blue/1"),
                        _requests("green", "targetgroup/green/2"),
                        {"id": "all", "expression": "blue + green", "label": "requests", "returnData": True},
                    ]
                },
            },
        },
        update=lambda need: {
            "targetTrackingScalingPolicyConfiguration": {
                "targetValue": 60.0,
                "disableScaleIn": True,
                "predefinedMetricSpecification": {"predefinedMetricType": "ECSServiceAverageCPUUtilization"},
            }
        },
        replace=lambda need: {"name": "other-policy"},
    ),
)


SCHEDULED_ACTION = ResourceType(
    token="aws:appautoscaling/scheduledAction:ScheduledAction",
    service="application-autoscaling",
    create=Call(operation="put_scheduled_action"),
    id="{serviceNamespace}/{resourceId}/{scalableDimension}/{name}",
    read=Call(
        operation="describe_scheduled_actions",
        identify={**_TARGET, "ScheduledActionNames": "name"},
        result="ScheduledActions[0]",
    ),
    updates=(Call(operation="put_scheduled_action", identify=_ACTION, whole=True),),
    delete=Call(operation="delete_scheduled_action", identify=_ACTION),
    parse_id=_parse_policy_id,
    names={"arn": "ScheduledActionARN", "name": "ScheduledActionName"},
    defaults={"timezone": "UTC"},
    auto_name=AutoName(limit=255),
    gone=_GONE,
    busy=_BUSY,
    example=Example(
        inputs=lambda need: {
            "name": "night",
            "serviceNamespace": "ecs",
            "resourceId": need("aws:appautoscaling/target:Target", "resourceId"),
            "scalableDimension": "ecs:service:DesiredCount",
            "schedule": "cron(0 22 * * ? *)",
            "timezone": "Europe/Berlin",
            "startTime": "2099-01-01T00:00:00Z",
            "scalableTargetAction": {"minCapacity": 1, "maxCapacity": 2},
        },
        update=lambda need: {
            "schedule": "at(2099-06-01T06:00:00)",
            "timezone": "UTC",
            "startTime": "2099-02-01T00:00:00Z",
            "scalableTargetAction": {"minCapacity": 2, "maxCapacity": 4},
        },
        replace=lambda need: {"name": "day"},
    ),
)


def _service(cluster: str, service: str) -> str:
    return f"service/{cluster}/{service}"


def _requests(identity: str, target_group: str) -> Properties:
    return {
        "id": identity,
        "returnData": False,
        "metricStat": {
            "stat": "Sum",
            "metric": {
                "namespace": "AWS/ApplicationELB",
                "metricName": "RequestCountPerTarget",
                "dimensions": [{"name": "TargetGroup", "value": target_group}],
            },
        },
    }
