"""`slipway bootstrap` up to where the engine begins; the rest is in tests/e2e/test_bootstrap.py."""

from __future__ import annotations

import stat
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from infra.settings.faults import ConfigError
from scripts import bootstrap
from scripts.aws.identity_provider import IdentityProvider
from scripts.aws.steps import take
from scripts.errors import CommandError
from tests.scripts.accounts import BUCKET, Account, become

PROVIDER = "awskms:///alias/slipway-dev-state?region=eu-west-1"
ISSUER = "token.actions.githubusercontent.com"


def run(*arguments: str) -> str:
    application = typer.Typer()
    application.command()(bootstrap.run)
    result = CliRunner().invoke(application, list(arguments))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


def made(account: Account) -> list[Any]:
    return [
        account.client("kms").list_aliases()["Aliases"],
        account.client("s3").list_buckets()["Buckets"],
        account.client("iam").list_open_id_connect_providers()["OpenIDConnectProviderList"],
        account.place.stack_file.read_bytes(),
    ]


def bring(account: Account) -> list[str]:
    """All steps but the engine's."""
    told: list[str] = []
    take(
        [
            *account.key.steps(),
            *account.bucket.steps(),
            *IdentityProvider(account.place, account.shell).steps(),
            bootstrap.stack_file(account.place, account.key, account.bucket),
        ],
        told.append,
        dry_run=False,
    )
    return told


def test_a_dry_run_prints_each_change_and_makes_none(account: Account) -> None:
    before = made(account)
    text = run("dev", "--dry-run")
    assert made(account) == before
    changes = [line for line in text.splitlines() if line.startswith("would")]
    assert f"dev: {len(changes)} changes to make; nothing was changed" in text
    for words in (BUCKET, "alias/slipway-dev-state", ISSUER, "Pulumi.dev.yaml", "roles of CI"):
        assert any(words in line for line in changes), words


@pytest.mark.parametrize("arguments", [["dev"], ["dev", "--dry-run"]])
def test_another_account_than_the_stack_files_is_refused_before_any_change(
    account: Account, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    before = made(account)
    become(account.cloud, "prod", monkeypatch)
    with pytest.raises(CommandError, match=r"in account 333333333333 .* names 111111111111") as refused:
        run(*arguments)
    assert "nothing was changed" in refused.value.hint
    assert made(account) == before
    assert account.client("s3", "prod").list_buckets()["Buckets"] == []


def test_a_stack_file_that_is_wrong_is_refused_before_aws_is_asked(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    file = account.place.stack_file
    file.write_text(file.read_text().replace("environment: dev", "environment: dev\n    colour: red"))
    with pytest.raises(ConfigError, match="colour"):
        run("dev")


def test_without_credentials_nothing_is_tried(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    with pytest.raises(CommandError, match="no credentials for AWS"):
        run("dev")


def test_the_bucket_name_of_somebody_else_ends_the_run_with_what_to_do(account: Account) -> None:
    account.client("s3", "prod").create_bucket(
        Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    with pytest.raises(CommandError, match="taken by somebody else") as refused:
        run("dev")
    assert "rename the project" in refused.value.hint


def test_githubs_provider_is_made_once_and_takes_the_tokens_of_its_own_action(account: Account) -> None:
    bring(account)
    iam = account.client("iam")
    arn = account.place.scope.provider_arn
    found = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    assert (found["Url"], found["ClientIDList"]) == (ISSUER, ["sts.amazonaws.com"])
    assert "Environment" not in {tag["Key"] for tag in found["Tags"]}
    iam.remove_client_id_from_open_id_connect_provider(
        OpenIDConnectProviderArn=arn, ClientID="sts.amazonaws.com"
    )
    (told,) = bring(account)
    assert "sts.amazonaws.com" in told
    assert bring(account) == []


def test_the_stack_file_names_the_key_and_stays_as_it_was_otherwise(account: Account) -> None:
    file = account.place.stack_file
    before, mode = file.read_text().splitlines(), stat.S_IMODE(file.stat().st_mode)
    bring(account)
    after = file.read_text().splitlines()
    assert f"secretsprovider: {PROVIDER}" in after
    assert after[after.index("config:") :] == before[before.index("config:") :]
    assert stat.S_IMODE(file.stat().st_mode) == mode
    assert bring(account) == []
    assert file.read_text().splitlines() == after


def test_another_secrets_provider_is_not_written_over(account: Account) -> None:
    file = account.place.stack_file
    text = f"secretsprovider: gcpkms://x\nencryptedkey: a2V5\n{file.read_text()}"
    file.write_text(text)
    with pytest.raises(CommandError, match="gcpkms://x") as refused:
        bring(account)
    assert PROVIDER in refused.value.hint
    assert file.read_text() == text


# What a stack file may hold that the key does not open: another account's, none, and no base64.
KEYS = ["AAAA", "", "***"]


@pytest.mark.parametrize("key", KEYS)
def test_a_key_that_does_not_open_is_written_anew_where_there_is_no_state(account: Account, key: str) -> None:
    bring(account)
    put_key(account, key)
    (told,) = bring(account)
    assert "Pulumi.dev.yaml" in told
    assert bring(account) == []


@pytest.mark.parametrize("key", KEYS)
def test_a_key_that_does_not_open_is_refused_where_there_is_a_state(account: Account, key: str) -> None:
    bring(account)
    account.client("s3").put_object(Bucket=BUCKET, Key=".pulumi/stacks/slipway/dev.json", Body=b"{}")
    put_key(account, key)
    before = account.place.stack_file.read_bytes()
    with pytest.raises(CommandError, match="there is a state"):
        bring(account)
    assert account.place.stack_file.read_bytes() == before


def put_key(account: Account, key: str) -> None:
    file = account.place.stack_file
    lines = file.read_text().splitlines()
    file.write_text(
        "\n".join(f'encryptedkey: "{key}"' if line.startswith("encryptedkey") else line for line in lines)
    )


def test_an_interrupted_run_goes_on(account: Account) -> None:
    take(account.key.steps(), lambda _: None, dry_run=False)
    take(account.bucket.steps()[:3], lambda _: None, dry_run=False)
    told = bring(account)
    assert not any("make the key" in words or "make the bucket" in words for words in told)
    assert bring(account) == []
