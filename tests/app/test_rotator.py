"""The rotation of a signing key: the four steps, each more than once, and calls that must be refused."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.secretsmanager.models import SecretsManagerBackend, secretsmanager_backends

from app.rotator import handler as rotator
from app.rotator.handler import RotationError, handler

NAME = "slipway-dev-secrets-token-signing-key"
REGION = "eu-west-1"
FIRST, SECOND, THIRD = (f"{number:08d}-0000-4000-8000-000000000000" for number in (1, 2, 3))
STEPS = ("createSecret", "setSecret", "testSecret", "finishSecret")


class Secret:
    """A secret that is set up for rotation, and what RotateSecret does to it before it calls the function."""

    def __init__(self) -> None:
        self.client = boto3.client("secretsmanager", region_name=REGION)
        self.arn = self.client.create_secret(Name=NAME)["ARN"]
        self._kept().rotation_requested = self._kept().rotation_enabled = True

    def begin(self, token: str, value: str | None = None) -> None:
        """Add the empty version that is to be rotated in."""
        version: dict[str, Any] = {"createdate": 0, "version_id": token, "version_stages": ["AWSPENDING"]}
        if value is not None:
            version["secret_string"] = value
        self._kept().remove_version_stages_from_old_versions(["AWSPENDING"])
        self._kept().versions[token] = version

    def rotate(self, token: str) -> None:
        """One whole rotation, as Secrets Manager drives it."""
        self.begin(token)
        for step in STEPS:
            self.call(step, token)

    def call(self, step: str, token: str) -> None:
        handler({"SecretId": self.arn, "ClientRequestToken": token, "Step": step}, None)

    def value(self, stage: str = "AWSCURRENT") -> Any:
        return json.loads(self.client.get_secret_value(SecretId=self.arn, VersionStage=stage)["SecretString"])

    def version_with(self, stage: str) -> str:
        stages = self.client.describe_secret(SecretId=self.arn)["VersionIdsToStages"]
        (version,) = [version for version, labels in stages.items() if stage in labels]
        return str(version)

    def label_current(self, token: str) -> None:
        """What AWS does by itself for the first value of a secret."""
        self._kept().versions[token]["version_stages"].append("AWSCURRENT")

    def disable(self) -> None:
        self._kept().rotation_enabled = False

    def _kept(self) -> Any:
        secrets: Any = secretsmanager_backends["123456789012"][REGION].secrets
        return secrets[self.arn]


def _take_the_first_label(original: Callable[..., tuple[str, str]], backend: Any, **given: Any) -> Any:
    """A label that no version has is given; moto breaks when it looks for the one that has it."""
    secret = backend.secrets[given["secret_id"]]
    label = given["version_stage"]
    if not any(label in version["version_stages"] for version in secret.versions.values()):
        secret.versions[given["move_to_version_id"]]["version_stages"].append(label)
        return secret.arn, secret.name
    return original(backend, **given)


@pytest.fixture
def secret(monkeypatch: pytest.MonkeyPatch) -> Iterator[Secret]:
    for name, value in (
        ("AWS_DEFAULT_REGION", REGION),
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
    ):
        monkeypatch.setenv(name, value)
    original = SecretsManagerBackend.update_secret_version_stage
    monkeypatch.setattr(
        SecretsManagerBackend,
        original.__name__,
        lambda backend, **given: _take_the_first_label(original, backend, **given),
    )
    with mock_aws():
        yield Secret()


def test_the_first_rotation_gives_an_empty_secret_its_first_value(secret: Secret) -> None:
    secret.rotate(FIRST)
    value = secret.value()
    assert value["current"]["id"] == FIRST
    assert value["current"]["key"].isalnum()
    assert len(value["current"]["key"]) == 64
    assert value["previous"] is None


def test_a_first_value_that_is_current_as_soon_as_it_is_written_is_left_as_it_is(secret: Secret) -> None:
    secret.begin(FIRST)
    secret.call("createSecret", FIRST)
    secret.label_current(FIRST)
    before = secret.value()
    for step in STEPS[1:]:
        secret.call(step, FIRST)
    assert secret.value() == before
    secret.rotate(SECOND)
    assert secret.value()["previous"] == before["current"]


def test_a_rotation_keeps_the_key_that_signed_before_it_and_no_older_one(secret: Secret) -> None:
    seen = []
    for token in (FIRST, SECOND, THIRD):
        secret.rotate(token)
        seen.append(secret.value())
    assert seen[1]["previous"] == seen[0]["current"]
    assert seen[2]["previous"] == seen[1]["current"]
    assert len({value["current"]["key"] for value in seen}) == 3
    assert secret.version_with("AWSCURRENT") == THIRD
    assert secret.version_with("AWSPREVIOUS") == SECOND


def test_the_current_value_stays_what_it_was_until_the_last_step(secret: Secret) -> None:
    secret.rotate(FIRST)
    before = secret.value()
    secret.begin(SECOND)
    for step in STEPS[:3]:
        secret.call(step, SECOND)
    assert secret.value() == before


@pytest.mark.parametrize("token", [FIRST, SECOND])
def test_each_step_may_come_twice_and_works_once(secret: Secret, token: str) -> None:
    if token == SECOND:
        secret.rotate(FIRST)
    secret.begin(token)
    secret.call("createSecret", token)
    made = secret.client.get_secret_value(SecretId=secret.arn, VersionId=token)["SecretString"]
    for step in STEPS:
        secret.call(step, token)
        secret.call(step, token)
    assert secret.value() == json.loads(made)
    assert secret.version_with("AWSCURRENT") == token


def test_the_steps_of_a_rotation_that_is_over_change_nothing(
    secret: Secret, capsys: pytest.CaptureFixture[str]
) -> None:
    secret.rotate(FIRST)
    before = secret.value()
    capsys.readouterr()
    for step in STEPS:
        secret.call(step, FIRST)
    assert secret.value() == before
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["event"] for line in lines] == ["step_skipped"] * 4


class Racing:
    """A secret whose pending version another call writes first; moto would let the second one win."""

    def __init__(self, code: str) -> None:
        self.code = code

    def get_secret_value(self, **_: Any) -> None:
        raise ClientError({"Error": {"Code": "ResourceNotFoundException"}}, "GetSecretValue")

    def get_random_password(self, **_: Any) -> dict[str, str]:
        return {"RandomPassword": "k" * 64}

    def put_secret_value(self, **_: Any) -> None:
        raise ClientError({"Error": {"Code": self.code}}, "PutSecretValue")


def test_a_call_that_loses_the_race_leaves_the_value_of_the_one_that_won() -> None:
    rotator._create(Racing("ResourceExistsException"), NAME, FIRST, {FIRST: ["AWSPENDING"]})


def test_a_value_that_could_not_be_written_ends_the_rotation() -> None:
    with pytest.raises(ClientError, match="LimitExceeded"):
        rotator._create(Racing("LimitExceededException"), NAME, FIRST, {FIRST: ["AWSPENDING"]})


@pytest.mark.parametrize(
    ("event", "named"),
    [
        ({}, "SecretId is missing"),
        ({"SecretId": NAME, "Step": "createSecret"}, "ClientRequestToken is missing"),
        ({"SecretId": NAME, "ClientRequestToken": FIRST, "Step": 1}, "Step is missing"),
        ({"SecretId": NAME, "ClientRequestToken": FIRST, "Step": "dropSecret"}, "none of createSecret"),
        ({"SecretId": NAME, "ClientRequestToken": SECOND, "Step": "createSecret"}, "has no version"),
    ],
)
def test_a_call_that_secrets_manager_does_not_make_is_refused(
    secret: Secret, event: dict[str, Any], named: str
) -> None:
    secret.begin(FIRST)
    with pytest.raises(RotationError, match=named):
        handler(event, None)


def test_a_version_that_is_not_pending_is_refused(secret: Secret) -> None:
    secret.rotate(FIRST)
    secret.rotate(SECOND)
    with pytest.raises(RotationError, match="not labelled AWSPENDING"):
        secret.call("finishSecret", FIRST)
    assert secret.version_with("AWSCURRENT") == SECOND


def test_a_secret_that_is_not_set_up_for_rotation_is_refused(secret: Secret) -> None:
    secret.begin(FIRST)
    secret.disable()
    with pytest.raises(RotationError, match="not set up for rotation"):
        secret.call("createSecret", FIRST)


BROKEN = (
    "swordfish",
    '"swordfish"',
    "{}",
    json.dumps({"schema_version": 1, "current": {"id": "a", "key": "swordfish"}, "previous": None}),
    json.dumps({"schema_version": 2, "current": {"id": "a", "key": "swordfish" * 9}, "previous": None}),
)


@pytest.mark.parametrize("broken", BROKEN)
@pytest.mark.parametrize("step", ["testSecret", "finishSecret"])
def test_a_pending_value_that_is_no_key_never_becomes_current(secret: Secret, step: str, broken: str) -> None:
    secret.rotate(FIRST)
    secret.begin(SECOND, broken)
    with pytest.raises(RotationError, match="does not hold a signing key"):
        secret.call(step, SECOND)
    assert secret.version_with("AWSCURRENT") == FIRST


def test_a_pending_value_that_forgets_the_key_before_it_fails_the_test(secret: Secret) -> None:
    secret.rotate(FIRST)
    forgetful = {**secret.value(), "current": {"id": SECOND, "key": "k" * 64}}
    secret.begin(SECOND, json.dumps(forgetful))
    with pytest.raises(RotationError, match="does not verify what version"):
        secret.call("testSecret", SECOND)


@pytest.mark.parametrize("step", ["testSecret", "finishSecret"])
def test_a_version_without_a_value_is_refused_after_the_first_step(secret: Secret, step: str) -> None:
    secret.begin(FIRST)
    with pytest.raises(RotationError, match="does not hold a signing key"):
        secret.call(step, FIRST)


def test_an_error_of_aws_is_not_taken_for_an_empty_version(
    secret: Secret, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret.begin(FIRST)

    class Denied:
        def get_secret_value(self, **_: str) -> None:
            raise ClientError({"Error": {"Code": "AccessDeniedException"}}, "GetSecretValue")

    with pytest.raises(ClientError, match="AccessDenied"):
        rotator._value(Denied(), secret.arn, FIRST)


def test_no_value_is_logged_or_stands_in_an_error(secret: Secret, capsys: pytest.CaptureFixture[str]) -> None:
    secret.rotate(FIRST)
    secret.rotate(SECOND)
    value = secret.value()
    printed = capsys.readouterr().out
    assert value["current"]["key"] not in printed
    assert value["previous"]["key"] not in printed
    secret.begin(THIRD, "swordfish")
    with pytest.raises(RotationError) as raised:
        secret.call("testSecret", THIRD)
    assert "swordfish" not in str(raised.value)
    assert raised.value.__cause__ is None
    assert raised.value.__context__ is None
