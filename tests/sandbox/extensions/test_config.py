from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

ROLE = "arn:aws:iam::111111111111:role/recorder"
RULE: dict[str, Any] = {
    "ConfigRuleName": "rule",
    "Source": {"Owner": "AWS", "SourceIdentifier": "ENCRYPTED_VOLUMES"},
}


def put_recorder(client: Callable[[str], Any], **changes: Any) -> Any:
    config = client("config")
    config.put_configuration_recorder(
        ConfigurationRecorder={"name": "default", "roleARN": ROLE, **changes},
    )
    [recorder] = config.describe_configuration_recorders()["ConfigurationRecorders"]
    return recorder


def put_rule(client: Callable[[str], Any], **changes: Any) -> Any:
    config = client("config")
    config.put_config_rule(ConfigRule={**RULE, **changes})
    [rule] = config.describe_config_rules()["ConfigRules"]
    return rule


def test_how_often_a_recorder_looks_is_kept(client: Callable[[str], Any]) -> None:
    override = {
        "description": "volumes",
        "resourceTypes": ["AWS::EC2::Volume"],
        "recordingFrequency": "CONTINUOUS",
    }
    mode = {"recordingFrequency": "DAILY", "recordingModeOverrides": [override]}
    assert put_recorder(client, recordingMode=mode)["recordingMode"] == mode
    assert put_recorder(client)["recordingMode"]["recordingFrequency"] == "CONTINUOUS"


def test_a_channel_needs_a_bucket_that_exists(client: Callable[[str], Any]) -> None:
    put_recorder(client)
    with pytest.raises(ClientError, match="NoSuchBucketException"):
        client("config").put_delivery_channel(DeliveryChannel={"name": "default", "s3BucketName": "nothing"})


def test_there_is_no_rule_without_a_recorder(client: Callable[[str], Any]) -> None:
    with pytest.raises(ClientError, match="NoAvailableConfigurationRecorderException"):
        client("config").put_config_rule(ConfigRule=RULE)


def test_an_update_of_a_rule_leaves_its_tags(client: Callable[[str], Any]) -> None:
    config = client("config")
    put_recorder(client)
    tags = [{"Key": "a", "Value": "b"}]
    config.put_config_rule(ConfigRule=RULE, Tags=tags)
    arn = put_rule(client, Description="another")["ConfigRuleArn"]
    assert config.list_tags_for_resource(ResourceArn=arn)["Tags"] == tags


@pytest.mark.parametrize("scope", [{"TagKey": "a", "TagValue": "b"}, {"TagKey": "a"}], ids=["value", "key"])
def test_a_rule_about_a_tag_says_so(client: Callable[[str], Any], scope: dict[str, str]) -> None:
    put_recorder(client)
    assert put_rule(client, Scope=scope)["Scope"] == scope


def test_when_a_rule_evaluates_is_kept(client: Callable[[str], Any]) -> None:
    put_recorder(client)
    assert put_rule(client)["EvaluationModes"] == [{"Mode": "DETECTIVE"}]
    modes = [{"Mode": "DETECTIVE"}, {"Mode": "PROACTIVE"}]
    assert put_rule(client, EvaluationModes=modes)["EvaluationModes"] == modes


def test_a_rule_may_bring_its_own_policy(client: Callable[[str], Any]) -> None:
    put_recorder(client)
    source = {
        "Owner": "CUSTOM_POLICY",
        "SourceDetails": [
            {"EventSource": "aws.config", "MessageType": "ConfigurationItemChangeNotification"},
        ],
        "CustomPolicyDetails": {
            "PolicyRuntime": "guard-2.x.x",
            "PolicyText": "rule encrypted { configuration.encrypted == true }",
        },
    }
    assert put_rule(client, Source=source)["Source"] == source
