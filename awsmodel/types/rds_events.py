"""What RDS tells a topic about its instances."""

from awsmodel.names import Properties
from awsmodel.resource import AutoName, Call, Example, Params, ResourceType
from awsmodel.types.rds_groups import RDS_TAGS


def _sources(known: Properties) -> frozenset[str]:
    return frozenset(known.get("sourceIds") or ())


def _added(known: Properties) -> list[Params]:
    return [{"SourceIdentifier": each} for each in sorted(_sources(known) - _sources(known["live"]))]


def _removed(known: Properties) -> list[Params]:
    return [{"SourceIdentifier": each} for each in sorted(_sources(known["live"]) - _sources(known))]


def _source_type(known: Properties) -> Params:
    # categories are those of a type of source
    return {"SourceType": known["sourceType"]} if known.get("sourceType") else {}


EVENT_SUBSCRIPTION = ResourceType(
    token="aws:rds/eventSubscription:EventSubscription",
    service="rds",
    create=Call(operation="create_event_subscription"),
    id="{name}",
    parse_id=lambda physical_id: {"name": physical_id},
    read=Call(
        operation="describe_event_subscriptions",
        identify={"SubscriptionName": "id"},
        result="EventSubscriptionsList[0]",
    ),
    updates=(
        Call(operation="modify_event_subscription", identify={"SubscriptionName": "id"}, build=_source_type),
        Call(
            operation="add_source_identifier_to_subscription",
            identify={"SubscriptionName": "id"},
            properties=frozenset({"sourceIds"}),
            build=_added,
        ),
        Call(
            operation="remove_source_identifier_from_subscription",
            identify={"SubscriptionName": "id"},
            properties=frozenset({"sourceIds"}),
            build=_removed,
        ),
    ),
    delete=Call(operation="delete_event_subscription", identify={"SubscriptionName": "id"}),
    list=Call(operation="describe_event_subscriptions", result="EventSubscriptionsList[].CustSubscriptionId"),
    names={
        "arn": "EventSubscriptionArn",
        "eventCategories": "EventCategories|EventCategoriesList",
        "name": "SubscriptionName|CustSubscriptionId",
        "snsTopic": "SnsTopicArn",
        "sourceIds": "SourceIds|SourceIdsList",
    },
    defaults={"enabled": True},
    auto_name=AutoName(limit=255),
    tags=RDS_TAGS,
    not_modelled={"namePrefix": "a resource without a name gets one that begins like its own"},
    gone=frozenset({"SubscriptionNotFound"}),
    gone_when="Status=='deleting'",
    ready="Status=='active'",
    failed="contains(['no-permission', 'topic-not-exist'], Status) && Status",
    example=Example(
        inputs=lambda need: {
            "name": "example",
            "snsTopic": need("aws:sns/topic:Topic", "arn"),
            "sourceType": "db-instance",
            "eventCategories": ["failure", "failover"],
            "tags": {"Data": "example"},
        },
        update=lambda need: {
            "snsTopic": need("aws:sns/topic:Topic", "arn", name="example-two"),
            "eventCategories": ["failure", "maintenance"],
            "sourceIds": [need("aws:rds/instance:Instance", "identifier")],
            "enabled": False,
            "tags": {"Data": "other", "Owner": "platform"},
        },
        replace=lambda need: {"name": "other"},
    ),
)
