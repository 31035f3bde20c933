"""KMS: the rotation period, and keys that are switched off."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.core.utils import unix_time, utcnow
from moto.kms.models import Key
from moto.kms.responses import KmsResponse

from sandbox.extensions.registry import replaces

_DEFAULT_PERIOD_DAYS = 365
_CRYPTOGRAPHIC_OPERATIONS = ("encrypt", "generate_data_key", "generate_data_key_without_plaintext", "sign")


@replaces(KmsResponse, "enable_key_rotation")
def _keep_rotation_period(original: Callable[[Any], str], self: KmsResponse) -> str:
    """EnableKeyRotation takes a period in days, 90 to 2560."""
    period_days = self._get_param("RotationPeriodInDays")
    if period_days is not None and not 90 <= period_days <= 2560:
        raise JsonRESTError(
            "ValidationException", f"rotation period {period_days} is not between 90 and 2560 days"
        )
    answer = original(self)
    _key(self).rotation_period_days = period_days or _DEFAULT_PERIOD_DAYS
    return answer


@replaces(KmsResponse, "get_key_rotation_status")
def _return_rotation_period(original: Callable[[Any], str], self: KmsResponse) -> str:
    """GetKeyRotationStatus returns the period, which is where drift in it shows."""
    status = json.loads(original(self))
    key = _key(self)
    status["KeyId"] = key.id
    if status["KeyRotationEnabled"]:
        period_days = getattr(key, "rotation_period_days", _DEFAULT_PERIOD_DAYS)
        status["RotationPeriodInDays"] = period_days
        status["NextRotationDate"] = unix_time(utcnow() + timedelta(days=period_days))
    return json.dumps(status)


def _refuse_disabled_key(original: Callable[[Any], str], self: KmsResponse) -> str:
    """A key that is disabled, or waits for its deletion, does no work."""
    key = _key(self)
    if key.key_state == "Disabled":
        raise JsonRESTError("DisabledException", f"{key.arn} is disabled.")
    if key.key_state == "PendingDeletion":
        raise JsonRESTError("KMSInvalidStateException", f"{key.arn} is pending deletion.")
    return original(self)


for _operation in _CRYPTOGRAPHIC_OPERATIONS:
    replaces(KmsResponse, _operation)(_refuse_disabled_key)


def _key(response: KmsResponse) -> Any:
    key_id = response._get_param("KeyId")
    response._validate_key_id(key_id)
    backend = response.kms_backend
    key: Key = backend.keys[backend.get_key_id(backend.any_id_to_key_id(key_id))]
    return key
