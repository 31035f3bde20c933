"""`slipway doctor`: each thing that may be in the way has a line that says what to do."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import typer
from botocore.exceptions import ClientError
from moto.sts.models import sts_backends
from typer.testing import CliRunner

from scripts import doctor
from scripts.aws.identity_provider import IdentityProvider
from scripts.aws.quotas import QUOTAS
from scripts.aws.shell import Shell
from scripts.aws.steps import take
from scripts.bootstrap import stack_file
from scripts.checks.finding import Finding, Patient, unknown, well, wrong
from scripts.engine import Engine, EngineSource
from tests.scripts.accounts import BUCKET, Account, become
from tests.scripts.aws.test_permissions import EVERYTHING, TRUST, make_role

ENGINE = Engine(path=Path("/none/pulumi"), version="3.0.0", source=EngineSource.GIVEN, reason="test")
HERE = {"python", "engine", "plugin", "region"}


@pytest.fixture(autouse=True)
def _engine(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is an engine, and the sandbox's provider stands in for the plugin."""
    monkeypatch.setattr("scripts.doctor.find_engine", lambda: ENGINE)
    monkeypatch.setenv("PULUMI_DEBUG_PROVIDERS", "aws:1")


def run(*arguments: str, exit_code: int) -> str:
    application = typer.Typer()
    application.command()(doctor.run)
    result = CliRunner().invoke(application, ["dev", *arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == exit_code, result.output
    return result.stdout


def findings(*, exit_code: int = 1) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = json.loads(run("--json", exit_code=exit_code))
    return found


def prepare(account: Account) -> None:
    """All that an up needs."""
    place = account.place
    take(
        [
            *account.key.steps(),
            *account.bucket.steps(),
            *IdentityProvider(place, account.shell).steps(),
            stack_file(place, account.key, account.bucket),
        ],
        lambda _: None,
        dry_run=False,
    )
    for role in ("plan", "deploy"):
        account.client("iam").create_role(
            RoleName=place.scope.role_name(role), AssumeRolePolicyDocument=TRUST
        )


def take_role(account: Account, monkeypatch: pytest.MonkeyPatch, arn: str) -> str:
    """This shell as a session of a role; returns its access key."""
    keys = account.client("sts").assume_role(RoleArn=arn, RoleSessionName="doctor")["Credentials"]
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", keys["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", keys["SecretAccessKey"])
    monkeypatch.setenv("AWS_SESSION_TOKEN", keys["SessionToken"])
    return str(keys["AccessKeyId"])


def test_where_nothing_is_in_the_way_all_is_well(account: Account) -> None:
    prepare(account)
    text = run(exit_code=0)
    assert ", 0 wrong, 0 could not be told" in text
    assert "→" not in text
    assert {each["verdict"] for each in findings(exit_code=0).values()} == {"well"}


def test_an_account_before_bootstrap_is_sent_there(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_DEBUG_PROVIDERS", "aws:1")
    found = findings()
    for name in ("state backend", "identity provider", "roles of CI"):
        assert found[name]["verdict"] == "wrong"
        assert found[name]["to_do"] == "slipway bootstrap dev"


def test_without_credentials_that_is_the_one_thing_to_mend(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    text = run(exit_code=1)
    assert "no credentials for AWS" in text
    assert "→ log in and try again" in text
    assert "Traceback" not in text
    unasked = {name for name, each in findings().items() if each["verdict"] == "unknown"}
    assert unasked == findings().keys() - HERE - {"credentials"}


def test_expired_credentials_are_told_as_such(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    key = take_role(account, monkeypatch, make_role(account, EVERYTHING))
    assert findings()["credentials"]["verdict"] == "well"
    session = sts_backends["111111111111"]["aws"].get_assumed_role_from_access_key(key)
    assert session is not None
    monkeypatch.setattr(session, "expiration", datetime.now(UTC).replace(tzinfo=None) - timedelta(hours=1))
    found = findings()["credentials"]
    assert found["found"] == "the credentials of this shell have expired"
    assert "aws sso login" in found["to_do"]


def test_another_account_is_told_with_both_numbers(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    become(account.cloud, "prod", monkeypatch)
    found = findings()
    assert (
        found["account"]["found"] == "this shell is in 333333333333, and Pulumi.dev.yaml names 111111111111"
    )
    assert found["permissions"]["verdict"] == "unknown"


def test_another_region_is_told_with_both_names(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare(account)
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    found = findings()["region"]
    assert found["found"] == "this shell is set to us-east-1, and Pulumi.dev.yaml to eu-west-1"
    assert "export AWS_REGION=eu-west-1" in found["to_do"]


def test_a_quota_that_is_too_low_is_told_with_how_to_ask_for_more(account: Account) -> None:
    prepare(account)
    quota = next(each for each in QUOTAS if each.name == "elastic IPs")
    ec2 = account.client("ec2")
    limit = account.client("service-quotas").get_service_quota(ServiceCode="ec2", QuotaCode=quota.code)
    for _ in range(int(limit["Quota"]["Value"])):
        ec2.allocate_address(Domain="vpc")
    found = findings()["quota: elastic IPs"]
    assert found["verdict"] == "wrong"
    assert found["found"] == "1 needed, 5 in use by others, 5 allowed"
    assert f"--service-code ec2 --quota-code {quota.code} --desired-value 6" in found["to_do"]


def test_what_the_stack_itself_uses_is_not_counted_twice(account: Account) -> None:
    prepare(account)
    tags = [{"Key": key, "Value": value} for key, value in account.place.label.tags("egress").items()]
    for _ in range(5):
        account.client("ec2").allocate_address(
            Domain="vpc", TagSpecifications=[{"ResourceType": "elastic-ip", "Tags": tags}]
        )
    assert findings(exit_code=0)["quota: elastic IPs"]["found"] == "1 needed, 5 allowed"


def test_a_bucket_name_of_somebody_else_is_told(account: Account) -> None:
    prepare(account)
    name = "slipway-dev-storage-audit-111111111111"
    account.client("s3", "prod").create_bucket(
        Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    found = findings()["bucket names"]
    assert found["found"] == f"taken by somebody else: {name}"
    assert "rename the project" in found["to_do"]


def test_a_permission_that_is_missing_is_told_by_name(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(account)
    guard = [{"Effect": "Deny", "Action": "ecs:CreateService", "Resource": "*"}]
    take_role(account, monkeypatch, make_role(account, {**EVERYTHING, "guard": guard}))
    found = findings()["permissions"]
    assert found["found"].endswith("are not allowed: ecs:CreateService")
    assert "slipway-dev-ci-deploy" in found["to_do"]


def test_a_stack_file_that_the_key_does_not_guard_is_told(account: Account) -> None:
    text = account.place.stack_file.read_text()
    prepare(account)
    account.place.stack_file.write_text(text)
    found = findings()["state backend"]
    assert "names a passphrase, and not awskms:///alias/slipway-dev-state" in found["found"]


def test_a_bucket_of_the_state_without_its_key_is_told(account: Account) -> None:
    prepare(account)
    account.client("kms").delete_alias(AliasName="alias/slipway-dev-state")
    assert findings()["state backend"]["found"] == "there is no key alias/slipway-dev-state"
    assert account.client("s3").head_bucket(Bucket=BUCKET)


def test_a_model_that_is_not_open_is_told(account: Account) -> None:
    prepare(account)
    file = account.place.stack_file
    file.write_text(file.read_text().replace("amazon.titan-embed-text-v2:0", "amazon.titan-embed-none-v1:0"))
    found = findings()["models"]
    assert found["found"] == "amazon.titan-embed-none-v1:0 is not in this region"
    assert "Model catalog" in found["to_do"]


class Broken(Shell):
    """A shell whose credentials are good, and to which AWS answers nothing else."""

    def client(self, service: str) -> Any:
        if service == "sts":
            return super().client(service)
        raise ClientError({"Error": {"Code": "Throttling", "Message": "slow down"}}, "Anything")


def test_what_cannot_be_told_is_said_and_no_check_stops_the_others(account: Account) -> None:
    patient = Patient(place=account.place, shell=Broken("eu-west-1"), engine=ENGINE)
    found = {check.name: finding for check, finding in doctor.examine(patient)}
    asking = [name for name in found if name not in HERE | {"credentials", "account", "permissions"}]
    assert len(asking) > 10
    for name in asking:
        assert found[name] == unknown("Anything failed with Throttling: slow down", ""), name


@pytest.mark.parametrize(
    ("found", "code"),
    [
        ([], 0),
        ([well("a")], 0),
        ([well("a"), unknown("b", "")], 2),
        ([unknown("b", ""), wrong("c", ""), well("a")], 1),
    ],
)
def test_the_exit_code_says_the_worst(found: list[Finding], code: int) -> None:
    assert doctor.exit_code(found) == code


def test_every_check_has_a_name_of_its_own(account: Account) -> None:
    patient = Patient(place=account.place, shell=account.shell, engine=ENGINE)
    names = [check.name for check, _ in doctor.examine(patient)]
    assert len(names) == len(set(names))
