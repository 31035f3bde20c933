"""SNS topics, and who hears of what is published there."""

import json

from awsmodel.names import Field, Properties
from awsmodel.resource import AutoName, Call, Example, Params, ResourceType, Tags
from awsmodel.types.sqs import ONLY_TRUE

_IS_GONE = frozenset({"NotFound", "NotFoundException"})
_FEEDBACK = {
    # how each kind of subscriber says whether it was reached
    f"{protocol.lower()}{what}": f"{protocol}{what}"
    for protocol in ("Application", "Firehose", "HTTP", "Lambda", "SQS")
    for what in ("FailureFeedbackRoleArn", "SuccessFeedbackRoleArn", "SuccessFeedbackSampleRate")
}
_TOPIC_ATTRIBUTES = {
    **_FEEDBACK,
    "contentBasedDeduplication": "ContentBasedDeduplication",
    "deliveryPolicy": "DeliveryPolicy",
    "displayName": "DisplayName",
    "fifoThroughputScope": "FifoThroughputScope",
    "kmsMasterKeyId": "KmsMasterKeyId",
    "policy": "Policy",
    "signatureVersion": "SignatureVersion",
    "tracingConfig": "TracingConfig",
}
# what an attribute that a program no longer sets goes back to: API reference, SetTopicAttributes
_UNSET = {
    "FifoThroughputScope": "Topic",
    "SignatureVersion": "1",
    "TracingConfig": "PassThrough",
    **{attribute: "0" for attribute in _FEEDBACK.values() if attribute.endswith("Rate")},
}
_SUBSCRIPTION_ATTRIBUTES = {
    "deliveryPolicy": "DeliveryPolicy",
    "filterPolicy": "FilterPolicy",
    "filterPolicyScope": "FilterPolicyScope",
    "rawMessageDelivery": "RawMessageDelivery",
    "redrivePolicy": "RedrivePolicy",
    "subscriptionRoleArn": "SubscriptionRoleArn",
}


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _set_attributes(operation: str, member: str, attributes: dict[str, str]) -> tuple[Call, ...]:
    """SNS sets one attribute a call."""

    def call(name: str, attribute: str) -> Call:
        def build(known: Properties) -> Params | None:
            if attribute == "Policy" and not known.get(name):
                return None  # a topic always has one
            value = _text(known.get(name)) or _UNSET.get(attribute, "")
            return {"AttributeName": attribute, "AttributeValue": value}

        return Call(operation=operation, identify={member: "id"}, properties=frozenset({name}), build=build)

    return tuple(call(name, attribute) for name, attribute in attributes.items())


_EXAMPLE_POLICY = (
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sns:Publish","Resource":"*",'
    '"Principal":{"Service":"cloudwatch.amazonaws.com"}}]}'
)

TOPIC = ResourceType(
    token="aws:sns/topic:Topic",
    service="sns",
    create=Call(operation="create_topic"),
    id="TopicArn",
    read=Call(
        operation="get_topic_attributes",
        identify={"TopicArn": "id"},
        decode=lambda answer: {"name": answer["Attributes"]["TopicArn"].rpartition(":")[2]},
    ),
    updates=_set_attributes("set_topic_attributes", "TopicArn", _TOPIC_ATTRIBUTES),
    delete=Call(operation="delete_topic", identify={"TopicArn": "id"}),
    list=Call(operation="list_topics", result="Topics[].TopicArn"),
    names={
        **{name: f"Attributes.{attribute}" for name, attribute in _TOPIC_ATTRIBUTES.items()},
        "arn": "Attributes.TopicArn",
        "contentBasedDeduplication": Field("Attributes.ContentBasedDeduplication", ONLY_TRUE),
        "fifoTopic": Field("Attributes.FifoTopic", ONLY_TRUE),
        "name": "Name",
        "owner": "Attributes.Owner",
    },
    defaults={"contentBasedDeduplication": False, "fifoTopic": False},
    auto_name=AutoName(limit=256, suffix=lambda inputs: ".fifo" if inputs.get("fifoTopic") else ""),
    tags=Tags(
        tag="tag_resource", untag="untag_resource", target="ResourceArn", read="list_tags_for_resource"
    ),
    not_modelled={
        "archivePolicy": "archives of FIFO topics are outside of this model",
        "maximumMessageSize": "the API that this model is made from has no such attribute yet",
    },
    gone=_IS_GONE,
    example=Example(
        inputs=lambda need: {
            "name": "example",
            "displayName": "Example",
            "policy": _EXAMPLE_POLICY,
            "kmsMasterKeyId": need("aws:kms/key:Key", "arn"),
            "signatureVersion": 2,
            "tags": {"Service": "example"},
        },
        update=lambda need: {
            "displayName": "Other",
            "signatureVersion": 1,
            "tracingConfig": "Active",
            "sqsFailureFeedbackRoleArn": need("aws:iam/role:Role", "arn"),
            "sqsSuccessFeedbackSampleRate": 5,
            "policy": _EXAMPLE_POLICY.replace("cloudwatch", "budgets"),
            "kmsMasterKeyId": need("aws:kms/key:Key", "arn", description="another"),
            "tags": {"Service": "other", "Owner": "platform"},
        },
        replace=lambda need: {"name": "other.fifo", "fifoTopic": True},
    ),
)


def _original_policy(known: Properties) -> Params:
    """The policy that every topic begins with: developer guide, "Amazon SNS access control"."""
    actions = (
        "GetTopicAttributes",
        "SetTopicAttributes",
        "AddPermission",
        "RemovePermission",
        "DeleteTopic",
        "Subscribe",
        "ListSubscriptionsByTopic",
        "Publish",
    )
    statement = {
        "Sid": "__default_statement_ID",
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": [f"SNS:{action}" for action in actions],
        "Resource": known["id"],
        "Condition": {"StringEquals": {"AWS:SourceOwner": known["id"].split(":")[4]}},
    }
    policy = {"Version": "2008-10-17", "Id": "__default_policy_ID", "Statement": [statement]}
    return {"AttributeName": "Policy", "AttributeValue": json.dumps(policy)}


def _policy(known: Properties) -> Params:
    return {"AttributeName": "Policy", "AttributeValue": known["policy"]}


TOPIC_POLICY = ResourceType(
    token="aws:sns/topicPolicy:TopicPolicy",
    service="sns",
    create=Call(operation="set_topic_attributes", properties=frozenset({"arn", "policy"}), build=_policy),
    id="{arn}",
    parse_id=lambda physical_id: {"arn": physical_id},
    read=Call(
        operation="get_topic_attributes",
        identify={"TopicArn": "id"},
        properties=frozenset({"owner", "policy"}),
    ),
    updates=(
        Call(
            operation="set_topic_attributes",
            identify={"TopicArn": "id"},
            properties=frozenset({"policy"}),
            build=_policy,
        ),
    ),
    delete=Call(operation="set_topic_attributes", identify={"TopicArn": "id"}, build=_original_policy),
    names={"arn": "TopicArn", "owner": "Attributes.Owner", "policy": "Attributes.Policy"},
    gone=_IS_GONE,
    leaves="a topic always has a policy: it goes back to the one that it began with",
    example=Example(
        inputs=lambda need: {"arn": need("aws:sns/topic:Topic", "arn"), "policy": _EXAMPLE_POLICY},
        update=lambda need: {"policy": _EXAMPLE_POLICY.replace("cloudwatch", "events")},
        replace=lambda need: {"arn": need("aws:sns/topic:Topic", "arn", name="another")},
    ),
)


def _unsubscribed(known: Properties) -> Params | None:
    """AWS refuses to take away what nobody has confirmed, and forgets it by itself after some days."""
    return None if known["pendingConfirmation"] else {}


TOPIC_SUBSCRIPTION = ResourceType(
    token="aws:sns/topicSubscription:TopicSubscription",
    service="sns",
    create=Call(operation="subscribe", fixed={"ReturnSubscriptionArn": True}),
    id="SubscriptionArn",
    read=Call(operation="get_subscription_attributes", identify={"SubscriptionArn": "id"}),
    updates=_set_attributes("set_subscription_attributes", "SubscriptionArn", _SUBSCRIPTION_ATTRIBUTES),
    delete=Call(
        operation="unsubscribe",
        identify={"SubscriptionArn": "id"},
        look_up=Call(operation="get_subscription_attributes", identify={"SubscriptionArn": "id"}),
        build=_unsubscribed,
    ),
    list=Call(
        operation="list_subscriptions",
        result="Subscriptions[?SubscriptionArn!='PendingConfirmation'].SubscriptionArn",
    ),
    names={
        **{name: f"Attributes.{attribute}" for name, attribute in _SUBSCRIPTION_ATTRIBUTES.items()},
        "arn": "Attributes.SubscriptionArn",
        "confirmationWasAuthenticated": "Attributes.ConfirmationWasAuthenticated",
        "endpoint": "Endpoint|Attributes.Endpoint",
        "ownerId": "Attributes.Owner",
        "pendingConfirmation": "Attributes.PendingConfirmation",
        "protocol": "Protocol|Attributes.Protocol",
        "topic": "TopicArn|Attributes.TopicArn",
    },
    defaults={
        "confirmationTimeoutInMinutes": 1,
        "endpointAutoConfirms": False,
        "rawMessageDelivery": False,
    },
    unreadable={
        "confirmationTimeoutInMinutes": "how long the real provider waits for an endpoint",
        "endpointAutoConfirms": "says to the real provider that it need not wait",
    },
    not_modelled={"replayPolicy": "archives of FIFO topics are outside of this model"},
    gone=_IS_GONE,
    example=Example(
        inputs=lambda need: {
            "topic": need("aws:sns/topic:Topic", "arn"),
            "protocol": "sqs",
            "endpoint": need("aws:sqs/queue:Queue", "arn"),
        },
        update=lambda need: {
            "rawMessageDelivery": True,
            "filterPolicy": '{"severity":["high"]}',
            "filterPolicyScope": "MessageBody",
        },
        replace=lambda need: {"endpoint": need("aws:sqs/queue:Queue", "arn", name="another")},
    ),
)
