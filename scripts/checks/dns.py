"""The name servers of a domain, asked of this machine's resolver (RFC 1035, and no more of it)."""

from __future__ import annotations

import secrets
import socket
import struct
from pathlib import Path

_RESOLVERS = Path("/etc/resolv.conf")
_NS, _INTERNET, _RECURSE = 2, 1, 0x0100
_NO_SUCH_NAME = 3
_TIMEOUT_SECONDS = 3.0
_LONGEST_ANSWER = 4096
_POINTER = 0xC0


class NoAnswerError(Exception):
    """No resolver answered."""


def resolvers(path: Path = _RESOLVERS) -> list[tuple[str, int]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    return [(line.split()[1], 53) for line in lines if line.startswith("nameserver ")]


def name_servers(domain: str, servers: list[tuple[str, int]]) -> set[str]:
    """Whom a domain is delegated to, in lower case; nobody where it is not. Raises NoAnswerError."""
    identity = secrets.randbits(16)
    labels = domain.rstrip(".").encode("idna").split(b".")
    question = b"".join(bytes([len(label)]) + label for label in labels) + b"\0"
    packet = (
        struct.pack(">6H", identity, _RECURSE, 1, 0, 0, 0) + question + struct.pack(">2H", _NS, _INTERNET)
    )
    for server in servers:
        family = socket.AF_INET6 if ":" in server[0] else socket.AF_INET
        with socket.socket(family, socket.SOCK_DGRAM) as connection:
            connection.settimeout(_TIMEOUT_SECONDS)
            try:
                connection.sendto(packet, server)
                answer = connection.recv(_LONGEST_ANSWER)
                return _read(answer, identity)
            except (OSError, ValueError, IndexError, struct.error):
                continue
    raise NoAnswerError(", ".join(host for host, _ in servers) or "no resolver is configured")


def _read(answer: bytes, identity: int) -> set[str]:
    found, flags, questions, answers = struct.unpack(">4H", answer[:8])
    code = flags & 0x000F
    if found != identity or code not in (0, _NO_SUCH_NAME):
        raise ValueError(f"answer {found} with code {code}")
    place = 12
    for _ in range(questions):
        place = _name(answer, place)[1] + 4
    names = set()
    for _ in range(answers):
        _, place = _name(answer, place)
        kind, _, _, length = struct.unpack(">HHIH", answer[place : place + 10])
        place += 10
        if kind == _NS:
            names.add(_name(answer, place)[0].lower())
        place += length
    return names


def _name(answer: bytes, place: int) -> tuple[str, int]:
    """The name that begins at a place, and where what follows begins."""
    labels: list[str] = []
    after = 0
    for _ in range(len(answer)):
        length = answer[place]
        if length & _POINTER == _POINTER:
            after = after or place + 2
            place = struct.unpack(">H", answer[place : place + 2])[0] & 0x3FFF
        elif length == 0:
            return ".".join(labels), after or place + 1
        else:
            labels.append(answer[place + 1 : place + 1 + length].decode("ascii"))
            place += 1 + length
    raise ValueError("a name without an end")
