"""Lambda: what becomes of calls that nobody waits for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.awslambda.models import LambdaBackend

from sandbox.extensions.registry import replaces


@replaces(LambdaBackend, "put_function_event_invoke_config")
def _replace_the_one(
    original: Callable[..., dict[str, Any]], self: LambdaBackend, function_name: str, config: dict[str, Any]
) -> dict[str, Any]:
    """A function has one configuration, which the next replaces; moto goes on showing the first."""
    answer = original(self, function_name, config)
    function: Any = self.get_function(function_name)
    del function.event_invoke_config[:-1]
    return answer
