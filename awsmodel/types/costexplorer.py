"""Cost Explorer: spending that is out of the ordinary, and who hears of it."""

import json

from awsmodel.names import JSON_TEXT, Field
from awsmodel.resource import AutoName, Call, Example, ResourceType, Tags

_TAGS = Tags(
    tag="tag_resource",
    untag="untag_resource",
    target="ResourceArn",
    untag_keys="ResourceTagKeys",
    read="list_tags_for_resource",
)


def _tagged(service: str) -> str:
    """A specification: all that costs something and has that value of the tag `Service`."""
    return json.dumps({"Tags": {"Key": "Service", "Values": [service], "MatchOptions": ["EQUALS"]}})


ANOMALY_MONITOR = ResourceType(
    token="aws:costexplorer/anomalyMonitor:AnomalyMonitor",
    service="ce",
    create=Call(operation="create_anomaly_monitor"),
    id="MonitorArn",
    read=Call(
        operation="get_anomaly_monitors", identify={"MonitorArnList": "id"}, result="AnomalyMonitors[0]"
    ),
    updates=(Call(operation="update_anomaly_monitor", identify={"MonitorArn": "id"}),),
    delete=Call(operation="delete_anomaly_monitor", identify={"MonitorArn": "id"}),
    list=Call(operation="get_anomaly_monitors", result="AnomalyMonitors[].MonitorArn"),
    names={
        "arn": "MonitorArn",
        "monitorDimension": "AnomalyMonitor.MonitorDimension|MonitorDimension",
        "monitorSpecification": Field("AnomalyMonitor.MonitorSpecification|MonitorSpecification", JSON_TEXT),
        "monitorType": "AnomalyMonitor.MonitorType|MonitorType",
        "name": "AnomalyMonitor.MonitorName|MonitorName",
    },
    auto_name=AutoName(limit=1024),
    tags=_TAGS,
    gone=frozenset({"UnknownMonitorException"}),
    example=Example(
        inputs=lambda need: {
            "name": "example",
            "monitorType": "CUSTOM",
            "monitorSpecification": _tagged("example"),
            "tags": {"Service": "example"},
        },
        update=lambda need: {"name": "another", "tags": {"Service": "other", "Owner": "platform"}},
        replace=lambda need: {"monitorSpecification": _tagged("other")},
    ),
)

_SUBSCRIPTION = {
    "frequency": "Frequency",
    "monitorArnLists": "MonitorArnList",
    "name": "SubscriptionName",
    "subscribers": "Subscribers",
    "thresholdExpression": "ThresholdExpression",
}


def _above(dollars: int) -> dict[str, object]:
    key = "ANOMALY_TOTAL_IMPACT_ABSOLUTE"
    return {"dimension": {"key": key, "matchOptions": ["GREATER_THAN_OR_EQUAL"], "values": [str(dollars)]}}


ANOMALY_SUBSCRIPTION = ResourceType(
    token="aws:costexplorer/anomalySubscription:AnomalySubscription",
    service="ce",
    create=Call(operation="create_anomaly_subscription"),
    id="SubscriptionArn",
    read=Call(
        operation="get_anomaly_subscriptions",
        identify={"SubscriptionArnList": "id"},
        result="AnomalySubscriptions[0]",
    ),
    updates=(Call(operation="update_anomaly_subscription", identify={"SubscriptionArn": "id"}),),
    delete=Call(operation="delete_anomaly_subscription", identify={"SubscriptionArn": "id"}),
    list=Call(operation="get_anomaly_subscriptions", result="AnomalySubscriptions[].SubscriptionArn"),
    names={
        **{name: f"AnomalySubscription.{member}|{member}" for name, member in _SUBSCRIPTION.items()},
        "*.ands": "And",
        "*.costCategory": "CostCategories",
        "*.dimension": "Dimensions",
        "*.ors": "Or",
        "arn": "SubscriptionArn",
    },
    auto_name=AutoName(limit=1024),
    tags=_TAGS,
    not_modelled={"accountId": "a subscription is of the account that its stack is in"},
    gone=frozenset({"UnknownSubscriptionException"}),
    example=Example(
        inputs=lambda need: {
            "name": "example",
            "frequency": "IMMEDIATE",
            "monitorArnLists": [need("aws:costexplorer/anomalyMonitor:AnomalyMonitor", "arn")],
            "subscribers": [{"type": "SNS", "address": need("aws:sns/topic:Topic", "arn")}],
            "thresholdExpression": _above(100),
            "tags": {"Service": "example"},
        },
        update=lambda need: {
            "name": "another",
            "frequency": "DAILY",
            "subscribers": [{"type": "EMAIL", "address": "somebody@example.com"}],
            "thresholdExpression": {"ors": [_above(50), _above(200)]},
            "tags": {"Service": "other", "Owner": "platform"},
        },
    ),
)
