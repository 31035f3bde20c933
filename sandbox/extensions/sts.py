"""STS: who the environments' own keys are, and roles that must exist."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.iam.models import iam_backends
from moto.sts.models import AssumedRole, STSBackend

from sandbox.controlplane.refusals import Refusal, RefusedError
from sandbox.extensions.registry import replaces

# What moto calls a caller whose key IAM does not know.
_MOTO_DEFAULT_USER = ":user/moto"


@replaces(STSBackend, "get_caller_identity")
def _name_the_root_user(
    original: Callable[..., tuple[str, str, str]], self: STSBackend, *args: Any
) -> tuple[str, str, str]:
    """An environment's key acts as its account's root user; moto names a user that does not exist."""
    user_id, arn, account_id = original(self, *args)
    if arn.endswith(_MOTO_DEFAULT_USER):
        return account_id, f"arn:{self.partition}:iam::{account_id}:root", account_id
    return user_id, arn, account_id


@replaces(STSBackend, "assume_role")
def _refuse_missing_role(
    original: Callable[..., AssumedRole], self: STSBackend, **kwargs: Any
) -> AssumedRole:
    """A role that is in no account cannot be assumed; in moto any role that is named exists."""
    role_arn = kwargs["role_arn"]
    account_id = role_arn.split(":")[4] if role_arn.count(":") >= 5 else ""
    roles = iam_backends[account_id][self.partition].roles.values() if account_id in iam_backends else ()
    if not any(role.arn == role_arn for role in roles):
        raise RefusedError(Refusal.NOT_AUTHORIZED, f"sts:AssumeRole on resource {role_arn}")
    return original(self, **kwargs)
