"""What all services share: accounts that begin the same, and no list of everything that ever was."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from botocore.loaders import JSONFileLoader
from moto.core.base_backend import AccountSpecificBackend, BaseBackend
from moto.core.common_models import BaseModel
from moto.moto_api._internal import mock_random

from sandbox.extensions.registry import replaces


@replaces(AccountSpecificBackend, "__getitem__")
def _begin_the_same(
    original: Callable[..., BaseBackend], self: AccountSpecificBackend[Any], region_name: str
) -> BaseBackend:
    """What a new account has, such as a default VPC, has the same ids whenever it is first looked at.

    moto makes it at the first call that needs it. It must not draw from the numbers of that call, or the
    journal would give other ids where that call was a read.
    """
    if region_name in self.keys():
        return original(self, region_name)
    state = mock_random.getstate()
    mock_random.seed(f"{self.backend.__module__} {self.account_id} {region_name}")
    try:
        return original(self, region_name)
    finally:
        mock_random.setstate(state)


@replaces(JSONFileLoader, "_load_file")
def _load_once_as_plain_dictionaries(
    original: Callable[..., Any], self: JSONFileLoader, full_path: str, open_method: Callable[..., Any]
) -> Any:
    """moto and the providers have loaders of their own, and each keeps what it read: here they share it.

    botocore asks for ordered dictionaries, as plain ones are anyway, which take half the memory.
    """
    del original, self
    return _read(full_path, open_method)


@cache
def _read(path: str, open_method: Callable[..., Any]) -> Any:
    if not Path(path).is_file():
        return None
    with open_method(path, "rb") as file:
        return json.load(file)


@replaces(BaseModel, "__new__")
def _keep_no_list(original: Callable[..., Any], cls: type, *args: Any, **kwargs: Any) -> Any:
    """moto lists every model ever made, for a page that is closed here; so none would ever be freed."""
    del original, args, kwargs
    return object.__new__(cls)
