"""Bedrock: application inference profiles, by whose tags the cost of a model's use can be told apart."""

from __future__ import annotations

from typing import Any

from moto.bedrock.responses import BedrockResponse
from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import utcnow
from moto.moto_api._internal import mock_random

from sandbox.extensions.bedrock_models import model_arns, system_profiles
from sandbox.extensions.bedrock_tags import tag
from sandbox.extensions.records import ApiError, Record, given, page, records
from sandbox.extensions.registry import adds


@adds(BedrockResponse, "create_inference_profile")
def _create_profile(self: BedrockResponse) -> ActionResult:
    """CreateInferenceProfile: of a model, or of one of AWS's own profiles."""
    wish = given(self)
    name, source = wish["inferenceProfileName"], wish["modelSource"].get("copyFrom")
    models = model_arns(self, source)
    if models is None:
        raise ApiError("ValidationException", f"{source} is neither a foundation model nor a system profile")
    if any(each.shown["inferenceProfileName"] == name for each in _own(self).values()):
        raise ApiError("ConflictException", f"An inference profile named {name} already exists.")
    identity = mock_random.get_random_string(12, lower_case=True)
    arn = f"arn:{self.partition}:bedrock:{self.region}:{self.current_account}:application-inference-profile"
    made = Record(
        inferenceProfileId=identity,
        inferenceProfileArn=f"{arn}/{identity}",
        inferenceProfileName=name,
        description=wish.get("description"),
        createdAt=utcnow(),
        updatedAt=utcnow(),
        models=[{"modelArn": model} for model in models],
        status="ACTIVE",
        type="APPLICATION",
    )
    _own(self)[identity] = made
    tag(self, made.shown["inferenceProfileArn"], wish.get("tags"))
    return ActionResult({"inferenceProfileArn": made.shown["inferenceProfileArn"], "status": "ACTIVE"})


@adds(BedrockResponse, "get_inference_profile")
def _get_profile(self: BedrockResponse) -> ActionResult:
    """GetInferenceProfile, by id or ARN, also of AWS's own profiles."""
    return ActionResult(_profile(self, given(self)["inferenceProfileIdentifier"]))


@adds(BedrockResponse, "list_inference_profiles")
def _list_profiles(self: BedrockResponse) -> ActionResult:
    """ListInferenceProfiles: AWS's own, unless it asks for those of applications."""
    wish = given(self)
    found = [each for each in _profiles(self) if each["type"] == wish.get("typeEquals", "SYSTEM_DEFINED")]
    summaries, token = page(found, wish.get("nextToken"), wish.get("maxResults"), size=1000)
    return ActionResult({"inferenceProfileSummaries": summaries, "nextToken": token})


@adds(BedrockResponse, "delete_inference_profile")
def _delete_profile(self: BedrockResponse) -> ActionResult:
    """DeleteInferenceProfile: AWS's own stay."""
    found = _profile(self, given(self)["inferenceProfileIdentifier"])
    if found["type"] == "SYSTEM_DEFINED":
        raise ApiError("ValidationException", f"{found['inferenceProfileId']} is a profile of AWS's own")
    del _own(self)[found["inferenceProfileId"]]
    return EmptyResult()


def _own(self: BedrockResponse) -> dict[str, Record]:
    return records(self.bedrock_backend, "inference_profiles")


def _profiles(self: BedrockResponse) -> list[dict[str, Any]]:
    return [each.shown for each in _own(self).values()] + list(system_profiles(self))


def _profile(self: BedrockResponse, identity: str) -> dict[str, Any]:
    for known in _profiles(self):
        if identity in (known["inferenceProfileId"], known["inferenceProfileArn"]):
            return known
    raise ApiError("ResourceNotFoundException", f"The inference profile {identity} does not exist.")
