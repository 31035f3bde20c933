"""Every rule that is written down: all that the modules of `awsmodel.rules` define."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache

import awsmodel.rules
from awsmodel.errors import ModelError
from awsmodel.rule import Rule, TypeRules


@cache
def rulebook() -> Mapping[str, TypeRules]:
    """Token → its rules, in the order of the tokens. A token that has two sets raises ModelError."""
    found: dict[str, TypeRules] = {}
    for module in pkgutil.iter_modules(awsmodel.rules.__path__):
        for value in vars(importlib.import_module(f"awsmodel.rules.{module.name}")).values():
            if isinstance(value, TypeRules) and found.setdefault(value.of, value) is not value:
                raise ModelError(f"{value.of} has its rules twice in awsmodel/rules")
    return dict(sorted(found.items()))


def rules_of(token: str) -> tuple[Rule, ...]:
    """The rules of a type; none where none are written down."""
    known = rulebook().get(token)
    return known.sourced if known else ()
