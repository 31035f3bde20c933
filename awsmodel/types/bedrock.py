"""Bedrock: guardrails, and profiles by which the use of a model is told apart and paid for."""

from __future__ import annotations

from typing import Any

from awsmodel.names import Properties
from awsmodel.resource import Call, Example, ResourceType, Tags

_GONE = frozenset({"ResourceNotFoundException"})
_GUARDRAIL = {"guardrailIdentifier": "guardrailId"}
_VERSION = {"guardrailIdentifier": "guardrailArn", "guardrailVersion": "version"}
_PROFILE = {"inferenceProfileIdentifier": "id"}
_TIMEOUTS = "customTimeouts is Pulumi's own way to say it"
_MODEL = "arn:aws:bedrock:eu-west-1::foundation-model/amazon.titan-embed-text-v2:0"


def _tags(by: str) -> Tags:
    return Tags(
        tag="tag_resource",
        untag="untag_resource",
        target="resourceARN",
        by=by,
        untag_keys="tagKeys",
        read="list_tags_for_resource",
    )


GUARDRAIL = ResourceType(
    token="aws:bedrock/guardrail:Guardrail",
    service="bedrock",
    create=Call(operation="create_guardrail"),
    id="guardrailId",
    read=Call(operation="get_guardrail", identify=_GUARDRAIL),
    updates=(Call(operation="update_guardrail", identify=_GUARDRAIL, whole=True),),
    delete=Call(operation="delete_guardrail", identify=_GUARDRAIL),
    list=Call(operation="list_guardrails", result="guardrails[].id"),
    # an import names the version too
    parse_id=lambda physical_id: {"guardrailId": physical_id.partition(",")[0]},
    names={
        "contentPolicyConfig": "contentPolicyConfig|contentPolicy",
        "contentPolicyConfig.filtersConfigs": "filtersConfig|filters",
        "contextualGroundingPolicyConfig": "contextualGroundingPolicyConfig|contextualGroundingPolicy",
        "contextualGroundingPolicyConfig.filtersConfigs": "filtersConfig|filters",
        "kmsKeyArn": "kmsKeyId|kmsKeyArn",
        "sensitiveInformationPolicyConfig": "sensitiveInformationPolicyConfig|sensitiveInformationPolicy",
        "sensitiveInformationPolicyConfig.piiEntitiesConfigs": "piiEntitiesConfig|piiEntities",
        "sensitiveInformationPolicyConfig.regexesConfigs": "regexesConfig|regexes",
        "topicPolicyConfig": "topicPolicyConfig|topicPolicy",
        "topicPolicyConfig.topicsConfigs": "topicsConfig|topics",
        "wordPolicyConfig": "wordPolicyConfig|wordPolicy",
        "wordPolicyConfig.managedWordListsConfigs": "managedWordListsConfig|managedWordLists",
        "wordPolicyConfig.wordsConfigs": "wordsConfig|words",
        "*.tierConfigs": "tierConfig|tier",
    },
    tags=_tags("guardrailArn"),
    not_modelled={
        "crossRegionConfig": "a guardrail that other regions take part in takes the texts there",
        "timeouts": _TIMEOUTS,
    },
    gone=_GONE,
    gone_when="status=='DELETING'",
    ready="status=='READY'",
    failed="status=='FAILED' && join(' ', statusReasons || ['no reason'])",
    example=Example(
        inputs=lambda need: {
            "name": "example",
            "description": "keeps to tickets",
            "blockedInputMessaging": "This cannot be asked.",
            "blockedOutputsMessaging": "This cannot be answered.",
            "kmsKeyArn": need("aws:kms/key:Key", "arn"),
            "contentPolicyConfig": {
                "filtersConfigs": [
                    {"type": "PROMPT_ATTACK", "inputStrength": "HIGH", "outputStrength": "NONE"},
                    {"type": "HATE", "inputStrength": "HIGH", "outputStrength": "HIGH"},
                ]
            },
            "topicPolicyConfig": {
                "topicsConfigs": [
                    {
                        "name": "legal advice",
                        "definition": "Advice about law suits and contracts.",
                        "examples": ["Can I sue?"],
                        "type": "DENY",
                    }
                ]
            },
            "sensitiveInformationPolicyConfig": {
                "piiEntitiesConfigs": [{"type": "CREDIT_DEBIT_CARD_NUMBER", "action": "ANONYMIZE"}],
                "regexesConfigs": [
                    {"name": "customer", "pattern": "C-[0-9]{8}", "action": "ANONYMIZE", "description": "id"}
                ],
            },
            "tags": {"Service": "example"},
        },
        update=lambda need: {
            "description": "keeps to bills",
            "blockedInputMessaging": "Please ask something else.",
            "kmsKeyArn": need("aws:kms/key:Key", "arn", description="another"),
            "contentPolicyConfig": {
                "filtersConfigs": [
                    {
                        "type": "HATE",
                        "inputStrength": "LOW",
                        "outputStrength": "MEDIUM",
                        "inputModalities": ["TEXT", "IMAGE"],
                        "outputModalities": ["TEXT"],
                        "inputAction": "NONE",
                    }
                ],
                "tierConfigs": [{"tierName": "CLASSIC"}],
            },
            "wordPolicyConfig": {
                "wordsConfigs": [{"text": "competitor"}],
                "managedWordListsConfigs": [{"type": "PROFANITY"}],
            },
            "contextualGroundingPolicyConfig": {"filtersConfigs": [{"type": "GROUNDING", "threshold": 0.7}]},
            "tags": {"Service": "other", "Owner": "platform"},
        },
    ),
)


def _description(answer: Any) -> Properties:
    return {"description": answer.get("description"), "guardrailArn": answer["guardrailArn"]}


GUARDRAIL_VERSION = ResourceType(
    token="aws:bedrock/guardrailVersion:GuardrailVersion",
    service="bedrock",
    create=Call(operation="create_guardrail_version"),
    # the documented import id
    id=lambda known: f"{known['guardrailArn']},{known['answer']['version']}",
    read=Call(
        operation="get_guardrail",
        identify=_VERSION,
        properties=frozenset({"version"}),
        decode=_description,
    ),
    delete=Call(
        operation="delete_guardrail",
        identify=_VERSION,
        build=lambda known: None if known.get("skipDestroy") else {},
    ),
    parse_id=lambda physical_id: dict(
        zip(("guardrailArn", "version"), physical_id.rsplit(",", 1), strict=True)
    ),
    names={"guardrailArn": "guardrailIdentifier"},
    defaults={"skipDestroy": False},
    unreadable={"skipDestroy": "a switch of the delete; AWS does not know it"},
    not_modelled={"timeouts": _TIMEOUTS},
    gone=_GONE,
    ready="status=='READY'",
    example=Example(
        inputs=lambda need: {
            "guardrailArn": need("aws:bedrock/guardrail:Guardrail", "guardrailArn"),
            "description": "the first",
        },
        replace=lambda need: {"description": "the second"},
    ),
)

INFERENCE_PROFILE = ResourceType(
    token="aws:bedrock/inferenceProfile:InferenceProfile",
    service="bedrock",
    create=Call(operation="create_inference_profile"),
    id=lambda known: str(known["answer"]["inferenceProfileArn"]).rpartition("/")[2],
    read=Call(operation="get_inference_profile", identify=_PROFILE),
    delete=Call(operation="delete_inference_profile", identify=_PROFILE),
    list=Call(
        operation="list_inference_profiles",
        fixed={"typeEquals": "APPLICATION"},
        result="inferenceProfileSummaries[].inferenceProfileId",
    ),
    names={"arn": "inferenceProfileArn", "name": "inferenceProfileName"},
    tags=_tags("arn"),
    unreadable={"modelSource": "AWS shows what it leads to: models"},
    replace_on=frozenset({"modelSource"}),
    not_modelled={"timeouts": _TIMEOUTS},
    gone=_GONE,
    example=Example(
        inputs=lambda need: {
            "name": "example",
            "description": "what the example costs",
            "modelSource": {"copyFrom": _MODEL},
            "tags": {"Service": "example"},
        },
        update=lambda need: {"tags": {"Service": "other", "Owner": "platform"}},
        replace=lambda need: {
            "name": "other",
            "modelSource": {"copyFrom": _MODEL.replace("amazon.titan-embed-text-v2:0", "cohere.embed-v3")},
        },
    ),
)
