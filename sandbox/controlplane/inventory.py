"""How many resources an account holds, by service."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from moto.core.base_backend import BaseBackend
from moto.core.common_models import BaseModel

from sandbox.controlplane.moto_host import backends

# How moto marks what is deleted but still shown for a while, as AWS does.
_ENDED = frozenset({"deleted", "INACTIVE", "PendingDeletion", "terminated"})
# Objects that are collections: Lambda's functions, and resource groups.
_STORES = frozenset({"LambdaStorage", "ResourceGroups"})
# A hosted zone's name servers, which are no resource of their own.
_PARTS = frozenset({"delegation_sets"})
# Where moto keeps resources inside others, by the class of these.
_INSIDE = {
    "Application": "config_profiles",
    "EventBus": "rules",
    "LogGroup": "subscription_filters",
    "ScheduleGroup": "schedules",
}


def count_resources(account_id: str) -> dict[str, int]:
    """Return the number of resources by service, without those that every new account has or that ended."""
    counts: Counter[str] = Counter()
    for dictionary, _, region, backend in backends([account_id]):
        made = _count(backend) - _count_in_new_account(type(backend), region)  # type: ignore[arg-type]  # any class can be hashed
        if made > 0:
            counts[dictionary.service_name] += made
    return dict(sorted(counts.items()))


@cache
def _count_in_new_account(backend: Callable[..., BaseBackend], region: str) -> int:
    return _count(backend(region, account_id="000000000000"))


def _count(backend: BaseBackend) -> int:
    collections = [value for name, value in vars(backend).items() if name not in _PARTS]
    models = [model for value in collections for model in _models(value)]
    inside = [each for model in models for each in _models(getattr(model, _place_inside(model), None))]
    return len({id(model) for model in (*models, *inside) if not _has_ended(model)})


def _place_inside(model: Any) -> str:
    return _INSIDE.get(type(model).__name__, "")


def _has_ended(model: Any) -> bool:
    states = (getattr(model, name, None) for name in ("state", "status", "key_state"))
    return any(isinstance(state, str) and state in _ENDED for state in states)


def _models(value: Any) -> Iterator[Any]:
    """Yield the models in a field: moto keeps them alone, in dictionaries, one or two deep, or in lists.

    Some collections are objects of their own.
    """
    if isinstance(value, BaseModel):
        yield value
    elif type(value).__name__ in _STORES:
        for inner in vars(value).values():
            yield from _models(inner)
    elif isinstance(value, Mapping):
        for item in list(value.values()):
            yield from (item,) if isinstance(item, BaseModel) else _models(item)
    elif isinstance(value, list):
        yield from (item for item in value if isinstance(item, BaseModel))
