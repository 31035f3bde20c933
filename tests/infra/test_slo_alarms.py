from __future__ import annotations

import re

import pytest

from infra.alarms.alarm import Severity
from infra.alarms.slo import BURN_RATES
from tests.infra.metric_math import is_alarm
from tests.infra.observed import SLOS, observed
from tests.infra.recorder import Resource

PAIRS = [(each.name, severity) for each in SLOS for severity in each.severities]


def _windows() -> dict[str, Resource]:
    return {
        each.inputs["name"]: each
        for each in observed().of("cloudwatch/metricAlarm:MetricAlarm")
        if each.parent_name == "slo"
    }


def _composite(name: str, severity: Severity) -> Resource:
    return observed().one("cloudwatch/compositeAlarm:CompositeAlarm", f"slo-{name}-{severity}")


def test_there_is_a_composite_alarm_for_each_objective_and_severity() -> None:
    made = observed().of("cloudwatch/compositeAlarm:CompositeAlarm")
    assert {each.name for each in made} == {f"slo-{name}-{severity}" for name, severity in PAIRS}


@pytest.mark.parametrize(("name", "severity"), PAIRS)
def test_a_composite_alarm_needs_both_windows_of_a_pair(name: str, severity: Severity) -> None:
    rule = _composite(name, severity).inputs["alarmRule"]
    pairs = re.findall(r'\(ALARM\("([^"]+)"\) AND ALARM\("([^"]+)"\)\)', rule)
    assert len(pairs) == 2
    named = {window for pair in pairs for window in pair}
    assert named <= set(_windows()), "each child exists"
    for long, short in pairs:
        assert is_alarm(rule, {long, short})
        assert not is_alarm(rule, {long})
        assert not is_alarm(rule, {short})
    assert not is_alarm(rule, {pairs[0][0], pairs[1][1]})


@pytest.mark.parametrize(("name", "severity"), PAIRS)
def test_the_windows_have_the_periods_and_thresholds_of_their_severity(name: str, severity: Severity) -> None:
    named = re.findall(r'ALARM\("([^"]+)"\)', _composite(name, severity).inputs["alarmRule"])
    made = {
        (_windows()[window].inputs["threshold"], period)
        for window in named
        for query in _windows()[window].inputs["metricQueries"]
        if (period := query.get("metric", {}).get("period"))
    }
    assert made == {
        (rate.factor, seconds)
        for rate in BURN_RATES
        if rate.severity is severity
        for seconds in (rate.short_seconds, rate.long_seconds)
    }


@pytest.mark.parametrize(("name", "severity"), PAIRS)
def test_the_composite_alarm_tells_the_topic_of_its_severity_when_it_begins_and_when_it_ends(
    name: str, severity: Severity
) -> None:
    composite = _composite(name, severity).inputs
    assert composite["alarmActions"] == composite["okActions"] == [observed().outputs["topics"][severity]]


@pytest.mark.parametrize(("name", "severity"), PAIRS)
def test_a_release_holds_back_tickets_and_never_a_page(name: str, severity: Severity) -> None:
    composite = _composite(name, severity).inputs
    if severity is Severity.PAGE:
        assert "actionsSuppressor" not in composite
    else:
        suppressor = composite["actionsSuppressor"]
        assert suppressor["alarm"] == "slipway-dev-slo-release-in-progress"
        assert suppressor["waitPeriod"] > 60, "longer than a period of the suppressor"


def test_a_window_acts_by_no_action_of_its_own() -> None:
    for window in _windows().values():
        assert not window.inputs.get("alarmActions"), window.name


def test_each_window_alarms_on_the_burn_and_says_what_silence_means() -> None:
    for window in _windows().values():
        assert window.inputs["treatMissingData"] == "notBreaching"
        if "metricQueries" in window.inputs:
            queries = window.inputs["metricQueries"]
            assert [query["id"] for query in queries if query["returnData"]] == ["burn"]
            assert len(queries) <= 10, "PutMetricAlarm takes no more"
