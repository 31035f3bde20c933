"""The writes since the last snapshot, so that a killed daemon loses none of them.

Each write is noted before it is carried out, and moto's random numbers are seeded with its note: carried out
again on the same snapshot, in the same order (writes run one at a time), it gives the same ids. Key material
and times are not the same.

A note is in the system's hands once it is written: it outlives the process, not a power failure.
"""

from __future__ import annotations

import base64
import io
import json
import logging
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from wsgiref.types import WSGIApplication

from moto.moto_api._internal import mock_random
from werkzeug.test import run_wsgi_app

from sandbox.controlplane.calls import Environ

log = logging.getLogger(__name__)

_NAME = re.compile(r"journal\.(?P<number>[0-9]+)")


class Journal:
    """Numbered files in a folder: a snapshot names the first that it does not contain."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._number = max(self._path_by_number(), default=0)
        self._descriptor: int | None = None
        self._is_broken = False

    def note(self, environ: Environ, body: bytes) -> None:
        """Write down a call and seed what it will draw. Nothing else may write meanwhile.

        Where there is no room, the call goes on, and the next snapshot has to have it.
        """
        seed = secrets.randbits(64)
        texts = {name: value for name, value in environ.items() if isinstance(value, str)}
        entry = {"seed": seed, "environ": texts, "body": base64.b64encode(body).decode()}
        self._append(json.dumps(entry).encode() + b"\n")
        mock_random.seed(seed)

    def begin_next(self) -> int:
        """Begin another file and return its number. Nothing may write meanwhile."""
        self.close()
        self._number += 1
        self._is_broken = False
        return self._number

    def forget_before(self, number: int) -> None:
        """Delete the files that a snapshot contains."""
        for known, path in self._path_by_number().items():
            if known < number:
                path.unlink(missing_ok=True)

    def replay(self, number: int, application: WSGIApplication) -> int:
        """Carry out again what was noted from this file on, and return how many calls that were."""
        count = 0
        for known, path in sorted(self._path_by_number().items()):
            if known < number:
                continue
            for entry in _entries(path):
                _carry_out(entry, application)
                count += 1
        return count

    def close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _append(self, line: bytes) -> None:
        if self._is_broken:
            return
        try:
            if self._descriptor is None:
                path = self._folder / f"journal.{self._number}"
                self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            written = os.write(self._descriptor, line)
            if written < len(line):
                os.write(self._descriptor, line[written:])
        except OSError as error:
            # What follows a gap cannot be carried out again.
            self._is_broken = True
            log.error("cannot write to %s: %s; a kill now would lose changes", self._folder, error.strerror)

    def _path_by_number(self) -> dict[int, Path]:
        matches = ((path, _NAME.fullmatch(path.name)) for path in self._folder.iterdir())
        return {int(match["number"]): path for path, match in matches if match}


def _entries(path: Path) -> Iterator[dict[str, Any]]:
    with path.open("rb") as file:
        for line in file:
            try:
                entry: dict[str, Any] = json.loads(line)
            except ValueError:
                # The kill came while it was being written, and before it was carried out.
                return
            yield entry


def _carry_out(entry: dict[str, Any], application: WSGIApplication) -> None:
    body = base64.b64decode(entry["body"])
    environ: Environ = entry["environ"] | {
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.version": (1, 0),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    mock_random.seed(entry["seed"])
    try:
        run_wsgi_app(application, environ, buffered=True)
    except Exception as error:  # noqa: BLE001 - it failed the first time, too
        log.info("a call failed again: %s", error)
