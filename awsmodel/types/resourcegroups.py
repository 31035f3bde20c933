"""Resource groups: resources that belong together, by their tags or by a service's configuration."""

from __future__ import annotations

import json

from awsmodel.names import Properties
from awsmodel.resource import AutoName, Call, Example, Params, ResourceType, Tags

_GROUP = {"GroupName": "id"}


def _query(service: str) -> str:
    filters = [{"Key": "Service", "Values": [service]}]
    return json.dumps({"ResourceTypeFilters": ["AWS::AllSupported"], "TagFilters": filters})


def _described(known: Properties) -> Params:
    return {"Description": known.get("description") or ""}


GROUP = ResourceType(
    token="aws:resourcegroups/group:Group",
    service="resource-groups",
    create=Call(operation="create_group"),
    id="Group.Name",
    read=Call(operation="get_group", identify=_GROUP, result="Group"),
    more_reads=(
        Call(
            operation="get_group_query",
            identify=_GROUP,
            result="GroupQuery",
            properties=frozenset({"resourceQuery"}),
            # a group of a configuration has no query
            unless=frozenset({"BadRequestException"}),
        ),
        Call(
            operation="get_group_configuration",
            identify={"Group": "id"},
            result="GroupConfiguration",
            properties=frozenset({"configurations"}),
            unless=frozenset({"BadRequestException"}),
        ),
    ),
    updates=(
        Call(
            operation="update_group",
            identify=_GROUP,
            properties=frozenset({"description"}),
            build=_described,
        ),
        Call(operation="update_group_query", identify=_GROUP, properties=frozenset({"resourceQuery"})),
        Call(
            operation="put_group_configuration",
            identify={"Group": "id"},
            properties=frozenset({"configurations"}),
        ),
    ),
    delete=Call(operation="delete_group", identify=_GROUP),
    list=Call(operation="list_groups", result="GroupIdentifiers[].GroupName"),
    names={"arn": "GroupArn", "configurations": "Configuration"},
    auto_name=AutoName(limit=128),
    tags=Tags(tag="tag", untag="untag", target="Arn", untag_keys="Keys", read="get_tags"),
    gone=frozenset({"NotFoundException"}),
    example=Example(
        inputs=lambda need: {
            "name": "example",
            "description": "all of the example",
            "resourceQuery": {"type": "TAG_FILTERS_1_0", "query": _query("example")},
            "tags": {"Service": "example"},
        },
        update=lambda need: {
            "description": "all of another",
            "resourceQuery": {"type": "TAG_FILTERS_1_0", "query": _query("other")},
            "tags": {"Service": "other", "Owner": "platform"},
        },
        replace=lambda need: {"name": "other"},
    ),
)
