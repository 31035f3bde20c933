"""A check of the models of Bedrock: an account has to be let in to some of them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from infra.model_ids import resolve
from scripts.aws.shell import unless
from scripts.checks.finding import Check, Finding, Patient, well, wrong

# What GetFoundationModelAvailability answers of a model that may be called.
_OPEN = {
    "authorizationStatus": "AUTHORIZED",
    "entitlementAvailability": "AVAILABLE",
    "regionAvailability": "AVAILABLE",
}


def closed(availability: Mapping[str, Any] | None) -> str:
    """Why a model cannot be called, or nothing."""
    if availability is None:
        return "is not in this region"
    agreement = availability.get("agreementAvailability", {}).get("status")
    if agreement != "AVAILABLE":
        return f"has an agreement that is {agreement}"
    for name, wanted in _OPEN.items():
        if availability.get(name) != wanted:
            return f"has {name} {availability.get(name)}"
    return ""


def access(patient: Patient) -> Finding:
    """By the region of the stack; a profile may answer from others, which ask for no access of their own."""
    bedrock, account = patient.shell.client("bedrock"), patient.place.account
    models = patient.place.config.models
    named = [*models.text, *models.embedding]
    refused = []
    for model_id in named:
        # a profile's own name begins with its geography, and its model's does not
        model = resolve(model_id, account).called_arns[-1].rpartition("/")[2]
        answer = unless(
            partial(bedrock.get_foundation_model_availability, modelId=model),
            "ResourceNotFoundException",
            "ValidationException",
        )
        if why := closed(answer):
            refused.append(f"{model_id} {why}")
    if refused:
        return wrong(
            "; ".join(refused),
            "take the model into use (console, Bedrock, Model catalog), or name another in the stack file",
        )
    return well(", ".join(named))


CHECKS = (Check(name="models", look=access),)
