"""Secrets Manager: the current version is the one that has the label."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.secretsmanager.models import SecretsManagerBackend

from sandbox.extensions.registry import replaces


@replaces(SecretsManagerBackend, "update_secret_version_stage")
def _follow_the_label(
    original: Callable[..., tuple[str, str]],
    self: SecretsManagerBackend,
    secret_id: str,
    version_stage: str,
    remove_from_version_id: str,
    move_to_version_id: str,
) -> tuple[str, str]:
    """Who moves AWSCURRENT moves what GetSecretValue returns; moto goes on returning the version before."""
    answer = original(self, secret_id, version_stage, remove_from_version_id, move_to_version_id)
    secret: Any = self.secrets[secret_id]
    if version_stage == "AWSCURRENT" and move_to_version_id:
        secret.set_default_version_id(move_to_version_id)
    return answer
