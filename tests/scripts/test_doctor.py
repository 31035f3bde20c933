"""What `slipway doctor` says, and what it does not ask."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.account import Account
from infra.ci.scope import CiScope
from infra.naming import Label
from infra.settings import stack_files
from scripts import doctor
from scripts.aws.place import Place
from scripts.aws.quotas import QUOTAS
from scripts.aws.shell import Caller
from scripts.checks import delegation, dns, ground, machine, quotas
from scripts.checks.finding import Finding, Patient, Verdict, unknown, well, wrong
from scripts.errors import CommandError
from tests.infra.conftest import ROOT

ACCOUNT_ID = "111111111111"
SERVERS = {"ns-1.example.org", "ns-2.example.org"}


class Shell:
    """A shell whose calls are answered from a table: `{"sqs.list_queues": answer or error}`."""

    region, own_region, is_aws = "eu-west-1", "eu-west-1", True

    def __init__(self, caller: Caller | CommandError, answers: dict[str, Any] | None = None) -> None:
        self._caller, self.answers, self.asked = caller, answers or {}, list[str]()

    def caller(self) -> Caller:
        if isinstance(self._caller, CommandError):
            raise self._caller
        return self._caller

    def client(self, service: str) -> Any:
        self.asked.append(service)
        prefix = f"{service}."
        return SimpleNamespace(
            **{
                name.removeprefix(prefix): lambda answer=answer, **arguments: answer
                for name, answer in self.answers.items()
                if name.startswith(prefix)
            }
        )


def patient(shell: Any) -> Patient:
    config = stack_files.load(ROOT, "dev")
    label = Label(project="slipway", environment="dev", owner=config.owner, cost_center=config.cost_center)
    scope = CiScope(
        account=Account(partition="aws", account_id=ACCOUNT_ID, region="eu-west-1"),
        label=label,
        repository=config.repository,
        deletion_protection=False,
    )
    return Patient(place=Place(root=ROOT, config=config, scope=scope), shell=shell, engine=None)


def findings(shell: Shell) -> dict[str, Finding]:
    return {check.name: finding for check, finding in doctor.examine(patient(shell))}


def test_nothing_is_asked_of_an_account_without_credentials() -> None:
    shell = Shell(CommandError("this shell has no credentials for AWS", "log in"))
    found = findings(shell)
    assert found["credentials"] == wrong("this shell has no credentials for AWS", "log in")
    assert "not asked" in found["permissions"].found
    assert not shell.asked


def test_nothing_is_asked_of_another_account() -> None:
    shell = Shell(Caller(account_id="999999999999", arn="arn:aws:iam::999999999999:user/ada"))
    found = findings(shell)
    assert found["account"].verdict is Verdict.WRONG
    assert "999999999999, and Pulumi.dev.yaml names 111111111111" in found["account"].found
    assert not shell.asked


def test_a_region_that_is_not_the_stack_s_is_told() -> None:
    shell = Shell(Caller(account_id=ACCOUNT_ID, arn=f"arn:aws:iam::{ACCOUNT_ID}:root"))
    shell.own_region = "us-east-1"
    found = machine.region(patient(shell))
    assert found.verdict is Verdict.WRONG
    assert "us-east-1" in found.found
    assert "export AWS_REGION=eu-west-1" in found.to_do


@pytest.mark.parametrize("quota", QUOTAS, ids=lambda quota: quota.name)
def test_a_quota_too_low_is_told_with_the_command_that_asks_for_more(quota: Any) -> None:
    found = quotas.judge(quota, limit=3, needed=4, used=2)
    assert found.verdict is Verdict.WRONG
    assert found.found == "4 needed, 2 in use by others, 3 allowed"
    assert f"--service-code {quota.service} --quota-code {quota.code} --desired-value 6" in found.to_do


@given(limit=st.integers(0, 10), needed=st.integers(0, 10), used=st.integers(0, 10))
def test_a_quota_is_well_if_it_holds_what_is_needed_beside_the_others(
    limit: int, needed: int, used: int
) -> None:
    found = quotas.judge(QUOTAS[0], limit=limit, needed=needed, used=used)
    assert (found.verdict is Verdict.WELL) == (needed + used <= limit)


def test_a_name_that_is_delegated_elsewhere_is_told_with_the_servers_to_set() -> None:
    domain = stack_files.load(ROOT, "dev").domain
    answers = {
        "route53.list_hosted_zones_by_name": {
            "HostedZones": [{"Id": "Z1", "Name": f"{domain}.", "Config": {"PrivateZone": False}}]
        },
        "route53.get_hosted_zone": {"DelegationSet": {"NameServers": sorted(SERVERS)}},
    }
    somebody = patient(Shell(Caller(account_id=ACCOUNT_ID, arn=""), answers))
    found = delegation.domain(somebody, lambda name, servers: {"ns.elsewhere.org"})
    assert found.verdict is Verdict.WRONG
    assert "ns-1.example.org, ns-2.example.org" in found.to_do
    assert delegation.domain(somebody, lambda name, servers: SERVERS).verdict is Verdict.WELL

    def silence(name: str, servers: list[tuple[str, int]]) -> set[str]:
        raise dns.NoAnswerError("nobody")

    assert delegation.domain(somebody, silence).verdict is Verdict.UNKNOWN


@pytest.fixture
def resolver() -> Callable[[Callable[[bytes], bytes]], tuple[str, int]]:
    """Starts a name server on a free port that answers one question."""

    def start(answer: Callable[[bytes], bytes]) -> tuple[str, int]:
        server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        server.bind(("127.0.0.1", 0))

        def serve() -> None:
            with server:
                question, peer = server.recvfrom(4096)
                server.sendto(answer(question), peer)

        threading.Thread(target=serve, daemon=True).start()
        host, port = server.getsockname()
        return host, port

    return start


def _two_servers(question: bytes) -> bytes:
    head = question[:2] + b"\x81\x80" + b"\0\1\0\2\0\0\0\0"
    record = b"\xc0\x0c\0\2\0\1\0\0\0\x3c"
    first = b"\4ns-1\7example\3org\0"
    second = b"\4NS-2" + bytes([0xC0, 12 + len(question) - 12 + len(record) + 2 + 5])
    return (
        head
        + question[12:]
        + record
        + len(first).to_bytes(2, "big")
        + first
        + record
        + len(second).to_bytes(2, "big")
        + second
    )


def test_name_servers_are_read_with_names_that_point_to_others(resolver: Any) -> None:
    assert dns.name_servers("dev.example.com", [resolver(_two_servers)]) == SERVERS


def test_a_name_that_nobody_knows_has_no_servers(resolver: Any) -> None:
    server = resolver(lambda question: question[:2] + b"\x81\x83" + b"\0\1\0\0\0\0\0\0" + question[12:])
    assert dns.name_servers("dev.example.com", [server]) == set()


@given(garbage=st.binary(max_size=64))
def test_garbage_is_no_answer(garbage: bytes) -> None:
    with contextlib.suppress(ValueError, IndexError, struct.error):
        assert isinstance(dns._read(garbage, 1), set)


def test_no_resolver_is_no_answer() -> None:
    with pytest.raises(dns.NoAnswerError, match="no resolver is configured"):
        dns.name_servers("dev.example.com", [])


@pytest.mark.parametrize(
    ("found", "code"),
    [
        ([well("a")], 0),
        ([well("a"), unknown("b", "")], 2),
        ([well("a"), unknown("b", ""), wrong("c", "d")], 1),
    ],
)
def test_the_exit_code_is_that_of_the_worst(found: list[Finding], code: int) -> None:
    assert doctor.exit_code(found) == code


def test_a_missing_role_is_made_by_bootstrap() -> None:
    found = ground.roles(patient(Shell(Caller(account_id=ACCOUNT_ID, arn=""), {"iam.get_role": None})))
    assert found.verdict is Verdict.WRONG
    assert found.to_do == "slipway bootstrap dev"
