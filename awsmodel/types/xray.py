"""X-Ray: groups of traces, and rules of which requests are traced."""

from __future__ import annotations

from awsmodel.resource import AutoName, Call, Example, ResourceType, Tags, with_member

_GROUP = {"GroupARN": "id"}
_GONE = frozenset({"InvalidRequestException"})


def _tags() -> Tags:
    return Tags(
        tag="tag_resource", untag="untag_resource", target="ResourceARN", read="list_tags_for_resource"
    )


GROUP = ResourceType(
    token="aws:xray/group:Group",
    service="xray",
    create=Call(operation="create_group"),
    id="Group.GroupARN",
    read=Call(operation="get_group", identify=_GROUP, result="Group"),
    updates=(Call(operation="update_group", identify=_GROUP),),
    delete=Call(operation="delete_group", identify=_GROUP),
    list=Call(operation="get_groups", result="Groups[?GroupName!='Default'].GroupARN"),
    names={"arn": "GroupARN"},
    tags=_tags(),
    replace_on=frozenset({"groupName"}),
    # X-Ray says of a group that is not there that the request is invalid
    gone=_GONE,
    example=Example(
        inputs=lambda need: {
            "groupName": "example",
            "filterExpression": 'service("example") AND error',
            "insightsConfiguration": {"insightsEnabled": True, "notificationsEnabled": True},
            "tags": {"Service": "example"},
        },
        update=lambda need: {
            "filterExpression": "responsetime > 2",
            "insightsConfiguration": {"insightsEnabled": False, "notificationsEnabled": False},
            "tags": {"Service": "other", "Owner": "platform"},
        },
        replace=lambda need: {"groupName": "other"},
    ),
)


_RULE_MEMBERS = {
    "arn": "RuleARN",
    "attributes": "Attributes",
    "fixedRate": "FixedRate",
    "host": "Host",
    "httpMethod": "HTTPMethod",
    "priority": "Priority",
    "reservoirSize": "ReservoirSize",
    "resourceArn": "ResourceARN",
    "ruleName": "RuleName",
    "serviceName": "ServiceName",
    "serviceType": "ServiceType",
    "urlPath": "URLPath",
    "version": "Version",
}

SAMPLING_RULE = ResourceType(
    token="aws:xray/samplingRule:SamplingRule",
    service="xray",
    create=Call(operation="create_sampling_rule"),
    id="SamplingRuleRecord.SamplingRule.RuleName",
    read=Call(
        operation="get_sampling_rules",
        result="SamplingRuleRecords[].SamplingRule",
        pick=with_member("RuleName", "id"),
    ),
    updates=(
        Call(
            operation="update_sampling_rule",
            # whole: the update names the rule inside of what it is to be
            properties=frozenset(_RULE_MEMBERS) - {"arn", "version"},
            whole=True,
        ),
    ),
    delete=Call(operation="delete_sampling_rule", identify={"RuleName": "id"}),
    list=Call(
        operation="get_sampling_rules",
        result="SamplingRuleRecords[?SamplingRule.RuleName!='Default'].SamplingRule.RuleName",
    ),
    names={
        name: f"SamplingRule.{member}|SamplingRuleUpdate.{member}|{member}"
        for name, member in _RULE_MEMBERS.items()
    },
    defaults={"attributes": {}},
    auto_name=AutoName(property="ruleName", limit=32),
    tags=_tags(),
    replace_on=frozenset({"ruleName"}),
    gone=_GONE,
    example=Example(
        inputs=lambda need: {
            "ruleName": "example",
            "priority": 100,
            "version": 1,
            "reservoirSize": 1,
            "fixedRate": 0.05,
            "urlPath": "*",
            "host": "*",
            "httpMethod": "*",
            "serviceName": "example",
            "serviceType": "*",
            "resourceArn": "*",
            "tags": {"Service": "example"},
        },
        update=lambda need: {
            "priority": 200,
            "reservoirSize": 5,
            "fixedRate": 1.0,
            "urlPath": "/health",
            "httpMethod": "GET",
            "attributes": {"tier": "pro"},
            "tags": {"Service": "other", "Owner": "platform"},
        },
        replace=lambda need: {"ruleName": "other"},
    ),
)
