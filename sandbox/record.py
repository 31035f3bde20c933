"""What a running daemon tells about itself, in a file."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

import psutil

from sandbox.files import replace_file

# psutil computes a process's start from the clock's boot time, which may be set back or forth by a little.
_START_TOLERANCE_SECONDS = 2.0


@dataclass(frozen=True, kw_only=True)
class ServedEnvironment:
    """An environment as the daemon serves it: its account, and its providers' ports by package name."""

    account_id: str
    region: str
    provider_ports: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class DaemonRecord:
    """A daemon that is ready. `started_at` tells it from a later process with the same number."""

    pid: int
    started_at: float
    endpoint_url: str
    environments: dict[str, ServedEnvironment] = field(default_factory=dict)

    @classmethod
    def of_this_process(
        cls, endpoint_url: str, environments: Mapping[str, ServedEnvironment]
    ) -> DaemonRecord:
        process = psutil.Process()
        return cls(
            pid=os.getpid(),
            started_at=process.create_time(),
            endpoint_url=endpoint_url,
            environments=dict(environments),
        )

    @classmethod
    def read(cls, path: Path) -> DaemonRecord | None:
        """Return the record in the file, None if there is none or it is not one."""
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
            document["environments"] = {
                name: ServedEnvironment(**served) for name, served in document["environments"].items()
            }
            return cls(**document)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def write(self, path: Path) -> None:
        replace_file(path, json.dumps(asdict(self), indent=2).encode())

    def process(self) -> psutil.Process | None:
        """Return the daemon's process, None if it lives no longer."""
        try:
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.started_at) < _START_TOLERANCE_SECONDS
            return process if same and process.status() != psutil.STATUS_ZOMBIE else None
        except psutil.NoSuchProcess:
            return None
