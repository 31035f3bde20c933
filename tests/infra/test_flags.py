from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft7Validator

from infra.components.flags import Flags, FlagsArgs, Growth, Rollout
from infra.documents.flag_document import FirstValues, flag_document, tenant_flag
from tests.infra.parts import ACCOUNT, BOUNDARY, KEY, label, statements
from tests.infra.recorder import ACCOUNT_ID, Recording, record

ALARM = f"arn:aws:cloudwatch:eu-west-1:{ACCOUNT_ID}:alarm:slipway-prod-slo-fast-burn"
# Of AppConfig's own schema ("Understanding the type reference for AWS.AppConfig.FeatureFlags") what concerns
# flags of numbers; that the limits of a number are whole numbers is AWS's rule.
_KEY = r"^[a-z][a-zA-Z\d_-]{0,63}$"
_CONSTRAINTS: dict[str, Any] = {
    "type": "object",
    "properties": {
        "type": {"enum": ["number"]},
        "required": {"type": "boolean"},
        "minimum": {"type": "integer"},
        "maximum": {"type": "integer"},
    },
    "required": ["type"],
    "additionalProperties": False,
}
_ATTRIBUTE = {
    "type": "object",
    "properties": {"description": {"type": "string", "maxLength": 1024}, "constraints": _CONSTRAINTS},
    "additionalProperties": False,
}
_FLAG = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "pattern": r"^[^\n]{1,64}$"},
        "description": {"type": "string", "maxLength": 1024},
        "attributes": {
            "type": "object",
            "patternProperties": {_KEY: _ATTRIBUTE},
            "maxProperties": 25,
            "additionalProperties": False,
        },
    },
    "additionalProperties": False,
}
_VALUE = {
    "type": "object",
    "properties": {"enabled": {"type": "boolean"}},
    "patternProperties": {_KEY: {"type": ["string", "number", "boolean"]}},
    "additionalProperties": False,
}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "version": {"enum": ["1"]},
        "flags": {"type": "object", "patternProperties": {_KEY: _FLAG}, "additionalProperties": False},
        "values": {"type": "object", "patternProperties": {_KEY: _VALUE}, "additionalProperties": False},
    },
    "required": ["version"],
    "additionalProperties": False,
}


def _recorded(**changes: Any) -> Recording:
    args = FlagsArgs(
        label=label("flags"),
        account=ACCOUNT,
        boundary_arn=BOUNDARY,
        key_arn=KEY,
        **{"alarm_arns": [ALARM], **changes},
    )

    def program() -> dict[str, Any]:
        flags = Flags("flags", args)
        return {"grants": [grant.to_dict() for grant in flags.read_access()]}

    return record(program)


@pytest.mark.parametrize("tenants", [[], ["acme", "Globex-2"]])
def test_the_flag_document_is_one_that_appconfig_takes(tenants: list[str]) -> None:
    document = flag_document(FirstValues(), tenants)
    Draft7Validator.check_schema(SCHEMA)
    assert list(Draft7Validator(SCHEMA).iter_errors(document)) == []
    assert document["flags"].keys() == document["values"].keys()


def test_the_schema_of_the_test_refuses_what_appconfig_refuses() -> None:
    document = flag_document(FirstValues(), [])
    document["flags"]["auto-action"]["attributes"]["from-percent"]["constraints"]["minimum"] = 0.5
    assert list(Draft7Validator(SCHEMA).iter_errors(document))


def test_when_nothing_is_said_people_decide_everything() -> None:
    values = flag_document(FirstValues(), ["acme"])["values"]
    assert {key for key, value in values.items() if value["enabled"]} == {"review"}
    assert values["auto-action"]["from-percent"] == 95
    assert values["tenant-acme"] == {"enabled": False}


def test_every_number_of_the_flags_has_limits_that_its_first_value_keeps() -> None:
    document = flag_document(FirstValues(), [])
    numbers = [
        (attribute["constraints"], document["values"][flag][name])
        for flag, definition in document["flags"].items()
        for name, attribute in definition.get("attributes", {}).items()
    ]
    assert len(numbers) == 2
    for limits, value in numbers:
        assert limits["required"] is True
        assert limits["minimum"] <= value <= limits["maximum"]


@pytest.mark.parametrize(("review", "act"), [(96, 95), (40, 95), (80, 101)])
def test_thresholds_that_contradict_each_other_are_refused(review: int, act: int) -> None:
    with pytest.raises(ValueError, match=f"got review_below_percent {review} and"):
        FirstValues(review_below_percent=review, auto_action_from_percent=act)


@pytest.mark.parametrize("tenant", ["", "a b", "ä", "x" * 58])
def test_a_tenant_that_makes_no_key_is_refused(tenant: str) -> None:
    with pytest.raises(ValueError, match="a tenant of the flags is named by"):
        tenant_flag(tenant)


def test_flags_are_kept_under_the_key_and_checked_as_flags() -> None:
    recorded = _recorded()
    profile = recorded.one("appconfig/configurationProfile:ConfigurationProfile").inputs
    assert profile["type"] == "AWS.AppConfig.FeatureFlags"
    assert profile["locationUri"] == "hosted"
    assert profile["kmsKeyIdentifier"] == KEY
    assert recorded.one("appconfig/deployment:Deployment").inputs["kmsKeyIdentifier"] == KEY


def test_a_change_of_flags_is_gradual_and_bakes() -> None:
    strategy = _recorded().one("appconfig/deploymentStrategy:DeploymentStrategy").inputs
    assert strategy["growthType"] == "LINEAR"
    assert 0 < strategy["growthFactor"] < 100
    assert strategy["deploymentDurationInMinutes"] > 0
    assert strategy["finalBakeTimeInMinutes"] > 0
    assert strategy["replicateTo"] == "NONE"


@pytest.mark.parametrize("change", [{"bake_minutes": 0}, {"duration_minutes": 0}, {"step_percent": 100.0}])
def test_a_rollout_that_alarms_could_not_stop_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="is rolled out in steps below 100 percent"):
        Rollout(growth=Growth.EXPONENTIAL, **change)


def test_each_alarm_takes_a_change_of_flags_back() -> None:
    recorded = _recorded(alarm_arns=[ALARM, f"{ALARM}-2"])
    monitors = recorded.one("appconfig/environment:Environment").inputs["monitors"]
    role = f"arn:aws:iam:eu-west-1:{ACCOUNT_ID}:role/flags-monitor-role-role"
    assert monitors == [{"alarmArn": arn, "alarmRoleArn": role} for arn in (ALARM, f"{ALARM}-2")]


@pytest.mark.parametrize("count", [0, 6])
def test_flags_without_an_alarm_or_with_too_many_are_refused(count: int) -> None:
    with pytest.raises(ValueError, match=f"AppConfig watches 1 to 5 alarms, got {count}"):
        _recorded(alarm_arns=[ALARM] * count)


def test_the_role_of_the_monitors_reads_alarms_and_nothing_else() -> None:
    recorded = _recorded()
    (trust,) = statements(recorded, "iam/role:Role", "flags-monitor-role-role", "assumeRolePolicy")
    (grant,) = statements(recorded, "iam/rolePolicy:RolePolicy", "flags-monitor-role-grants")
    assert trust["Principal"] == {"Service": "appconfig.amazonaws.com"}
    assert grant["Action"] == ["cloudwatch:DescribeAlarms"]
    assert grant["Resource"] == [f"arn:aws:cloudwatch:eu-west-1:{ACCOUNT_ID}:alarm:*"]


def test_a_reader_gets_the_deployed_flags_of_this_profile_and_no_more() -> None:
    configuration, key = _recorded().outputs["grants"]
    assert configuration["Action"] == [
        "appconfig:GetLatestConfiguration",
        "appconfig:StartConfigurationSession",
    ]
    assert configuration["Resource"] == [
        f"arn:aws:appconfig:eu-west-1:{ACCOUNT_ID}:application/flags-application-id"
        "/environment/flags-environment-environment-id/configuration/flags-profile-profile-id"
    ]
    assert (key["Action"], key["Resource"]) == (["kms:Decrypt"], [KEY])


def test_a_later_run_of_the_program_deploys_no_flags() -> None:
    recorded = _recorded()
    version = recorded.one("appconfig/hostedConfigurationVersion:HostedConfigurationVersion")
    deployment = recorded.one("appconfig/deployment:Deployment")
    assert version.ignore_changes == ("content",)
    # All that could be another without the environment or the profile being another.
    fixed = {"applicationId", "environmentId", "configurationProfileId", "tags"}
    assert set(deployment.ignore_changes) == deployment.inputs.keys() - fixed


def test_the_first_version_holds_the_document_and_is_what_is_deployed() -> None:
    recorded = _recorded(tenants=["acme"])
    version = recorded.one("appconfig/hostedConfigurationVersion:HostedConfigurationVersion").inputs
    # The SDK holds all that AppConfig hosts to be secret.
    assert json.loads(version["content"]["value"]) == flag_document(FirstValues(), ["acme"])
    assert recorded.one("appconfig/deployment:Deployment").inputs["configurationVersion"] == "1"
