"""Secrets Manager: how a secret is to be rotated.

In the sandbox no function runs yet. So a rotation is configured and not carried out: the value stays as it
is, no version waits as AWSPENDING, and DescribeSecret shows no LastRotatedDate. Who comes to run functions
begins the four steps of a rotation where `rotate_secret` ends.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from typing import Any

from moto.awslambda.exceptions import UnknownFunctionException
from moto.awslambda.utils import get_backend
from moto.secretsmanager.exceptions import (
    InvalidParameterException,
    InvalidRequestException,
    ResourceNotFoundException,
    SecretsManagerClientError,
)
from moto.secretsmanager.models import FakeSecret, SecretsManagerBackend

from sandbox.extensions.registry import replaces
from sandbox.extensions.schedule_expressions import problem_with

_PRINCIPAL = "secretsmanager.amazonaws.com"
_SECONDS_PER_DAY = 86400
_MOST_DAYS = 1000
# Secrets Manager user guide, "Rotation schedules": a window of hours, within its day.
_DURATION = re.compile(r"([1-9]|1[0-9]|2[0-4])h")


@replaces(SecretsManagerBackend, "rotate_secret")
def _configure_rotation(
    original: Callable[..., str],
    self: SecretsManagerBackend,
    secret_id: str,
    client_request_token: str | None = None,
    rotation_lambda_arn: str | None = None,
    rotation_rules: dict[str, Any] | None = None,
    rotate_immediately: bool = True,
) -> str:
    """A schedule and its window are kept, and a function that may not be called is refused.

    moto drops the one and the other, calls the function without asking, and makes a version without a value.
    """
    del original, client_request_token, rotate_immediately
    secret: Any = self.describe_secret(secret_id) and self.secrets[secret_id]
    if secret.deleted_date:
        raise InvalidRequestException(
            "You can't perform this operation on the secret because it was marked for deletion."
        )
    function_arn = rotation_lambda_arn or secret.rotation_lambda_arn
    if not function_arn and not secret.owning_service:
        raise InvalidRequestException("No Lambda rotation function ARN is associated with this secret.")
    if function_arn:
        _check_function(self, function_arn, secret.arn)
    rules = rotation_rules or getattr(secret, "rotation_rules", {})
    _check_rules(rules)
    secret.rotation_requested = secret.rotation_enabled = True
    secret.rotation_lambda_arn = function_arn
    secret.rotation_rules = rules
    days = rules.get("AutomaticallyAfterDays", 0)
    secret.auto_rotate_after_days = days
    secret.next_rotation_date = int(time.time()) + days * _SECONDS_PER_DAY if days else None
    answer: str = secret.to_short_dict()
    return answer


@replaces(FakeSecret, "to_dict")
def _show_rules(original: Callable[[Any], dict[str, Any]], self: FakeSecret) -> dict[str, Any]:
    """The rules of a rotation read back as they were given."""
    shown = original(self)
    if "RotationRules" in shown:
        shown["RotationRules"] = getattr(self, "rotation_rules", shown["RotationRules"])
        shown["RotationLambdaARN"] = shown["RotationLambdaARN"] or None
    return shown


def _check_rules(rules: dict[str, Any]) -> None:
    days, expression = rules.get("AutomaticallyAfterDays"), rules.get("ScheduleExpression")
    if (days is None) == (expression is None):
        raise InvalidParameterException(
            "RotationRules says either AutomaticallyAfterDays or ScheduleExpression, and not both."
        )
    if days is not None and not 1 <= days <= _MOST_DAYS:
        raise InvalidParameterException(f"AutomaticallyAfterDays is from 1 to {_MOST_DAYS}, and not {days}.")
    if expression is not None:
        problem = problem_with(expression)
        if expression.startswith("at(") or "minute" in expression:
            problem = "a rotation has a rate in hours or days, or a cron expression"
        if problem:
            raise InvalidParameterException(f"Invalid ScheduleExpression {expression}: {problem}.")
    if "Duration" in rules and not _DURATION.fullmatch(rules["Duration"]):
        raise InvalidParameterException(f"Duration is 1h to 24h, and not {rules['Duration']}.")


def _check_function(self: SecretsManagerBackend, function_arn: str, secret_arn: str) -> None:
    backend = get_backend(self.account_id, self.region_name)
    try:
        function = backend.get_function(function_arn)
    except UnknownFunctionException:
        raise ResourceNotFoundException(
            f"Secrets Manager can't find the Lambda function {function_arn}."
        ) from None
    if not any(_lets_call(statement, secret_arn) for statement in function.policy.statements):
        raise SecretsManagerClientError(
            "AccessDeniedException",
            "Secrets Manager cannot invoke the specified Lambda function. "
            f"Ensure that the function policy grants access to the principal {_PRINCIPAL}.",
        )


def _lets_call(statement: dict[str, Any], secret_arn: str) -> bool:
    """Whether a statement of the function's policy names Secrets Manager, and this secret if it names any."""
    conditions = statement.get("Condition") or {}
    named = [
        value
        for operands in conditions.values()
        for key, value in operands.items()
        if key.lower() == "aws:sourcearn"
    ]
    return (
        statement.get("Effect") == "Allow"
        and _PRINCIPAL in json.dumps(statement.get("Principal"))
        and all(re.fullmatch(re.escape(arn).replace(r"\*", ".*"), secret_arn) for arn in named)
    )
