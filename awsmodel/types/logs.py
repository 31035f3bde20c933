"""CloudWatch Logs: groups, and the metrics that are read out of them."""

from awsmodel.names import Properties
from awsmodel.resource import AutoName, Call, Example, Params, ResourceType, Scope, Tags, with_member

_GROUP = {"logGroupName": "id"}
_IS_GONE = frozenset({"ResourceNotFoundException"})


def _arn(known: Properties, scope: Scope) -> Properties:
    """The group's ARN as policies name it: without the `:*` that stands for its streams."""
    return {"arn": f"arn:{scope.partition}:logs:{known['region']}:{scope.account_id}:log-group:{known['id']}"}


def _retention(known: Properties) -> Params | None:
    days = known.get("retentionInDays")
    return {"retentionInDays": days} if days else None


LOG_GROUP = ResourceType(
    token="aws:cloudwatch/logGroup:LogGroup",
    service="logs",
    create=Call(operation="create_log_group"),
    id="{name}",
    # a name comes before all that it is the beginning of, so the first page has it
    read=Call(
        operation="describe_log_groups",
        identify={"logGroupNamePrefix": "id"},
        result="logGroups[]",
        pick=with_member("logGroupName", "id"),
    ),
    updates=(
        Call(
            operation="put_retention_policy",
            identify=_GROUP,
            properties=frozenset({"retentionInDays"}),
            build=_retention,
        ),
        Call(
            operation="delete_retention_policy",
            identify=_GROUP,
            properties=frozenset({"retentionInDays"}),
            build=lambda known: None if known.get("retentionInDays") else {},
        ),
        Call(
            operation="associate_kms_key",
            identify=_GROUP,
            properties=frozenset({"kmsKeyId"}),
            build=lambda known: {} if known.get("kmsKeyId") else None,
        ),
        Call(
            operation="disassociate_kms_key",
            identify=_GROUP,
            properties=frozenset({"kmsKeyId"}),
            build=lambda known: None if known.get("kmsKeyId") else {},
        ),
    ),
    delete=Call(
        operation="delete_log_group",
        identify=_GROUP,
        build=lambda known: None if known.get("skipDestroy") else {},
    ),
    list=Call(operation="describe_log_groups", result="logGroups[].logGroupName"),
    names={"name": "logGroupName"},
    defaults={"retentionInDays": 0, "skipDestroy": False},
    auto_name=AutoName(limit=512),
    tags=Tags(
        tag="tag_resource",
        untag="untag_resource",
        target="resourceArn",
        untag_keys="tagKeys",
        read="list_tags_for_resource",
    ),
    unreadable={"skipDestroy": "a switch of the delete; AWS does not know it"},
    not_modelled={"deletionProtectionEnabled": "moto does not keep it; `protect` keeps a group in Pulumi"},
    derive=_arn,
    gone=_IS_GONE,
    example=Example(
        inputs=lambda need: {
            "name": "/example/one",
            "kmsKeyId": need("aws:kms/key:Key", "arn"),
            "retentionInDays": 30,
            "tags": {"Service": "example"},
        },
        update=lambda need: {
            "kmsKeyId": need("aws:kms/key:Key", "arn", description="another"),
            "retentionInDays": 365,
            "tags": {"Service": "other", "Owner": "platform"},
        },
        replace=lambda need: {"name": "/example/other", "logGroupClass": "INFREQUENT_ACCESS"},
    ),
)

_FILTER = {"logGroupName": "logGroupName", "filterName": "name"}

LOG_METRIC_FILTER = ResourceType(
    token="aws:cloudwatch/logMetricFilter:LogMetricFilter",
    service="logs",
    create=Call(operation="put_metric_filter"),
    # the documented import id; the name alone does not find a filter
    id="{logGroupName}:{name}",
    read=Call(
        operation="describe_metric_filters",
        identify={"logGroupName": "logGroupName", "filterNamePrefix": "name"},
        result="metricFilters[]",
        pick=with_member("filterName", "name"),
    ),
    updates=(Call(operation="put_metric_filter", identify=_FILTER, whole=True),),
    delete=Call(operation="delete_metric_filter", identify=_FILTER),
    parse_id=lambda physical_id: dict(zip(("logGroupName", "name"), physical_id.split(":", 1), strict=True)),
    names={
        "metricTransformation": "metricTransformations",
        "metricTransformation.name": "metricName",
        "metricTransformation.namespace": "metricNamespace",
        "metricTransformation.value": "metricValue",
        "name": "filterName",
        "pattern": "filterPattern",
    },
    auto_name=AutoName(limit=512),
    not_modelled={"applyOnTransformedLogs": "log transformers are outside of this model"},
    gone=_IS_GONE,
    example=Example(
        inputs=lambda need: {
            "name": "errors",
            "logGroupName": need("aws:cloudwatch/logGroup:LogGroup", "id"),
            "pattern": '{ $.level = "error" }',
            "metricTransformation": {
                "name": "Errors",
                "namespace": "Example",
                "value": "1",
                "unit": "Count",
                "defaultValue": "0",
            },
        },
        update=lambda need: {
            "pattern": "ERROR",
            "metricTransformation": {
                "name": "Failures",
                "namespace": "Example",
                "value": "$.count",
                "dimensions": {"Route": "$.route"},
            },
        },
        replace=lambda need: {"name": "other"},
    ),
)
