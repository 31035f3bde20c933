"""Lambda: where the events of a function come from, and what becomes of those that fail.

In the sandbox no function runs yet. So nothing is taken out of a queue for one: its messages stay there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.awslambda.exceptions import UnknownEventConfig
from moto.awslambda.models import EventInvokeConfig, EventSourceMapping, LambdaBackend
from moto.awslambda.responses import LambdaResponse
from moto.core.responses import ActionResult, EmptyResult
from moto.sqs.models import sqs_backends

from sandbox.extensions.records import ApiError, given
from sandbox.extensions.registry import replaces

_LATEST = "$LATEST"
_UPDATED = {
    "AmazonManagedKafkaEventSourceConfig": "kafka_config",
    "ProvisionedPollerConfig": "poller_config",
}


@replaces(LambdaResponse, "put_function_event_invoke_config")
def _put_config(original: Any, self: LambdaResponse) -> ActionResult:
    """A configuration takes the place of the one before, of the function or of one of its aliases.

    moto adds it behind the one before, which it goes on showing, and does not read the qualifier.
    """
    del original
    wish = given(self)
    configs, qualifier = _configs(self, wish)
    configs[qualifier] = {
        "DestinationConfig": {"OnSuccess": {}, "OnFailure": {}},
        **{name: wish[name] for name in _SETTINGS if wish.get(name) is not None},
    }
    return _shown(self, wish)


@replaces(LambdaResponse, "update_function_event_invoke_config")
def _update_config(original: Any, self: LambdaResponse) -> ActionResult:
    """An update changes what it names."""
    del original
    wish = given(self)
    _shown(self, wish)
    configs, qualifier = _configs(self, wish)
    configs[qualifier] |= {name: wish[name] for name in _SETTINGS if wish.get(name) is not None}
    return _shown(self, wish)


@replaces(LambdaResponse, "get_function_event_invoke_config")
def _get_config(original: Any, self: LambdaResponse) -> ActionResult:
    """The configuration of a function, or of one of its aliases."""
    del original
    return _shown(self, given(self))


@replaces(LambdaResponse, "delete_function_event_invoke_config")
def _delete_config(original: Any, self: LambdaResponse) -> ActionResult:
    """The configuration of a function, or of one of its aliases, is no more."""
    del original
    wish = given(self)
    _shown(self, wish)
    configs, qualifier = _configs(self, wish)
    del configs[qualifier]
    return EmptyResult()


@replaces(LambdaBackend, "create_event_source_mapping")
def _create_mapping(
    original: Callable[..., EventSourceMapping], self: LambdaBackend, spec: dict[str, Any]
) -> EventSourceMapping:
    """A function takes from a queue once, and nothing is taken for it as long as no function runs.

    moto would call a function that only says yes, and delete the message.
    """
    function_arn = self.get_function(spec["FunctionName"]).function_arn
    for known in self._event_source_mappings.values():
        if (known.function_arn, known.event_source_arn) == (function_arn, spec.get("EventSourceArn")):
            raise ApiError(
                "ResourceConflictException",
                f"An event source mapping with event source arn ({known.event_source_arn}) and function name "
                f"({known.function_name}) already exists. Please update or delete the existing mapping with "
                f"UUID {known.uuid}",
            )
    mapping = original(self, spec)
    queues: Any = sqs_backends[self.account_id][self.region_name].queues
    for queue in queues.values():
        queue.lambda_event_source_mappings.pop(mapping.function_arn, None)
    return mapping


@replaces(LambdaBackend, "update_event_source_mapping")
def _update_mapping(
    original: Callable[..., EventSourceMapping | None], self: LambdaBackend, uuid: str, spec: dict[str, Any]
) -> EventSourceMapping | None:
    """An update changes the pollers too, and an empty setting takes it away."""
    mapping: Any = original(self, uuid, spec)
    for name, attribute in _UPDATED.items():
        if mapping is not None and name in spec:
            setattr(mapping, attribute, spec[name])
    return mapping  # type: ignore[no-any-return]


@replaces(EventSourceMapping, "get_configuration")
def _show_what_is_set(original: Callable[[Any], dict[str, Any]], self: EventSourceMapping) -> dict[str, Any]:
    """A setting that was emptied is not shown."""
    shown = original(self)
    return {name: value for name, value in shown.items() if value not in ({}, {"Filters": []})}


_SETTINGS = ("DestinationConfig", "MaximumEventAgeInSeconds", "MaximumRetryAttempts")


def _configs(self: LambdaResponse, wish: dict[str, Any]) -> tuple[dict[str, dict[str, Any]], str]:
    """The configurations of a function by qualifier, and the qualifier that is asked for."""
    name = wish["FunctionName"]
    parts = name.split(":")
    # an ARN has six colons before it can have a qualifier
    unqualified = 7 if name.startswith("arn:") else 1
    qualifier = wish.get("Qualifier") or (parts[unqualified] if len(parts) > unqualified else _LATEST)
    function: Any = self.backend.get_function(":".join(parts[:unqualified]))
    configs: dict[str, dict[str, Any]] = vars(function).setdefault("event_invoke_configs", {})
    return configs, qualifier


def _shown(self: LambdaResponse, wish: dict[str, Any]) -> ActionResult:
    configs, qualifier = _configs(self, wish)
    function = self.backend.get_function(wish["FunctionName"].removesuffix(f":{qualifier}"))
    arn = f"{function.function_arn}:{qualifier}"
    if qualifier not in configs:
        raise UnknownEventConfig(arn)
    # moto's own holds the limits and the form of the destinations
    return ActionResult(EventInvokeConfig(arn, function.last_modified, configs[qualifier]).response())
