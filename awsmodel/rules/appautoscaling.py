"""Rules of scaling."""

from awsmodel.relations import NotAbove, Requires
from awsmodel.rule import TypeRules
from awsmodel.rule_words import arn, between, exclusive, items, length, matches, said

_TRACKING = "targetTrackingScalingPolicyConfiguration"

TARGET = TypeRules(
    of="aws:appautoscaling/target:Target",
    source="internal/service/appautoscaling/target.go",
    rules=(
        between(
            "minCapacity", 0, None, "AWS: Application Auto Scaling API Reference, RegisterScalableTarget"
        ),
        said(
            "",
            NotAbove("minCapacity", "maxCapacity"),
            "AWS: Application Auto Scaling API Reference, RegisterScalableTarget",
        ),
        arn("roleArn", "iam"),
    ),
)

POLICY = TypeRules(
    of="aws:appautoscaling/policy:Policy",
    source="internal/service/appautoscaling/policy.go",
    rules=(
        length("name", None, 255),
        exclusive("customizedMetricSpecification", "predefinedMetricSpecification", path=_TRACKING),
        length(f"{_TRACKING}.predefinedMetricSpecification.resourceLabel", None, 1023),
        matches(
            f"{_TRACKING}.predefinedMetricSpecification.resourceLabel",
            r"\Aapp/[^/]+/[^/]+/targetgroup/[^/]+/[^/]+\Z",
            "be app/<balancer>/<id>/targetgroup/<group>/<id>",
            "AWS: Application Auto Scaling API Reference, PredefinedMetricSpecification",
        ),
        said(
            f"{_TRACKING}.predefinedMetricSpecification",
            Requires("predefinedMetricType", ("ALBRequestCountPerTarget",), needs=("resourceLabel",)),
            "AWS: Application Auto Scaling API Reference, PredefinedMetricSpecification",
        ),
        exclusive("metrics", "metricName", path=f"{_TRACKING}.customizedMetricSpecification"),
        exclusive("metrics", "namespace", path=f"{_TRACKING}.customizedMetricSpecification"),
        exclusive("metrics", "statistic", path=f"{_TRACKING}.customizedMetricSpecification"),
        items(
            f"{_TRACKING}.customizedMetricSpecification.metrics",
            None,
            10,
            "AWS: Application Auto Scaling API Reference, CustomizedMetricSpecification",
        ),
        said(
            "",
            Requires("policyType", ("TargetTrackingScaling",), needs=(_TRACKING,)),
            "AWS: Application Auto Scaling API Reference, PutScalingPolicy",
        ),
        said(
            "",
            Requires(
                "policyType",
                ("StepScaling",),
                needs=("stepScalingPolicyConfiguration",),
                absent_as="StepScaling",
            ),
            "AWS: Application Auto Scaling API Reference, PutScalingPolicy",
        ),
    ),
)
