"""Rules of CloudWatch Logs."""

from awsmodel.checks import Items, Json, OneOf
from awsmodel.rule import TypeRules
from awsmodel.rule_words import (
    arn,
    exclusive,
    matches,
    policy,
    prefixed,
    said,
)

_GROUP = r"\A[0-9A-Za-z_./#-]+\Z"
_GROUP_WORDS = "have only letters, digits and _ . / # -"
_METRIC = r"\A[^:*$]{0,255}\Z"
_METRIC_WORDS = "have at most 255 characters, and none of : * $"
_YEARS = (1096, 1827, 2192, 2557, 2922, 3288, 3653)

LOG_GROUP = TypeRules(
    of="aws:cloudwatch/logGroup:LogGroup",
    source="internal/service/logs/group.go",
    rules=(
        *prefixed("name", "namePrefix", 512, _GROUP, _GROUP_WORDS),
        said(
            "retentionInDays",
            OneOf((0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, *_YEARS)),
            "validation.IntInSlice",
        ),
        arn("kmsKeyId", "kms"),
    ),
)

METRIC_FILTER = TypeRules(
    of="aws:cloudwatch/logMetricFilter:LogMetricFilter",
    source="internal/service/logs/metric_filter.go",
    rules=(
        matches(
            "name",
            r"\A[^:*]{1,512}\Z",
            "have at most 512 characters, and neither : nor *",
            "validLogMetricFilterName",
        ),
        matches("logGroupName", _GROUP, _GROUP_WORDS, "validLogGroupName"),
        matches(
            "metricTransformation.name", _METRIC, _METRIC_WORDS, "validLogMetricFilterTransformationName"
        ),
        matches(
            "metricTransformation.namespace", _METRIC, _METRIC_WORDS, "validLogMetricFilterTransformationName"
        ),
        matches(
            "metricTransformation.defaultValue",
            r"\A(-?\d+(\.\d+)?([eE][+-]?\d+)?)?\Z",
            "be a number",
            "nullable.ValidateTypeStringNullableFloat",
        ),
        said(
            "metricTransformation.dimensions",
            Items(None, 3),
            "AWS: CloudWatch Logs API Reference, MetricTransformation",
        ),
        exclusive("defaultValue", "dimensions", path="metricTransformation"),
    ),
)

SUBSCRIPTION_FILTER = TypeRules(
    of="aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter",
    source="internal/service/logs/subscription_filter.go",
    rules=(
        arn("destinationArn"),
        arn("roleArn", "iam"),
    ),
)

RESOURCE_POLICY = TypeRules(
    of="aws:cloudwatch/logResourcePolicy:LogResourcePolicy",
    source="internal/service/logs/validate.go",
    rules=(policy("policyDocument", 5120, source="validResourcePolicyDocument"),),
)

DATA_PROTECTION_POLICY = TypeRules(
    of="aws:cloudwatch/logDataProtectionPolicy:LogDataProtectionPolicy",
    source="pulumi-aws SDK, aws.cloudwatch.LogDataProtectionPolicy",
    rules=(said("policyDocument", Json(is_object=True, most=30720), "policy_document"),),
)

QUERY_DEFINITION = TypeRules(
    of="aws:cloudwatch/queryDefinition:QueryDefinition",
    source="pulumi-aws SDK, aws.cloudwatch.QueryDefinition",
    rules=(matches("logGroupNames[]", _GROUP, _GROUP_WORDS, "log_group_names"),),
)
