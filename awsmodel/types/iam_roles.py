"""IAM roles and what is attached to them."""

from typing import Any

from awsmodel.names import Properties
from awsmodel.resource import AutoName, Call, Example, Params, ResourceType, Tags, with_member

DOES_NOT_EXIST = frozenset({"NoSuchEntity"})


def iam_tags(kind: str, member: str) -> Tags:
    """IAM has calls of its own for the tags of each kind of resource; `member` names the resource in them."""
    return Tags(tag=f"tag_{kind}", untag=f"untag_{kind}", target=member, by="id", read=f"list_{kind}_tags")


def _detach_policies(client: Any, known: Properties) -> None:
    if not known.get("forceDetachPolicies"):
        return
    role = {"RoleName": known["id"]}
    for page in client.get_paginator("list_attached_role_policies").paginate(**role):
        for policy in page["AttachedPolicies"]:
            client.detach_role_policy(**role, PolicyArn=policy["PolicyArn"])
    for page in client.get_paginator("list_role_policies").paginate(**role):
        for name in page["PolicyNames"]:
            client.delete_role_policy(**role, PolicyName=name)


def _described(known: Properties) -> Params:
    return {"Description": known.get("description") or ""}


def _boundary(*, is_set: bool) -> Call:
    return Call(
        operation="put_role_permissions_boundary" if is_set else "delete_role_permissions_boundary",
        identify={"RoleName": "id"},
        properties=frozenset({"permissionsBoundary"}),
        build=lambda known: {} if bool(known.get("permissionsBoundary")) is is_set else None,
    )


def _trust(service: str) -> str:
    return (
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",'
        f'"Principal":{{"Service":"{service}.amazonaws.com"}}}}]}}'
    )


ROLE = ResourceType(
    token="aws:iam/role:Role",
    service="iam",
    create=Call(operation="create_role"),
    id="Role.RoleName",
    read=Call(operation="get_role", identify={"RoleName": "id"}, result="Role"),
    updates=(
        Call(
            operation="update_assume_role_policy",
            identify={"RoleName": "id"},
            properties=frozenset({"assumeRolePolicy"}),
        ),
        _boundary(is_set=True),
        _boundary(is_set=False),
        # leaving out the session duration would reset it
        Call(
            operation="update_role",
            identify={"RoleName": "id"},
            build=_described,
            whole=True,
        ),
    ),
    delete=Call(operation="delete_role", identify={"RoleName": "id"}, before=_detach_policies),
    list=Call(operation="list_roles", result="Roles[].RoleName"),
    names={
        "assumeRolePolicy": "AssumeRolePolicyDocument|PolicyDocument",
        "name": "RoleName",
        "permissionsBoundary": "PermissionsBoundary.PermissionsBoundaryArn|PermissionsBoundary",
        "uniqueId": "RoleId",
    },
    defaults={"forceDetachPolicies": False, "maxSessionDuration": 3600, "path": "/"},
    auto_name=AutoName(limit=64),
    tags=iam_tags("role", "RoleName"),
    unreadable={"forceDetachPolicies": "a switch of the delete; AWS does not know it"},
    not_modelled={
        "inlinePolicies": "deprecated: use aws.iam.RolePolicy",
        "managedPolicyArns": "deprecated: use aws.iam.RolePolicyAttachment",
    },
    gone=DOES_NOT_EXIST,
    example=Example(
        inputs=lambda need: {
            "name": "example",
            "path": "/example/",
            "assumeRolePolicy": _trust("ecs-tasks"),
            "description": "runs the example",
            "tags": {"Service": "example"},
        },
        update=lambda need: {
            "assumeRolePolicy": _trust("lambda"),
            "description": "runs nothing",
            "maxSessionDuration": 7200,
            "permissionsBoundary": need("aws:iam/policy:Policy", "arn"),
            "forceDetachPolicies": True,
            "tags": {"Service": "other", "Owner": "platform"},
        },
        replace=lambda need: {"name": "other", "path": "/"},
    ),
)


_EXAMPLE_POLICY = (
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"logs:PutLogEvents","Resource":"*"}]}'
)
_POLICY_OF_ROLE = {"RoleName": "role", "PolicyName": "name"}

ROLE_POLICY = ResourceType(
    token="aws:iam/rolePolicy:RolePolicy",
    service="iam",
    create=Call(operation="put_role_policy"),
    id="{role}:{name}",
    read=Call(operation="get_role_policy", identify=_POLICY_OF_ROLE),
    updates=(Call(operation="put_role_policy", identify=_POLICY_OF_ROLE, whole=True),),
    delete=Call(operation="delete_role_policy", identify=_POLICY_OF_ROLE),
    parse_id=lambda physical_id: dict(zip(("role", "name"), physical_id.split(":", 1), strict=True)),
    names={"name": "PolicyName", "policy": "PolicyDocument", "role": "RoleName"},
    auto_name=AutoName(limit=128),
    gone=DOES_NOT_EXIST,
    example=Example(
        inputs=lambda need: {
            "name": "example",
            "role": need("aws:iam/role:Role", "name"),
            "policy": _EXAMPLE_POLICY,
        },
        update=lambda need: {"policy": _EXAMPLE_POLICY.replace("PutLogEvents", "GetLogEvents")},
        replace=lambda need: {"name": "other"},
    ),
)

_ATTACHED = {"RoleName": "role", "PolicyArn": "policyArn"}

ROLE_POLICY_ATTACHMENT = ResourceType(
    token="aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    service="iam",
    create=Call(operation="attach_role_policy"),
    id="{role}/{policyArn}",
    # a role has at most 20 attached policies, and a page shows 100
    read=Call(
        operation="list_attached_role_policies",
        identify={"RoleName": "role"},
        result="AttachedPolicies[]",
        pick=with_member("PolicyArn", "policyArn"),
    ),
    delete=Call(operation="detach_role_policy", identify=_ATTACHED),
    parse_id=lambda physical_id: dict(zip(("role", "policyArn"), physical_id.split("/", 1), strict=True)),
    names={"role": "RoleName"},
    gone=DOES_NOT_EXIST,
    example=Example(
        inputs=lambda need: {
            "role": need("aws:iam/role:Role", "name"),
            "policyArn": need("aws:iam/policy:Policy", "arn"),
        },
        replace=lambda need: {"role": "other"},
    ),
)
