"""Lambda functions of a zip archive or an image."""

import io
import zipfile
from typing import Any

from awsmodel.names import Properties
from awsmodel.resource import AutoName, Call, Example, Params, ResourceType, Scope, Tags

_FUNCTION = {"FunctionName": "id"}
_CODE = frozenset(
    {"architectures", "code", "imageUri", "s3Bucket", "s3Key", "s3ObjectVersion", "sourceCodeHash"}
)
_NO_LIMIT = -1
# what says that a setting is not wanted any more; leaving it out would keep it
_NOTHING: dict[str, Params] = {
    "deadLetterConfig": {"DeadLetterConfig": {"TargetArn": ""}},
    "environment": {"Environment": {"Variables": {}}},
    "ephemeralStorage": {"EphemeralStorage": {"Size": 512}},
    "fileSystemConfig": {"FileSystemConfigs": []},
    "loggingConfig": {"LoggingConfig": {"LogFormat": "Text"}},
    "snapStart": {"SnapStart": {"ApplyOn": "None"}},
    "tracingConfig": {"TracingConfig": {"Mode": "PassThrough"}},
    "vpcConfig": {"VpcConfig": {"SubnetIds": [], "SecurityGroupIds": []}},
}


def _taken_away(known: Properties) -> Params:
    taken_away = [nothing for name, nothing in _NOTHING.items() if name in known and known[name] is None]
    return {member: value for nothing in taken_away for member, value in nothing.items()}


def _wait_for_update(client: Any, known: Properties) -> None:
    """Lambda takes one change at a time."""
    client.get_waiter("function_updated_v2").wait(FunctionName=known["id"])


def _concurrency(*, limited: bool) -> Call:
    return Call(
        operation="put_function_concurrency" if limited else "delete_function_concurrency",
        identify=_FUNCTION,
        properties=frozenset({"reservedConcurrentExecutions"}),
        build=lambda known: (
            {} if (known.get("reservedConcurrentExecutions", _NO_LIMIT) >= 0) is limited else None
        ),
    )


def _names_of(known: Properties, scope: Scope) -> Properties:
    arn, version = known["arn"], known.get("version") or "$LATEST"
    gateway = f"arn:{scope.partition}:apigateway:{known['region']}:lambda:path"
    return {
        "invokeArn": f"{gateway}/2015-03-31/functions/{arn}/invocations",
        "qualifiedArn": f"{arn}:{version}",
        "qualifiedInvokeArn": f"{gateway}/2015-03-31/functions/{arn}:{version}/invocations",
        "responseStreamingInvokeArn": (
            f"{gateway}/2021-11-15/functions/{arn}/response-streaming-invocations"
        ),
        # what the program gave in its place wins
        "sourceCodeHash": known["codeSha256"],
    }


def _archive(source: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("main.py", source)
    return buffer.getvalue()


FUNCTION = ResourceType(
    token="aws:lambda/function:Function",
    service="lambda",
    create=Call(operation="create_function"),
    id="{name}",
    read=Call(
        operation="get_function_configuration",
        identify=_FUNCTION,
        decode=lambda answer: {"layers": [layer["Arn"] for layer in answer.get("Layers") or ()]},
    ),
    more_reads=(
        # where the code comes from, and how much of the account's concurrency is set apart
        Call(
            operation="get_function",
            identify=_FUNCTION,
            decode=lambda answer: {
                "reservedConcurrentExecutions": (answer.get("Concurrency") or {}).get(
                    "ReservedConcurrentExecutions", _NO_LIMIT
                )
            },
        ),
    ),
    updates=(
        Call(operation="update_function_code", identify=_FUNCTION, properties=_CODE, whole=True),
        Call(
            operation="update_function_configuration",
            identify=_FUNCTION,
            before=_wait_for_update,
            build=_taken_away,
        ),
        _concurrency(limited=True),
        _concurrency(limited=False),
    ),
    delete=Call(
        operation="delete_function",
        identify=_FUNCTION,
        build=lambda known: None if known.get("skipDestroy") else {},
    ),
    list=Call(operation="list_functions", result="Functions[].FunctionName"),
    names={
        "arn": "FunctionArn",
        "code": "Code.ZipFile|ZipFile",
        "fileSystemConfig": "FileSystemConfigs",
        "imageConfig": "ImageConfig|ImageConfigResponse.ImageConfig",
        "imageConfig.commands": "Command",
        "imageConfig.entryPoints": "EntryPoint",
        "imageUri": "Code.ImageUri|ImageUri",
        "name": "FunctionName",
        "s3Bucket": "Code.S3Bucket|S3Bucket",
        "s3Key": "Code.S3Key|S3Key",
        "s3ObjectVersion": "Code.S3ObjectVersion|S3ObjectVersion",
        "sourceCodeSize": "CodeSize",
    },
    defaults={
        "memorySize": 128,
        "packageType": "Zip",
        "reservedConcurrentExecutions": _NO_LIMIT,
        "skipDestroy": False,
        "timeout": 3,
    },
    auto_name=AutoName(limit=64),
    tags=Tags(tag="tag_resource", untag="untag_resource", target="Resource", read="list_tags"),
    unreadable={
        "code": "AWS shows the hash of it: codeSha256",
        "s3Bucket": "AWS copies the code and forgets where it came from",
        "s3Key": "AWS copies the code and forgets where it came from",
        "s3ObjectVersion": "AWS copies the code and forgets where it came from",
        "skipDestroy": "a switch of the delete; AWS does not know it",
        "sourceCodeHash": "says to the engine that the code is another one",
    },
    not_modelled={
        "capacityProviderConfig": "managed instances are outside of this model",
        "codeSigningConfigArn": "code signing is outside of this model",
        "durableConfig": "durable functions are outside of this model",
        "publish": "versions and aliases of functions are outside of this model",
        "publishTo": "versions and aliases of functions are outside of this model",
        "sourceKmsKeyArn": "moto does not keep it",
        "tenancyConfig": "tenants are outside of this model",
    },
    derive=_names_of,
    gone=frozenset({"ResourceNotFoundException"}),
    ready="State=='Active' && LastUpdateStatus!='InProgress'",
    failed="State=='Failed' && StateReason || LastUpdateStatus=='Failed' && LastUpdateStatusReason",
    example=Example(
        inputs=lambda need: {
            "name": "example",
            "description": "answers",
            "role": need("aws:iam/role:Role", "arn", name="example-function"),
            "runtime": "python3.13",
            "architectures": ["arm64"],
            "handler": "main.handler",
            "code": _archive("def handler(event, context): return 1"),
            "memorySize": 256,
            "timeout": 30,
            "tracingConfig": {"mode": "Active"},
            "loggingConfig": {"logFormat": "JSON", "logGroup": "/example/one"},
            "tags": {"Service": "example"},
        },
        update=lambda need: {
            "description": "answers something else",
            "architectures": ["x86_64"],
            "code": _archive("def handler(event, context): return 2"),
            "environment": {"variables": {"GREETING": "hello"}},
            "deadLetterConfig": {"targetArn": "arn:aws:sqs:eu-west-1:111111111111:failures"},
            "ephemeralStorage": {"size": 1024},
            "kmsKeyArn": need("aws:kms/key:Key", "arn"),
            "reservedConcurrentExecutions": 5,
            "tracingConfig": {"mode": "PassThrough"},
            "loggingConfig": {"logFormat": "JSON", "applicationLogLevel": "WARN", "logGroup": "/other"},
            "vpcConfig": {
                "subnetIds": [need("aws:ec2/subnet:Subnet", "id")],
                "securityGroupIds": [need("aws:ec2/securityGroup:SecurityGroup", "id")],
            },
            "tags": {"Service": "other", "Owner": "platform"},
        },
        replace=lambda need: {"name": "other", "packageType": "Image"},
    ),
)
