from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.controlplane.inventory import count_resources
from sandbox.extensions import appconfig_progress

SCHEMA = json.dumps({"type": "object", "properties": {"limit": {"type": "integer"}}, "required": ["limit"]})
KEY = "arn:aws:kms:eu-west-1:111111111111:key/6c1b6d3e-0000-0000-0000-000000000000"


@pytest.fixture
def appconfig(client: Callable[[str], Any]) -> Any:
    return client("appconfig")


@pytest.fixture
def application_id(appconfig: Any) -> str:
    identity: str = appconfig.create_application(Name="triage")["Id"]
    return identity


def make_profile(appconfig: Any, application_id: str, **changes: Any) -> dict[str, str]:
    wish = {"ApplicationId": application_id, "Name": "limits", "LocationUri": "hosted"}
    made = appconfig.create_configuration_profile(**wish | changes)
    return {"ApplicationId": application_id, "ConfigurationProfileId": made["Id"]}


def write(appconfig: Any, names: dict[str, str], document: Any, **more: Any) -> Any:
    content = document if isinstance(document, str) else json.dumps(document)
    return appconfig.create_hosted_configuration_version(
        **names, Content=content.encode(), ContentType="application/json", **more
    )


def code(caught: pytest.ExceptionInfo[ClientError]) -> str:
    found: str = caught.value.response["Error"]["Code"]
    return found


def test_a_profile_keeps_its_key_and_its_validators(appconfig: Any, application_id: str) -> None:
    validators = [{"Type": "JSON_SCHEMA", "Content": SCHEMA}]
    names = make_profile(appconfig, application_id, KmsKeyIdentifier=KEY, Validators=validators)
    shown = appconfig.get_configuration_profile(**names)
    assert (shown["KmsKeyIdentifier"], shown["KmsKeyArn"]) == (KEY, KEY)
    assert (shown["Validators"], shown["Type"]) == (validators, "AWS.Freeform")
    appconfig.update_configuration_profile(**names, KmsKeyIdentifier="", Validators=[])
    shown = appconfig.get_configuration_profile(**names)
    assert "KmsKeyIdentifier" not in shown
    assert shown["Validators"] == []


@pytest.mark.parametrize(
    "validator",
    [
        {"Type": "JSON_SCHEMA", "Content": "{"},
        {"Type": "JSON_SCHEMA", "Content": '{"type": "nonsense"}'},
        {"Type": "LAMBDA", "Content": "judge"},
    ],
)
def test_a_validator_that_could_not_validate_is_refused(
    appconfig: Any, application_id: str, validator: dict[str, str]
) -> None:
    with pytest.raises(ClientError) as caught:
        make_profile(appconfig, application_id, Validators=[validator])
    assert code(caught) == "BadRequestException"


def test_a_configuration_is_held_to_the_schema_of_its_profile(appconfig: Any, application_id: str) -> None:
    names = make_profile(appconfig, application_id, Validators=[{"Type": "JSON_SCHEMA", "Content": SCHEMA}])
    for content in ("{", {}, {"limit": "ten"}):
        with pytest.raises(ClientError) as caught:
            write(appconfig, names, content)
        assert code(caught) == "BadRequestException"
    made = write(appconfig, names, {"limit": 10}, Description="ten", VersionLabel="v-ten")
    shown = appconfig.get_hosted_configuration_version(**names, VersionNumber=made["VersionNumber"])
    assert json.loads(shown["Content"].read()) == {"limit": 10}
    assert (shown["Description"], shown["VersionLabel"]) == ("ten", "v-ten")
    assert shown["ContentType"] == "application/json"


def test_the_number_of_a_version_is_given_once(appconfig: Any, application_id: str) -> None:
    names = make_profile(appconfig, application_id)
    first = write(appconfig, names, {})["VersionNumber"]
    appconfig.delete_hosted_configuration_version(**names, VersionNumber=first)
    assert write(appconfig, names, {})["VersionNumber"] == first + 1
    listed = appconfig.list_hosted_configuration_versions(**names)["Items"]
    assert [each["VersionNumber"] for each in listed] == [first + 1]
    with pytest.raises(ClientError) as caught:
        appconfig.get_hosted_configuration_version(**names, VersionNumber=first)
    assert code(caught) == "ResourceNotFoundException"
    with pytest.raises(ClientError) as caught:
        write(appconfig, names, {}, LatestVersionNumber=first)
    assert code(caught) == "ConflictException"


def test_feature_flags_get_the_time_of_their_making(appconfig: Any, application_id: str) -> None:
    names = make_profile(appconfig, application_id, Type="AWS.AppConfig.FeatureFlags")
    flags = {
        "version": "1",
        "flags": {"answers": {"name": "answers"}},
        "values": {"answers": {"enabled": True}},
    }
    made = write(appconfig, names, flags)
    document = json.loads(made["Content"].read())
    assert document["values"]["answers"].keys() == {"enabled", "_createdAt", "_updatedAt"}
    with pytest.raises(ClientError) as caught:
        write(appconfig, names, {**flags, "version": "2"})
    assert code(caught) == "BadRequestException"


def make_environment(appconfig: Any, application_id: str) -> dict[str, str]:
    monitors = [{"AlarmArn": "arn:aws:cloudwatch:eu-west-1:111111111111:alarm:errors"}]
    made = appconfig.create_environment(ApplicationId=application_id, Name="prod", Monitors=monitors)
    return {"ApplicationId": application_id, "EnvironmentId": made["Id"]}


def deploy(appconfig: Any, place: dict[str, str], names: dict[str, str], strategy: str) -> Any:
    return appconfig.start_deployment(
        **place,
        ConfigurationProfileId=names["ConfigurationProfileId"],
        ConfigurationVersion="1",
        DeploymentStrategyId=strategy,
    )


def make_strategy(appconfig: Any, **changes: Any) -> str:
    wish = {"Name": "slowly", "DeploymentDurationInMinutes": 10, "GrowthFactor": 20.0}
    identity: str = appconfig.create_deployment_strategy(**wish | changes)["Id"]
    return identity


def test_an_environment_keeps_its_monitors(appconfig: Any, application_id: str) -> None:
    place = make_environment(appconfig, application_id)
    shown = appconfig.get_environment(**place)
    assert (shown["State"], len(shown["Monitors"])) == ("READY_FOR_DEPLOYMENT", 1)
    appconfig.update_environment(**place, Monitors=[], Description="now without")
    shown = appconfig.get_environment(**place)
    assert (shown["Monitors"], shown["Name"], shown["Description"]) == ([], "prod", "now without")
    assert len(appconfig.list_environments(ApplicationId=application_id)["Items"]) == 1
    with pytest.raises(ClientError) as caught:
        make_environment(appconfig, application_id)
    assert code(caught) == "BadRequestException"


def test_a_deployment_without_duration_is_complete_at_once(appconfig: Any, application_id: str) -> None:
    names, place = make_profile(appconfig, application_id), make_environment(appconfig, application_id)
    write(appconfig, names, {})
    strategy = make_strategy(appconfig, DeploymentDurationInMinutes=0, GrowthFactor=100.0)
    first = deploy(appconfig, place, names, strategy)
    second = deploy(appconfig, place, names, strategy)
    assert (first["State"], first["PercentageComplete"]) == ("COMPLETE", 100.0)
    assert [first["DeploymentNumber"], second["DeploymentNumber"]] == [1, 2]
    events = [event["EventType"] for event in first["EventLog"]]
    assert events == ["DEPLOYMENT_COMPLETED", "BAKE_TIME_STARTED", "DEPLOYMENT_STARTED"]
    listed = appconfig.list_deployments(**place)["Items"]
    assert [each["DeploymentNumber"] for each in listed] == [2, 1]


def test_a_deployment_grows_bakes_and_completes_by_the_clock(
    appconfig: Any, application_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    names, place = make_profile(appconfig, application_id), make_environment(appconfig, application_id)
    write(appconfig, names, {})
    strategy = make_strategy(appconfig, FinalBakeTimeInMinutes=5)
    started = deploy(appconfig, place, names, strategy)
    seen = []
    for minutes in (1, 5, 11, 16):
        now = datetime.now(UTC).replace(tzinfo=None) + timedelta(minutes=minutes)
        monkeypatch.setattr(appconfig_progress, "utcnow", lambda now=now: now)
        shown = appconfig.get_deployment(**place, DeploymentNumber=started["DeploymentNumber"])
        state = appconfig.get_environment(**place)["State"]
        seen.append((shown["State"], shown["PercentageComplete"], state))
    assert seen == [
        ("DEPLOYING", 20.0, "DEPLOYING"),
        ("DEPLOYING", 60.0, "DEPLOYING"),
        ("BAKING", 100.0, "DEPLOYING"),
        ("COMPLETE", 100.0, "READY_FOR_DEPLOYMENT"),
    ]


def test_one_deployment_at_a_time_and_it_can_be_stopped(appconfig: Any, application_id: str) -> None:
    names, place = make_profile(appconfig, application_id), make_environment(appconfig, application_id)
    write(appconfig, names, {})
    number = deploy(appconfig, place, names, make_strategy(appconfig))["DeploymentNumber"]
    with pytest.raises(ClientError) as caught:
        deploy(appconfig, place, names, "AppConfig.AllAtOnce")
    assert code(caught) == "ConflictException"
    with pytest.raises(ClientError) as caught:
        appconfig.delete_environment(**place)
    assert code(caught) == "ConflictException"
    assert appconfig.stop_deployment(**place, DeploymentNumber=number)["State"] == "ROLLED_BACK"
    assert appconfig.get_environment(**place)["State"] == "ROLLED_BACK"
    with pytest.raises(ClientError) as caught:
        appconfig.stop_deployment(**place, DeploymentNumber=number)
    assert code(caught) == "BadRequestException"
    assert deploy(appconfig, place, names, "AppConfig.AllAtOnce")["State"] == "BAKING"


def test_what_is_deployed_exists(appconfig: Any, application_id: str) -> None:
    names, place = make_profile(appconfig, application_id), make_environment(appconfig, application_id)
    with pytest.raises(ClientError) as caught:
        deploy(appconfig, place, names, "AppConfig.AllAtOnce")
    assert code(caught) == "ResourceNotFoundException"


def test_the_strategies_of_appconfig_itself_cannot_be_changed(appconfig: Any) -> None:
    known = {each["Id"] for each in appconfig.list_deployment_strategies()["Items"]}
    assert {"AppConfig.AllAtOnce", "AppConfig.Canary10Percent20Minutes"} <= known
    with pytest.raises(ClientError) as caught:
        appconfig.delete_deployment_strategy(DeploymentStrategyId="AppConfig.AllAtOnce")
    assert code(caught) == "BadRequestException"


def test_an_application_goes_when_all_in_it_is_gone(cloud: Any) -> None:
    appconfig = cloud.client("appconfig")
    application_id = appconfig.create_application(Name="triage")["Id"]
    names, place = make_profile(appconfig, application_id), make_environment(appconfig, application_id)
    strategy = make_strategy(appconfig)
    with pytest.raises(ClientError) as caught:
        appconfig.delete_application(ApplicationId=application_id)
    assert code(caught) == "BadRequestException"
    assert count_resources("111111111111") == {"appconfig": 4}
    appconfig.delete_configuration_profile(**names)
    appconfig.delete_environment(**place)
    appconfig.delete_application(ApplicationId=application_id)
    appconfig.delete_deployment_strategy(DeploymentStrategyId=strategy)
    assert count_resources("111111111111") == {}


@pytest.mark.parametrize(
    ("growth", "kind", "shares"),
    [
        (20.0, "LINEAR", [20.0, 40.0, 60.0, 80.0, 100.0]),
        (50.0, "LINEAR", [50.0, 50.0, 100.0, 100.0, 100.0]),
        (10.0, "EXPONENTIAL", [10.0, 10.0, 40.0, 80.0, 80.0]),
        (100.0, "LINEAR", [100.0] * 5),
        (100.0, "EXPONENTIAL", [100.0] * 5),
    ],
)
def test_a_configuration_reaches_more_and_more_clients(growth: float, kind: str, shares: list[float]) -> None:
    deployment = {"DeploymentDurationInMinutes": 10, "GrowthFactor": growth, "GrowthType": kind}
    assert [appconfig_progress.share_percent(deployment, minutes) for minutes in (0, 2, 5, 7.5, 9)] == shares
    assert appconfig_progress.share_percent(deployment, 10) == 100.0
