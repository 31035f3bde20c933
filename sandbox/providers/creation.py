"""Making a resource so that no death in the middle of it makes it twice."""

from __future__ import annotations

import threading

from awsmodel.lifecycle import IncompleteError
from sandbox.providers.base import Properties, Provider, Snapshot, Wish
from sandbox.providers.claims import Claims


class Creation:
    """Creates over one environment's claims: what a killed run left is taken up, the rest is made."""

    def __init__(self, claims: Claims) -> None:
        self._claims = claims
        self._claiming = threading.Lock()
        self._present: dict[str, frozenset[str]] = {}

    def create(
        self, provider: Provider, wish: Wish, inputs: Properties, timeout_seconds: float, connection: str
    ) -> Snapshot:
        """The resource, made or taken up. Raises what the provider's create and update raise."""
        self._look_around(provider, wish)
        left = self._left(provider, wish, inputs, connection)
        if left is None:
            return self._make(provider, wish, inputs, timeout_seconds, connection)
        # the killed run may have come no further than the first call
        state = provider.update(wish, left.physical_id, inputs, inputs, left.state, timeout_seconds)
        return Snapshot(physical_id=left.physical_id, inputs=inputs, state=state)

    def _look_around(self, provider: Provider, wish: Wish) -> None:
        """Sees what the process before this one left, before this one makes any of the same type."""
        if wish.token in self._claims.doubtful_tokens and wish.token not in self._present:
            with self._claiming:
                if wish.token not in self._present:
                    self._present[wish.token] = provider.present(wish)

    def _left(self, provider: Provider, wish: Wish, inputs: Properties, connection: str) -> Snapshot | None:
        """What a killed run made of the same inputs, if it is there."""
        claim = self._claims.open(wish.urn, inputs, connection)
        if claim is None:
            return None
        with self._claiming:  # one at a time: two URNs with equal inputs must not claim one resource
            physical_id = claim.physical_id or provider.find(
                wish, inputs, self._present.get(wish.token, frozenset()), self._claims.known_ids()
            )
            left = provider.read(wish, physical_id, inputs, {}) if physical_id else None
            if left is not None:
                self._claims.begin(wish.urn, inputs, connection)
                self._claims.made(wish.urn, left.physical_id)
            return left

    def _make(
        self, provider: Provider, wish: Wish, inputs: Properties, timeout_seconds: float, connection: str
    ) -> Snapshot:
        self._claims.begin(wish.urn, inputs, connection)
        try:
            physical_id, state = provider.create(wish, inputs, timeout_seconds)
        except IncompleteError as error:
            self._claims.made(wish.urn, error.physical_id)
            raise
        except Exception:
            self._claims.recorded(wish.urn, connection)
            raise
        self._claims.made(wish.urn, physical_id)
        return Snapshot(physical_id=physical_id, inputs=inputs, state=state)
