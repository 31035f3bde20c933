from __future__ import annotations

import pytest

from infra.components.threat_detection import Feature, ThreatDetection, ThreatDetectionArgs
from tests.infra.parts import label
from tests.infra.recorder import Recording, record

FEATURE = "guardduty/detectorFeature:DetectorFeature"


def _recorded(disabled: frozenset[Feature] = frozenset()) -> Recording:
    args = ThreatDetectionArgs(label=label("threats"), disabled=disabled)
    return record(lambda: {"id": ThreatDetection("threats", args).detector_id})


def test_the_detector_is_on_and_tells_as_soon_as_it_can() -> None:
    detector = _recorded().one("guardduty/detector:Detector").inputs
    assert detector["enable"] is True
    assert detector["findingPublishingFrequency"] == "FIFTEEN_MINUTES"


@pytest.mark.parametrize("feature", Feature)
def test_each_feature_is_on_unless_it_is_named(feature: Feature) -> None:
    on, off = _recorded(), _recorded(frozenset({feature}))
    statuses = [
        {each.inputs["name"]: each.inputs["status"] for each in recorded.of(FEATURE)}
        for recorded in (on, off)
    ]
    assert statuses[0] == dict.fromkeys(map(str, Feature), "ENABLED")
    assert {name for name, status in statuses[1].items() if status == "DISABLED"} == {str(feature)}


def test_tasks_on_fargate_are_watched_from_within_and_no_other_agent_is_sent() -> None:
    (runtime,) = [each for each in _recorded().of(FEATURE) if each.inputs["name"] == Feature.RUNTIME]
    agents = {each["name"]: each["status"] for each in runtime.inputs["additionalConfigurations"]}
    assert {name for name, status in agents.items() if status == "ENABLED"} == {
        "ECS_FARGATE_AGENT_MANAGEMENT"
    }
    assert len(agents) == 3
