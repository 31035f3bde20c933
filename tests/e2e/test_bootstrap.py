"""An empty account made ready by `slipway bootstrap`, with the sandbox as the account.

The tests follow each other: each begins where the one before ended.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

from sandbox import daemon
from tests.e2e.checkouts import SECONDS, SLIPWAY, Checkout
from tests.e2e.sandboxes import Run

pytestmark = pytest.mark.e2e

BUCKET = "slipway-dev-state-111111111111"
BACKEND = f"s3://{BUCKET}?region=eu-west-1"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory, engine: Path) -> Iterator[Checkout]:
    checkout = Checkout(tmp_path_factory.mktemp("bootstrap"), engine)
    daemon.start(checkout.layout)
    yield checkout
    daemon.stop(checkout.layout)


def on_aws(
    checkout: Checkout,
    *arguments: str,
    command: Path = SLIPWAY,
    account_of: str = "dev",
    more: Mapping[str, str] = MappingProxyType({}),
) -> Run:
    """A command of a shell in an account of AWS, which is one of the sandbox's; it names no state backend."""
    sandbox = checkout.sandbox.variables(account_of)
    for name in ("PULUMI_BACKEND_URL", "PULUMI_STACK", "PULUMI_OPTION_CONFIG_FILE"):
        sandbox.pop(name, None)
    done = subprocess.run(
        [str(command), *arguments],
        cwd=checkout.folder,
        env={**os.environ, **checkout.variables, **sandbox, "COLUMNS": "160", **more},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    return Run(code=done.returncode, text=done.stdout)


def session(checkout: Checkout, role: str) -> dict[str, str]:
    """What a workflow of CI has: credentials of a role, and where the state is."""
    keys = checkout.sandbox.client("sts").assume_role(
        RoleArn=f"arn:aws:iam::111111111111:role/slipway-dev-ci-{role}", RoleSessionName="workflow"
    )["Credentials"]
    return {
        "AWS_ACCESS_KEY_ID": keys["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"],
        "AWS_SESSION_TOKEN": keys["SessionToken"],
        "PULUMI_BACKEND_URL": BACKEND,
    }


def buckets(checkout: Checkout, environment: str = "dev") -> list[str]:
    answer = checkout.sandbox.client("s3", environment).list_buckets()
    return [each["Name"] for each in answer["Buckets"]]


def test_the_doctor_of_an_empty_account_says_what_bootstrap_would_make(checkout: Checkout) -> None:
    run = on_aws(checkout, "doctor", "dev")
    assert run.code == 1, run.text
    assert f"there is no bucket {BUCKET}" in run.text
    assert "→ slipway bootstrap dev" in run.text


def test_another_account_is_refused_before_anything_is_made(checkout: Checkout) -> None:
    run = on_aws(checkout, "bootstrap", "dev", account_of="staging")
    assert run.code == 1
    assert "this shell is in account 222222222222" in run.text
    assert "nothing was changed" in run.text
    assert buckets(checkout, "staging") == []


def test_a_dry_run_tells_every_change_and_makes_none(checkout: Checkout) -> None:
    run = on_aws(checkout, "bootstrap", "dev", "--dry-run")
    assert run.code == 0, run.text
    assert f"would    make the bucket {BUCKET}" in run.text
    assert "14 changes to make; nothing was changed" in run.text
    assert buckets(checkout) == []
    assert checkout.contents() == checkout.before


def test_a_name_that_is_taken_by_somebody_else_is_told(checkout: Checkout) -> None:
    where = {"LocationConstraint": "eu-west-1"}
    others = checkout.sandbox.client("s3", "staging")
    others.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=where)
    run = on_aws(checkout, "bootstrap", "dev")
    others.delete_bucket(Bucket=BUCKET)
    assert run.code == 1
    assert f"the bucket name {BUCKET} is taken by somebody else" in run.text
    assert "rename the project" in run.text
    assert "Traceback" not in run.text


def test_bootstrap_goes_on_from_where_it_stopped_and_tells_each_change(checkout: Checkout) -> None:
    run = on_aws(checkout, "bootstrap", "dev")
    assert run.code == 0, run.text
    # the run that was refused had come as far as this
    assert "make the key alias/slipway-dev-state" not in run.text
    for words in (
        f"make the bucket {BUCKET}",
        "block every public access",
        "let the account know GitHub's identity provider",
        "bring the roles of CI for example-org/slipway, the boundaries and the trail",
    ):
        assert f"now      {words}" in run.text
    iam = checkout.sandbox.client("iam")
    assert {role["RoleName"] for role in iam.list_roles()["Roles"]} >= {
        "slipway-dev-ci-plan",
        "slipway-dev-ci-deploy",
    }
    changed = {name for name, content in checkout.contents().items() if checkout.before.get(name) != content}
    assert changed == {"Pulumi.dev.yaml"}


def test_the_state_is_versioned_encrypted_by_its_key_and_closed_to_the_public(checkout: Checkout) -> None:
    s3 = checkout.sandbox.client("s3")
    assert s3.get_bucket_versioning(Bucket=BUCKET)["Status"] == "Enabled"
    rule = s3.get_bucket_encryption(Bucket=BUCKET)["ServerSideEncryptionConfiguration"]["Rules"][0]
    key = checkout.sandbox.client("kms").describe_key(KeyId="alias/slipway-dev-state")["KeyMetadata"]
    assert rule["ApplyServerSideEncryptionByDefault"] == {
        "SSEAlgorithm": "aws:kms",
        "KMSMasterKeyID": key["Arn"],
    }
    assert all(s3.get_public_access_block(Bucket=BUCKET)["PublicAccessBlockConfiguration"].values())
    assert "aws:SecureTransport" in s3.get_bucket_policy(Bucket=BUCKET)["Policy"]


def test_a_second_run_changes_nothing_and_the_doctor_is_content(checkout: Checkout) -> None:
    run = on_aws(checkout, "bootstrap", "dev")
    assert run.code == 0, run.text
    assert "all is there, nothing was changed" in run.text
    run = on_aws(checkout, "doctor", "dev", "--json")
    assert run.code == 0, run.text
    assert {each["verdict"] for each in json.loads(run.text).values()} == {"well"}


def test_what_came_with_the_trail_is_guarded_as_after_a_whole_up(checkout: Checkout) -> None:
    s3 = checkout.sandbox.client("s3")
    assert len(buckets(checkout)) > 2
    for name in buckets(checkout):
        block = s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"]
        assert set(block.values()) == {True}, name
        assert s3.get_bucket_versioning(Bucket=name)["Status"] == "Enabled", name


def test_the_stack_is_read_from_the_bucket(checkout: Checkout) -> None:
    run = on_aws(checkout, "drift", "dev", "--aws", more={"PULUMI_BACKEND_URL": BACKEND})
    assert run.code == 0, run.text


def test_the_deploy_role_may_do_the_rest_and_can_go_on_from_there(checkout: Checkout) -> None:
    workflow = session(checkout, "deploy")
    run = on_aws(checkout, "doctor", "dev", more=workflow)
    assert run.code == 0, run.text
    assert "are withheld from this role" in run.text
    preview = ("preview", "--stack", "dev", "--non-interactive")
    run = on_aws(checkout, *preview, command=checkout.engine, more=workflow)
    assert run.code == 0, run.text
    assert re.search(r"[+] \d+ to create", run.text), run.text
    assert not re.search(r"\d+ to (delete|replace|update)", run.text), run.text


def test_the_plan_role_is_told_that_it_does_not_bring_the_stack_up(checkout: Checkout) -> None:
    run = on_aws(checkout, "doctor", "dev", more=session(checkout, "plan"))
    assert run.code == 1, run.text
    assert "take a role that may, such as slipway-dev-ci-deploy" in run.text


def test_what_changes_in_the_rights_of_ci_is_brought_by_another_run(checkout: Checkout) -> None:
    file = checkout.folder / "infra/ci/withheld.py"
    text = file.read_text()
    file.write_text(text.replace("WITHHELD = {", 'WITHHELD = {\n    "ecs:DeleteCluster": "a test",'))
    run = on_aws(checkout, "bootstrap", "dev")
    file.write_text(text)
    assert run.code == 0, run.text
    # the boundary of both roles, and the guards in each
    assert ": 3 to update" in run.text, run.text


def test_the_same_stack_file_comes_up_in_the_sandbox_and_is_left_as_it_is(checkout: Checkout) -> None:
    before = checkout.contents()
    assert checkout.slipway("sandbox", "reset", "dev", "--yes").code == 0
    run = checkout.slipway("up", "dev")
    assert run.code == 0, run.text
    run = checkout.slipway("drift", "dev")
    assert run.code == 0, run.text
    run = checkout.slipway("down", "dev")
    assert run.code == 0, run.text
    assert checkout.contents() == before
