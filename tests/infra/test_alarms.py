"""What holds for every alarm that the components of observability make."""

from __future__ import annotations

import pytest

from infra.alarms.alarm import Severity
from tests.infra.observed import observed
from tests.infra.recorder import Resource

# In an order of their own: the engine is asked for them in no certain one.
ALARMS = sorted(
    observed().of("cloudwatch/metricAlarm:MetricAlarm", "cloudwatch/compositeAlarm:CompositeAlarm"),
    key=lambda alarm: alarm.name,
)
each_alarm = pytest.mark.parametrize("alarm", ALARMS, ids=lambda alarm: alarm.name)


def _is_part_of_another(alarm: Resource) -> bool:
    """A window, which its composite alarm speaks for, or the alarm that holds tickets back."""
    return alarm.parent_name == "slo" and alarm.type.endswith("MetricAlarm")


@each_alarm
def test_an_alarm_tells_somebody_unless_another_speaks_for_it(alarm: Resource) -> None:
    topics = set(observed().outputs["topics"].values())
    actions = alarm.inputs.get("alarmActions", [])
    assert len(actions) == (0 if _is_part_of_another(alarm) else 1)
    assert set(actions) <= topics


@each_alarm
def test_a_metric_alarm_says_what_silence_means(alarm: Resource) -> None:
    if alarm.type.endswith("MetricAlarm"):
        assert alarm.inputs["treatMissingData"] in ("notBreaching", "breaching", "ignore")


@each_alarm
def test_an_alarm_is_named_and_tagged_as_the_stack_names_and_tags(alarm: Resource) -> None:
    name = alarm.inputs.get("name") or alarm.inputs["alarmName"]
    assert name.startswith("slipway-dev-"), "the topic takes messages of such alarms only"
    assert len(name) <= 255
    assert alarm.inputs["tags"]["Environment"] == "dev"


def test_no_two_alarms_share_a_name() -> None:
    names = [alarm.inputs.get("name") or alarm.inputs["alarmName"] for alarm in ALARMS]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("role", ["error-share", "p95-latency", "unhealthy-tasks"])
def test_what_rolls_a_release_back_is_told_in_the_morning(role: str) -> None:
    alarm = observed().one("cloudwatch/metricAlarm:MetricAlarm", f"rollback-{role}").inputs
    assert alarm["alarmActions"] == [observed().outputs["topics"][Severity.TICKET]]
    assert alarm["alarmDescription"].startswith("Rolls a release back: ")


def test_what_is_made_belongs_to_a_component_and_carries_its_name() -> None:
    for resource in observed().resources:
        if not resource.is_component:
            assert resource.parent_type.startswith("slipway:"), resource.name
            assert resource.name.startswith(f"{resource.parent_name}-"), resource.name
    components = {resource.name for resource in observed().resources if resource.is_component}
    assert components <= {urn.rsplit("::", 1)[1] for urn in observed().registered_outputs}
