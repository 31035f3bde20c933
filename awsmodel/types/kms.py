"""KMS keys and their aliases."""

from awsmodel.names import Properties
from awsmodel.resource import AutoName, Call, Example, Params, ResourceType, Tags

_KEY = {"KeyId": "id"}
_DOES_NOT_EXIST = frozenset({"NotFoundException"})


def key_id(reference: str) -> str:
    """The id in a key's ARN, or the id itself: AWS takes both for the same key."""
    return reference.rpartition(":key/")[2]


def _when(name: str, wanted: bool) -> Call:
    """KMS has one call to switch a thing on and another to switch it off."""
    operation = {
        ("isEnabled", True): "enable_key",
        ("isEnabled", False): "disable_key",
        ("enableKeyRotation", False): "disable_key_rotation",
    }[name, wanted]
    return Call(
        operation=operation,
        identify=_KEY,
        properties=frozenset({name}),
        build=lambda known: {} if bool(known.get(name)) is wanted else None,
    )


def _deletion(known: Properties) -> Params:
    days = known.get("deletionWindowInDays")
    return {"PendingWindowInDays": days} if days else {}


KEY = ResourceType(
    token="aws:kms/key:Key",
    service="kms",
    create=Call(operation="create_key"),
    id="KeyMetadata.KeyId",
    read=Call(operation="describe_key", identify=_KEY, result="KeyMetadata"),
    more_reads=(
        Call(operation="get_key_policy", identify=_KEY, fixed={"PolicyName": "default"}),
        # an asymmetric key has no rotation
        Call(
            operation="get_key_rotation_status",
            identify=_KEY,
            unless=frozenset({"UnsupportedOperationException"}),
        ),
    ),
    # a disabled key takes no other change: enable first, disable last
    updates=(
        _when("isEnabled", True),
        Call(
            operation="enable_key_rotation",
            identify=_KEY,
            properties=frozenset({"enableKeyRotation", "rotationPeriodInDays"}),
            build=lambda known: {} if known.get("enableKeyRotation") else None,
            whole=True,
        ),
        _when("enableKeyRotation", False),
        Call(operation="update_key_description", identify=_KEY),
        Call(
            operation="put_key_policy",
            identify=_KEY,
            fixed={"PolicyName": "default"},
            build=lambda known: {} if known.get("policy") else None,
            whole=True,
        ),
        _when("isEnabled", False),
    ),
    delete=Call(operation="schedule_key_deletion", identify=_KEY, build=_deletion),
    list=Call(operation="list_keys", result="Keys[].KeyId"),
    names={
        "customerMasterKeySpec": "KeySpec",
        "isEnabled": "Enabled",
        "enableKeyRotation": "KeyRotationEnabled",
    },
    defaults={
        "bypassPolicyLockoutSafetyCheck": False,
        "customerMasterKeySpec": "SYMMETRIC_DEFAULT",
        "enableKeyRotation": False,
        "isEnabled": True,
        "keyUsage": "ENCRYPT_DECRYPT",
    },
    tags=Tags(tag="tag_resource", untag="untag_resource", target="KeyId", by="id", read="list_resource_tags"),
    unreadable={
        "bypassPolicyLockoutSafetyCheck": "a switch of the calls that set the policy",
        "deletionWindowInDays": "AWS learns it when the key is deleted",
    },
    not_modelled={
        "customKeyStoreId": "keys in a CloudHSM or external store are outside of this model",
        "xksKeyId": "keys in an external store are outside of this model",
    },
    # a key that waits for its deletion cannot be deleted again
    gone=_DOES_NOT_EXIST | {"KMSInvalidStateException"},
    gone_when="KeyState == 'PendingDeletion'",
    example=Example(
        inputs=lambda need: {
            "description": "opens the examples",
            "enableKeyRotation": True,
            "rotationPeriodInDays": 180,
            "deletionWindowInDays": 7,
            "policy": _EXAMPLE_POLICY,
            "tags": {"Data": "example"},
        },
        update=lambda need: {
            "description": "opens nothing",
            "rotationPeriodInDays": 365,
            "isEnabled": False,
            "policy": _EXAMPLE_POLICY.replace("kms:*", "kms:Describe*"),
            "tags": {"Data": "other", "Owner": "platform"},
        },
        replace=lambda need: {"customerMasterKeySpec": "RSA_2048", "multiRegion": True},
    ),
)

_EXAMPLE_POLICY = (
    '{"Version":"2012-10-17","Statement":[{"Sid":"Account","Effect":"Allow",'
    '"Principal":{"AWS":"arn:aws:iam::111111111111:root"},"Action":"kms:*","Resource":"*"}]}'
)

ALIAS = ResourceType(
    token="aws:kms/alias:Alias",
    service="kms",
    create=Call(operation="create_alias"),
    id="{name}",
    read=Call(
        operation="describe_key",
        identify=_KEY,
        result="KeyMetadata",
        decode=lambda key: {"targetKeyId": key["KeyId"], "targetKeyArn": key["Arn"]},
    ),
    updates=(Call(operation="update_alias", identify={"AliasName": "id"}),),
    delete=Call(operation="delete_alias", identify={"AliasName": "id"}),
    list=Call(operation="list_aliases", result="Aliases[?!starts_with(AliasName, 'alias/aws/')].AliasName"),
    parse_id=lambda physical_id: {"name": physical_id},
    names={"name": "AliasName"},
    canonical={"targetKeyId": key_id},
    auto_name=AutoName(limit=256, prefix="alias/"),
    derive=lambda known, scope: {
        "arn": f"arn:{scope.partition}:kms:{scope.region}:{scope.account_id}:{known['name']}"
    },
    gone=_DOES_NOT_EXIST,
    example=Example(
        inputs=lambda need: {
            "name": "alias/example",
            "targetKeyId": need("aws:kms/key:Key", "arn"),
        },
        update=lambda need: {"targetKeyId": need("aws:kms/key:Key", "arn", description="another")},
        replace=lambda need: {"name": "alias/other"},
    ),
)
