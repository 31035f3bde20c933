"""Every resource type that the model knows: all that the modules of `awsmodel.types` define."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache

import awsmodel.types
from awsmodel.definitions import definitions
from awsmodel.errors import ModelError
from awsmodel.resource import ResourceType

HOW_TO_ADD = "docs/adding-a-resource-type.md"


@cache
def resource_types() -> Mapping[str, ResourceType]:
    """Token → type, in the order of the tokens. A token that is defined twice raises ModelError."""
    return definitions(awsmodel.types, ResourceType, lambda each: each.token)


def resource_type(token: str) -> ResourceType:
    """The type of that token. Raises ModelError that says how to add it when there is none."""
    known = resource_types().get(token)
    if known is None:
        raise ModelError(
            f"the resource type {token!r} is not modelled yet{_nearest(token)}; "
            f"{HOW_TO_ADD} shows how to add it in one small entry"
        )
    return known


def _nearest(token: str) -> str:
    close = get_close_matches(token, resource_types(), n=1, cutoff=0.8)
    return f" (did you mean {close[0]!r}?)" if close else ""
