"""AWS Config: what records the account's resources, where it delivers to, and how long it is kept."""

from __future__ import annotations

from awsmodel.names import Names
from awsmodel.resource import Call, Example, ResourceType

_NAMED = {"ConfigurationRecorderName": "name"}
_NO_RECORDER = frozenset({"NoSuchConfigurationRecorderException"})


def _inside(structure: str, **members: str) -> Names:
    """Members that a put takes inside a structure, and a description shows at the top."""
    return {name: f"{structure}.{member}|{member}" for name, member in members.items()}


RECORDER = ResourceType(
    token="aws:cfg/recorder:Recorder",
    service="config",
    create=Call(operation="put_configuration_recorder"),
    id="{name}",
    read=Call(
        operation="describe_configuration_recorders",
        identify={"ConfigurationRecorderNames": "id"},
        result="ConfigurationRecorders[0]",
    ),
    updates=(Call(operation="put_configuration_recorder", whole=True),),
    delete=Call(operation="delete_configuration_recorder", identify={"ConfigurationRecorderName": "id"}),
    list=Call(operation="describe_configuration_recorders", result="ConfigurationRecorders[].name"),
    names={
        **_inside(
            "ConfigurationRecorder",
            name="name",
            recordingGroup="recordingGroup",
            recordingMode="recordingMode",
            roleArn="roleARN",
        ),
        "recordingGroup.recordingStrategies": "recordingStrategy",
        "recordingMode.recordingModeOverride": "recordingModeOverrides",
    },
    defaults={"name": "default"},
    replace_on=frozenset({"name"}),
    # a region has one
    delete_before_replace=True,
    gone=_NO_RECORDER,
    example=Example(
        inputs=lambda need: {
            "roleArn": need("aws:iam/role:Role", "arn"),
            "recordingGroup": {"allSupported": True, "includeGlobalResourceTypes": True},
            "recordingMode": {
                "recordingFrequency": "CONTINUOUS",
                "recordingModeOverride": {
                    "description": "volumes come and go",
                    "resourceTypes": ["AWS::EC2::Volume"],
                    "recordingFrequency": "DAILY",
                },
            },
        },
        update=lambda need: {
            "roleArn": need("aws:iam/role:Role", "arn", name="another"),
            "recordingGroup": {
                "allSupported": False,
                "exclusionByResourceTypes": [{"resourceTypes": ["AWS::EC2::Volume"]}],
                "recordingStrategies": [{"useOnly": "EXCLUSION_BY_RESOURCE_TYPES"}],
            },
            "recordingMode": {"recordingFrequency": "DAILY"},
        },
        replace=lambda need: {"name": "other"},
    ),
)

DELIVERY_CHANNEL = ResourceType(
    token="aws:cfg/deliveryChannel:DeliveryChannel",
    service="config",
    create=Call(operation="put_delivery_channel"),
    id="{name}",
    read=Call(
        operation="describe_delivery_channels",
        identify={"DeliveryChannelNames": "id"},
        result="DeliveryChannels[0]",
    ),
    updates=(Call(operation="put_delivery_channel", whole=True),),
    delete=Call(operation="delete_delivery_channel", identify={"DeliveryChannelName": "id"}),
    list=Call(operation="describe_delivery_channels", result="DeliveryChannels[].name"),
    names=_inside(
        "DeliveryChannel",
        name="name",
        s3BucketName="s3BucketName",
        s3KeyPrefix="s3KeyPrefix",
        s3KmsKeyArn="s3KmsKeyArn",
        snapshotDeliveryProperties="configSnapshotDeliveryProperties",
        snsTopicArn="snsTopicARN",
    ),
    defaults={"name": "default"},
    replace_on=frozenset({"name"}),
    # a region has one
    delete_before_replace=True,
    gone=frozenset({"NoSuchDeliveryChannelException"}),
    # the recorder has not stopped yet
    busy=frozenset({"LastDeliveryChannelDeleteFailedException"}),
    example=Example(
        inputs=lambda need: {
            # there must be a recorder
            "name": need("aws:cfg/recorder:Recorder", "id"),
            "s3BucketName": need("aws:s3/bucket:Bucket", "id"),
            "s3KeyPrefix": "config",
            "snsTopicArn": need("aws:sns/topic:Topic", "arn"),
        },
        update=lambda need: {
            "s3KeyPrefix": "other",
            "s3KmsKeyArn": need("aws:kms/key:Key", "arn"),
            "snapshotDeliveryProperties": {"deliveryFrequency": "Six_Hours"},
            "snsTopicArn": need("aws:sns/topic:Topic", "arn", name="another"),
        },
        replace=lambda need: {"name": "other"},
    ),
)

RECORDER_STATUS = ResourceType(
    token="aws:cfg/recorderStatus:RecorderStatus",
    service="config",
    create=Call(
        operation="start_configuration_recorder",
        properties=frozenset({"name"}),
        build=lambda known: {} if known["isEnabled"] else None,
    ),
    id="{name}",
    read=Call(
        operation="describe_configuration_recorder_status",
        identify={"ConfigurationRecorderNames": "id"},
        result="ConfigurationRecordersStatus[0]",
    ),
    updates=(
        Call(
            operation="start_configuration_recorder",
            identify=_NAMED,
            properties=frozenset({"isEnabled"}),
            build=lambda known: {} if known["isEnabled"] else None,
        ),
        Call(
            operation="stop_configuration_recorder",
            identify=_NAMED,
            properties=frozenset({"isEnabled"}),
            build=lambda known: None if known["isEnabled"] else {},
        ),
    ),
    delete=Call(operation="stop_configuration_recorder", identify=_NAMED),
    parse_id=lambda physical_id: {"name": physical_id},
    list=Call(
        operation="describe_configuration_recorder_status", result="ConfigurationRecordersStatus[].name"
    ),
    names={"isEnabled": "recording", "name": "ConfigurationRecorderName|name"},
    gone=_NO_RECORDER,
    leaves="the recorder stays, and records nothing",
    example=Example(
        # a recorder starts only where it can deliver to
        inputs=lambda need: {
            "name": need("aws:cfg/deliveryChannel:DeliveryChannel", "id"),
            "isEnabled": True,
        },
        update=lambda need: {"isEnabled": False},
        replace=lambda need: {"name": "other"},
    ),
)

RETENTION = ResourceType(
    token="aws:cfg/retentionConfiguration:RetentionConfiguration",
    service="config",
    create=Call(operation="put_retention_configuration"),
    id="RetentionConfiguration.Name",
    read=Call(
        operation="describe_retention_configurations",
        identify={"RetentionConfigurationNames": "id"},
        result="RetentionConfigurations[0]",
    ),
    updates=(Call(operation="put_retention_configuration"),),
    delete=Call(operation="delete_retention_configuration", identify={"RetentionConfigurationName": "id"}),
    list=Call(operation="describe_retention_configurations", result="RetentionConfigurations[].Name"),
    gone=frozenset({"NoSuchRetentionConfigurationException"}),
    example=Example(
        inputs=lambda need: {"retentionPeriodInDays": 365},
        update=lambda need: {"retentionPeriodInDays": 2557},
    ),
)
