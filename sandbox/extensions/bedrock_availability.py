"""Bedrock: whether an account may call a model, which moto does not know."""

from __future__ import annotations

from moto.bedrock.responses import BedrockResponse
from moto.core.responses import ActionResult

from sandbox.extensions.bedrock_models import model_ids
from sandbox.extensions.records import ApiError, given
from sandbox.extensions.registry import adds


@adds(BedrockResponse, "get_foundation_model_availability")
def _get_availability(self: BedrockResponse) -> ActionResult:
    """GetFoundationModelAvailability: every account of the sandbox may call every model that is known."""
    model_id = given(self)["modelId"]
    if model_id not in model_ids():
        raise ApiError("ResourceNotFoundException", f"Could not resolve the foundation model {model_id}.")
    return ActionResult(
        {
            "modelId": model_id,
            "agreementAvailability": {"status": "AVAILABLE"},
            "authorizationStatus": "AUTHORIZED",
            "entitlementAvailability": "AVAILABLE",
            "regionAvailability": "AVAILABLE",
        }
    )
