"""Roles that belong to a service of AWS, which names them and keeps their permissions."""

from typing import Any

from awsmodel.names import Properties
from awsmodel.resource import Call, Example, Params, ResourceType, Tags
from awsmodel.types.iam_roles import DOES_NOT_EXIST

# A service with several roles has an underscore in each name, such as ApplicationAutoScaling_ECSService.
_NAMED_IN_PARTS = ".application-autoscaling."


def _role_name(known: Properties) -> Params:
    return {"RoleName": str(known["id"]).rpartition("/")[2]}


def _shown(role: Any) -> Properties:
    """The service is the last part of the path, and a suffix follows the first underscore of the name."""
    service = role["Path"].strip("/").rpartition("/")[2]
    suffix = role["RoleName"].partition("_")[2]
    return {
        "awsServiceName": service,
        "customSuffix": suffix if suffix and _NAMED_IN_PARTS not in f".{service}" else None,
    }


SERVICE_LINKED_ROLE = ResourceType(
    token="aws:iam/serviceLinkedRole:ServiceLinkedRole",
    service="iam",
    create=Call(operation="create_service_linked_role"),
    id="Role.Arn",
    read=Call(operation="get_role", build=_role_name, result="Role", decode=_shown),
    updates=(
        Call(
            operation="update_role",
            build=lambda known: {**_role_name(known), "Description": known.get("description") or ""},
            properties=frozenset({"description"}),
        ),
    ),
    # AWS takes it away when the service has let go of it, and until then shows it.
    delete=Call(operation="delete_service_linked_role", build=_role_name),
    list=Call(
        operation="list_roles",
        fixed={"PathPrefix": "/aws-service-role/"},
        result="Roles[].Arn",
    ),
    names={"awsServiceName": "AWSServiceName", "name": "RoleName", "uniqueId": "RoleId"},
    tags=Tags(tag="tag_role", untag="untag_role", target="RoleName", by="name", read="list_role_tags"),
    gone=DOES_NOT_EXIST,
    example=Example(
        inputs=lambda need: {
            "awsServiceName": "autoscaling.amazonaws.com",
            "customSuffix": "example",
            "description": "scales the example",
            "tags": {"Service": "example"},
        },
        update=lambda need: {"description": "scales nothing", "tags": {"Owner": "platform"}},
        replace=lambda need: {"awsServiceName": "config.amazonaws.com", "customSuffix": "other"},
    ),
)
