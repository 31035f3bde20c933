"""The service as a process of its own, over real HTTP."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.triage import __version__

CHECKOUT = Path(__file__).parents[2]
START_SECONDS = 60
TICKET = {"subject": "Invoice twice", "body": "I was charged twice, please refund me.", "customer_id": "c-17"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True, kw_only=True)
class Service:
    """A running service, its address and where its output goes."""

    process: subprocess.Popen[bytes]
    port: int
    output: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def logs(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.output.read_text().splitlines()]

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60)


def start(folder: Path, **environment: str) -> Service:
    port = free_port()
    output = folder / "output.log"
    process = subprocess.Popen(
        [sys.executable, "-m", "app.triage"],
        cwd=CHECKOUT,
        env={**os.environ, "TRIAGE_HOST": "127.0.0.1", "TRIAGE_PORT": str(port), **environment},
        stdout=output.open("wb"),
        stderr=subprocess.STDOUT,
    )
    service = Service(process=process, port=port, output=output)
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            httpx.get(f"{service.url}/health")
            return service
        except httpx.TransportError:
            time.sleep(0.05)
    process.kill()
    raise AssertionError(f"the service did not start: {output.read_text()}")


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    running = start(tmp_path, TRIAGE_REVISION="sha256:feed")
    yield running
    if running.process.poll() is None:
        running.process.kill()
    running.process.wait()


def test_the_service_lives_and_says_what_it_is(service: Service) -> None:
    assert httpx.get(f"{service.url}/health").json() == {"status": "ok"}
    version = httpx.get(f"{service.url}/version").json()
    assert version == {"name": "triage", "version": __version__, "revision": "sha256:feed"}


def test_a_good_ticket_is_routed_and_the_same_ticket_gets_the_same_answer(service: Service) -> None:
    first = httpx.post(f"{service.url}/v1/tickets", json=TICKET)
    assert first.status_code == 200
    assert first.json()["route"] == "finance"
    assert first.json()["needs_human"] is False
    assert httpx.post(f"{service.url}/v1/tickets", json=TICKET).json() == first.json()


def test_a_bad_ticket_is_refused_with_every_fault_and_none_of_its_words(service: Service) -> None:
    secret = "my password is swordfish"
    bad = {"subject": "", "body": secret * 2000, "customer_id": "no spaces allowed", "colour": secret}
    answer = httpx.post(f"{service.url}/v1/tickets", json=bad)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == 422
    pointers = {error["pointer"] for error in answer.json()["errors"]}
    assert pointers == {"/subject", "/body", "/customer_id", "/colour"}
    assert "swordfish" not in answer.text


def test_what_is_not_json_not_there_or_too_large_is_a_problem_too(service: Service) -> None:
    answers = {
        400: httpx.post(
            f"{service.url}/v1/tickets", content=b"{", headers={"content-type": "application/json"}
        ),
        404: httpx.get(f"{service.url}/nowhere"),
        405: httpx.get(f"{service.url}/v1/tickets"),
        413: httpx.post(
            f"{service.url}/v1/tickets",
            # An iterator is sent in chunks, without a length to look at.
            content=(b" " * 65536 for _ in range(8)),
            headers={"content-type": "application/json"},
        ),
    }
    for status, answer in answers.items():
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == status
    assert "POST" in answers[405].headers["allow"]


def test_the_logs_are_json_and_hold_no_word_of_the_ticket(service: Service) -> None:
    httpx.post(f"{service.url}/v1/tickets", json=TICKET)
    httpx.post(f"{service.url}/v1/tickets?note=swordfish", json={**TICKET, "subject": ""})
    service.stop()
    lines = service.logs()
    assert [line["status"] for line in lines if line["event"] == "request" and line["method"] == "POST"] == [
        200,
        422,
    ]
    assert any(line["event"] == "ticket_triaged" and line["route"] == "finance" for line in lines)
    written = service.output.read_text()
    for word in ("Invoice", "refund me", "c-17", "swordfish"):
        assert word not in written


def test_asked_to_stop_it_answers_what_is_under_way_and_ends_with_zero(service: Service) -> None:
    body = b'{"subject": "Login", "body": "I am locked out", "customer_id": "c-1"}'
    fields = ("host: triage", "content-type: application/json", f"content-length: {len(body)}")
    head = "\r\n".join(("POST /v1/tickets HTTP/1.1", *fields, "", ""))
    with socket.create_connection(("127.0.0.1", service.port), timeout=60) as connection:
        connection.sendall(head.encode() + body[:10])
        # One more round trip, so that the server has surely read the first half.
        httpx.get(f"{service.url}/health")
        service.process.send_signal(signal.SIGTERM)
        _wait_until_refused(service.port)
        connection.sendall(body[10:])
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b'"route":"accounts"' in answer
    assert service.process.wait(timeout=60) == 0


def test_the_health_check_of_the_image_follows_the_service(service: Service) -> None:
    def check(port: int) -> int:
        return subprocess.run(
            [sys.executable, "-m", "app.triage.healthcheck"],
            cwd=CHECKOUT,
            env={**os.environ, "TRIAGE_PORT": str(port)},
            capture_output=True,
            check=False,
        ).returncode

    assert check(service.port) == 0
    assert check(free_port()) == 1


def test_a_wrong_setting_stops_the_start_with_a_message_and_no_value(tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "app.triage"],
        cwd=CHECKOUT,
        env={**os.environ, "TRIAGE_PORT": "swordfish", "TRIAGE_COLOUR": "red"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 2
    assert "TRIAGE_PORT" in result.stderr
    assert "TRIAGE_COLOUR is not a setting" in result.stderr
    assert "swordfish" not in result.stderr
    assert "Traceback" not in result.stderr


def test_the_service_has_the_version_of_the_project() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())
    assert project["project"]["version"] == __version__


def _wait_until_refused(port: int) -> None:
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=60).close()
        except ConnectionError:
            return
