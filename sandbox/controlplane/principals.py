"""Whose an access key is: the environments' own keys, and those that IAM and STS made in their accounts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from moto.iam.models import iam_backends
from moto.sts.models import sts_backends

from sandbox.controlplane.refusals import Refusal, RefusedError
from sandbox.credentials import AccessKey

_PARTITION = "aws"


@dataclass(frozen=True, kw_only=True)
class Principal:
    """An account, and the secret that proves the right to act in it."""

    account_id: str
    secret_access_key: str = field(repr=False)
    session_token: str | None = field(repr=False, default=None)


class Principals:
    """Finds the principal of an access key. A key that nobody made belongs to nobody."""

    def __init__(self, access_keys: Iterable[AccessKey]) -> None:
        self._key_by_id = {key.access_key_id: key for key in access_keys}
        self.account_ids = frozenset(key.account_id for key in self._key_by_id.values())

    def find(self, access_key_id: str) -> Principal:
        """Return the principal of the key. Raises RefusedError if it is unknown, inactive or expired."""
        key = self._key_by_id.get(access_key_id)
        if key is not None:
            return Principal(account_id=key.account_id, secret_access_key=key.secret_access_key)
        for account_id in self.account_ids:
            made = iam_backends[account_id][_PARTITION].access_keys.get(access_key_id)
            if made is None:
                continue
            if made.status != "Active":
                raise RefusedError(Refusal.UNKNOWN_KEY, "the access key is inactive")
            session = sts_backends[account_id][_PARTITION].get_assumed_role_from_access_key(access_key_id)
            if session is not None and session.expiration.replace(tzinfo=UTC) < datetime.now(UTC):
                raise RefusedError(Refusal.EXPIRED)
            return Principal(
                account_id=account_id,
                secret_access_key=made.secret_access_key,
                session_token=session.session_token if session is not None else None,
            )
        raise RefusedError(Refusal.UNKNOWN_KEY)
