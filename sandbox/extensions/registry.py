"""How an extension is declared, put on and taken off."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial, wraps
from types import ModuleType
from typing import Any

import sandbox.extensions

_MISSING = object()
_extensions: list[Extension] = []


@dataclass
class Extension:
    """What stands in for `owner.name`; `original` is what moto has there."""

    owner: type | ModuleType
    name: str
    stand_in: object
    reason: str
    original: Any = _MISSING
    is_on: bool = False

    def put_on(self) -> None:
        if not self.is_on:
            self.original = self.owner.__dict__.get(self.name, _MISSING)
            setattr(self.owner, self.name, self.stand_in)
            self.is_on = True

    def take_off(self) -> None:
        if self.is_on:
            if self.original is _MISSING:
                delattr(self.owner, self.name)
            else:
                setattr(self.owner, self.name, self.original)
            self.is_on = False


def replaces(owner: type | ModuleType, name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare the decorated function as `owner.name`; its docstring is the reason.

    It is given moto's own as its first argument, before `self`. A property stays one.
    """
    original = getattr(owner, name)

    def declare(function: Callable[..., Any]) -> Callable[..., Any]:
        if isinstance(original, property):
            return _declare(owner, name, property(partial(function, original.fget)), function)

        @wraps(original)
        def stand_in(self: Any, *args: Any, **kwargs: Any) -> Any:
            return function(original, self, *args, **kwargs)

        return _declare(owner, name, stand_in, function)

    return declare


def adds(owner: type, name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare the decorated function as `owner.name`, which moto lacks; its docstring is the reason."""
    return lambda function: _declare(owner, name, function, function)


def _declare(
    owner: type | ModuleType, name: str, stand_in: object, function: Callable[..., Any]
) -> Callable[..., Any]:
    if not function.__doc__:
        raise TypeError(f"the extension of {owner.__name__}.{name} must give its reason as its docstring")
    _extensions.append(Extension(owner, name, stand_in, function.__doc__))
    return function


def load() -> list[Extension]:
    """Import every module of this package, and return what they declare."""
    for module in pkgutil.iter_modules(sandbox.extensions.__path__, "sandbox.extensions."):
        importlib.import_module(module.name)
    return _extensions


def apply() -> None:
    """Put every extension on. Again changes nothing."""
    for extension in load():
        extension.put_on()


@contextmanager
def removed() -> Iterator[None]:
    """Plain moto, within this block."""
    on = [extension for extension in _extensions if extension.is_on]
    for extension in reversed(on):
        extension.take_off()
    try:
        yield
    finally:
        for extension in on:
            extension.put_on()
