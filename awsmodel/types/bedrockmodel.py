"""Bedrock: where the requests to models and their answers are written down; one setting in a region."""

from awsmodel.resource import Call, Example, ResourceType

_PUT = "put_model_invocation_logging_configuration"

INVOCATION_LOGGING_CONFIGURATION = ResourceType(
    token="aws:bedrockmodel/invocationLoggingConfiguration:InvocationLoggingConfiguration",
    service="bedrock",
    create=Call(operation=_PUT),
    # the documented import id is the region, which the program need not name
    id=lambda known: known.get("region") or "this-region",
    read=Call(operation="get_model_invocation_logging_configuration"),
    updates=(Call(operation=_PUT, whole=True),),
    delete=Call(operation="delete_model_invocation_logging_configuration"),
    derive=lambda known, scope: {"id": known["region"]},
    gone_when="!(loggingConfig)",
    example=Example(
        inputs=lambda need: {
            "loggingConfig": {
                "textDataDeliveryEnabled": True,
                "imageDataDeliveryEnabled": False,
                "embeddingDataDeliveryEnabled": False,
                "videoDataDeliveryEnabled": False,
                "cloudwatchConfig": {
                    "logGroupName": need("aws:cloudwatch/logGroup:LogGroup", "name"),
                    "roleArn": need("aws:iam/role:Role", "arn"),
                },
            }
        },
        update=lambda need: {
            "loggingConfig": {
                "textDataDeliveryEnabled": False,
                "embeddingDataDeliveryEnabled": True,
                "s3Config": {"bucketName": need("aws:s3/bucket:Bucket", "id"), "keyPrefix": "calls"},
            }
        },
    ),
)
