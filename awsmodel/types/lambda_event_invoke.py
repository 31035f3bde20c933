"""What Lambda does with calls that nobody waits for: how often it tries, and where the results go."""

from awsmodel.resource import Call, Example, ResourceType

_FUNCTION = {"FunctionName": "functionName"}

EVENT_INVOKE_CONFIG = ResourceType(
    token="aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
    service="lambda",
    create=Call(operation="put_function_event_invoke_config"),
    id="{functionName}",
    parse_id=lambda physical_id: {"functionName": physical_id},
    read=Call(operation="get_function_event_invoke_config", identify=_FUNCTION),
    updates=(Call(operation="put_function_event_invoke_config", identify=_FUNCTION, whole=True),),
    delete=Call(operation="delete_function_event_invoke_config", identify=_FUNCTION),
    replace_on=frozenset({"functionName"}),
    defaults={"maximumRetryAttempts": 2},
    not_modelled={
        "qualifier": "functions are used unpublished; versions and aliases are outside of this model"
    },
    gone=frozenset({"ResourceNotFoundException"}),
    example=Example(
        inputs=lambda need: {
            "functionName": need("aws:lambda/function:Function", "name"),
            "maximumEventAgeInSeconds": 3600,
            "maximumRetryAttempts": 1,
            "destinationConfig": {
                "onFailure": {"destination": need("aws:sqs/queue:Queue", "arn", name="failures")}
            },
        },
        update=lambda need: {
            "maximumEventAgeInSeconds": 600,
            "maximumRetryAttempts": 0,
            "destinationConfig": {
                "onFailure": {"destination": need("aws:sqs/queue:Queue", "arn", name="failures")},
                "onSuccess": {"destination": need("aws:sqs/queue:Queue", "arn", name="done")},
            },
        },
        replace=lambda need: {"functionName": need("aws:lambda/function:Function", "name", name="another")},
    ),
)
