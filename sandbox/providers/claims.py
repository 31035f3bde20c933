"""What was made for an engine that may not know of it.

An engine or a sandbox that is killed while a resource is made leaves a resource that no state records: the
next run would make it again, or stumble over its name. So each create is written down before it is begun and
when it is done, and the next run of the same inputs is given what is there. It takes the place of the
operator who would have to look (`pulumi refresh` asks that of a person).
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from sandbox.providers.values import Asset

# an engine that lives has written an answer down well within this
_RECORDED_SECONDS = 1.0


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A create of a URN: a digest of its inputs, the connection it came over, and when it was written.

    `physical_id` is empty until the create is done. `is_recorded`: the engine has spoken of the resource
    since, or there is none.
    """

    urn: str
    digest: str
    connection: str
    at: float
    physical_id: str = ""
    is_recorded: bool = False


class Claims:
    """The creates of one environment, kept in a file of JSON lines that outlives the process.

    `doubtful_tokens` are the types of which the process before this one may have left a resource without
    having learnt its id.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._claims = {claim.urn: claim for claim in _read(path)}
        self._last_seen: dict[str, float] = {}
        for claim in self._claims.values():
            self._last_seen[claim.connection] = max(claim.at, self._last_seen.get(claim.connection, 0))
        self.doubtful_tokens = frozenset(
            claim.urn.split("::")[2].split("$")[-1]
            for claim in self._claims.values()
            if not claim.physical_id and not claim.is_recorded and claim.urn.count("::") >= 3
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(_line(claim) for claim in self._claims.values()))

    def begin(self, urn: str, inputs: Mapping[str, Any], connection: str) -> None:
        """A create is about to be asked of AWS."""
        self._write(Claim(urn=urn, digest=_digest(inputs), connection=connection, at=time.time()))

    def made(self, urn: str, physical_id: str) -> None:
        """The create that was begun is done."""
        self._write(replace(self._claims[urn], physical_id=physical_id, at=time.time()))

    def recorded(self, urn: str, connection: str) -> None:
        """The engine speaks of the resource over that connection, so it knows it; or there is none."""
        self._last_seen[connection] = time.time()
        claim = self._claims.get(urn)
        if claim is not None and not claim.is_recorded:
            self._write(replace(claim, is_recorded=True))

    def deleted(self, urn: str) -> None:
        """The resource is gone, and its id may be given to another."""
        claim = self._claims.get(urn)
        if claim is not None:
            self._write(replace(claim, physical_id="", is_recorded=True))

    def open(self, urn: str, inputs: Mapping[str, Any], connection: str) -> Claim | None:
        """The claim that meets a create of these inputs: its engine fell silent as it was answered."""
        claim = self._claims.get(urn)
        if claim is None or claim.is_recorded or claim.digest != _digest(inputs):
            return None
        if claim.connection == connection:
            return None
        silent_after = self._last_seen.get(claim.connection, claim.at) - claim.at
        return claim if not claim.physical_id or silent_after < _RECORDED_SECONDS else None

    def known_ids(self) -> frozenset[str]:
        """Every physical id that was given out."""
        with self._lock:
            return frozenset(claim.physical_id for claim in self._claims.values())

    def _write(self, claim: Claim) -> None:
        with self._lock:
            self._last_seen[claim.connection] = max(claim.at, self._last_seen.get(claim.connection, 0))
            self._claims[claim.urn] = claim
            with self._path.open("a") as file:
                file.write(_line(claim))


def _line(claim: Claim) -> str:
    return json.dumps(asdict(claim)) + "\n"


def _read(path: Path) -> list[Claim]:
    """The claims in the file; a line that was cut short by the end of the process is no claim."""
    claims = []
    for line in path.read_text().splitlines() if path.exists() else ():
        try:
            claims.append(Claim(**json.loads(line)))
        except (ValueError, TypeError):
            continue
    return claims


def _digest(inputs: Mapping[str, Any]) -> str:
    """Tells inputs apart. A name that was made here differs from run to run, and does not count."""
    made_here = {"__defaults", *inputs.get("__defaults", ())}
    counted = {name: value for name, value in inputs.items() if name not in made_here}
    text = json.dumps(
        counted,
        sort_keys=True,
        default=lambda value: value.digest if isinstance(value, Asset) else repr(value),
    )
    return hashlib.sha256(text.encode()).hexdigest()
