"""Whom a bucket tells of what happens to its objects."""

from collections.abc import Mapping
from typing import Any

from awsmodel.names import Properties
from awsmodel.resource import Call, Example, Params, ResourceType
from awsmodel.types.s3_bucket import BUCKET_IS_GONE

_BUCKET = {"Bucket": "id"}
# property → the API's list, and the property and member of an item that say who is told
_TOLD = {
    "lambdaFunctions": ("LambdaFunctionConfigurations", "lambdaFunctionArn", "LambdaFunctionArn"),
    "queues": ("QueueConfigurations", "queueArn", "QueueArn"),
    "topics": ("TopicConfigurations", "topicArn", "TopicArn"),
}
_FILTERS = {"filterPrefix": "prefix", "filterSuffix": "suffix"}


def _configuration(known: Properties) -> Params:
    """The whole of it: what is left out is taken away."""
    configuration: Params = {"EventBridgeConfiguration": {}} if known.get("eventbridge") else {}
    for name, (member, who, arn) in _TOLD.items():
        items = [
            {arn: item[who], "Events": item["events"]}
            | ({"Id": item["id"]} if item.get("id") else {})
            | _filter(item)
            for item in known.get(name) or ()
        ]
        if items:
            configuration[member] = items
    return {"NotificationConfiguration": configuration}


def _filter(item: Mapping[str, Any]) -> Params:
    rules = [{"Name": word, "Value": item[name]} for name, word in _FILTERS.items() if item.get(name)]
    return {"Filter": {"Key": {"FilterRules": rules}}} if rules else {}


def _shown(answer: Any) -> Properties:
    return {"eventbridge": "EventBridgeConfiguration" in answer} | {
        name: [
            {"id": item.get("Id"), who: item[arn], "events": item["Events"]} | _shown_filter(item)
            for item in answer.get(member, [])
        ]
        for name, (member, who, arn) in _TOLD.items()
    }


def _shown_filter(item: Mapping[str, Any]) -> Properties:
    rules = ((item.get("Filter") or {}).get("Key") or {}).get("FilterRules", [])
    # S3 gives the names back as `Prefix` or as `prefix`
    values = {rule["Name"].lower(): rule["Value"] for rule in rules}
    return {name: values[word] for name, word in _FILTERS.items() if word in values}


def _put(*others: str, **how: Any) -> Call:
    return Call(
        operation="put_bucket_notification_configuration",
        properties=frozenset({"eventbridge", *_TOLD, *others}),
        build=_configuration,
        **how,
    )


NOTIFICATION = ResourceType(
    token="aws:s3/bucketNotification:BucketNotification",
    service="s3",
    create=_put("bucket"),
    id="{bucket}",
    parse_id=lambda physical_id: {"bucket": physical_id},
    read=Call(operation="get_bucket_notification_configuration", identify=_BUCKET, decode=_shown),
    updates=(_put(identify=_BUCKET),),
    delete=Call(
        operation="put_bucket_notification_configuration",
        identify=_BUCKET,
        fixed={"NotificationConfiguration": {}},
    ),
    defaults={"eventbridge": False},
    gone=BUCKET_IS_GONE,
    # to tell nobody is to have none
    gone_when=(
        "EventBridgeConfiguration == `null` && !LambdaFunctionConfigurations"
        " && !QueueConfigurations && !TopicConfigurations"
    ),
    example=Example(
        inputs=lambda need: {"bucket": need("aws:s3/bucket:Bucket", "id"), "eventbridge": True},
        update=lambda need: {
            "eventbridge": False,
            "queues": [
                {
                    "id": "reports",
                    "queueArn": need("aws:sqs/queue:Queue", "arn"),
                    "events": ["s3:ObjectCreated:*"],
                    "filterPrefix": "reports/",
                    "filterSuffix": ".json",
                }
            ],
            "topics": [
                {
                    "topicArn": need("aws:sns/topic:Topic", "arn"),
                    "events": ["s3:ObjectRemoved:*"],
                }
            ],
        },
        replace=lambda need: {"bucket": "example-other"},
    ),
)
