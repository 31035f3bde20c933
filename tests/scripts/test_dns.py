"""The name servers of a domain, by a resolver of the tests' own."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.checks import dns

NS, CNAME = 2, 5


def wire(name: str) -> bytes:
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"


def reply(question: bytes, records: list[tuple[int, bytes]], code: int = 0) -> bytes:
    """An answer of a resolver; each record is about the name that was asked for."""
    head = question[:2] + struct.pack(">5H", 0x8180 | code, 1, len(records), 0, 0)
    body = b"".join(
        b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 60, len(data)) + data for kind, data in records
    )
    return head + question[12:] + body


@contextmanager
def resolver(answer: Callable[[bytes], bytes]) -> Iterator[tuple[str, int]]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))

        def serve() -> None:
            question, peer = server.recvfrom(512)
            server.sendto(answer(question), peer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()
        thread.join()


def test_the_servers_of_a_domain_are_read_also_where_names_are_shortened() -> None:
    def answer(question: bytes) -> bytes:
        # the second ends with a pointer to the name that was asked for
        records = [(NS, wire("NS-1.AWSDNS-01.org")), (CNAME, wire("x.org")), (NS, b"\x02ns\xc0\x0c")]
        return reply(question, records)

    with resolver(answer) as server:
        found = dns.name_servers("dev.example.com", [server])
    assert found == {"ns-1.awsdns-01.org", "ns.dev.example.com"}


def test_a_domain_that_nobody_knows_has_no_servers() -> None:
    with resolver(lambda question: reply(question, [], code=3)) as server:
        assert dns.name_servers("dev.example.com", [server]) == set()


def test_the_next_resolver_is_asked_where_one_refuses() -> None:
    with (
        resolver(lambda question: reply(question, [], code=5)) as refusing,
        resolver(lambda question: reply(question, [(NS, wire("ns.org"))])) as answering,
    ):
        assert dns.name_servers("dev.example.com", [refusing, answering]) == {"ns.org"}


def test_an_answer_to_another_question_is_none() -> None:
    with (
        resolver(lambda question: reply(b"\0\0" + question[2:], [])) as server,
        pytest.raises(dns.NoAnswerError),
    ):
        dns.name_servers("dev.example.com", [server])


@given(st.binary(max_size=80))
def test_nonsense_is_no_answer(answer: bytes) -> None:
    with (
        resolver(lambda question: question[:2] + b"\x81\x80\0\1\0\1" + answer) as server,
        suppress(dns.NoAnswerError),
    ):
        assert dns.name_servers("a.example", [server]) is not None


def test_the_resolvers_are_those_of_the_machine(tmp_path: Path) -> None:
    file = tmp_path / "resolv.conf"
    file.write_text("search lan\nnameserver 192.0.2.1\nnameserver 2001:db8::1\n")
    assert dns.resolvers(file) == [("192.0.2.1", 53), ("2001:db8::1", 53)]
    assert dns.resolvers(tmp_path / "none") == []
