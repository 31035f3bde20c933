"""What single checks of `slipway doctor` make of what they find."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.aws.quotas import QUOTAS
from scripts.aws.shell import Shell
from scripts.checks import delegation, dns, machine, models, quotas
from scripts.checks.finding import Patient, Verdict, wrong
from scripts.engine import Engine, EngineSource
from tests.scripts.accounts import Account

ENGINE = Engine(path=Path("/none/pulumi"), version="3.0.0", source=EngineSource.GIVEN, reason="test")


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


@pytest.mark.parametrize("quota", QUOTAS, ids=lambda quota: quota.name)
def test_every_quota_is_known_to_the_service(account: Account, quota: Any) -> None:
    patient = Patient(place=account.place, shell=account.shell, engine=None)
    assert quotas.look(quota, patient).verdict is Verdict.WELL


OPEN = {
    "agreementAvailability": {"status": "AVAILABLE"},
    "authorizationStatus": "AUTHORIZED",
    "entitlementAvailability": "AVAILABLE",
    "regionAvailability": "AVAILABLE",
}


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({}, ""),
        ({"agreementAvailability": {"status": "PENDING"}}, "has an agreement that is PENDING"),
        ({"authorizationStatus": "NOT_AUTHORIZED"}, "has authorizationStatus NOT_AUTHORIZED"),
        ({"entitlementAvailability": "NOT_AVAILABLE"}, "has entitlementAvailability NOT_AVAILABLE"),
        ({"regionAvailability": "NOT_AVAILABLE"}, "has regionAvailability NOT_AVAILABLE"),
    ],
)
def test_each_reason_why_a_model_is_closed_is_told(changed: dict[str, Any], why: str) -> None:
    assert models.closed({**OPEN, **changed}) == why


def no_answer(*_: Any) -> set[str]:
    raise dns.NoAnswerError("192.0.2.1")


@pytest.mark.parametrize(
    ("answers", "verdict", "words"),
    [
        (None, Verdict.WELL, "is delegated to the stack's zone"),
        (lambda *_: set(), Verdict.WRONG, "is delegated to nobody"),
        (lambda *_: {"ns.other.example"}, Verdict.WRONG, "is delegated to ns.other.example"),
        (no_answer, Verdict.UNKNOWN, "no resolver answered"),
    ],
)
def test_a_domain_that_leads_elsewhere_is_told(
    account: Account, monkeypatch: pytest.MonkeyPatch, answers: Callable[..., set[str]] | None, verdict: Any,
    words: str,
) -> None:  # fmt: skip
    monkeypatch.setattr(Shell, "is_aws", True)
    patient = Patient(place=account.place, shell=account.shell, engine=None)
    assert "no zone yet" in delegation.domain(patient, no_answer).found
    route53 = account.client("route53")
    zone = route53.create_hosted_zone(Name=account.place.config.domain, CallerReference="1")
    own = set(zone["DelegationSet"]["NameServers"])
    found = delegation.domain(patient, answers or (lambda *_: own))
    assert found.verdict is verdict
    assert words in found.found
    if verdict is Verdict.WRONG:
        assert own <= set(found.to_do.replace(",", "").split())


def test_without_an_engine_it_is_said_how_to_get_one(account: Account) -> None:
    patient = Patient(place=account.place, shell=account.shell, engine=None)
    assert machine.engine(patient) == wrong("there is no Pulumi engine yet", "make engine")
    assert machine.plugin(patient).verdict is Verdict.UNKNOWN


PLUGIN = machine.wanted_plugin()


@pytest.mark.parametrize(
    ("answer", "source", "verdict", "words"),
    [
        (f'echo [{{"name": "aws", "version": "{PLUGIN}"}}]', "official", Verdict.WELL, "official plugin"),
        ('echo [{"name": "aws", "version": "1.0.0"}]', "official", Verdict.UNKNOWN, "is not here"),
        ("echo []", "source", Verdict.UNKNOWN, "built from source"),
        ("echo no >&2; exit 1", "source", Verdict.UNKNOWN, "pulumi plugin ls: no"),
    ],
)
def test_the_official_plugin_is_looked_for(
    account: Account, tmp_path: Path, answer: str, source: str,
    verdict: Verdict, words: str,
) -> None:  # fmt: skip
    path = tmp_path / "pulumi"
    path.write_text(f"#!/bin/sh\n{answer}\n".replace("[", "'[").replace("]", "]'"))
    path.chmod(0o755)
    engine = replace(ENGINE, path=path, source=EngineSource(source))
    found = machine.plugin(Patient(place=account.place, shell=account.shell, engine=engine))
    assert (found.verdict, words in found.found) == (verdict, True), found
    if verdict is Verdict.UNKNOWN:
        assert found.to_do == f"pulumi plugin install resource aws {PLUGIN}"
