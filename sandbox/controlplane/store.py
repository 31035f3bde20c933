"""Keeps the accounts' state on disk: loads it at start, saves it when changes settle."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from wsgiref.types import WSGIApplication

from sandbox.controlplane import snapshot
from sandbox.controlplane.gate import Gate
from sandbox.controlplane.journal import Journal
from sandbox.files import replace_file

log = logging.getLogger(__name__)

SETTLE_SECONDS = 0.5
# The journal keeps what the snapshot has not yet, so that a busy daemon need not stop for one often.
LONGEST_WAIT_SECONDS = 20.0
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
    """Saves the accounts when a row of changes has settled, or lasts; a journal has what came since."""

    def __init__(self, path: Path, account_ids: frozenset[str], gate: Gate) -> None:
        """`path` is the snapshot's; its folder exists and is the store's own."""
        self.last_save: LastSave | None = None
        self.journal = Journal(path.parent)
        self._path = path
        self._account_ids = account_ids
        self._gate = gate
        self._saving = threading.Lock()
        self._condition = threading.Condition()
        self._first_change: float | None = None
        self._last_change = 0.0
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="sandbox-store", daemon=True)

    def load(self, application: WSGIApplication) -> str:
        """Bring back what was saved, and let `application` carry out again what was noted since.

        A state that cannot be used is kept in another folder. Returns what a person should know, or nothing.
        """
        try:
            journal_number = self._load_snapshot()
        except snapshot.SnapshotError as error:
            aside = snapshot.set_aside(self._path.parent)
            self.journal = Journal(self._path.parent)
            return (
                f"the saved state cannot be used: {error}. It is kept in {aside}; the accounts start empty, "
                "and the next up makes everything again"
            )
        count = self.journal.replay(journal_number, application)
        if not count:
            return ""
        self.changed()
        return f"the sandbox was killed; the last {count} changes were carried out again"

    def _load_snapshot(self) -> int:
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            return 0
        header, payload = snapshot.unpack(content)
        snapshot.install(payload)
        return header.journal

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
        self.journal.close()

    def save(self) -> None:
        """Save now. A failure is logged and kept in `last_save`; the file before it stays whole."""
        with self._saving:
            started = time.monotonic()
            size_bytes, error = 0, ""
            with self._gate.exclusive():
                with self._condition:
                    self._first_change = None
                payload = self._dump()
                journal_number = self.journal.begin_next()
            try:
                content = snapshot.pack(payload, journal_number)
                size_bytes = len(content)
                replace_file(self._path, content)
                self.journal.forget_before(journal_number)
            except OSError as failure:
                error = f"cannot write {self._path}: {failure.strerror}"
                log.error(
                    "%s; the state saved before is whole. Free some space: the next change saves", error
                )
            seconds = time.monotonic() - started
            self.last_save = LastSave(
                at=datetime.now(UTC), seconds=seconds, size_bytes=size_bytes, error=error
            )

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
                while not self._stopping and (wait_seconds := self._wait_seconds()) > 0:
                    self._condition.wait(wait_seconds)
                stopping, is_dirty = self._stopping, self._first_change is not None
            if is_dirty:
                try:
                    self.save()
                except Exception as error:  # an unpicklable novelty must not end the saving for good
                    log.exception("the state cannot be saved; the journal keeps the changes")
                    self.last_save = LastSave(at=datetime.now(UTC), seconds=0, size_bytes=0, error=str(error))
            if stopping:
                return

    def _wait_seconds(self) -> float:
        """Return how long the changes may still wait; nothing, if somebody else has saved them."""
        if self._first_change is None:
            return 0.0
        due = min(self._last_change + SETTLE_SECONDS, self._first_change + LONGEST_WAIT_SECONDS)
        return due - time.monotonic()
