"""CloudWatch alarms: over one metric, over an expression of several, and over other alarms."""

from awsmodel.resource import AutoName, Call, Example, ResourceType, Tags

_TAGS = Tags(tag="tag_resource", untag="untag_resource", target="ResourceARN", read="list_tags_for_resource")
_DELETE = Call(operation="delete_alarms", identify={"AlarmNames": "id"})
_IS_GONE = frozenset({"ResourceNotFound"})
_TOPIC = "arn:aws:sns:eu-west-1:111111111111:example"

METRIC_ALARM = ResourceType(
    token="aws:cloudwatch/metricAlarm:MetricAlarm",
    service="cloudwatch",
    create=Call(operation="put_metric_alarm"),
    id="{name}",
    read=Call(operation="describe_alarms", identify={"AlarmNames": "id"}, result="MetricAlarms[0]"),
    # an alarm is put as a whole; its tags are not among what is put again
    updates=(
        Call(
            operation="put_metric_alarm",
            identify={"AlarmName": "id"},
            whole=True,
        ),
    ),
    delete=_DELETE,
    list=Call(operation="describe_alarms", result="MetricAlarms[].AlarmName"),
    names={
        "arn": "AlarmArn",
        "evaluateLowSampleCountPercentiles": "EvaluateLowSampleCountPercentile",
        "metricQueries": "Metrics",
        "metricQueries.metric": "MetricStat",
        "metricQueries.metric.dimensions": "Metric.Dimensions",
        "metricQueries.metric.metricName": "Metric.MetricName",
        "metricQueries.metric.namespace": "Metric.Namespace",
        "name": "AlarmName",
    },
    defaults={"actionsEnabled": True, "treatMissingData": "missing"},
    auto_name=AutoName(limit=255),
    tags=_TAGS,
    gone=_IS_GONE,
    example=Example(
        inputs=lambda need: {
            "name": "example",
            "alarmDescription": "answers are slow",
            "namespace": "Example",
            "metricName": "Latency",
            "dimensions": {"Service": "example"},
            "extendedStatistic": "p95",
            "period": 60,
            "evaluationPeriods": 5,
            "datapointsToAlarm": 3,
            "threshold": 1.5,
            "comparisonOperator": "GreaterThanThreshold",
            "tags": {"Service": "example"},
        },
        update=lambda need: {
            "alarmDescription": "answers are very slow",
            "dimensions": {"Service": "example", "Arm": "canary"},
            "threshold": 3,
            "treatMissingData": "notBreaching",
            "actionsEnabled": False,
            "alarmActions": [_TOPIC],
            "okActions": [_TOPIC],
            "tags": {"Service": "other", "Owner": "platform"},
        },
        replace=lambda need: {"name": "other"},
    ),
)

COMPOSITE_ALARM = ResourceType(
    token="aws:cloudwatch/compositeAlarm:CompositeAlarm",
    service="cloudwatch",
    create=Call(operation="put_composite_alarm"),
    id="{alarmName}",
    read=Call(
        operation="describe_alarms",
        identify={"AlarmNames": "id"},
        fixed={"AlarmTypes": ["CompositeAlarm"]},
        result="CompositeAlarms[0]",
    ),
    updates=(Call(operation="put_composite_alarm", identify={"AlarmName": "id"}, whole=True),),
    delete=_DELETE,
    list=Call(
        operation="describe_alarms",
        fixed={"AlarmTypes": ["CompositeAlarm"]},
        result="CompositeAlarms[].AlarmName",
    ),
    flat=frozenset({"actionsSuppressor"}),
    names={
        "actionsSuppressor.alarm": "ActionsSuppressor",
        "actionsSuppressor.extensionPeriod": "ActionsSuppressorExtensionPeriod",
        "actionsSuppressor.waitPeriod": "ActionsSuppressorWaitPeriod",
        "arn": "AlarmArn",
    },
    defaults={"actionsEnabled": True},
    tags=_TAGS,
    replace_on=frozenset({"actionsEnabled"}),
    gone=_IS_GONE,
    example=Example(
        inputs=lambda need: {
            "alarmName": "example-all",
            "alarmDescription": "the example suffers",
            "alarmRule": f'ALARM("{need("aws:cloudwatch/metricAlarm:MetricAlarm", "id")}")',
            "alarmActions": [_TOPIC],
            "tags": {"Service": "example"},
        },
        update=lambda need: {
            "alarmDescription": "the example is well",
            "alarmRule": f'OK("{need("aws:cloudwatch/metricAlarm:MetricAlarm", "id")}")',
            "alarmActions": [],
            "okActions": [_TOPIC],
            "actionsSuppressor": {
                "alarm": need("aws:cloudwatch/metricAlarm:MetricAlarm", "id", name="deploying"),
                "extensionPeriod": 60,
                "waitPeriod": 120,
            },
            "tags": {"Service": "other", "Owner": "platform"},
        },
        replace=lambda need: {"alarmName": "other", "actionsEnabled": False},
    ),
)
