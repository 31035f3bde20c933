"""The rules, without HTTP."""

import asyncio
import json
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.triage.http import create_app
from app.triage.rules import RULES, Rule, decide
from app.triage.settings import Environment, Settings, SettingsError
from app.triage.ticket import Category, Route, Ticket, Urgency

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)
FIELDS = st.fixed_dictionaries({}, optional=dict.fromkeys(("subject", "body", "customer_id"), JSON))


def ticket(body: str, subject: str = "Hello") -> Ticket:
    return Ticket(subject=subject, body=body, customer_id="c-1")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.category)
def test_each_word_of_each_rule_decides_a_ticket_that_holds_it_alone(rule: Rule) -> None:
    for word in rule.words:
        decision = decide(ticket(f"About {word.upper()}, thanks"))
        assert (decision.category, decision.route, decision.needs_human) == (rule.category, rule.route, False)
        assert word in decision.reason


def test_a_ticket_that_no_rule_knows_goes_to_a_person() -> None:
    decision = decide(ticket("The weather is fine"))
    assert (decision.category, decision.route, decision.needs_human) == (
        Category.UNKNOWN,
        Route.FRONT_DESK,
        True,
    )
    assert "no rule" in decision.reason


def test_a_ticket_between_two_rules_goes_to_a_person_who_is_told_which() -> None:
    decision = decide(ticket("An error on my invoice"))
    assert decision.needs_human
    assert "billing, bug" in decision.reason


def test_a_word_inside_another_word_does_not_count() -> None:
    assert decide(ticket("The debugger is ladybug themed")).needs_human


def test_urgent_words_make_a_ticket_urgent_whoever_answers_it() -> None:
    assert decide(ticket("An outage in production")).urgency is Urgency.HIGH
    assert decide(ticket("Nothing works, asap please")).urgency is Urgency.HIGH
    assert decide(ticket("An invoice")).urgency is Urgency.NORMAL


def test_fields_that_run_together_alike_are_still_different_tickets() -> None:
    assert ticket(subject="ab", body="c").id != ticket(subject="a", body="bc").id
    assert ticket("same").id == ticket("same").id


@settings(deadline=None)
@given(FIELDS | JSON)
def test_whatever_is_sent_is_answered_with_a_decision_or_a_problem(content: Any) -> None:
    async def post() -> httpx.Response:
        transport = httpx.ASGITransport(app=create_app(Settings()))
        async with httpx.AsyncClient(transport=transport, base_url="http://triage") as client:
            return await client.post(
                "/v1/tickets",
                content=json.dumps(content).encode(),
                headers={"content-type": "application/json"},
            )

    answer = asyncio.run(post())
    assert answer.status_code in (200, 400, 422)
    if answer.status_code != 200:
        assert answer.headers["content-type"] == "application/problem+json"


def test_a_failure_inside_is_answered_plainly_and_logged_without_its_message(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_: Ticket) -> None:
        raise RuntimeError("swordfish")

    monkeypatch.setattr("app.triage.http.decide", fail)

    async def post() -> httpx.Response:
        transport = httpx.ASGITransport(app=create_app(Settings()))
        async with httpx.AsyncClient(transport=transport, base_url="http://triage") as client:
            return await client.post("/v1/tickets", json=ticket("An invoice").model_dump())

    answer = asyncio.run(post())
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    written = capsys.readouterr()
    assert "RuntimeError" in written.out
    assert "swordfish" not in answer.text + written.out + written.err


def test_no_setting_at_all_means_production() -> None:
    assert Settings.from_environment({}).environment is Environment.PROD


def test_the_names_of_others_are_no_concern_of_the_settings() -> None:
    assert Settings.from_environment({"PATH": "/bin", "PORT": "1"}) == Settings()


def test_every_wrong_setting_is_named_at_once() -> None:
    with pytest.raises(SettingsError, match=r"TRIAGE_PORT: .*; TRIAGE_LOG_LEVEL: .*"):
        Settings.from_environment({"TRIAGE_PORT": "0", "TRIAGE_LOG_LEVEL": "loud"})
