"""Running a long command: what it prints stays out of the way, how long it takes does not."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol

from rich.console import Console

_SECONDS_BETWEEN_LINES = 30
_SECONDS_TO_STOP = 5
_LINES_SHOWN = 5


class FollowError(Exception):
    """A command that failed: its name, why, and the end of its output."""


class _Tick(Protocol):
    def __call__(self, elapsed_seconds: float) -> None: ...


def follow(
    command: Sequence[str],
    *,
    title: str,
    usually: str,
    timeout_seconds: float,
    console: Console,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> None:
    """Run `command` to its end and show the elapsed time: live on a terminal, else a line now and then.

    Whatever ends this function early ends the command and its children too. Raises FollowError.
    """
    name = Path(command[0]).name
    with tempfile.TemporaryFile() as output:
        try:
            process = subprocess.Popen(
                command,
                cwd=folder,
                env={**os.environ, **(environment or {})},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            raise FollowError(f"{name} cannot be run: {error.strerror}") from error
        try:
            with _progress(console, title, usually) as tick:
                code = _wait(process, tick, timeout_seconds)
        finally:
            _end(process)
        if code is None:
            raise FollowError(f"{name} had not ended after {timeout_seconds / 60:.0f} minutes")
        if code != 0:
            raise FollowError(f"{name} ended with exit code {code}: {_end_of(output)}")


def _wait(process: subprocess.Popen[bytes], tick: _Tick, timeout_seconds: float) -> int | None:
    start = time.monotonic()
    while (elapsed_seconds := time.monotonic() - start) < timeout_seconds:
        tick(elapsed_seconds)
        try:
            return process.wait(1)
        except subprocess.TimeoutExpired:
            continue
    return None


def _end(process: subprocess.Popen[bytes]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is not None:
            return
        os.killpg(process.pid, number)
        try:
            process.wait(_SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            continue


@contextmanager
def _progress(console: Console, title: str, usually: str) -> Iterator[_Tick]:
    if console.is_terminal:
        with console.status(title) as status:
            yield lambda elapsed_seconds: status.update(
                f"{title}: {_clock(elapsed_seconds)} (usually {usually})"
            )
        return
    console.print(f"{title} (usually {usually})", soft_wrap=True)
    told = 0.0

    def tell(elapsed_seconds: float) -> None:
        nonlocal told
        if elapsed_seconds - told >= _SECONDS_BETWEEN_LINES:
            told = elapsed_seconds
            console.print(f"{title}: {_clock(elapsed_seconds)}", soft_wrap=True)

    yield tell


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def _end_of(output: IO[bytes]) -> str:
    output.seek(0)
    lines = [line.strip() for line in output.read().decode(errors="replace").splitlines() if line.strip()]
    return " / ".join(lines[-_LINES_SHOWN:]) or "no output"
