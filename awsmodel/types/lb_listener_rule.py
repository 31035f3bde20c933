"""Rules of a listener: which requests go where."""

from __future__ import annotations

from typing import Any

from awsmodel.names import Codec, Field, Properties
from awsmodel.resource import Call, Example, Params, ResourceType
from awsmodel.types.lb_attributes import LB_TAGS
from awsmodel.types.lb_listener import action_names

# property → what the API calls the field, and the member that holds its values
_CONDITIONS = {
    "hostHeader": ("host-header", "HostHeaderConfig"),
    "httpHeader": ("http-header", "HttpHeaderConfig"),
    "httpRequestMethod": ("http-request-method", "HttpRequestMethodConfig"),
    "pathPattern": ("path-pattern", "PathPatternConfig"),
    "queryStrings": ("query-string", "QueryStringConfig"),
    "sourceIp": ("source-ip", "SourceIpConfig"),
}


def _written(condition: Properties) -> Params:
    written: Params = {}
    for name, (field, member) in _CONDITIONS.items():
        value = condition.get(name)
        if value:
            content = {"values": value} if isinstance(value, list) else value
            written |= {"Field": field, member: _recased(content, str.upper)}
    if not written:
        raise ValueError(f"a condition needs one of {', '.join(_CONDITIONS)}")
    return written


def _shown(condition: Params) -> Properties:
    for name, (_, member) in _CONDITIONS.items():
        if condition.get(member):
            content = _recased(condition[member], str.lower)
            return {name: content["values"] if name == "queryStrings" else content}
    return {}


def _recased(value: Any, case: Any) -> Any:
    """The value with the first letter of each member's name in that case."""
    if isinstance(value, dict):
        return {case(name[0]) + name[1:]: _recased(inner, case) for name, inner in value.items()}
    return [_recased(item, case) for item in value] if isinstance(value, list) else value


def _next_priority(rules: list[Params] | None) -> Properties:
    taken = [int(rule["Priority"]) for rule in rules or () if rule["Priority"].isdigit()]
    return {"nextPriority": max(taken, default=0) + 1}


LISTENER_RULE = ResourceType(
    token="aws:lb/listenerRule:ListenerRule",
    service="elbv2",
    create=Call(
        operation="create_rule",
        look_up=Call(
            operation="describe_rules",
            identify={"ListenerArn": "listenerArn"},
            result="Rules",
            decode=_next_priority,
        ),
        build=lambda known: {} if known.get("priority") else {"Priority": known["nextPriority"]},
    ),
    id="Rules[0].RuleArn",
    read=Call(operation="describe_rules", identify={"RuleArns": "id"}, result="Rules[0]"),
    updates=(
        Call(operation="modify_rule", identify={"RuleArn": "id"}),
        Call(
            operation="set_rule_priorities",
            properties=frozenset({"priority"}),
            build=lambda known: {
                "RulePriorities": [{"RuleArn": known["id"], "Priority": int(known["priority"])}]
            },
        ),
    ),
    delete=Call(operation="delete_rule", identify={"RuleArn": "id"}),
    names={
        "arn": "RuleArn",
        "conditions": Field(
            "Conditions",
            Codec(
                encode=lambda conditions: [_written(condition) for condition in conditions],
                decode=lambda conditions: [_shown(condition) for condition in conditions],
            ),
        ),
        **action_names("actions"),
    },
    not_modelled={"transforms": "the rewriting of hosts and paths is left to the application"},
    tags=LB_TAGS,
    derive=lambda known, scope: {
        "listenerArn": known["arn"].replace(":listener-rule/", ":listener/").rpartition("/")[0]
    },
    gone=frozenset({"RuleNotFound", "ListenerNotFound", "LoadBalancerNotFound"}),
    example=Example(
        inputs=lambda need: {
            "listenerArn": need("aws:lb/listener:Listener", "arn"),
            "priority": 10,
            "conditions": [
                {"pathPattern": {"values": ["/api/*"]}},
                {"httpHeader": {"httpHeaderName": "x-release", "values": ["green"]}},
                {"queryStrings": [{"key": "version", "value": "2"}]},
            ],
            "actions": [
                {
                    "type": "forward",
                    "forward": {
                        "targetGroups": [
                            {"arn": need("aws:lb/targetGroup:TargetGroup", "arn"), "weight": 100},
                            {"arn": need("aws:lb/targetGroup:TargetGroup", "arn", name="other"), "weight": 0},
                        ]
                    },
                }
            ],
        },
        update=lambda need: {
            "priority": 20,
            "conditions": [{"hostHeader": {"values": ["example.com"]}}],
            "actions": [
                {
                    "type": "redirect",
                    "redirect": {"protocol": "HTTPS", "port": "443", "statusCode": "HTTP_301"},
                }
            ],
            "tags": {"Owner": "platform"},
        },
        replace=lambda need: {"listenerArn": "arn:aws:elasticloadbalancing:eu-west-1:1:listener/app/a/b/c"},
    ),
)
