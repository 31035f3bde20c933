"""What a person is told where the shell's credentials do not do."""

from __future__ import annotations

from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from scripts.aws.shell import Caller, Shell, telling
from scripts.errors import CommandError

_VARIABLES = (
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_PROFILE",
    "AWS_ENDPOINT_URL",
)


@pytest.fixture(autouse=True)
def _no_credentials(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in _VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / name))


def test_a_shell_without_credentials_is_told_how_to_get_them() -> None:
    with pytest.raises(CommandError, match="no credentials for AWS") as caught:
        Shell("eu-west-1").caller()
    assert "aws sso login" in caught.value.hint


def test_half_of_credentials_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIA")
    with pytest.raises(CommandError, match="only a part of credentials"):
        Shell("eu-west-1").caller()


def test_a_profile_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    with pytest.raises(CommandError, match="nobody"):
        Shell("eu-west-1").caller()


@pytest.mark.parametrize(
    ("code", "words", "exit_code"),
    [
        ("ExpiredToken", "the credentials of this shell have expired", 1),
        ("ExpiredTokenException", "the credentials of this shell have expired", 1),
        ("InvalidClientTokenId", "knows no such access key", 1),
        ("SignatureDoesNotMatch", "the secret access key of this shell is not the key's", 1),
        ("AccessDenied", "CreateBucket is not allowed", 1),
        ("Throttling", "CreateBucket failed with Throttling: slow down", 2),
    ],
)
def test_an_error_of_aws_is_told_in_words(code: str, words: str, exit_code: int) -> None:
    with pytest.raises(CommandError, match=words) as caught, telling():
        raise ClientError({"Error": {"Code": code, "Message": "slow down"}}, "CreateBucket")
    assert caught.value.exit_code == exit_code


@pytest.mark.parametrize(
    ("arn", "role", "is_root"),
    [
        (
            "arn:aws:sts::111111111111:assumed-role/slipway-dev-ci-deploy/run-7",
            "slipway-dev-ci-deploy",
            False,
        ),
        ("arn:aws:iam::111111111111:user/ada", "", False),
        ("arn:aws:iam::111111111111:root", "", True),
    ],
)
def test_whom_the_credentials_make_one(arn: str, role: str, is_root: bool) -> None:
    caller = Caller(account_id="111111111111", arn=arn)
    assert (caller.role_name, caller.is_root) == (role, is_root)
