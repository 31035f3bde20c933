"""What RDS instances are put into: subnets, and the parameters of their engine."""

from collections.abc import Iterator, Sequence
from typing import Any

from awsmodel.names import Properties
from awsmodel.resource import AutoName, Call, Example, Params, ResourceType, Tags

RDS_TAGS = Tags(
    tag="add_tags_to_resource",
    untag="remove_tags_from_resource",
    target="ResourceName",
    read="list_tags_for_resource",
)

SUBNET_GROUP = ResourceType(
    token="aws:rds/subnetGroup:SubnetGroup",
    service="rds",
    create=Call(operation="create_db_subnet_group"),
    id="{name}",
    parse_id=lambda physical_id: {"name": physical_id},
    read=Call(
        operation="describe_db_subnet_groups",
        identify={"DBSubnetGroupName": "id"},
        result="DBSubnetGroups[0]",
        decode=lambda group: {"subnetIds": [subnet["SubnetIdentifier"] for subnet in group["Subnets"]]},
    ),
    updates=(Call(operation="modify_db_subnet_group", identify={"DBSubnetGroupName": "id"}, whole=True),),
    delete=Call(operation="delete_db_subnet_group", identify={"DBSubnetGroupName": "id"}),
    list=Call(operation="describe_db_subnet_groups", result="DBSubnetGroups[].DBSubnetGroupName"),
    names={
        "arn": "DBSubnetGroupArn",
        "description": "DBSubnetGroupDescription",
        "name": "DBSubnetGroupName",
    },
    defaults={"description": "Managed by Pulumi"},
    auto_name=AutoName(limit=255, lowercase=True),
    tags=RDS_TAGS,
    not_modelled={"namePrefix": "a resource without a name gets one that begins like its own"},
    gone=frozenset({"DBSubnetGroupNotFoundFault"}),
    # an instance keeps it until it is gone
    busy=frozenset({"InvalidDBSubnetGroupStateFault", "InvalidDBSubnetStateFault"}),
    example=Example(
        inputs=lambda need: {
            "name": "example",
            "description": "where the examples are",
            "subnetIds": [
                need("aws:ec2/subnet:Subnet", "id"),
                need("aws:ec2/subnet:Subnet", "id", cidrBlock="10.0.9.0/24", availabilityZone="eu-west-1b"),
            ],
            "tags": {"Tier": "data"},
        },
        update=lambda need: {
            "description": "where they are now",
            "subnetIds": [
                need("aws:ec2/subnet:Subnet", "id"),
                need("aws:ec2/subnet:Subnet", "id", cidrBlock="10.0.8.0/24", availabilityZone="eu-west-1c"),
            ],
            "tags": {"Tier": "other", "Owner": "platform"},
        },
        replace=lambda need: {"name": "other"},
    ),
)

# RDS API reference, ModifyDBParameterGroup: at most 20 parameters in a request
_PARAMETERS_PER_CALL = 20


def _parameters(properties: Properties) -> dict[str, Params]:
    return {
        parameter["name"]: {
            "ParameterName": parameter["name"],
            "ParameterValue": str(parameter["value"]),
            "ApplyMethod": parameter.get("applyMethod") or "immediate",
        }
        for parameter in properties.get("parameters") or ()
    }


def _in_calls(parameters: Sequence[Params]) -> Iterator[Params]:
    for start in range(0, len(parameters), _PARAMETERS_PER_CALL):
        yield {"Parameters": parameters[start : start + _PARAMETERS_PER_CALL]}


def _set(known: Properties) -> list[Params]:
    live = _parameters(known["live"])
    return list(_in_calls([each for name, each in _parameters(known).items() if live.get(name) != each]))


def _taken_away(known: Properties) -> list[Params]:
    wanted = _parameters(known)
    # what needs a restart to be set needs one to be reset
    return list(
        _in_calls(
            [
                {"ParameterName": name, "ApplyMethod": each["ApplyMethod"]}
                for name, each in _parameters(known["live"]).items()
                if name not in wanted
            ]
        )
    )


def _shown(parameters: Any) -> Properties:
    return {
        "parameters": [
            {
                "name": parameter["ParameterName"],
                "value": parameter.get("ParameterValue", ""),
                "applyMethod": parameter.get("ApplyMethod", "immediate"),
            }
            for parameter in parameters or ()
        ]
    }


PARAMETER_GROUP = ResourceType(
    token="aws:rds/parameterGroup:ParameterGroup",
    service="rds",
    create=Call(operation="create_db_parameter_group"),
    id="{name}",
    parse_id=lambda physical_id: {"name": physical_id},
    read=Call(
        operation="describe_db_parameter_groups",
        identify={"DBParameterGroupName": "id"},
        result="DBParameterGroups[0]",
    ),
    more_reads=(
        # those of the engine itself are hundreds
        Call(
            operation="describe_db_parameters",
            identify={"DBParameterGroupName": "id"},
            fixed={"Source": "user"},
            result="Parameters",
            decode=_shown,
        ),
    ),
    updates=(
        Call(
            operation="modify_db_parameter_group",
            identify={"DBParameterGroupName": "id"},
            properties=frozenset({"parameters"}),
            build=_set,
        ),
        Call(
            operation="reset_db_parameter_group",
            identify={"DBParameterGroupName": "id"},
            properties=frozenset({"parameters"}),
            build=_taken_away,
        ),
    ),
    delete=Call(
        operation="delete_db_parameter_group",
        identify={"DBParameterGroupName": "id"},
        build=lambda known: None if known.get("skipDestroy") else {},
    ),
    list=Call(
        operation="describe_db_parameter_groups",
        result="DBParameterGroups[?!starts_with(DBParameterGroupName, 'default.')].DBParameterGroupName",
    ),
    names={
        "arn": "DBParameterGroupArn",
        "family": "DBParameterGroupFamily",
        "name": "DBParameterGroupName",
        "parameters.name": "ParameterName",
        "parameters.value": "ParameterValue",
    },
    defaults={"description": "Managed by Pulumi", "skipDestroy": False},
    auto_name=AutoName(limit=255, lowercase=True),
    tags=RDS_TAGS,
    unreadable={"skipDestroy": "a switch of the delete; AWS does not know it"},
    not_modelled={"namePrefix": "a resource without a name gets one that begins like its own"},
    gone=frozenset({"DBParameterGroupNotFound"}),
    # an instance keeps it until it is gone
    busy=frozenset({"InvalidDBParameterGroupState"}),
    example=Example(
        inputs=lambda need: {
            "name": "example",
            "family": "postgres16",
            "parameters": [
                {"name": "rds.force_ssl", "value": "1"},
                {"name": "shared_preload_libraries", "value": "pgaudit", "applyMethod": "pending-reboot"},
            ],
        },
        update=lambda need: {
            "parameters": [
                {"name": "rds.force_ssl", "value": "0"},
                {"name": "log_statement", "value": "ddl"},
            ],
            "tags": {"Owner": "platform"},
        },
        replace=lambda need: {"name": "other", "family": "postgres17"},
    ),
)
