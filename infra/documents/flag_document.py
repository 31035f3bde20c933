"""The feature flags as AppConfig stores them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

_LEAST_PERCENT, _MOST_PERCENT = 50, 100
_LONGEST_KEY = 64


@dataclass(frozen=True, kw_only=True)
class FirstValues:
    """What the flags say until an operator changes them. Nothing said: people decide everything."""

    is_model_on: bool = False
    is_auto_action_on: bool = False
    is_any_tenant_served: bool = False
    # Confidences in whole percent: the limits of a number in AppConfig are integers.
    auto_action_from_percent: int = 95
    review_below_percent: int = 80

    def __post_init__(self) -> None:
        review, act = self.review_below_percent, self.auto_action_from_percent
        if not _LEAST_PERCENT <= review <= act <= _MOST_PERCENT:
            raise ValueError(
                f"confidences are {_LEAST_PERCENT} to {_MOST_PERCENT} percent, and what is sure enough to be "
                f"acted on needs no review: got review_below_percent {review} and "
                f"auto_action_from_percent {act}"
            )


@dataclass(frozen=True, kw_only=True)
class _Flag:
    meaning: str
    is_on: bool
    # The name of a number → what it means, and its first value in whole percent.
    numbers: Mapping[str, tuple[str, int]] = field(default_factory=dict)

    def definition(self, key: str) -> dict[str, Any]:
        attributes = {name: _percent(meaning) for name, (meaning, _) in self.numbers.items()}
        named = {"name": key, "description": self.meaning}
        return {**named, "attributes": attributes} if attributes else named

    def value(self) -> dict[str, Any]:
        return {"enabled": self.is_on, **{name: number for name, (_, number) in self.numbers.items()}}


def flag_document(values: FirstValues, tenants: Sequence[str]) -> dict[str, Any]:
    """The flags as AppConfig stores them: version 1 of its own format.

    The format is that of the AWS AppConfig user guide, "Understanding the type reference for
    AWS.AppConfig.FeatureFlags". Raises ValueError for a tenant whose name makes no key.
    """
    flags = {
        "model": _Flag(
            meaning="Whether the model is asked at all; off, rules alone decide", is_on=values.is_model_on
        ),
        "auto-action": _Flag(
            meaning="Whether the service acts without a person; off, it only drafts",
            is_on=values.is_auto_action_on,
            numbers={"from-percent": ("The least confidence to act at", values.auto_action_from_percent)},
        ),
        "review": _Flag(
            meaning="Whether a person looks at answers of low confidence",
            is_on=True,
            numbers={"below-percent": ("Below this confidence a person looks", values.review_below_percent)},
        ),
        "any-tenant": _Flag(
            meaning="Whether tenants without a switch of their own are served by the model",
            is_on=values.is_any_tenant_served,
        ),
        **{
            tenant_flag(tenant): _Flag(meaning=f"Whether {tenant} is served by the model", is_on=False)
            for tenant in tenants
        },
    }
    return {
        "version": "1",
        "flags": {key: flag.definition(key) for key, flag in flags.items()},
        "values": {key: flag.value() for key, flag in flags.items()},
    }


def tenant_flag(tenant: str) -> str:
    """The key of a tenant's own switch. Raises ValueError for a name that AppConfig takes in no key."""
    key = f"tenant-{tenant}"
    if not tenant or len(key) > _LONGEST_KEY or not (tenant.isascii() and tenant.replace("-", "").isalnum()):
        raise ValueError(
            f"a tenant of the flags is named by up to 57 letters, digits and hyphens, got {tenant!r}"
        )
    return key


def _percent(meaning: str) -> dict[str, Any]:
    limits = {"type": "number", "required": True, "minimum": _LEAST_PERCENT, "maximum": _MOST_PERCENT}
    return {"description": meaning, "constraints": limits}
