"""Bedrock: tags of guardrails and inference profiles, which moto does not know, and no empty log settings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.bedrock.models import BedrockBackend
from moto.bedrock.responses import BedrockResponse

from sandbox.extensions.records import records
from sandbox.extensions.registry import replaces


def tag(self: BedrockResponse, arn: str, tags: list[dict[str, str]] | None) -> None:
    """Put the tags that a resource is made with on it."""
    self.bedrock_backend.tag_resource(arn, tags or [])


@replaces(BedrockBackend, "_list_arns")
def _list_all_arns(original: Callable[[Any], list[str]], self: BedrockBackend) -> list[str]:
    """Guardrails and application inference profiles have tags."""
    own = [each.shown["guardrailArn"] for each in records(self, "guardrails").values()]
    own += [each.shown["inferenceProfileArn"] for each in records(self, "inference_profiles").values()]
    return original(self) + own


@replaces(BedrockBackend, "delete_model_invocation_logging_configuration")
def _forget_logging(original: Callable[[Any], None], self: BedrockBackend) -> None:
    """What is deleted is not there; moto keeps an empty one, which would count as a resource."""
    del original
    self.model_invocation_logging_configuration = None
