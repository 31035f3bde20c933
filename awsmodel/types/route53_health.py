"""Route 53: health checks, and the log of the questions that a zone answers."""

from __future__ import annotations

import uuid

from awsmodel.names import Properties
from awsmodel.resource import Call, Example, Params, ResourceType, Scope, Tags

_CHECK = {"HealthCheckId": "id"}
_MEMBERS = {
    "childHealthThreshold": "HealthThreshold",
    "childHealthchecks": "ChildHealthChecks",
    "cloudwatchAlarmName": "AlarmIdentifier.Name",
    "cloudwatchAlarmRegion": "AlarmIdentifier.Region",
    "disabled": "Disabled",
    "enableSni": "EnableSNI",
    "failureThreshold": "FailureThreshold",
    "fqdn": "FullyQualifiedDomainName",
    "insufficientDataHealthStatus": "InsufficientDataHealthStatus",
    "invertHealthcheck": "Inverted",
    "ipAddress": "IPAddress",
    "measureLatency": "MeasureLatency",
    "port": "Port",
    "regions": "Regions",
    "requestInterval": "RequestInterval",
    "resourcePath": "ResourcePath",
    "routingControlArn": "RoutingControlArn",
    "searchString": "SearchString",
    "type": "Type",
}
_RESETTABLE = ("childHealthchecks", "fqdn", "regions", "resourcePath")
_ALARM = frozenset({"cloudwatchAlarmName", "cloudwatchAlarmRegion"})


def _reference(known: Properties) -> Params:
    """What tells a repeated call from another check of the same kind."""
    return {"CallerReference": f"{known.get('referenceName', '')}{uuid.uuid4()}"}


def _reset(known: Properties) -> Params:
    """The elements that AWS takes away only when it is told so."""
    gone = [_MEMBERS[name] for name in _RESETTABLE if name in known and not known[name]]
    return {"ResetElements": gone} if gone else {}


HEALTH_CHECK = ResourceType(
    token="aws:route53/healthCheck:HealthCheck",
    service="route53",
    create=Call(operation="create_health_check", build=_reference),
    id="HealthCheck.Id",
    read=Call(operation="get_health_check", identify=_CHECK, result="HealthCheck"),
    updates=(
        Call(
            operation="update_health_check",
            identify=_CHECK,
            properties=frozenset(_MEMBERS)
            - _ALARM
            - {"measureLatency", "requestInterval", "routingControlArn", "type"},
            build=_reset,
        ),
        # the two name one alarm
        Call(operation="update_health_check", identify=_CHECK, properties=_ALARM, whole=True),
    ),
    delete=Call(operation="delete_health_check", identify=_CHECK),
    list=Call(operation="list_health_checks", result="HealthChecks[].Id"),
    names={name: f"HealthCheckConfig.{member}|{member}" for name, member in _MEMBERS.items()},
    defaults={"disabled": False, "invertHealthcheck": False, "measureLatency": False},
    tags=Tags(
        tag="change_tags_for_resource",
        untag="change_tags_for_resource",
        target="ResourceId",
        by="id",
        untag_keys="RemoveTagKeys",
        read="list_tags_for_resource",
        fixed={"ResourceType": "healthcheck"},
    ),
    unreadable={
        "referenceName": "AWS knows it as the beginning of the caller reference",
        "triggers": "AWS does not know them: a change of one is an update",
    },
    replace_on=frozenset({"referenceName"}),
    derive=lambda known, scope: {"arn": f"arn:{scope.partition}:route53:::healthcheck/{known['id']}"},
    gone=frozenset({"NoSuchHealthCheck"}),
    example=Example(
        inputs=lambda need: {
            "type": "HTTPS",
            "fqdn": "example.com",
            "port": 443,
            "resourcePath": "/health",
            "requestInterval": 30,
            "failureThreshold": 3,
            "enableSni": True,
            "regions": ["eu-west-1", "us-east-1", "us-west-2"],
            "tags": {"Service": "example"},
        },
        update=lambda need: {
            "fqdn": "example.org",
            "port": 8443,
            "resourcePath": "/alive",
            "failureThreshold": 5,
            "invertHealthcheck": True,
            "disabled": True,
            "regions": ["eu-west-1", "us-east-1", "sa-east-1"],
            "tags": {"Service": "other", "Owner": "platform"},
        },
        replace=lambda need: {"type": "TCP", "requestInterval": 10},
    ),
)


def _query_log_arn(known: Properties, scope: Scope) -> Properties:
    return {"arn": f"arn:{scope.partition}:route53:::queryloggingconfig/{known['id']}"}


QUERY_LOG = ResourceType(
    token="aws:route53/queryLog:QueryLog",
    service="route53",
    create=Call(operation="create_query_logging_config"),
    id="QueryLoggingConfig.Id",
    read=Call(operation="get_query_logging_config", identify={"Id": "id"}, result="QueryLoggingConfig"),
    delete=Call(operation="delete_query_logging_config", identify={"Id": "id"}),
    list=Call(operation="list_query_logging_configs", result="QueryLoggingConfigs[].Id"),
    names={"cloudwatchLogGroupArn": "CloudWatchLogsLogGroupArn", "zoneId": "HostedZoneId"},
    derive=_query_log_arn,
    gone=frozenset({"NoSuchQueryLoggingConfig"}),
    example=Example(
        inputs=lambda need: {
            "zoneId": need("aws:route53/zone:Zone", "zoneId"),
            # Route 53 writes to groups in us-east-1 only
            "cloudwatchLogGroupArn": need(
                "aws:cloudwatch/logGroup:LogGroup", "arn", region="us-east-1", kmsKeyId=None
            ),
        },
        replace=lambda need: {"zoneId": "Z00000000000000000000"},
    ),
)
