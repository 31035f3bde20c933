"""Every rule that is written down: all that the modules of `awsmodel.rules` define."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import awsmodel.rules
from awsmodel.definitions import definitions
from awsmodel.rule import Rule, TypeRules


@cache
def rulebook() -> Mapping[str, TypeRules]:
    """Token → its rules, in the order of the tokens. A token that has two sets raises ModelError."""
    return definitions(awsmodel.rules, TypeRules, lambda each: each.of)


def rules_of(token: str) -> tuple[Rule, ...]:
    """The rules of a type; none where none are written down."""
    known = rulebook().get(token)
    return known.sourced if known else ()
