"""The cache folder of engines: what lies there under its final name is whole."""

from __future__ import annotations

import fcntl
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from scripts.errors import CommandError

_UNFINISHED = ".unfinished-"


def cache_folder() -> Path:
    """Return the folder for engines in the user's cache: XDG_CACHE_HOME, ~/Library/Caches or ~/.cache."""
    configured = os.environ.get("XDG_CACHE_HOME", "")
    # The XDG base directory specification: a relative path is to be ignored.
    if Path(configured).is_absolute():
        base = Path(configured)
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path.home() / ".cache"
    return base / "slipway" / "engine"


@contextmanager
def locked(path: Path, console: Console) -> Iterator[None]:
    """Hold the lock file at `path`; say so when another run holds it. The kernel frees a dead run's lock.

    Raises CommandError if the folder or the file cannot be made.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("w")
    except OSError as error:
        raise CommandError(
            f"cannot make {path}: {error.strerror}", "set XDG_CACHE_HOME to a folder that you may write to"
        ) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            console.print("engine   another run is getting it already; waiting for that one", soft_wrap=True)
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def make_folder(target: Path) -> Iterator[Path]:
    """Give an empty folder to fill, and move it to `target` if the block ends without an error.

    A failed or interrupted block leaves `target` as it was. What a killed run left unfinished is removed
    first, so hold the lock.
    """
    prefix = f"{_UNFINISHED}{target.name}-"
    for leftover in target.parent.glob(f"{prefix}*"):
        shutil.rmtree(leftover, ignore_errors=True)
    with tempfile.TemporaryDirectory(
        prefix=prefix, dir=target.parent, ignore_cleanup_errors=True
    ) as workshop:
        folder = Path(workshop) / "new"
        folder.mkdir()
        yield folder
        if target.exists():
            target.rename(Path(workshop) / "old")
        folder.rename(target)
