"""Where the events of a Lambda function come from, and what becomes of those that fail."""

from __future__ import annotations

from typing import Any

from awsmodel.names import Properties
from awsmodel.resource import AutoName, Call, Example, ResourceType, Scope, Tags

_GONE = frozenset({"ResourceNotFoundException"})
_CONFIG = {"FunctionName": "functionName", "Qualifier": "qualifier"}
_MAPPING = {"UUID": "id"}
_ALIAS = {"FunctionName": "functionName", "Name": "name"}
_KAFKA = "Kafka, brokers and document databases are outside of this model"


def function_name(reference: str) -> str:
    """The name in a function's ARN, or the name."""
    return reference.split(":")[6] if reference.startswith("arn:") else reference


def _config_id(known: Properties) -> str:
    """The documented import id: the function, and the qualifier if it has one."""
    return ":".join(filter(None, (known["functionName"], known.get("qualifier"))))


def _parse_config(physical_id: str) -> Properties:
    parts = physical_id.split(":")
    # an ARN has six colons before it can have a qualifier
    unqualified = 7 if physical_id.startswith("arn:") else 1
    qualifier = {"qualifier": parts[unqualified]} if len(parts) > unqualified else {}
    return {"functionName": ":".join(parts[:unqualified]), **qualifier}


FUNCTION_EVENT_INVOKE_CONFIG = ResourceType(
    token="aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
    service="lambda",
    create=Call(operation="put_function_event_invoke_config"),
    id=_config_id,
    read=Call(operation="get_function_event_invoke_config", identify=_CONFIG),
    updates=(Call(operation="put_function_event_invoke_config", identify=_CONFIG, whole=True),),
    delete=Call(operation="delete_function_event_invoke_config", identify=_CONFIG),
    parse_id=_parse_config,
    canonical={"functionName": function_name},
    defaults={"maximumRetryAttempts": 2},
    gone=_GONE,
    example=Example(
        inputs=lambda need: {
            "functionName": need("aws:lambda/function:Function", "name"),
            "maximumEventAgeInSeconds": 3600,
            "maximumRetryAttempts": 1,
            "destinationConfig": {"onFailure": {"destination": need("aws:sqs/queue:Queue", "arn")}},
        },
        update=lambda need: {
            "maximumEventAgeInSeconds": 120,
            "maximumRetryAttempts": 0,
            "destinationConfig": {
                "onSuccess": {"destination": need("aws:sqs/queue:Queue", "arn", name="done")}
            },
        },
        replace=lambda need: {"functionName": "other", "qualifier": "live"},
    ),
)


def _shown(mapping: Any) -> Properties:
    return {
        "enabled": mapping["State"] in ("Creating", "Enabled", "Enabling", "Updating"),
        "functionName": mapping["FunctionArn"],
        "lastModified": str(mapping.get("LastModified", "")),
    }


EVENT_SOURCE_MAPPING = ResourceType(
    token="aws:lambda/eventSourceMapping:EventSourceMapping",
    service="lambda",
    create=Call(operation="create_event_source_mapping"),
    id="UUID",
    read=Call(operation="get_event_source_mapping", identify=_MAPPING, decode=_shown),
    updates=(Call(operation="update_event_source_mapping", identify=_MAPPING),),
    delete=Call(operation="delete_event_source_mapping", identify=_MAPPING),
    list=Call(operation="list_event_source_mappings", result="EventSourceMappings[].UUID"),
    names={"arn": "EventSourceMappingArn"},
    canonical={"functionName": function_name},
    defaults={"enabled": True, "maximumBatchingWindowInSeconds": 0},
    tags=Tags(tag="tag_resource", untag="untag_resource", target="Resource", read="list_tags"),
    not_modelled={
        "amazonManagedKafkaEventSourceConfig": _KAFKA,
        "documentDbEventSourceConfig": _KAFKA,
        "provisionedPollerConfig": _KAFKA,
        "queues": _KAFKA,
        "selfManagedEventSource": _KAFKA,
        "selfManagedKafkaEventSourceConfig": _KAFKA,
        "sourceAccessConfigurations": _KAFKA,
        "topics": _KAFKA,
        "useResourceTimeoutForPropagation": "customTimeouts is Pulumi's own way to say it",
    },
    gone=_GONE,
    gone_when="State=='Deleting'",
    ready="contains(['Enabled', 'Disabled'], State)",
    # another change is under way
    busy=frozenset({"ResourceInUseException"}),
    example=Example(
        inputs=lambda need: {
            "functionName": need("aws:lambda/function:Function", "arn"),
            "eventSourceArn": need("aws:sqs/queue:Queue", "arn"),
            "batchSize": 5,
            "maximumBatchingWindowInSeconds": 10,
            "functionResponseTypes": ["ReportBatchItemFailures"],
            "scalingConfig": {"maximumConcurrency": 4},
            "tags": {"Service": "example"},
        },
        update=lambda need: {
            "batchSize": 1,
            "maximumBatchingWindowInSeconds": 0,
            "enabled": False,
            "filterCriteria": {"filters": [{"pattern": '{"body":{"kind":["schedule"]}}'}]},
            "functionResponseTypes": [],
            "scalingConfig": {"maximumConcurrency": 8},
            "tags": {"Service": "other", "Owner": "platform"},
        },
        replace=lambda need: {"eventSourceArn": need("aws:sqs/queue:Queue", "arn", name="other")},
    ),
)


def _parse_alias(physical_id: str) -> Properties:
    """An ARN, or `function/alias`, which an import names."""
    if physical_id.startswith("arn:"):
        return dict(zip(("functionName", "name"), physical_id.split(":")[6:], strict=True))
    return dict(zip(("functionName", "name"), physical_id.split("/"), strict=True))


def _names_of(known: Properties, scope: Scope) -> Properties:
    gateway = f"arn:{scope.partition}:apigateway:{known['region']}:lambda:path/2015-03-31/functions"
    return {"id": known["arn"], "invokeArn": f"{gateway}/{known['arn']}/invocations"}


ALIAS = ResourceType(
    token="aws:lambda/alias:Alias",
    service="lambda",
    create=Call(operation="create_alias"),
    id="AliasArn",
    read=Call(operation="get_alias", identify=_ALIAS),
    updates=(Call(operation="update_alias", identify=_ALIAS),),
    delete=Call(operation="delete_alias", identify=_ALIAS),
    parse_id=_parse_alias,
    names={"arn": "AliasArn"},
    canonical={"functionName": function_name},
    auto_name=AutoName(limit=128),
    derive=_names_of,
    gone=_GONE,
    example=Example(
        inputs=lambda need: {
            "name": "live",
            "functionName": need("aws:lambda/function:Function", "name"),
            "functionVersion": "$LATEST",
            "description": "what is called",
        },
        update=lambda need: {"description": "what is called now"},
        replace=lambda need: {"name": "next"},
    ),
)
