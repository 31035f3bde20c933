"""What is remembered of creates that an engine may not know of."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.providers.claims import Claims

INPUTS = {"cidrBlock": "10.0.0.0/16"}
URN = "urn:pulumi:dev::p::aws:ec2/vpc:Vpc::net"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "dev.creates"


def make(claims: Claims, urn: str = URN, connection: str = "first") -> None:
    claims.begin(urn, INPUTS, connection)
    claims.made(urn, "vpc-1")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time in seconds, which a test moves on."""
    now = [1000.0]
    monkeypatch.setattr("sandbox.providers.claims.time.time", lambda: now[0])
    return now


def test_a_create_that_nobody_spoke_of_again_is_open_to_another_run(path: Path) -> None:
    claims = Claims(path)
    make(claims)
    claim = claims.open(URN, INPUTS, "second")
    assert claim is not None
    assert claim.physical_id == "vpc-1"


def test_a_run_does_not_claim_what_it_made_itself(path: Path) -> None:
    claims = Claims(path)
    make(claims)
    assert claims.open(URN, INPUTS, "first") is None


def test_what_the_engine_speaks_of_is_not_open(path: Path) -> None:
    claims = Claims(path)
    make(claims)
    claims.recorded(URN, "second")
    assert claims.open(URN, INPUTS, "third") is None
    assert Claims(path).open(URN, INPUTS, "third") is None


def test_what_was_answered_well_before_the_engine_s_last_request_is_not_open(
    path: Path, clock: list[float]
) -> None:
    claims = Claims(path)
    make(claims)
    clock[0] += 5
    make(claims, "another", "first")
    assert claims.open(URN, INPUTS, "second") is None
    assert claims.open("another", INPUTS, "second") is not None
    assert Claims(path).open(URN, INPUTS, "second") is None


def test_other_inputs_are_met_by_no_claim(path: Path) -> None:
    claims = Claims(path)
    make(claims)
    assert claims.open(URN, {"cidrBlock": "10.1.0.0/16"}, "second") is None


def test_a_name_that_was_made_here_does_not_tell_inputs_apart(path: Path) -> None:
    claims = Claims(path)
    claims.begin(URN, {"name": "jobs-1", "__defaults": ["name"]}, "first")
    assert claims.open(URN, {"name": "jobs-2", "__defaults": ["name"]}, "second") is not None
    assert claims.open(URN, {"name": "jobs-1"}, "second") is None


def test_a_create_that_was_under_way_when_the_process_died_is_open_without_an_id(path: Path) -> None:
    Claims(path).begin(URN, INPUTS, "first")
    claim = Claims(path).open(URN, INPUTS, "second")
    assert claim is not None
    assert claim.physical_id == ""


def test_a_create_that_was_refused_leaves_nothing_to_claim(path: Path) -> None:
    claims = Claims(path)
    claims.begin(URN, INPUTS, "first")
    claims.recorded(URN, "first")
    assert Claims(path).open(URN, INPUTS, "second") is None


def test_the_id_of_what_was_deleted_is_free_again(path: Path) -> None:
    claims = Claims(path)
    make(claims)
    claims.deleted(URN)
    assert "vpc-1" not in Claims(path).known_ids()


def test_a_line_that_was_cut_short_is_no_claim(path: Path) -> None:
    make(Claims(path))
    path.write_text(path.read_text() + '{"urn": "cut')
    claims = Claims(path)
    assert claims.open(URN, INPUTS, "second") is not None
    assert claims.known_ids() == {"vpc-1"}


def test_no_input_s_value_is_written_down(path: Path) -> None:
    claims = Claims(path)
    claims.begin(URN, {"secretString": "open-sesame"}, "first")
    claims.made(URN, "arn")
    assert "open-sesame" not in path.read_text()
