from __future__ import annotations

import re
from typing import Any

import botocore.session
import pulumi_aws as aws
import pytest

from infra.documents.guardrail import guardrail_rules
from tests.infra.parts import label, values_of
from tests.infra.recorder import record

SHAPES = botocore.session.get_session().get_service_model("bedrock")


def _filters() -> dict[str, dict[str, Any]]:
    return {each["type"]: each for each in guardrail_rules()["content_policy_config"]["filters_configs"]}


def _pii() -> dict[str, dict[str, Any]]:
    rules = guardrail_rules()["sensitive_information_policy_config"]["pii_entities_configs"]
    return {each["type"]: each for each in rules}


def _topics() -> list[dict[str, Any]]:
    topics = guardrail_rules()["topic_policy_config"]["topics_configs"]
    assert isinstance(topics, list)
    return topics


def test_an_attack_on_the_prompt_is_refused_as_far_as_bedrock_can_tell() -> None:
    attack = _filters()["PROMPT_ATTACK"]
    assert (attack["input_strength"], attack["output_strength"]) == ("HIGH", "NONE")


def test_an_angry_ticket_is_read_and_an_angry_answer_is_not_given() -> None:
    others = [each for kind, each in _filters().items() if kind != "PROMPT_ATTACK"]
    assert {(each["input_strength"], each["output_strength"]) for each in others} == {("LOW", "HIGH")}


def test_every_kind_of_content_that_bedrock_knows_is_filtered() -> None:
    assert set(_filters()) == values_of("bedrock", "GuardrailContentFilterType")


def test_personal_data_is_hidden_from_the_model_and_no_answer_holds_a_credential() -> None:
    rules = _pii()
    assert set(rules) <= values_of("bedrock", "GuardrailPiiEntityType")
    assert {each["input_action"] for each in rules.values()} == {"ANONYMIZE"}
    assert all(each["input_enabled"] and each["output_enabled"] for each in rules.values())
    blocked = {kind for kind, each in rules.items() if each["output_action"] == "BLOCK"}
    assert {"PASSWORD", "AWS_SECRET_KEY", "CREDIT_DEBIT_CARD_NUMBER"} <= blocked
    assert not {"EMAIL", "PHONE", "ADDRESS"} & blocked


@pytest.mark.parametrize("topic", _topics(), ids=lambda topic: str(topic["name"]))
def test_a_topic_that_is_not_for_a_model_is_denied_in_words_that_bedrock_takes(topic: dict[str, Any]) -> None:
    assert topic["type"] == "DENY"
    name = SHAPES.shape_for("GuardrailTopicName").metadata
    assert re.fullmatch(name["pattern"], topic["name"])
    # The limits of the classic tier, which is the one that a guardrail has without a word.
    assert len(topic["definition"]) <= 200
    assert 1 <= len(topic["examples"]) <= 5
    assert all(len(example) <= 100 for example in topic["examples"])


def test_legal_advice_and_promises_are_among_the_denied() -> None:
    assert {"legal-advice", "promises"} <= {topic["name"] for topic in _topics()}


def test_an_answer_has_to_be_grounded_and_to_the_point() -> None:
    grounding = guardrail_rules()["contextual_grounding_policy_config"]["filters_configs"]
    assert {each["type"] for each in grounding} == {"GROUNDING", "RELEVANCE"}
    assert all(0.5 <= each["threshold"] < 1 for each in grounding)


def test_the_rules_reach_the_engine_by_the_names_of_the_provider() -> None:
    def program() -> None:
        aws.bedrock.Guardrail(
            "guardrail",
            name=label("models").name(),
            blocked_input_messaging="no",
            blocked_outputs_messaging="no",
            **guardrail_rules(),
        )

    inputs = record(program).one("bedrock/guardrail:Guardrail").inputs
    (first, *_) = inputs["contentPolicyConfig"]["filtersConfigs"]
    assert first == {"type": "HATE", "inputStrength": "LOW", "outputStrength": "HIGH"}
    (email, *_) = inputs["sensitiveInformationPolicyConfig"]["piiEntitiesConfigs"]
    assert email["inputAction"] == "ANONYMIZE"
