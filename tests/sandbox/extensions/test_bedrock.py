from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.controlplane.inventory import count_resources

WISH: dict[str, Any] = {
    "name": "tickets",
    "blockedInputMessaging": "no",
    "blockedOutputsMessaging": "no",
    "contentPolicyConfig": {
        "filtersConfig": [{"type": "PROMPT_ATTACK", "inputStrength": "HIGH", "outputStrength": "NONE"}]
    },
}
MODEL = "arn:aws:bedrock:eu-west-1::foundation-model/amazon.titan-embed-text-v2:0"


@pytest.fixture
def bedrock(client: Callable[[str], Any]) -> Any:
    return client("bedrock")


def code(caught: pytest.ExceptionInfo[ClientError]) -> str:
    found: str = caught.value.response["Error"]["Code"]
    return found


def test_a_guardrail_reads_back_with_what_its_filters_do_that_do_not_say(bedrock: Any) -> None:
    made = bedrock.create_guardrail(
        **WISH,
        description="keeps to tickets",
        kmsKeyId="arn:aws:kms:eu-west-1:111111111111:key/6c1b6d3e-0000-0000-0000-000000000000",
        sensitiveInformationPolicyConfig={"piiEntitiesConfig": [{"type": "EMAIL", "action": "ANONYMIZE"}]},
        contextualGroundingPolicyConfig={"filtersConfig": [{"type": "GROUNDING", "threshold": 0.7}]},
        topicPolicyConfig={
            "topicsConfig": [{"name": "law", "definition": "law suits", "type": "DENY"}],
            "tierConfig": {"tierName": "STANDARD"},
        },
        wordPolicyConfig={"managedWordListsConfig": [{"type": "PROFANITY"}]},
        tags=[{"key": "Owner", "value": "platform"}],
    )
    assert made["version"] == "DRAFT"
    shown = bedrock.get_guardrail(guardrailIdentifier=made["guardrailArn"])
    assert shown["status"] == "READY"
    assert shown["kmsKeyArn"].endswith("6c1b6d3e-0000-0000-0000-000000000000")
    attack = shown["contentPolicy"]["filters"][0]
    assert (attack["inputStrength"], attack["inputAction"], attack["inputEnabled"]) == ("HIGH", "BLOCK", True)
    assert shown["sensitiveInformationPolicy"]["piiEntities"][0]["outputAction"] == "ANONYMIZE"
    assert shown["contextualGroundingPolicy"]["filters"] == [
        {"type": "GROUNDING", "threshold": 0.7, "action": "BLOCK", "enabled": True}
    ]
    assert shown["topicPolicy"]["tier"] == {"tierName": "STANDARD"}
    assert shown["wordPolicy"]["managedWordLists"][0]["type"] == "PROFANITY"
    tags = bedrock.list_tags_for_resource(resourceARN=made["guardrailArn"])["tags"]
    assert tags == [{"key": "Owner", "value": "platform"}]


@pytest.mark.parametrize(
    "fault",
    [
        {"name": "no spaces"},
        {"contentPolicyConfig": None},
        {
            "contentPolicyConfig": {
                "filtersConfig": [
                    {"type": "PROMPT_ATTACK", "inputStrength": "HIGH", "outputStrength": "HIGH"}
                ]
            }
        },
        {"contextualGroundingPolicyConfig": {"filtersConfig": [{"type": "RELEVANCE", "threshold": 1.0}]}},
        {
            "sensitiveInformationPolicyConfig": {
                "regexesConfig": [{"name": "one", "pattern": "(", "action": "BLOCK"}]
            }
        },
    ],
    ids=["name", "no policy", "attack in the output", "threshold", "pattern"],
)
def test_a_guardrail_that_aws_would_not_take_is_refused(bedrock: Any, fault: dict[str, Any]) -> None:
    wish = {name: value for name, value in (WISH | fault).items() if value is not None}
    with pytest.raises(ClientError) as caught:
        bedrock.create_guardrail(**wish)
    assert code(caught) == "ValidationException"


def test_a_version_stays_as_the_draft_was(bedrock: Any) -> None:
    identity = bedrock.create_guardrail(**WISH)["guardrailId"]
    first = bedrock.create_guardrail_version(guardrailIdentifier=identity, description="one")["version"]
    bedrock.update_guardrail(**WISH | {"blockedInputMessaging": "never"}, guardrailIdentifier=identity)
    second = bedrock.create_guardrail_version(guardrailIdentifier=identity)["version"]
    assert [first, second] == ["1", "2"]
    said = [
        bedrock.get_guardrail(guardrailIdentifier=identity, guardrailVersion=each)["blockedInputMessaging"]
        for each in ("1", "2", "DRAFT")
    ]
    assert said == ["no", "never", "never"]
    bedrock.delete_guardrail(guardrailIdentifier=identity, guardrailVersion="2")
    listed = bedrock.list_guardrails(guardrailIdentifier=identity)["guardrails"]
    assert [each["version"] for each in listed] == ["DRAFT", "1"]
    assert bedrock.create_guardrail_version(guardrailIdentifier=identity)["version"] == "3"


def test_a_guardrail_s_name_is_taken_once_and_a_missing_one_is_said_to_be_so(bedrock: Any) -> None:
    bedrock.create_guardrail(**WISH)
    with pytest.raises(ClientError) as taken:
        bedrock.create_guardrail(**WISH)
    assert code(taken) == "ConflictException"
    with pytest.raises(ClientError) as missing:
        bedrock.get_guardrail(guardrailIdentifier="abcdef123456")
    assert code(missing) == "ResourceNotFoundException"


def test_a_profile_leads_to_its_models_and_has_tags(bedrock: Any) -> None:
    [nova] = [
        each
        for each in bedrock.list_inference_profiles()["inferenceProfileSummaries"]
        if each["inferenceProfileId"] == "eu.amazon.nova-lite-v1:0"
    ]
    made = bedrock.create_inference_profile(
        inferenceProfileName="triage",
        modelSource={"copyFrom": nova["inferenceProfileArn"]},
        tags=[{"key": "Service", "value": "triage"}],
    )
    shown = bedrock.get_inference_profile(inferenceProfileIdentifier=made["inferenceProfileArn"])
    assert shown["models"] == nova["models"]
    assert (shown["type"], shown["status"]) == ("APPLICATION", "ACTIVE")
    tags = bedrock.list_tags_for_resource(resourceARN=made["inferenceProfileArn"])["tags"]
    assert tags == [{"key": "Service", "value": "triage"}]
    own = bedrock.list_inference_profiles(typeEquals="APPLICATION")["inferenceProfileSummaries"]
    assert [each["inferenceProfileName"] for each in own] == ["triage"]


def test_a_profile_of_no_model_is_refused(bedrock: Any) -> None:
    with pytest.raises(ClientError) as caught:
        bedrock.create_inference_profile(
            inferenceProfileName="triage", modelSource={"copyFrom": MODEL.replace("titan", "zeppelin")}
        )
    assert code(caught) == "ValidationException"


def test_the_models_that_there_are_can_be_asked_for(bedrock: Any) -> None:
    known = bedrock.list_foundation_models()["modelSummaries"]
    assert {"amazon.nova-lite-v1:0", "anthropic.claude-sonnet-4-5-20250929-v1:0"} <= {
        each["modelId"] for each in known
    }
    embeddings = bedrock.list_foundation_models(byOutputModality="EMBEDDING", byProvider="Amazon")
    assert [each["modelId"] for each in embeddings["modelSummaries"]] == ["amazon.titan-embed-text-v2:0"]
    details = bedrock.get_foundation_model(modelIdentifier="amazon.nova-lite-v1:0")["modelDetails"]
    assert details["inferenceTypesSupported"] == ["INFERENCE_PROFILE"]
    with pytest.raises(ClientError) as caught:
        bedrock.get_foundation_model(modelIdentifier="amazon.nova-huge-v1:0")
    assert code(caught) == "ResourceNotFoundException"


def test_what_is_deleted_is_counted_no_more(cloud: Any) -> None:
    bedrock = cloud.client("bedrock")
    guardrail = bedrock.create_guardrail(**WISH)["guardrailId"]
    bedrock.create_guardrail_version(guardrailIdentifier=guardrail)
    profile = bedrock.create_inference_profile(inferenceProfileName="one", modelSource={"copyFrom": MODEL})
    settings = {"s3Config": {"bucketName": "calls"}, "textDataDeliveryEnabled": True}
    cloud.client("s3").create_bucket(
        Bucket="calls", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    bedrock.put_model_invocation_logging_configuration(loggingConfig=settings)
    assert count_resources("111111111111")["bedrock"] == 3
    bedrock.delete_model_invocation_logging_configuration()
    assert bedrock.get_model_invocation_logging_configuration()["loggingConfig"] == {}
    bedrock.delete_guardrail(guardrailIdentifier=guardrail)
    bedrock.delete_inference_profile(inferenceProfileIdentifier=profile["inferenceProfileArn"])
    assert "bedrock" not in count_resources("111111111111")
