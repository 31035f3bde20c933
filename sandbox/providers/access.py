"""Whom a provider acts as."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Access:
    """An environment's account and region, and a key pair that acts in it."""

    environment: str
    account_id: str
    region: str
    access_key_id: str
    secret_access_key: str = field(repr=False)
