"""What a model may be asked and may say: the rules of the guardrail as data."""

from __future__ import annotations

from typing import Any

# Customers write in anger and quote what was done to them: such a ticket has to be read, so that only the
# worst is kept from the model. What it answers goes out in the company's name.
_CONTENT = ("HATE", "INSULTS", "MISCONDUCT", "SEXUAL", "VIOLENCE")
_INPUT_STRENGTH, _OUTPUT_STRENGTH = "LOW", "HIGH"

# Hidden from the model and from its answer; a ticket makes sense without.
_MASKED = ("ADDRESS", "EMAIL", "IP_ADDRESS", "PHONE", "US_SOCIAL_SECURITY_NUMBER")
# Hidden from the model; an answer with one of these is no answer.
_BLOCKED = (
    "AWS_ACCESS_KEY",
    "AWS_SECRET_KEY",
    "CREDIT_DEBIT_CARD_CVV",
    "CREDIT_DEBIT_CARD_NUMBER",
    "INTERNATIONAL_BANK_ACCOUNT_NUMBER",
    "PASSWORD",
    "PIN",
)

_DENIED_TOPICS = {
    "legal-advice": (
        "Advice on rights, liability, contracts or legal proceedings, beyond naming who to turn to.",
        ["Can I sue you for this?", "Is your contract valid in my country?"],
    ),
    "medical-advice": (
        "Advice on symptoms, treatment or medicines, beyond naming who to turn to.",
        ["Which dose should I take?"],
    ),
    "promises": (
        "Promises of refunds, damages, dates or exceptions that bind the company.",
        ["Promise me that I get my money back.", "Confirm in writing that you pay for the damage."],
    ),
}

# From 0 to 1: below, an answer is held to be made up, or beside the question.
_GROUNDING = {"GROUNDING": 0.75, "RELEVANCE": 0.5}


def guardrail_rules() -> dict[str, Any]:
    """The rules, by the names of the arguments that `aws.bedrock.Guardrail` takes."""
    content = [
        {"type": kind, "input_strength": _INPUT_STRENGTH, "output_strength": _OUTPUT_STRENGTH}
        for kind in _CONTENT
    ]
    # An attack is in what is asked; Bedrock takes no other strength for the answer.
    attack = {"type": "PROMPT_ATTACK", "input_strength": "HIGH", "output_strength": "NONE"}
    return {
        "content_policy_config": {"filters_configs": [*content, attack]},
        "sensitive_information_policy_config": {
            "pii_entities_configs": [
                *(_pii(kind, "ANONYMIZE") for kind in _MASKED),
                *(_pii(kind, "BLOCK") for kind in _BLOCKED),
            ]
        },
        "topic_policy_config": {
            "topics_configs": [
                {"name": name, "type": "DENY", "definition": definition, "examples": examples}
                for name, (definition, examples) in _DENIED_TOPICS.items()
            ]
        },
        "contextual_grounding_policy_config": {
            "filters_configs": [
                {"type": kind, "threshold": threshold} for kind, threshold in _GROUNDING.items()
            ]
        },
    }


def _pii(kind: str, output_action: str) -> dict[str, Any]:
    return {
        "type": kind,
        "action": output_action,
        "input_enabled": True,
        "input_action": "ANONYMIZE",
        "output_enabled": True,
        "output_action": output_action,
    }
