"""Rules of what watches an account: CloudTrail, Config, GuardDuty."""

from awsmodel.checks import Items, Json, OneOf
from awsmodel.relations import Requires
from awsmodel.rule import Rule, TypeRules
from awsmodel.rule_words import arn, between, exclusive, items, length, matches, one_of, said, together

_SELECTORS = ("endsWiths", "equals", "notEndsWiths", "notEquals", "notStartsWiths", "startsWiths")


def _selector(name: str) -> tuple[Rule, ...]:
    path = f"advancedEventSelectors[].fieldSelectors[].{name}"
    return Rule(path=path, check=Items(1, None), source="MinItems 1"), length(f"{path}[]", 1, 2048)


TRAIL = TypeRules(
    of="aws:cloudtrail/trail:Trail",
    source="internal/service/cloudtrail/trail.go",
    rules=(
        length("name", 3, 128),
        matches(
            "name",
            r"\A[0-9A-Za-z][0-9A-Za-z._-]*[0-9A-Za-z]\Z",
            "have only letters, digits and . _ -, and begin and end with a letter or a digit",
            "AWS: CloudTrail User Guide, Naming requirements for CloudTrail resources",
        ),
        arn("cloudWatchLogsGroupArn", "logs"),
        matches(
            "cloudWatchLogsGroupArn",
            r":\*\Z",
            "end in :*, which stands for the group's streams",
            "AWS: CloudTrail API Reference, CreateTrail",
        ),
        arn("cloudWatchLogsRoleArn", "iam"),
        together("cloudWatchLogsGroupArn", "cloudWatchLogsRoleArn"),
        arn("kmsKeyId", "kms"),
        length("s3KeyPrefix", None, 2000),
        exclusive("advancedEventSelectors", "eventSelectors"),
        items("eventSelectors", None, 5),
        items("eventSelectors[].dataResources[].values", None, 250),
        one_of(
            "eventSelectors[].dataResources[].type",
            *("AWS::S3::Object", "AWS::Lambda::Function", "AWS::DynamoDB::Table"),
        ),
        length("advancedEventSelectors[].name", None, 1000),
        one_of(
            "advancedEventSelectors[].fieldSelectors[].field",
            *("errorCode", "eventCategory", "eventName", "eventSource", "eventType", "readOnly"),
            *("resources.ARN", "resources.type", "sessionCredentialFromConsole", "userIdentity.arn"),
            "vpcEndpointId",
        ),
        *(rule for name in _SELECTORS for rule in _selector(name)),
        said(
            "",
            Requires("isMultiRegionTrail", (True,), needs=("includeGlobalServiceEvents",)),
            "AWS: CloudTrail API Reference, CreateTrail",
        ),
    ),
)

RECORDER = TypeRules(
    of="aws:cfg/recorder:Recorder",
    source="internal/service/configservice/configuration_recorder.go",
    rules=(
        length("name", None, 256),
        arn("roleArn", "iam"),
        said(
            "recordingGroup",
            Requires("allSupported", (True,), forbids=("resourceTypes",), absent_as=True),
            "CustomizeDiff",
        ),
    ),
)

DELIVERY_CHANNEL = TypeRules(
    of="aws:cfg/deliveryChannel:DeliveryChannel",
    source="internal/service/configservice/delivery_channel.go",
    rules=(
        length("name", None, 256),
        arn("s3KmsKeyArn", "kms"),
        arn("snsTopicArn", "sns"),
        one_of(
            "snapshotDeliveryProperties.deliveryFrequency",
            *("One_Hour", "Three_Hours", "Six_Hours", "Twelve_Hours", "TwentyFour_Hours"),
            source="enum.Validate[MaximumExecutionFrequency]",
        ),
    ),
)

RETENTION = TypeRules(
    of="aws:cfg/retentionConfiguration:RetentionConfiguration",
    source="internal/service/configservice/retention_configuration.go",
    rules=(between("retentionPeriodInDays", 30, 2557, "int32validator.Between(30, 2557)"),),
)

CONFIG_RULE = TypeRules(
    of="aws:cfg/rule:Rule",
    source="internal/service/configservice/config_rule.go",
    rules=(
        length("name", None, 128),
        length("description", None, 256),
        said("inputParameters", Json(most=1024), "validation.StringIsJSON"),
        length("source.sourceIdentifier", None, 256),
        items("scope.complianceResourceTypes", None, 100),
        said("scope", Requires("tagValue", needs=("tagKey",)), "AWS: Config API Reference, Scope"),
        said(
            "scope",
            Requires("complianceResourceId", needs=("complianceResourceTypes",)),
            "AWS: Config API Reference, Scope",
        ),
        said(
            "source",
            Requires("owner", ("AWS",), needs=("sourceIdentifier",), forbids=("sourceDetails",)),
            "AWS: Config API Reference, Source",
        ),
    ),
)

DETECTOR = TypeRules(
    of="aws:guardduty/detector:Detector",
    source="pulumi-aws SDK, aws.guardduty.Detector",
    rules=(
        said(
            "findingPublishingFrequency",
            OneOf(("FIFTEEN_MINUTES", "ONE_HOUR", "SIX_HOURS")),
            "finding_publishing_frequency",
        ),
    ),
)

DETECTOR_FEATURE = TypeRules(
    of="aws:guardduty/detectorFeature:DetectorFeature",
    source="internal/service/guardduty/detector_feature.go",
    rules=(
        one_of("status", "ENABLED", "DISABLED", source="enum.Validate[FeatureStatus]"),
        said("", Requires("additionalConfigurations", needs=("name",)), "RequiredWith"),
    ),
)
