"""AWS Config: what a resource is held to."""

from __future__ import annotations

from awsmodel.names import Properties
from awsmodel.resource import AutoName, Call, Example, Need, ResourceType, Tags

_RULE = {
    "arn": "ConfigRuleArn",
    "description": "Description",
    "evaluationModes": "EvaluationModes",
    "inputParameters": "InputParameters",
    "maximumExecutionFrequency": "MaximumExecutionFrequency",
    "name": "ConfigRuleName",
    "ruleId": "ConfigRuleId",
    "scope": "Scope",
    "source": "Source",
}


def _example(need: Need) -> Properties:
    need("aws:cfg/recorder:Recorder", "id")  # AWS takes no rule before there is one
    return {
        "name": "example",
        "description": "ports that nobody may reach",
        "source": {"owner": "AWS", "sourceIdentifier": "RESTRICTED_INCOMING_TRAFFIC"},
        "inputParameters": '{"blockedPort1":"22"}',
        "scope": {"complianceResourceTypes": ["AWS::EC2::SecurityGroup"]},
        "tags": {"Service": "example"},
    }


RULE = ResourceType(
    token="aws:cfg/rule:Rule",
    service="config",
    create=Call(operation="put_config_rule"),
    id="{name}",
    read=Call(operation="describe_config_rules", identify={"ConfigRuleNames": "id"}, result="ConfigRules[0]"),
    updates=(Call(operation="put_config_rule", whole=True),),
    delete=Call(operation="delete_config_rule", identify={"ConfigRuleName": "id"}),
    list=Call(operation="describe_config_rules", result="ConfigRules[].ConfigRuleName"),
    names={name: f"ConfigRule.{member}|{member}" for name, member in _RULE.items()},
    auto_name=AutoName(limit=128),
    tags=Tags(
        tag="tag_resource", untag="untag_resource", target="ResourceArn", read="list_tags_for_resource"
    ),
    replace_on=frozenset({"name"}),
    gone=frozenset({"NoSuchConfigRuleException"}),
    gone_when="starts_with(ConfigRuleState, 'DELETING')",
    # it is being evaluated
    busy=frozenset({"ResourceInUseException"}),
    example=Example(
        inputs=_example,
        update=lambda need: {
            "description": "volumes that are open to read",
            "source": {"owner": "AWS", "sourceIdentifier": "ENCRYPTED_VOLUMES"},
            "inputParameters": '{"kmsId":"1"}',
            "maximumExecutionFrequency": "Six_Hours",
            "scope": {"tagKey": "Service", "tagValue": "example"},
            "evaluationModes": [{"mode": "DETECTIVE"}, {"mode": "PROACTIVE"}],
            "tags": {"Service": "other", "Owner": "platform"},
        },
        replace=lambda need: {"name": "another"},
    ),
)
