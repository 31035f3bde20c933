"""Secrets Manager: by which function, and how often, a secret gets another value.

The model waits for no rotation: AWS begins one when it is configured, and the secret's versions show how it
went. In the sandbox it is configured and not carried out, as long as no function runs there.
"""

from awsmodel.resource import Call, Example, Need, ResourceType

_SECRET = {"SecretId": "secretId"}


def _secret(need: Need) -> str:
    """A secret that Secrets Manager may call the function for."""
    arn: str = need(
        "aws:lambda/permission:Permission",
        "sourceArn",
        principal="secretsmanager.amazonaws.com",
        sourceArn=need("aws:secretsmanager/secret:Secret", "arn"),
    )
    return arn


SECRET_ROTATION = ResourceType(
    token="aws:secretsmanager/secretRotation:SecretRotation",
    service="secretsmanager",
    create=Call(operation="rotate_secret"),
    id="ARN",
    read=Call(operation="describe_secret", identify=_SECRET),
    updates=(Call(operation="rotate_secret", identify=_SECRET, whole=True),),
    delete=Call(operation="cancel_rotate_secret", identify=_SECRET),
    parse_id=lambda physical_id: {"secretId": physical_id},
    defaults={"rotateImmediately": True},
    unreadable={"rotateImmediately": "a switch of the call that configures the rotation"},
    not_modelled={
        "externalSecretRotationMetadatas": "secrets that another service manages are outside of this model",
        "externalSecretRotationRoleArn": "secrets that another service manages are outside of this model",
        "rotationEnabled": "AWS says it",
    },
    # a secret that waits for its deletion takes no call
    gone=frozenset({"ResourceNotFoundException", "InvalidRequestException"}),
    gone_when="!RotationEnabled",
    example=Example(
        inputs=lambda need: {
            "secretId": _secret(need),
            "rotationLambdaArn": need("aws:lambda/function:Function", "arn"),
            "rotationRules": {"automaticallyAfterDays": 30},
            "rotateImmediately": False,
        },
        update=lambda need: {
            "rotationRules": {"scheduleExpression": "cron(0 3 1 * ? *)", "duration": "2h"},
        },
        replace=lambda need: {"secretId": "example/other"},
    ),
)
