"""IAM's managed policies, and the identity providers that roles trust."""

from typing import Any

from awsmodel.names import Properties
from awsmodel.resource import AutoName, Call, Example, Params, ResourceType
from awsmodel.types.iam_roles import DOES_NOT_EXIST, iam_tags

_POLICY = {"PolicyArn": "id"}
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
_VERSIONS_KEPT = 5


def _versions(client: Any, arn: str) -> list[str]:
    """The versions that are not the default, oldest first."""
    pages = client.get_paginator("list_policy_versions").paginate(PolicyArn=arn)
    versions = [version for page in pages for version in page["Versions"] if not version["IsDefaultVersion"]]
    return [entry["VersionId"] for entry in sorted(versions, key=lambda each: int(each["VersionId"][1:]))]


def _make_room(client: Any, known: Properties) -> None:
    old = _versions(client, known["id"])
    # beside them there are the default and the one to come
    surplus = max(0, len(old) + 2 - _VERSIONS_KEPT)
    for version in old[:surplus]:
        client.delete_policy_version(PolicyArn=known["id"], VersionId=version)


def _delete_versions(client: Any, known: Properties) -> None:
    for version in _versions(client, known["id"]):
        client.delete_policy_version(PolicyArn=known["id"], VersionId=version)


def _document(action: str) -> str:
    return f'{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"{action}","Resource":"*"}}]}}'


POLICY = ResourceType(
    token="aws:iam/policy:Policy",
    service="iam",
    create=Call(operation="create_policy"),
    id="Policy.Arn",
    read=Call(operation="get_policy", identify=_POLICY, result="Policy"),
    more_reads=(
        Call(
            operation="get_policy_version",
            identify={"PolicyArn": "id", "VersionId": "defaultVersion"},
            look_up=Call(
                operation="get_policy",
                identify=_POLICY,
                result="Policy",
                decode=lambda policy: {"defaultVersion": policy["DefaultVersionId"]},
            ),
            result="PolicyVersion",
        ),
    ),
    updates=(
        Call(
            operation="create_policy_version",
            identify=_POLICY,
            fixed={"SetAsDefault": True},
            before=_make_room,
        ),
    ),
    delete=Call(operation="delete_policy", identify=_POLICY, before=_delete_versions),
    list=Call(operation="list_policies", fixed={"Scope": "Local"}, result="Policies[].Arn"),
    names={"name": "PolicyName", "policy": "PolicyDocument|Document"},
    defaults={"path": "/"},
    auto_name=AutoName(limit=128),
    tags=iam_tags("policy", "PolicyArn"),
    not_modelled={"delayAfterPolicyCreationInMs": "a wait of the real provider, which nothing needs here"},
    gone=DOES_NOT_EXIST,
    example=Example(
        inputs=lambda need: {
            "name": "example",
            "path": "/example/",
            "description": "what the example may do",
            "policy": _document("logs:PutLogEvents"),
            "tags": {"Service": "example"},
        },
        update=lambda need: {
            "policy": _document("logs:GetLogEvents"),
            "tags": {"Service": "other", "Owner": "platform"},
        },
        replace=lambda need: {"name": "other", "path": "/", "description": "what the other may do"},
    ),
)

_PROVIDER = {"OpenIDConnectProviderArn": "id"}


def _added_clients(known: Properties) -> list[Params]:
    return [
        {"ClientID": client}
        for client in known["clientIdLists"]
        if client not in known["live"].get("clientIdLists", ())
    ]


def _removed_clients(known: Properties) -> list[Params]:
    return [
        {"ClientID": client}
        for client in known["live"].get("clientIdLists", ())
        if client not in known["clientIdLists"]
    ]


OPEN_ID_CONNECT_PROVIDER = ResourceType(
    token="aws:iam/openIdConnectProvider:OpenIdConnectProvider",
    service="iam",
    create=Call(operation="create_open_id_connect_provider"),
    id="OpenIDConnectProviderArn",
    read=Call(
        operation="get_open_id_connect_provider",
        identify=_PROVIDER,
        # AWS keeps the address without its scheme
        decode=lambda answer: {"url": f"https://{answer['Url'].removeprefix('https://')}"},
    ),
    updates=(
        Call(
            operation="add_client_id_to_open_id_connect_provider",
            identify=_PROVIDER,
            properties=frozenset({"clientIdLists"}),
            build=_added_clients,
        ),
        Call(
            operation="remove_client_id_from_open_id_connect_provider",
            identify=_PROVIDER,
            properties=frozenset({"clientIdLists"}),
            build=_removed_clients,
        ),
        Call(
            operation="update_open_id_connect_provider_thumbprint",
            identify=_PROVIDER,
            build=lambda known: {} if known.get("thumbprintLists") else None,
        ),
    ),
    delete=Call(operation="delete_open_id_connect_provider", identify=_PROVIDER),
    list=Call(operation="list_open_id_connect_providers", result="OpenIDConnectProviderList[].Arn"),
    names={"clientIdLists": "ClientIDList", "thumbprintLists": "ThumbprintList"},
    tags=iam_tags("open_id_connect_provider", "OpenIDConnectProviderArn"),
    derive=lambda known, scope: {"arn": known["id"]},
    gone=DOES_NOT_EXIST,
    example=Example(
        inputs=lambda need: {
            "url": "https://token.actions.githubusercontent.com",
            "clientIdLists": ["sts.amazonaws.com"],
            "thumbprintLists": ["6938fd4d98bab03faadb97b34396831e3780aea1"],
            "tags": {"Service": "example"},
        },
        update=lambda need: {
            "clientIdLists": ["sts.amazonaws.com", "another"],
            "thumbprintLists": ["1c58a3a8518e8759bf075b76b750d4f2df264fcd"],
            "tags": {"Service": "other", "Owner": "platform"},
        },
        replace=lambda need: {"url": "https://identity.example.com"},
    ),
)
