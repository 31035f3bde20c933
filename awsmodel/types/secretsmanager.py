"""Secrets Manager: secrets, their values, and who may read them."""

from typing import Any

from awsmodel.names import BASE64_TEXT, Field, Properties
from awsmodel.resource import AutoName, Call, Example, Params, ResourceType, Scope, Tags
from awsmodel.types.kms import key_id

_SECRET = {"SecretId": "id"}
_GET_POLICY = Call(operation="get_resource_policy", identify=_SECRET)
# a secret that waits for its deletion takes no call
_GONE = frozenset({"ResourceNotFoundException", "InvalidRequestException"})
_EXAMPLE_POLICY = (
    '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*",'
    '"Action":"secretsmanager:DeleteSecret","Resource":"*"}]}'
)


def _deletion(known: Properties) -> Params:
    # an imported secret has no window; 30 days is AWS's own
    days = known.get("recoveryWindowInDays", 30)
    return {"RecoveryWindowInDays": days} if days else {"ForceDeleteWithoutRecovery": True}


def _replicas_by_region(properties: Properties) -> dict[str, Any]:
    return {replica["region"]: replica.get("kmsKeyId") for replica in properties.get("replicas") or ()}


def _added_replicas(known: Properties) -> Params | None:
    live = _replicas_by_region(known["live"])
    added = {region: key for region, key in _replicas_by_region(known).items() if region not in live}
    entries = [{"Region": region} | ({"KmsKeyId": key} if key else {}) for region, key in added.items()]
    return {"AddReplicaRegions": entries} if entries else None


def _removed_replicas(known: Properties) -> Params | None:
    regions = sorted(_replicas_by_region(known["live"]).keys() - _replicas_by_region(known).keys())
    return {"RemoveReplicaRegions": regions} if regions else None


SECRET = ResourceType(
    token="aws:secretsmanager/secret:Secret",
    service="secretsmanager",
    create=Call(operation="create_secret"),
    id="ARN",
    read=Call(operation="describe_secret", identify=_SECRET),
    more_reads=(_GET_POLICY,),
    updates=(
        Call(operation="update_secret", identify=_SECRET, properties=frozenset({"description", "kmsKeyId"})),
        Call(
            operation="put_resource_policy",
            identify=_SECRET,
            properties=frozenset({"policy"}),
            build=lambda known: {} if known.get("policy") else None,
        ),
        Call(
            operation="delete_resource_policy",
            identify=_SECRET,
            properties=frozenset({"policy"}),
            build=lambda known: None if known.get("policy") else {},
        ),
        Call(
            operation="remove_regions_from_replication",
            identify=_SECRET,
            properties=frozenset({"replicas"}),
            build=_removed_replicas,
        ),
        Call(
            operation="replicate_secret_to_regions",
            identify=_SECRET,
            properties=frozenset({"replicas"}),
            build=_added_replicas,
        ),
    ),
    delete=Call(operation="delete_secret", identify=_SECRET, build=_deletion),
    list=Call(operation="list_secrets", result="SecretList[].ARN"),
    names={"policy": "ResourcePolicy", "replicas": "AddReplicaRegions|ReplicationStatus"},
    canonical={"kmsKeyId": key_id},
    defaults={"forceOverwriteReplicaSecret": False, "recoveryWindowInDays": 30},
    auto_name=AutoName(limit=512),
    tags=Tags(tag="tag_resource", untag="untag_resource", target="SecretId", by="id"),
    unreadable={
        "forceOverwriteReplicaSecret": "a switch of the calls that replicate",
        "recoveryWindowInDays": "AWS learns it when the secret is deleted",
    },
    not_modelled={"type": "secrets that another service manages are outside of this model"},
    gone=_GONE,
    gone_when="DeletedDate",
    example=Example(
        inputs=lambda need: {
            "name": "example/one",
            "description": "opens the example",
            "kmsKeyId": need("aws:kms/key:Key", "arn"),
            "recoveryWindowInDays": 0,
            "tags": {"Data": "example"},
        },
        update=lambda need: {
            "description": "opens nothing",
            "kmsKeyId": need("aws:kms/key:Key", "arn", description="another"),
            "policy": _EXAMPLE_POLICY,
            "tags": {"Data": "other", "Owner": "platform"},
        },
        replace=lambda need: {"name": "example/other"},
    ),
)


def _value_of_version(known: Properties, scope: Scope) -> Properties:
    """A value that was given as write-only stays out of the state, although AWS shows it."""
    is_write_only = bool(known.get("secretStringWo") or known.get("secretStringWoVersion"))
    kept_out = {"secretString": None} if is_write_only else {}
    return {"hasSecretStringWo": is_write_only, **kept_out}


SECRET_VERSION = ResourceType(
    token="aws:secretsmanager/secretVersion:SecretVersion",
    service="secretsmanager",
    create=Call(
        operation="put_secret_value",
        properties=frozenset({"secretId", "secretString", "secretBinary", "secretStringWo", "versionStages"}),
        build=lambda known: {"SecretString": known["secretStringWo"]} if known.get("secretStringWo") else {},
    ),
    id=lambda known: f"{known['secretId']}|{known['answer']['VersionId']}",
    read=Call(
        operation="get_secret_value",
        identify={"SecretId": "secretId", "VersionId": "versionId"},
        decode=lambda answer: {"secretArn": answer["ARN"]},
    ),
    # a version stays until another takes its labels, and goes with its secret
    delete=None,
    parse_id=lambda physical_id: dict(
        zip(("secretId", "versionId"), physical_id.rsplit("|", 1), strict=True)
    ),
    names={"secretBinary": Field("SecretBinary", BASE64_TEXT)},
    unreadable={
        "secretStringWo": "write-only: the value is not to be in the state",
        "secretStringWoVersion": "counts the write-only values that the program gave",
    },
    replace_on=frozenset({"secretStringWoVersion"}),
    derive=_value_of_version,
    gone=_GONE,
    example=Example(
        inputs=lambda need: {
            "secretId": need("aws:secretsmanager/secret:Secret", "id"),
            "secretString": "not a secret",
        },
        replace=lambda need: {"secretString": "not a secret either", "secretStringWoVersion": 1},
    ),
)

SECRET_POLICY = ResourceType(
    token="aws:secretsmanager/secretPolicy:SecretPolicy",
    service="secretsmanager",
    create=Call(operation="put_resource_policy"),
    id="{secretArn}",
    read=_GET_POLICY,
    updates=(Call(operation="put_resource_policy", identify=_SECRET, whole=True),),
    delete=Call(operation="delete_resource_policy", identify=_SECRET),
    parse_id=lambda physical_id: {"secretArn": physical_id},
    names={"policy": "ResourcePolicy", "secretArn": "SecretId"},
    unreadable={"blockPublicPolicy": "a switch of the call that sets the policy"},
    gone=_GONE,
    gone_when="!ResourcePolicy",
    example=Example(
        inputs=lambda need: {
            "secretArn": need("aws:secretsmanager/secret:Secret", "arn"),
            "policy": _EXAMPLE_POLICY,
            "blockPublicPolicy": True,
        },
        update=lambda need: {"policy": _EXAMPLE_POLICY.replace("DeleteSecret", "PutSecretValue")},
        replace=lambda need: {
            "secretArn": need("aws:secretsmanager/secret:Secret", "arn", name="example/another")
        },
    ),
)
