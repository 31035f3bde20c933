"""What is told where the credentials of a shell do not do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    EndpointConnectionError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
    TokenRetrievalError,
)

from scripts.aws.shell import Caller, Shell, telling
from scripts.errors import CommandError
from tests.scripts.accounts import Account


def refusal(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "so it is"}}, "GetCallerIdentity")


@pytest.mark.parametrize(
    ("error", "words", "hint", "exit_code"),
    [
        (refusal("ExpiredToken"), "have expired", "aws sso login", 1),
        (refusal("ExpiredTokenException"), "have expired", "aws sso login", 1),
        (refusal("RequestExpired"), "have expired", "aws sso login", 1),
        (refusal("InvalidClientTokenId"), "knows no such access key", "AWS_PROFILE", 1),
        (refusal("UnrecognizedClientException"), "knows no such access key", "AWS_PROFILE", 1),
        (refusal("InvalidAccessKeyId"), "knows no such access key", "AWS_PROFILE", 1),
        (refusal("AuthFailure"), "knows no such access key", "AWS_PROFILE", 1),
        (refusal("SignatureDoesNotMatch"), "secret access key", "clock", 1),
        (refusal("InvalidSignatureException"), "secret access key", "clock", 1),
        (refusal("AccessDenied"), "GetCallerIdentity is not allowed", "give the right", 1),
        (refusal("UnauthorizedOperation"), "is not allowed", "give the right", 1),
        (refusal("Throttling"), "failed with Throttling: so it is", "", 2),
        (NoCredentialsError(), "no credentials", "AWS_PROFILE", 1),
        (PartialCredentialsError(provider="env", cred_var="x"), "only a part", "AWS_PROFILE", 1),
        (TokenRetrievalError(provider="sso", error_msg="Token has expired"), "cannot be got", "sso login", 1),
        (CredentialRetrievalError(provider="x", error_msg="no"), "cannot be got", "sso login", 1),
        (ProfileNotFound(profile="work"), "work", "AWS_PROFILE", 1),
        (EndpointConnectionError(endpoint_url="https://x"), "https://x", "network", 2),
        (BotoCoreError(), "cannot be asked", "", 2),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_what_aws_or_its_client_refuses_is_told_in_words(
    error: Exception, words: str, hint: str, exit_code: int
) -> None:
    with pytest.raises(CommandError) as told, telling():
        raise error
    assert words in told.value.message
    assert hint in told.value.hint
    assert told.value.exit_code == exit_code


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}, "no credentials"),
        ({"AWS_ACCESS_KEY_ID": "AKIA0000000000000099"}, "knows no such access key"),
        ({"AWS_SECRET_ACCESS_KEY": "another"}, "secret access key"),
        ({"AWS_PROFILE": "work", "AWS_ACCESS_KEY_ID": ""}, "work"),
    ],
)
def test_a_shell_without_good_credentials_is_told_so(
    account: Account, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], words: str
) -> None:
    for name, value in variables.items():
        if value:
            monkeypatch.setenv(name, value)
        else:
            monkeypatch.delenv(name)
    with pytest.raises(CommandError, match=words):
        Shell("eu-west-1").caller()


def test_a_shell_knows_who_it_is(account: Account) -> None:
    caller = account.shell.caller()
    assert caller.account_id == "111111111111"
    assert caller.is_root
    assert not caller.role_name


def test_a_session_of_a_role_knows_the_role() -> None:
    caller = Caller(account_id="1", arn="arn:aws:sts::111111111111:assumed-role/slipway-dev-ci-plan/me")
    assert caller.role_name == "slipway-dev-ci-plan"
    assert not caller.is_root


@pytest.mark.parametrize(
    ("variables", "region"),
    [
        ({"AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "eu-west-3"}, "us-east-1"),
        ({"AWS_DEFAULT_REGION": "eu-west-3"}, "eu-west-3"),
        ({}, ""),
    ],
)
def test_the_region_of_a_shell_is_the_one_that_the_engine_would_take(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variables: dict[str, str], region: str
) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert Shell("eu-west-1").own_region == region


def test_a_shell_tells_aws_from_the_sandbox(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not account.shell.is_aws
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    assert Shell("eu-west-1").is_aws


def test_a_region_of_another_partition_is_named_as_aws_names_it(account: Account) -> None:
    partitions: dict[str, Any] = {each: Shell(each).partition for each in ("eu-west-1", "cn-north-1")}
    assert partitions == {"eu-west-1": "aws", "cn-north-1": "aws-cn"}
