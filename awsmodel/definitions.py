"""What the modules of a package define: whoever adds a type or a rule adds a file, and no list."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from types import ModuleType
from typing import TypeVar

from awsmodel.errors import ModelError

T = TypeVar("T")


def definitions(package: ModuleType, kind: type[T], token: Callable[[T], str]) -> dict[str, T]:
    """Token → what a package's modules define of a kind, in the order of the tokens.

    A token that is defined twice raises ModelError.
    """
    found: dict[str, T] = {}
    for module in pkgutil.iter_modules(package.__path__):
        for value in vars(importlib.import_module(f"{package.__name__}.{module.name}")).values():
            if isinstance(value, kind) and found.setdefault(token(value), value) is not value:
                raise ModelError(f"{token(value)} is defined twice in {package.__name__.replace('.', '/')}")
    return dict(sorted(found.items()))
