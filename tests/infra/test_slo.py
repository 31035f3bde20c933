from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from infra.alarms import slo
from infra.alarms.alarm import Severity
from infra.alarms.slo import BURN_RATES, BurnRate, Slo
from tests.infra.metric_math import Minute, burn, evaluate

SLOS = (
    slo.availability(0.999, "app/slipway-dev/1"),
    slo.latency(0.99, "triage"),
    slo.quality(0.8, "triage"),
    slo.freshness(0.99, "triage", 300),
)
_LONGEST_MINUTES = 3 * 24 * 60


def _tripped(objective: Slo, minutes: Sequence[Minute]) -> set[tuple[Severity, int]]:
    """Which windows of an objective alarm at the end of these minutes."""
    return {
        (rate.severity, seconds)
        for rate in objective.burn_rates
        for seconds in (rate.short_seconds, rate.long_seconds)
        if burn(objective, _sums(minutes[-seconds // 60 :])) > rate.factor
    }


def _sums(minutes: Sequence[Minute]) -> dict[str, float | None]:
    total, bad = (sum(minute[place] for minute in minutes) for place in (0, 1))
    return {"slow": bad, "requests": total}


def _severities(tripped: set[tuple[Severity, int]]) -> set[Severity]:
    """Those of which both windows alarm."""
    return {
        rate.severity
        for rate in BURN_RATES
        if {(rate.severity, rate.short_seconds), (rate.severity, rate.long_seconds)} <= tripped
    }


@pytest.mark.parametrize(
    ("place", "factor", "hours"), [(0, 14.4, 50), (1, 6, 120), (2, 3, 240), (3, 1, 720)], ids=str
)
def test_the_factors_are_those_of_the_workbook(place: int, factor: float, hours: float) -> None:
    assert BURN_RATES[place].factor == factor
    assert slo.hours_to_exhaustion(factor) == hours


@given(
    objective=st.floats(0.95, 0.9999),
    factor=st.floats(0, 19),
    requests_per_minute=st.floats(0.01, 10_000),
)
def test_a_steady_burn_trips_just_the_windows_that_it_is_faster_than(
    objective: float, factor: float, requests_per_minute: float
) -> None:
    watched = slo.latency(round(objective, 6), "triage")
    assume(all(abs(factor - rate.factor) > 1e-6 for rate in BURN_RATES))
    bad = requests_per_minute * min(1.0, factor * watched.budget)
    tripped = _tripped(watched, [(requests_per_minute, bad)] * _LONGEST_MINUTES)

    def is_due(rate: BurnRate, seconds: int) -> bool:
        enough = requests_per_minute * seconds / 60 >= 10 and bad * seconds / 60 >= 5
        return factor > rate.factor and enough

    # Sums of floats may fall on the other side of a limit.
    for rate in BURN_RATES:
        for seconds in (rate.short_seconds, rate.long_seconds):
            assume(abs(requests_per_minute * seconds / 60 - 10) > 1e-6)
            assume(abs(bad * seconds / 60 - 5) > 1e-6)
            assert ((rate.severity, seconds) in tripped) == is_due(rate, seconds)


@given(factor=st.floats(0.1, 19))
def test_with_traffic_a_burn_over_six_pages_and_one_over_one_makes_a_ticket(factor: float) -> None:
    assume(all(abs(factor - rate.factor) > 1e-6 for rate in BURN_RATES))
    watched = slo.latency(0.99, "triage")
    tripped = _tripped(watched, [(600.0, 600 * factor * watched.budget)] * _LONGEST_MINUTES)
    expected = {Severity.PAGE} if factor > 6 else set()
    if factor > 1:
        expected |= {Severity.TICKET}
    assert _severities(tripped) == expected


def test_a_total_outage_pages_within_two_minutes() -> None:
    watched = slo.latency(0.999, "triage")
    healthy = [(600.0, 0.0)] * (_LONGEST_MINUTES - 2)
    assert Severity.PAGE in _severities(_tripped(watched, [*healthy, (600.0, 600.0), (600.0, 600.0)]))


def test_an_outage_that_is_over_pages_nobody() -> None:
    watched = slo.latency(0.999, "triage")
    healthy, outage = (600.0, 0.0), (600.0, 600.0)
    history = [healthy] * _LONGEST_MINUTES + [outage] * 20
    assert Severity.PAGE in _severities(_tripped(watched, history[-_LONGEST_MINUTES:]))
    history += [healthy] * 31
    assert Severity.PAGE not in _severities(_tripped(watched, history[-_LONGEST_MINUTES:]))


@given(total=st.integers(0, 200), bad=st.integers(0, 4))
def test_a_few_errors_at_night_are_no_alarm_however_few_requests_there_are(total: int, bad: int) -> None:
    quiet = [(0.0, 0.0)] * (_LONGEST_MINUTES - 1)
    watched = slo.latency(0.999, "triage")
    assert _tripped(watched, [*quiet, (float(total), float(min(bad, total)))]) == set()


@pytest.mark.parametrize("watched", SLOS, ids=lambda each: each.name)
def test_silence_burns_nothing(watched: Slo) -> None:
    assert burn(watched, dict.fromkeys(watched.metrics)) == 0


@pytest.mark.parametrize("watched", SLOS, ids=lambda each: each.name)
def test_every_metric_is_read_by_an_expression(watched: Slo) -> None:
    for query_id in watched.metrics:
        assert f"FILL({query_id}, 0)" in f"{watched.bad} {watched.total}"


def test_requests_that_find_no_task_count_against_availability() -> None:
    watched = SLOS[0]
    outage: dict[str, float | None] = {
        "routed": None,
        "unrouted": 100.0,
        "balancer_errors": 100.0,
        "target_errors": None,
    }
    assert burn(watched, outage) == pytest.approx(1000)


def test_freshness_counts_the_messages_that_were_late() -> None:
    watched = SLOS[3]
    assert watched.metrics["late_percent"].stat == "PR(300:)"
    assert burn(watched, {"late_percent": 10.0, "taken": 1000.0}) == pytest.approx(10)


@given(objective=st.floats(0.5, 0.9999), share=st.floats(0, 1))
def test_the_budget_is_gone_when_the_share_of_bad_events_is_the_budget(
    objective: float, share: float
) -> None:
    watched = slo.quality(max(objective, 0.7), "triage")
    spent = {"total": 1e6, "bad": share * watched.budget * 1e6}
    assert evaluate(watched.budget_left(), spent) == pytest.approx(100 * (1 - share), abs=0.01)


def test_the_budget_of_three_nines_is_43_minutes_a_month() -> None:
    assert slo.latency(0.999, "triage").budget_minutes == pytest.approx(43.2)


@pytest.mark.parametrize("objective", [0, 1, 99.9, -1])
def test_an_objective_that_is_no_share_is_refused(objective: float) -> None:
    with pytest.raises(ValueError, match="a share between 0 and 1"):
        slo.latency(objective, "triage")


def test_an_objective_whose_page_could_never_come_is_refused() -> None:
    with pytest.raises(ValueError, match=r"cannot burn 14\.4 times too fast; ask for more than 0\.9306"):
        slo.latency(0.9, "triage")


@given(objective=st.floats(0.9307, 0.999999))
def test_no_expression_has_a_number_in_a_notation_that_metric_maths_may_not_know(objective: float) -> None:
    assert "e-" not in slo.latency(objective, "triage").expressions()["burn"]


@pytest.mark.parametrize(("seconds", "name"), [(300, "5m"), (1800, "30m"), (7200, "2h"), (259200, "3d")])
def test_windows_are_named_as_people_say_them(seconds: int, name: str) -> None:
    assert slo.window_name(seconds) == name


@pytest.mark.parametrize("rate", BURN_RATES, ids=lambda rate: f"{rate.factor:g}")
def test_cloudwatch_takes_each_window(rate: BurnRate) -> None:
    for seconds in (rate.short_seconds, rate.long_seconds):
        assert seconds % 60 == 0
        assert seconds <= (604_800 if seconds >= 3600 else 86_400), "PutMetricAlarm, EvaluationPeriods"
