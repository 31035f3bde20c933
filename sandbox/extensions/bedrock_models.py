"""Bedrock: which models there are, and which profiles send requests to several regions.

From the Bedrock user guide, "Supported foundation models in Amazon Bedrock" and "Supported Regions and models
for inference profiles", as of 2026-06. It is a choice of them, and the same in every region; what an account
may use in a region is the account's to ask AWS.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from moto.bedrock.responses import BedrockResponse
from moto.core.responses import ActionResult

from sandbox.extensions.records import ApiError, given
from sandbox.extensions.registry import adds


@dataclass(frozen=True, kw_only=True)
class _Model:
    identity: str
    name: str
    takes: tuple[str, ...] = ("TEXT",)
    gives: tuple[str, ...] = ("TEXT",)
    by_profile: bool = False
    """Whether requests go through a profile over several regions only."""


_MODELS = (
    _Model(identity="amazon.nova-micro-v1:0", name="Nova Micro", by_profile=True),
    _Model(identity="amazon.nova-lite-v1:0", name="Nova Lite", takes=("TEXT", "IMAGE"), by_profile=True),
    _Model(identity="amazon.nova-pro-v1:0", name="Nova Pro", takes=("TEXT", "IMAGE"), by_profile=True),
    _Model(identity="amazon.titan-embed-text-v2:0", name="Titan Text Embeddings V2", gives=("EMBEDDING",)),
    _Model(identity="anthropic.claude-3-haiku-20240307-v1:0", name="Claude 3 Haiku", takes=("TEXT", "IMAGE")),
    _Model(
        identity="anthropic.claude-haiku-4-5-20251001-v1:0",
        name="Claude Haiku 4.5",
        takes=("TEXT", "IMAGE"),
        by_profile=True,
    ),
    _Model(
        identity="anthropic.claude-sonnet-4-20250514-v1:0",
        name="Claude Sonnet 4",
        takes=("TEXT", "IMAGE"),
        by_profile=True,
    ),
    _Model(
        identity="anthropic.claude-sonnet-4-5-20250929-v1:0",
        name="Claude Sonnet 4.5",
        takes=("TEXT", "IMAGE"),
        by_profile=True,
    ),
    _Model(
        identity="anthropic.claude-sonnet-4-6",
        name="Claude Sonnet 4.6",
        takes=("TEXT", "IMAGE"),
        by_profile=True,
    ),
    _Model(identity="cohere.embed-multilingual-v3", name="Embed Multilingual", gives=("EMBEDDING",)),
    _Model(identity="meta.llama3-2-3b-instruct-v1:0", name="Llama 3.2 3B Instruct", by_profile=True),
    _Model(identity="mistral.mistral-large-2402-v1:0", name="Mistral Large (24.02)"),
)
_PROVIDERS = {
    "amazon": "Amazon",
    "anthropic": "Anthropic",
    "cohere": "Cohere",
    "meta": "Meta",
    "mistral": "Mistral AI",
}
# the regions that every profile of the geography has among its destinations
_DESTINATIONS = {
    "eu": ("eu-central-1", "eu-north-1", "eu-west-1", "eu-west-3"),
    "us": ("us-east-1", "us-east-2", "us-west-2"),
}


def model_ids() -> frozenset[str]:
    """The models that are known."""
    return frozenset(model.identity for model in _MODELS)


def model_arns(self: BedrockResponse, source: str) -> list[str] | None:
    """The models that an ARN leads to, of a model or of a profile of AWS's own; None where it is neither."""
    if any(source == _arn(self.partition, self.region, model) for model in _MODELS):
        return [source]
    for profile in system_profiles(self):
        if source == profile["inferenceProfileArn"]:
            return [model["modelArn"] for model in profile["models"]]
    return None


def system_profiles(self: BedrockResponse) -> Iterator[dict[str, Any]]:
    """The profiles of AWS's own in a region, as GetInferenceProfile shows them."""
    geography = self.region.partition("-")[0]
    prefix = f"arn:{self.partition}:bedrock:{self.region}:{self.current_account}:inference-profile"
    for model in _MODELS:
        if model.by_profile and geography in _DESTINATIONS:
            identity = f"{geography}.{model.identity}"
            yield {
                "inferenceProfileId": identity,
                "inferenceProfileArn": f"{prefix}/{identity}",
                "inferenceProfileName": f"{geography.upper()} {_provider(model)} {model.name}",
                "models": [
                    {"modelArn": _arn(self.partition, region, model)} for region in _DESTINATIONS[geography]
                ],
                "status": "ACTIVE",
                "type": "SYSTEM_DEFINED",
            }


@adds(BedrockResponse, "list_foundation_models")
def _list_foundation_models(self: BedrockResponse) -> ActionResult:
    """ListFoundationModels."""
    wish = given(self)
    described = [_described(self, model) for model in _MODELS]
    asked = {
        "byInferenceType": "inferenceTypesSupported",
        "byOutputModality": "outputModalities",
        "byCustomizationType": "customizationsSupported",
    }
    for parameter, member in asked.items():
        if wish.get(parameter):
            described = [each for each in described if wish[parameter] in each[member]]
    if wish.get("byProvider"):
        described = [each for each in described if each["providerName"].lower() == wish["byProvider"].lower()]
    return ActionResult({"modelSummaries": described})


@adds(BedrockResponse, "get_foundation_model")
def _get_foundation_model(self: BedrockResponse) -> ActionResult:
    """GetFoundationModel, by id or ARN."""
    identity = given(self)["modelIdentifier"]
    for model in _MODELS:
        if identity in (model.identity, _arn(self.partition, self.region, model)):
            return ActionResult({"modelDetails": _described(self, model)})
    raise ApiError("ResourceNotFoundException", f"Could not resolve the foundation model {identity}.")


def _described(self: BedrockResponse, model: _Model) -> dict[str, Any]:
    return {
        "modelArn": _arn(self.partition, self.region, model),
        "modelId": model.identity,
        "modelName": model.name,
        "providerName": _provider(model),
        "inputModalities": list(model.takes),
        "outputModalities": list(model.gives),
        "responseStreamingSupported": "TEXT" in model.gives,
        "customizationsSupported": [],
        "inferenceTypesSupported": ["INFERENCE_PROFILE" if model.by_profile else "ON_DEMAND"],
        "modelLifecycle": {"status": "ACTIVE"},
    }


def _provider(model: _Model) -> str:
    return _PROVIDERS[model.identity.partition(".")[0]]


def _arn(partition: str, region: str, model: _Model) -> str:
    return f"arn:{partition}:bedrock:{region}::foundation-model/{model.identity}"
