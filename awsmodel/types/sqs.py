"""SQS queues."""

from awsmodel.names import Codec, Field, Properties
from awsmodel.resource import AutoName, Call, Example, Params, ResourceType, Tags

_QUEUE = {"QueueUrl": "id"}
# the attributes of a FIFO queue are not for any other, not even to say that it is none
ONLY_TRUE = Codec(
    encode=lambda value: "true" if value else None, decode=lambda value: str(value).lower() == "true"
)
_ATTRIBUTES = {
    "deduplicationScope": "DeduplicationScope",
    "delaySeconds": "DelaySeconds",
    "fifoThroughputLimit": "FifoThroughputLimit",
    "kmsDataKeyReusePeriodSeconds": "KmsDataKeyReusePeriodSeconds",
    "kmsMasterKeyId": "KmsMasterKeyId",
    "maxMessageSize": "MaximumMessageSize",
    "messageRetentionSeconds": "MessageRetentionPeriod",
    "policy": "Policy",
    "receiveWaitTimeSeconds": "ReceiveMessageWaitTimeSeconds",
    "redriveAllowPolicy": "RedriveAllowPolicy",
    "redrivePolicy": "RedrivePolicy",
    "sqsManagedSseEnabled": "SqsManagedSseEnabled",
    "visibilityTimeoutSeconds": "VisibilityTimeout",
}


def _suffix(inputs: Properties) -> str:
    return ".fifo" if inputs.get("fifoQueue") else ""


def _deduplication(known: Properties) -> Params:
    is_on = "true" if known.get("contentBasedDeduplication") else "false"
    return {"Attributes": {"ContentBasedDeduplication": is_on}}


def _redrive(queue_arn: str, receives: int) -> str:
    return f'{{"deadLetterTargetArn":"{queue_arn}","maxReceiveCount":{receives}}}'


def _policy(action: str) -> str:
    return (
        f'{{"Version":"2012-10-17","Statement":[{{"Effect":"Deny","Principal":"*","Action":"sqs:{action}",'
        '"Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}'
    )


QUEUE = ResourceType(
    token="aws:sqs/queue:Queue",
    service="sqs",
    create=Call(operation="create_queue"),
    id="QueueUrl",
    read=Call(
        operation="get_queue_attributes",
        identify=_QUEUE,
        fixed={"AttributeNames": ["All"]},
        decode=lambda answer: {"name": answer["Attributes"]["QueueArn"].rpartition(":")[2]},
    ),
    updates=(
        Call(
            operation="set_queue_attributes",
            identify=_QUEUE,
            properties=frozenset(_ATTRIBUTES),
        ),
        Call(
            operation="set_queue_attributes",
            identify=_QUEUE,
            properties=frozenset({"contentBasedDeduplication"}),
            build=_deduplication,
        ),
    ),
    delete=Call(operation="delete_queue", identify=_QUEUE),
    list=Call(operation="list_queues", result="QueueUrls"),
    names={
        **{name: f"Attributes.{attribute}" for name, attribute in _ATTRIBUTES.items()},
        "arn": "Attributes.QueueArn",
        "contentBasedDeduplication": Field("Attributes.ContentBasedDeduplication", ONLY_TRUE),
        "fifoQueue": Field("Attributes.FifoQueue", ONLY_TRUE),
        "name": "QueueName",
    },
    defaults={
        "contentBasedDeduplication": False,
        "delaySeconds": 0,
        "fifoQueue": False,
        "messageRetentionSeconds": 345600,
        "receiveWaitTimeSeconds": 0,
        "visibilityTimeoutSeconds": 30,
    },
    auto_name=AutoName(limit=80, suffix=_suffix),
    tags=Tags(tag="tag_queue", untag="untag_queue", target="QueueUrl", by="id", read="list_queue_tags"),
    derive=lambda known, scope: {"url": known["id"]},
    gone=frozenset({"AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"}),
    example=Example(
        inputs=lambda need: {
            "name": "example",
            "visibilityTimeoutSeconds": 60,
            "messageRetentionSeconds": 86400,
            "policy": _policy("SendMessage"),
            "tags": {"Service": "example"},
        },
        update=lambda need: {
            "visibilityTimeoutSeconds": 90,
            "receiveWaitTimeSeconds": 20,
            "delaySeconds": 5,
            "policy": _policy("ReceiveMessage"),
            "redriveAllowPolicy": '{"redrivePermission":"denyAll"}',
            "kmsMasterKeyId": need("aws:kms/key:Key", "arn"),
            "redrivePolicy": _redrive(need("aws:sqs/queue:Queue", "arn", name="failures"), 5),
            "tags": {"Service": "other", "Owner": "platform"},
        },
        replace=lambda need: {"name": "other.fifo", "fifoQueue": True},
    ),
)
