"""Starting, asking and stopping the one daemon of a checkout."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.credentials import read_credentials
from sandbox.errors import SandboxError
from sandbox.layout import Layout
from sandbox.record import DaemonRecord

_STOP_SECONDS = 30
_POLL_SECONDS = 0.05
_ANSWER_SECONDS = 60
_LARGEST_LOG_BYTES = 5_000_000
# What a person's shell may hold, and what would make moto or a client act as somebody else.
_FOREIGN_VARIABLES = ("AWS_", "MOTO_", "PULUMI_")


@dataclass(frozen=True, kw_only=True)
class Status:
    """What runs, and what it holds. `last_save` has the fields of `store.LastSave`; None before the first."""

    record: DaemonRecord
    memory_bytes: int
    resources_by_account: dict[str, dict[str, int]]
    last_save: dict[str, Any] | None


def running(layout: Layout) -> DaemonRecord | None:
    """Return the daemon that serves the checkout, None if none does; a killed one's record does not count."""
    record = DaemonRecord.read(layout.daemon_record)
    return record if record is not None and record.process() is not None else None


def require_running(layout: Layout) -> DaemonRecord:
    """As `running`. Raises SandboxError if none runs."""
    record = running(layout)
    if record is None:
        raise SandboxError("the sandbox does not run", "start it: slipway sandbox start")
    return record


def start(
    layout: Layout, port: int | None = None, progress: Callable[[str], None] = lambda _: None
) -> DaemonRecord:
    """Start the daemon, or find it running, and return once it is ready.

    `progress` is told each step. Raises SandboxError if it cannot start, or runs on another port than asked.
    """
    layout.create()
    with _exclusive(layout.start_lock):
        record = running(layout)
        if record is None:
            _spawn(layout, port, progress)
            record = require_running(layout)
        elif port is not None and not record.endpoint_url.endswith(f":{port}"):
            raise SandboxError(
                f"the sandbox runs already, at {record.endpoint_url}", "stop it first: slipway sandbox stop"
            )
        return record


def stop(layout: Layout) -> bool | None:
    """Stop the daemon and wait: True if it ended by itself, False if it was killed, None if none ran."""
    record = running(layout)
    process = record.process() if record is not None else None
    if record is None or process is None:
        layout.daemon_record.unlink(missing_ok=True)
        return None
    process.terminate()
    if _ends(record, _STOP_SECONDS):
        return True
    process.kill()
    _ends(record, _STOP_SECONDS)
    layout.daemon_record.unlink(missing_ok=True)
    return False


def _ends(record: DaemonRecord, seconds: float) -> bool:
    """Wait until the daemon has ended, for at most so long.

    As a zombie it has, though psutil would wait for whoever started it to ask after it.
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if record.process() is None:
            return True
        time.sleep(_POLL_SECONDS)
    return False


def status(layout: Layout) -> Status:
    """Return what runs and what it holds. Raises SandboxError if none runs."""
    record = require_running(layout)
    answer = _call(layout, record, "status")
    process = record.process()
    return Status(
        record=record,
        memory_bytes=process.memory_info().rss if process else 0,
        resources_by_account=answer["resources_by_account"],
        last_save=answer["last_save"],
    )


def reset(layout: Layout, names: Iterable[str]) -> None:
    """Empty the accounts of these environments, and forget the stacks that were in them. Keys and ports stay.

    Raises SandboxError if none runs, or an environment is unknown.
    """
    record = require_running(layout)
    names = tuple(names)
    for name in names:
        if name not in record.environments:
            known = ", ".join(record.environments)
            raise SandboxError(f"no environment is called {name}", f"there are: {known}")
    _call(layout, record, "reset", {"account_ids": [record.environments[name].account_id for name in names]})
    for name in names:
        # A checkpoint that lists what is gone would make the next up fail.
        for checkpoint in (layout.pulumi_backend / ".pulumi" / "stacks").glob(f"*/{name}.json*"):
            checkpoint.unlink()


def _spawn(layout: Layout, port: int | None, progress: Callable[[str], None]) -> None:
    read_end, write_end = os.pipe()
    command = [sys.executable, "-P", "-m", "sandbox.host", str(layout.root), "--report-to", str(write_end)]
    if port is not None:
        command += ["--port", str(port)]
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN_VARIABLES)
    }
    # Compiling moto and the SDK would take most of each start.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    # Each of glibc's arenas keeps what its threads freed; two are enough for threads that share one lock.
    environment["MALLOC_ARENA_MAX"] = "2"
    if layout.daemon_log.exists() and layout.daemon_log.stat().st_size > _LARGEST_LOG_BYTES:
        layout.daemon_log.replace(layout.daemon_log.with_suffix(".log.1"))
    try:
        with layout.daemon_log.open("ab") as output:
            subprocess.Popen(
                command,
                cwd=layout.root,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                pass_fds=(write_end,),
                start_new_session=True,
            )
    finally:
        os.close(write_end)
    with os.fdopen(read_end, encoding="utf-8") as report:
        _follow(report, layout.daemon_log, progress)


def _follow(report: Iterable[str], log_path: Path, progress: Callable[[str], None]) -> None:
    for line in report:
        document = json.loads(line)
        if "error" in document:
            raise SandboxError(document["error"], document["hint"])
        if "ready" in document:
            return
        progress(document["progress"])
    raise SandboxError("the sandbox ended before it was ready", f"its log tells why: {log_path}")


def _call(layout: Layout, record: DaemonRecord, path: str, body: object = None) -> dict[str, Any]:
    credentials = read_credentials(layout.credentials)
    token = credentials.admin_token if credentials else ""
    request = urllib.request.Request(  # noqa: S310 - our own daemon's http address
        f"{record.endpoint_url}/_sandbox/{path}",
        data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {token}"},
    )
    try:
        # Past any proxy that the shell names: the daemon is on this machine.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=_ANSWER_SECONDS) as response:
            answer: dict[str, Any] = json.load(response)
            return answer
    except (OSError, ValueError) as error:
        raise SandboxError(
            f"the sandbox at {record.endpoint_url} does not answer ({error})",
            f"see {layout.daemon_log}, or stop it",
        ) from error


@contextmanager
def _exclusive(path: Path) -> Iterator[None]:
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
