"""Rules of what watches an account: CloudTrail, Config, GuardDuty."""

from awsmodel.relations import Requires
from awsmodel.rule import TypeRules
from awsmodel.rule_words import arn, exclusive, items, json_text, length, matches, one_of, said

_SELECTORS = ("endsWiths", "equals", "notEndsWiths", "notEquals", "notStartsWiths", "startsWiths")


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
            "documentation of cloud_watch_logs_group_arn",
        ),
        arn("cloudWatchLogsRoleArn", "iam"),
        said(
            "",
            Requires("cloudWatchLogsGroupArn", needs=("cloudWatchLogsRoleArn",)),
            "AWS: CloudTrail API Reference, CreateTrail",
        ),
        arn("kmsKeyId", "kms"),
        length("s3KeyPrefix", None, 2000),
        exclusive("advancedEventSelectors", "eventSelectors"),
        items("eventSelectors", None, 5),
        items("eventSelectors[].dataResources[].values", None, 250),
        one_of(
            "eventSelectors[].dataResources[].type",
            *("AWS::S3::Object", "AWS::Lambda::Function", "AWS::DynamoDB::Table"),
        ),
        one_of(
            "advancedEventSelectors[].fieldSelectors[].field",
            *("errorCode", "eventCategory", "eventName", "eventSource", "eventType", "readOnly"),
            *("resources.ARN", "resources.type", "sessionCredentialFromConsole", "userIdentity.arn"),
            "vpcEndpointId",
        ),
        *(items(f"advancedEventSelectors[].fieldSelectors[].{name}", 1, None) for name in _SELECTORS),
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
    ),
)

CONFIG_RULE = TypeRules(
    of="aws:cfg/rule:Rule",
    source="internal/service/configservice/config_rule.go",
    rules=(
        length("name", None, 128),
        json_text("inputParameters"),
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
