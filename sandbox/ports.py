"""Loopback ports that stay the same from one start to the next, so that an open shell goes on working."""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping
from pathlib import Path

from sandbox.errors import SandboxError
from sandbox.files import replace_file

LOOPBACK = "127.0.0.1"
CONTROL_PLANE = "control-plane"


def read_ports(path: Path) -> dict[str, int]:
    """Return the remembered ports by their user's name; none if the file is missing or unreadable."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        return {str(name): int(port) for name, port in document.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        # Nothing is lost with it: other ports are taken and remembered.
        return {}


def write_ports(path: Path, ports: Mapping[str, int]) -> None:
    replace_file(path, json.dumps(dict(sorted(ports.items())), indent=2).encode())


def listen(port: int) -> socket.socket:
    """Return a socket bound to the port, or to a free one if it is 0. Raises OSError if it is taken."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((LOOPBACK, port))
        # Two sockets may be bound to one port with that option; only one may listen.
        listener.listen(1)
    except OSError:
        listener.close()
        raise
    return listener


def listen_on_demand(port: int) -> socket.socket:
    """As `listen`, for a port that a person asked for. Raises SandboxError if it cannot be had."""
    if not 1 <= port <= 65535:
        raise SandboxError(f"port {port} does not exist", "give one from 1 to 65535")
    try:
        return listen(port)
    except OSError as error:
        raise SandboxError(
            f"port {port} cannot be used: {error.strerror}", "give another --port, or none to take a free one"
        ) from error


def is_free(port: int) -> bool:
    """Tell whether the port can be listened on now."""
    try:
        listen(port).close()
    except (OSError, OverflowError):
        return False
    return True
