"""Keeps the accounts' state on disk: loads it at start, saves it when changes settle."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sandbox.controlplane import snapshot
from sandbox.controlplane.gate import Gate
from sandbox.files import replace_file

log = logging.getLogger(__name__)

SETTLE_SECONDS = 0.3
LONGEST_WAIT_SECONDS = 2.0
# A pickle sees what a long poll changes under it; the next try finds it still.
_DUMP_TRIES = 3


@dataclass(frozen=True, kw_only=True)
class LastSave:
    """How the newest save went: `error` is empty if it is on disk."""

    at: datetime
    seconds: float
    size_bytes: int
    error: str = ""


class Store:
    """Saves SETTLE_SECONDS after the last of a row of changes, LONGEST_WAIT_SECONDS after the first."""

    def __init__(self, path: Path, account_ids: frozenset[str], gate: Gate) -> None:
        self.last_save: LastSave | None = None
        self._path = path
        self._account_ids = account_ids
        self._gate = gate
        self._condition = threading.Condition()
        self._first_change: float | None = None
        self._last_change = 0.0
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="sandbox-store", daemon=True)

    def load(self) -> None:
        """Bring back what was saved. An unusable file is kept under another name; the log says so."""
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            return
        try:
            snapshot.install(snapshot.unpack(content))
        except snapshot.SnapshotError as error:
            aside = snapshot.set_aside(self._path)
            log.warning(
                "the saved state cannot be used: %s. It is kept as %s; the accounts start empty", error, aside
            )

    def start(self) -> None:
        self._thread.start()

    def changed(self) -> None:
        """Tell that something may have changed."""
        with self._condition:
            self._last_change = time.monotonic()
            if self._first_change is None:
                self._first_change = self._last_change
                self._condition.notify_all()

    def stop(self) -> None:
        """Save what is not saved yet, and end."""
        with self._condition:
            self._stopping = True
            self._condition.notify_all()
        self._thread.join()

    def save(self) -> None:
        """Save now. A failure is logged and kept in `last_save`; the file before it stays whole."""
        started = time.monotonic()
        size_bytes, error = 0, ""
        try:
            with self._gate.exclusive():
                with self._condition:
                    self._first_change = None
                payload = self._dump()
            content = snapshot.pack(payload)
            size_bytes = len(content)
            replace_file(self._path, content)
        except OSError as failure:
            error = f"cannot write {self._path}: {failure.strerror}"
            log.error(
                "%s. The state saved before is whole; free some space, the next change saves again", error
            )
        seconds = time.monotonic() - started
        self.last_save = LastSave(at=datetime.now(UTC), seconds=seconds, size_bytes=size_bytes, error=error)

    def _dump(self) -> bytes:
        for remaining in reversed(range(_DUMP_TRIES)):
            try:
                return snapshot.dump(self._account_ids)
            except RuntimeError:
                if not remaining:
                    raise
        raise AssertionError

    def _run(self) -> None:
        while True:
            with self._condition:
                self._condition.wait_for(lambda: self._first_change is not None or self._stopping)
                while not self._stopping and (due := self._due()) > (now := time.monotonic()):
                    self._condition.wait(due - now)
                stopping, dirty = self._stopping, self._first_change is not None
            if dirty:
                try:
                    self.save()
                except Exception:
                    log.exception("the state cannot be saved")
            if stopping:
                return

    def _due(self) -> float:
        assert self._first_change is not None
        # A slow save must not eat the daemon: at most a tenth of its time goes into saving.
        cost = self.last_save.seconds if self.last_save else 0.0
        return min(self._last_change + SETTLE_SECONDS, self._first_change + LONGEST_WAIT_SECONDS) + 10 * cost
