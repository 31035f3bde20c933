from __future__ import annotations

import json

from infra.components.configuration_recorder import (
    ConfigurationRecorder,
    ConfigurationRecorderArgs,
    Recording,
)
from tests.infra import recorder
from tests.infra.parts import KEY, TOPIC, label


def _recorded(recording: Recording = Recording.CONTINUOUS) -> recorder.Recording:
    args = ConfigurationRecorderArgs(
        label=label("config"),
        bucket_name="slipway-prod-config-history-111111111111",
        key_arn=KEY,
        topic_arn=TOPIC,
        dead_letter_queue_arn="undelivered",
        recording=recording,
    )
    return recorder.record(lambda: {"name": ConfigurationRecorder("config", args).recorder_name})


def test_every_type_of_resource_is_recorded_and_those_of_no_region_too() -> None:
    recorded = _recorded().one("cfg/recorder:Recorder").inputs
    assert recorded["recordingGroup"] == {"allSupported": True, "includeGlobalResourceTypes": True}


def test_every_change_is_recorded_unless_a_day_is_often_enough() -> None:
    modes = [
        _recorded(*given).one("cfg/recorder:Recorder").inputs["recordingMode"]["recordingFrequency"]
        for given in ((), (Recording.DAILY,))
    ]
    assert modes == ["CONTINUOUS", "DAILY"]


def test_the_recorder_is_started_when_it_can_deliver_and_delivers_under_the_key() -> None:
    recorded = _recorded()
    status = recorded.one("cfg/recorderStatus:RecorderStatus")
    channel = recorded.one("cfg/deliveryChannel:DeliveryChannel")
    assert status.inputs["isEnabled"] is True
    assert "config-channel" in status.dependencies
    assert "config-recorder" in channel.dependencies
    assert channel.inputs["s3KmsKeyArn"] == KEY


def test_the_past_is_kept_for_seven_years_unless_something_else_is_said() -> None:
    history = _recorded().one("cfg/retentionConfiguration:RetentionConfiguration").inputs
    assert history == {"retentionPeriodInDays": 2557}


def test_the_recorder_reads_by_the_role_that_aws_keeps_for_it() -> None:
    recorded = _recorded()
    role = recorded.one("iam/serviceLinkedRole:ServiceLinkedRole").inputs
    assert role["awsServiceName"] == "config.amazonaws.com"
    assert not recorded.of("iam/role:Role")


def test_the_rules_say_only_what_no_resource_shows() -> None:
    rules = _recorded().of("cfg/rule:Rule")
    assert {rule.inputs["source"]["sourceIdentifier"] for rule in rules} == {
        "DYNAMODB_LAST_BACKUP_RECOVERY_POINT_CREATED",
        "IAM_ROOT_ACCESS_KEY_CHECK",
        "RDS_LAST_BACKUP_RECOVERY_POINT_CREATED",
        "ROOT_ACCOUNT_MFA_ENABLED",
    }
    assert all("config-status" in rule.dependencies for rule in rules)


def test_somebody_hears_of_each_rule_that_is_broken() -> None:
    recorded = _recorded()
    pattern = json.loads(recorded.one("cloudwatch/eventRule:EventRule").inputs["eventPattern"])
    assert pattern["detail"]["newEvaluationResult"] == {"complianceType": ["NON_COMPLIANT"]}
    names = {rule.inputs["name"] for rule in recorded.of("cfg/rule:Rule")}
    assert set(pattern["detail"]["configRuleName"]) == names
    assert recorded.one("cloudwatch/eventTarget:EventTarget").inputs["arn"] == TOPIC
