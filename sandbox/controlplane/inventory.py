"""How many resources an account holds, by service."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from moto.core.base_backend import BaseBackend
from moto.core.common_models import BaseModel

from sandbox.controlplane.moto_host import backends


def count_resources(account_id: str) -> dict[str, int]:
    """Return the number of resources by service, without those that every new account has."""
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
    return len({id(model) for value in list(vars(backend).values()) for model in _models(value)})


def _models(value: Any) -> Iterator[Any]:
    """Yield the models in a collection: moto keeps them in dictionaries, one or two deep, or in lists."""
    if isinstance(value, Mapping):
        for item in list(value.values()):
            yield from (item,) if isinstance(item, BaseModel) else _models(item)
    elif isinstance(value, list):
        yield from (item for item in value if isinstance(item, BaseModel))
