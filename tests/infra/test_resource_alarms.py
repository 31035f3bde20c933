from __future__ import annotations

import dataclasses
import re
from collections import Counter

import pytest

from infra.alarms.alarm import Severity
from infra.alarms.catalogue import CATALOGUE, alarms_of
from infra.alarms.spec import DIMENSIONS, AlarmSpec, Comparison, Kind, Limit, Missing, check, threshold
from tests.infra.metric_math import evaluate
from tests.infra.observed import observed, watched
from tests.infra.recorder import Resource

# What has to be watched of each kind at least (control OBS-02 of the policies).
REQUIRED = {
    Kind.BACKUP_VAULT: {"NumberOfBackupJobsFailed", "NumberOfBackupJobsCompleted"},
    Kind.CERTIFICATE: {"DaysToExpiry"},
    Kind.DATABASE: {
        "FreeStorageSpace",
        "CPUUtilization",
        "DatabaseConnections",
        "FreeableMemory",
        "ReadLatency",
        "WriteLatency",
    },
    Kind.DEAD_LETTER_QUEUE: {"ApproximateNumberOfMessagesVisible"},
    Kind.FIREWALL: {"BlockedRequests"},
    Kind.FUNCTION: {"Errors", "Throttles", "Duration"},
    Kind.LOAD_BALANCER: {"HTTPCode_ELB_5XX_Count", "TargetConnectionErrorCount", "RejectedConnectionCount"},
    Kind.MODEL: {"InvocationThrottles", "InvocationServerErrors", "InvocationLatency"},
    Kind.NAT_GATEWAY: {"ErrorPortAllocation", "PacketsDropCount"},
    Kind.QUEUE: {"ApproximateAgeOfOldestMessage"},
    Kind.SCHEDULE_GROUP: {"TargetErrorCount", "InvocationDroppedCount"},
    Kind.SERVICE: {"CPUUtilization", "MemoryUtilization", "RunningTaskCount"},
    Kind.TABLE: {"ReadThrottleEvents", "WriteThrottleEvents", "SystemErrors"},
    Kind.TARGET_GROUP: {"UnHealthyHostCount"},
    Kind.TOPIC: {"NumberOfNotificationsFailed"},
}
by_role = pytest.mark.parametrize("spec", CATALOGUE, ids=lambda spec: spec.role)


def _alarm(spec: AlarmSpec) -> Resource:
    return observed().one("cloudwatch/metricAlarm:MetricAlarm", f"resources-example-{spec.role}")


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_of_resource_has_its_required_alarms(kind: Kind) -> None:
    measured = {measure.metric for spec in alarms_of(kind) for measure in spec.measures}
    assert measured >= REQUIRED[kind]


def test_no_two_alarms_have_one_role() -> None:
    assert [role for role, count in Counter(spec.role for spec in CATALOGUE).items() if count > 1] == []


@by_role
def test_an_alarm_tells_the_topic_of_its_severity(spec: AlarmSpec) -> None:
    topic = observed().outputs["topics"][spec.severity]
    assert _alarm(spec).inputs["alarmActions"] == _alarm(spec).inputs["okActions"] == [topic]


@by_role
def test_an_alarm_looks_at_the_resource_that_it_is_for(spec: AlarmSpec) -> None:
    inputs = _alarm(spec).inputs
    found = [query["metric"] for query in inputs.get("metricQueries", ()) if "metric" in query] or [inputs]
    assert [metric["metricName"] for metric in found] == [measure.metric for measure in spec.measures]
    for metric, measure in zip(found, spec.measures, strict=True):
        assert metric["dimensions"] == {**watched(spec.kind).dimensions, **measure.fixed}
        assert metric["namespace"] == spec.namespace
        assert metric["period"] == spec.period_seconds


@by_role
def test_an_alarm_is_either_on_one_metric_or_on_an_expression_of_several(spec: AlarmSpec) -> None:
    inputs = _alarm(spec).inputs
    assert bool(spec.expression) == (len(spec.measures) > 1) == ("metricQueries" in inputs)
    assert ("metricName" in inputs) != ("metricQueries" in inputs)
    if "metricName" in inputs:
        assert ("statistic" in inputs) != ("extendedStatistic" in inputs)


@by_role
def test_every_measure_of_an_expression_is_read(spec: AlarmSpec) -> None:
    read = set(re.findall(r"\bm\d+\b", spec.expression))
    assert read == ({f"m{place}" for place in range(len(spec.measures))} if spec.expression else set())


@by_role
def test_an_alarm_says_what_silence_means(spec: AlarmSpec) -> None:
    assert _alarm(spec).inputs["treatMissingData"] == spec.missing


@by_role
def test_cloudwatch_takes_the_periods_of_an_alarm(spec: AlarmSpec) -> None:
    seconds = spec.period_seconds * spec.evaluation_periods
    assert spec.period_seconds % 60 == 0
    assert seconds <= (604_800 if spec.period_seconds >= 3600 else 86_400), (
        "PutMetricAlarm, EvaluationPeriods"
    )
    assert 1 <= spec.datapoints_to_alarm <= spec.evaluation_periods


def test_silence_is_bad_only_where_something_has_to_come() -> None:
    silent = {spec.role: spec.missing for spec in CATALOGUE if spec.missing is not Missing.FINE}
    assert silent == {
        "backup-missing": Missing.BAD,
        "certificate-expiry": Missing.AS_BEFORE,
        "certificate-last-days": Missing.AS_BEFORE,
    }


def test_somebody_is_woken_only_for_what_cannot_wait() -> None:
    assert {spec.role for spec in CATALOGUE if spec.severity is Severity.PAGE} == {
        "certificate-last-days",
        "database-storage",
        "queue-age",
        "tasks-missing",
    }


def test_a_limit_is_a_share_of_what_the_resource_says_of_itself() -> None:
    (spec,) = [spec for spec in alarms_of(Kind.FUNCTION) if isinstance(spec.threshold, Limit)]
    function = dataclasses.replace(watched(Kind.FUNCTION), limits={"timeout_milliseconds": 60_000})
    assert threshold(spec, function) == 48_000


def test_what_runs_out_is_watched_from_below() -> None:
    for metric in ("FreeStorageSpace", "FreeableMemory", "DaysToExpiry", "NumberOfBackupJobsCompleted"):
        for spec in CATALOGUE:
            if spec.measures[0].metric == metric:
                assert spec.comparison is Comparison.BELOW


@pytest.mark.parametrize(
    ("blocked", "allowed", "share"), [(500, 0, 0), (600, 2400, 0.2), (600, 600, 0.5)], ids=str
)
def test_blocked_requests_are_a_spike_only_when_they_are_many_and_a_large_part(
    blocked: float, allowed: float, share: float
) -> None:
    (spec,) = alarms_of(Kind.FIREWALL)
    assert evaluate(spec.expression, {"m0": blocked, "m1": allowed}) == pytest.approx(share)


def test_tasks_are_missing_when_none_reports() -> None:
    (spec,) = [spec for spec in CATALOGUE if spec.role == "tasks-missing"]
    assert evaluate(spec.expression, {"m0": 2.0, "m1": None}) == 2


@pytest.mark.parametrize("kind", Kind)
def test_a_resource_that_lacks_a_dimension_is_refused_with_what_is_needed(kind: Kind) -> None:
    lacking = dataclasses.replace(watched(kind), dimensions={})
    with pytest.raises(ValueError, match=r"need the dimensions .*, got none"):
        check(lacking, alarms_of(kind))


def test_a_limit_that_no_alarm_knows_is_refused() -> None:
    wrong = dataclasses.replace(watched(Kind.QUEUE), limits={"age_minutes": 5})
    with pytest.raises(ValueError, match="'example' need the limits age_seconds, got age_minutes"):
        check(wrong, alarms_of(Kind.QUEUE))


def test_each_kind_has_dimensions() -> None:
    assert set(DIMENSIONS) == set(Kind)
