"""The policies of an SQS queue as resources of their own, so that two queues can name each other."""

from awsmodel.resource import Call, Example, ResourceType

_QUEUE = {"QueueUrl": "queueUrl"}
_GONE = frozenset({"AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"})
_EXAMPLE_POLICY = (
    '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"sqs:SendMessage",'
    '"Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}'
)


def _policy_of_queue(token: str, name: str, attribute: str, example: Example) -> ResourceType:
    """One attribute of a queue: set, shown, and emptied again."""
    setting = Call(operation="set_queue_attributes", identify=_QUEUE, properties=frozenset({name}))
    return ResourceType(
        token=token,
        service="sqs",
        create=Call(operation="set_queue_attributes", properties=frozenset({"queueUrl", name})),
        id="{queueUrl}",
        read=Call(
            operation="get_queue_attributes",
            identify=_QUEUE,
            fixed={"AttributeNames": [attribute]},
            properties=frozenset({name}),
        ),
        updates=(setting,),
        delete=Call(operation="set_queue_attributes", identify=_QUEUE, fixed={"Attributes": {attribute: ""}}),
        parse_id=lambda physical_id: {"queueUrl": physical_id},
        names={name: f"Attributes.{attribute}"},
        gone=_GONE,
        gone_when=f"!(Attributes.{attribute})",
        example=example,
    )


QUEUE_POLICY = _policy_of_queue(
    "aws:sqs/queuePolicy:QueuePolicy",
    "policy",
    "Policy",
    Example(
        inputs=lambda need: {"queueUrl": need("aws:sqs/queue:Queue", "url"), "policy": _EXAMPLE_POLICY},
        update=lambda need: {"policy": _EXAMPLE_POLICY.replace("SendMessage", "ReceiveMessage")},
        replace=lambda need: {"queueUrl": need("aws:sqs/queue:Queue", "url", name="other")},
    ),
)

REDRIVE_POLICY = _policy_of_queue(
    "aws:sqs/redrivePolicy:RedrivePolicy",
    "redrivePolicy",
    "RedrivePolicy",
    Example(
        inputs=lambda need: {
            "queueUrl": need("aws:sqs/queue:Queue", "url"),
            "redrivePolicy": _redrive(need("aws:sqs/queue:Queue", "arn", name="failures"), 5),
        },
        update=lambda need: {
            "redrivePolicy": _redrive(need("aws:sqs/queue:Queue", "arn", name="failures"), 3)
        },
        replace=lambda need: {"queueUrl": need("aws:sqs/queue:Queue", "url", name="other")},
    ),
)

REDRIVE_ALLOW_POLICY = _policy_of_queue(
    "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy",
    "redriveAllowPolicy",
    "RedriveAllowPolicy",
    Example(
        inputs=lambda need: {
            "queueUrl": need("aws:sqs/queue:Queue", "url", name="failures"),
            "redriveAllowPolicy": _allowed(need("aws:sqs/queue:Queue", "arn")),
        },
        update=lambda need: {"redriveAllowPolicy": '{"redrivePermission":"denyAll"}'},
        replace=lambda need: {"queueUrl": need("aws:sqs/queue:Queue", "url", name="other")},
    ),
)


def _redrive(queue_arn: str, receives: int) -> str:
    return f'{{"deadLetterTargetArn":"{queue_arn}","maxReceiveCount":{receives}}}'


def _allowed(queue_arn: str) -> str:
    return f'{{"redrivePermission":"byQueue","sourceQueueArns":["{queue_arn}"]}}'
