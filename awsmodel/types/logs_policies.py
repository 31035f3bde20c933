"""CloudWatch Logs: who may write, what is masked, where events go on to, and the queries that are kept."""

import json
from typing import Any

from awsmodel.names import Properties
from awsmodel.resource import AutoName, Call, Example, ResourceType, Scope, with_member

_IS_GONE = frozenset({"ResourceNotFoundException"})
_GROUP = "aws:cloudwatch/logGroup:LogGroup"


def _statement(principal: str) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": principal},
        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": "arn:aws:logs:eu-west-1:111111111111:log-group:/example/*",
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _masked(kind: str) -> str:
    identifiers = [f"arn:aws:dataprotection::aws:data-identifier/{kind}"]
    statements = [
        {"DataIdentifier": identifiers, "Operation": {"Audit": {"FindingsDestination": {}}}},
        {"DataIdentifier": identifiers, "Operation": {"Deidentify": {"MaskConfig": {}}}},
    ]
    return json.dumps({"Name": "example", "Version": "2021-06-01", "Statement": statements})


RESOURCE_POLICY = ResourceType(
    token="aws:cloudwatch/logResourcePolicy:LogResourcePolicy",
    service="logs",
    create=Call(operation="put_resource_policy"),
    id="{policyName}",
    # an account has ten, which is less than a page
    read=Call(
        operation="describe_resource_policies",
        result="resourcePolicies[]",
        pick=with_member("policyName", "id"),
    ),
    updates=(Call(operation="put_resource_policy", identify={"policyName": "id"}, whole=True),),
    delete=Call(operation="delete_resource_policy", identify={"policyName": "id"}),
    list=Call(operation="describe_resource_policies", result="resourcePolicies[].policyName"),
    auto_name=AutoName(property="policyName", limit=255),
    not_modelled={"resourceArn": "policies of single groups are outside of this model"},
    gone=_IS_GONE,
    example=Example(
        inputs=lambda need: {
            "policyName": "example",
            "policyDocument": _statement("events.amazonaws.com"),
        },
        update=lambda need: {"policyDocument": _statement("delivery.logs.amazonaws.com")},
        replace=lambda need: {"policyName": "another"},
    ),
)


def _protected(answer: Any, known: Properties) -> Any:
    return answer if answer.get("policyDocument") else None


DATA_PROTECTION_POLICY = ResourceType(
    token="aws:cloudwatch/logDataProtectionPolicy:LogDataProtectionPolicy",
    service="logs",
    create=Call(operation="put_data_protection_policy"),
    id="{logGroupName}",
    parse_id=lambda physical_id: {"logGroupName": physical_id},
    read=Call(
        operation="get_data_protection_policy",
        identify={"logGroupIdentifier": "id"},
        properties=frozenset({"policyDocument"}),
        pick=_protected,
    ),
    updates=(Call(operation="put_data_protection_policy", identify={"logGroupIdentifier": "id"}),),
    delete=Call(operation="delete_data_protection_policy", identify={"logGroupIdentifier": "id"}),
    list=Call(
        operation="describe_log_groups",
        result="logGroups[?dataProtectionStatus=='ACTIVATED'].logGroupName",
    ),
    names={"logGroupName": "logGroupIdentifier"},
    gone=_IS_GONE,
    example=Example(
        inputs=lambda need: {
            "logGroupName": need(_GROUP, "id"),
            "policyDocument": _masked("EmailAddress"),
        },
        update=lambda need: {"policyDocument": _masked("IpAddress")},
        replace=lambda need: {"logGroupName": need(_GROUP, "id", name="/example/another")},
    ),
)

_FILTER = {"logGroupName": "logGroup", "filterName": "name"}

SUBSCRIPTION_FILTER = ResourceType(
    token="aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter",
    service="logs",
    create=Call(operation="put_subscription_filter"),
    # the documented import id; the name alone does not find a filter
    id="{logGroup}|{name}",
    read=Call(
        operation="describe_subscription_filters",
        identify={"logGroupName": "logGroup"},
        result="subscriptionFilters[]",
        pick=with_member("filterName", "name"),
    ),
    updates=(Call(operation="put_subscription_filter", identify=_FILTER, whole=True),),
    delete=Call(operation="delete_subscription_filter", identify=_FILTER),
    parse_id=lambda physical_id: dict(zip(("logGroup", "name"), physical_id.split("|", 1), strict=True)),
    names={"logGroup": "logGroupName", "name": "filterName"},
    defaults={"distribution": "ByLogStream"},
    auto_name=AutoName(limit=512),
    not_modelled={"applyOnTransformedLogs": "log transformers are outside of this model"},
    gone=_IS_GONE,
    example=Example(
        inputs=lambda need: {
            "name": "example",
            "logGroup": need(_GROUP, "id"),
            "filterPattern": "ERROR",
            "destinationArn": need("aws:lambda/function:Function", "arn"),
        },
        update=lambda need: {
            "filterPattern": '{ $.level = "error" }',
            "roleArn": need("aws:iam/role:Role", "arn"),
            "distribution": "Random",
            "emitSystemFields": ["@aws.account"],
        },
        replace=lambda need: {"name": "other"},
    ),
)


def _query_arn(known: Properties, scope: Scope) -> Properties:
    where = f"arn:{scope.partition}:logs:{known['region']}:{scope.account_id}"
    return {"arn": f"{where}:query-definition:{known['id']}"}


QUERY_DEFINITION = ResourceType(
    token="aws:cloudwatch/queryDefinition:QueryDefinition",
    service="logs",
    create=Call(operation="put_query_definition"),
    id="queryDefinitionId",
    # a region has a thousand, which is a page
    read=Call(
        operation="describe_query_definitions",
        fixed={"maxResults": 1000},
        result="queryDefinitions[]",
        pick=with_member("queryDefinitionId", "id"),
    ),
    updates=(Call(operation="put_query_definition", identify={"queryDefinitionId": "id"}, whole=True),),
    delete=Call(operation="delete_query_definition", identify={"queryDefinitionId": "id"}),
    list=Call(
        operation="describe_query_definitions",
        fixed={"maxResults": 1000},
        result="queryDefinitions[].queryDefinitionId",
    ),
    derive=_query_arn,
    auto_name=AutoName(limit=255),
    gone=_IS_GONE,
    example=Example(
        inputs=lambda need: {
            "name": "example/errors",
            "logGroupNames": [need(_GROUP, "id")],
            "queryString": "fields @timestamp, @message | filter level = 'error'",
        },
        update=lambda need: {
            "name": "example/failures",
            "logGroupNames": [need(_GROUP, "id"), need(_GROUP, "id", name="/example/another")],
            "queryString": "fields @message",
        },
    ),
)
