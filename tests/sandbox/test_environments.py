from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.environments import Environment, read_environments
from sandbox.errors import SandboxError


def write(folder: Path, name: str, config: str) -> None:
    (folder / f"Pulumi.{name}.yaml").write_text(config, encoding="utf-8")


def stack(account: str = '["111111111111"]', region: str = "eu-west-1") -> str:
    return f"config:\n  aws:region: {region}\n  aws:allowedAccountIds: {account}\n"


def test_environments_come_from_the_stack_files(tmp_path: Path) -> None:
    write(tmp_path, "dev", stack())
    write(tmp_path, "eu-prod", stack("'[\"222222222222\"]'", "us-gov-west-1"))
    (tmp_path / "Pulumi.yaml").write_text("name: slipway", encoding="utf-8")
    assert read_environments(tmp_path) == (
        Environment(name="dev", account_id="111111111111", region="eu-west-1"),
        Environment(name="eu-prod", account_id="222222222222", region="us-gov-west-1"),
    )


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ("", "no config section"),
        ("config: text", "no config section"),
        ("config: [", "cannot read Pulumi.dev.yaml"),
        ("config: {}", "aws:allowedAccountIds as None"),
        (stack(account="[]"), r"aws:allowedAccountIds as \[\]"),
        (stack(account='["1", "2"]'), "one account id"),
        (stack(account="111111111111"), "one account id"),
        (stack(account='["11111111111"]'), "12 digits"),
        (stack(account='"[oops"'), "one account id"),
        (stack(region="[a]"), "aws:region as"),
        (stack(region="Ireland"), "aws:region as 'Ireland'"),
    ],
)
def test_a_malformed_stack_file_is_named_with_what_is_wrong(
    tmp_path: Path, config: str, message: str
) -> None:
    write(tmp_path, "dev", config)
    with pytest.raises(SandboxError, match=message) as refused:
        read_environments(tmp_path)
    assert "Pulumi.dev.yaml" in refused.value.message
    assert refused.value.hint


def test_a_stack_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.dev.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SandboxError, match=r"cannot read Pulumi\.dev\.yaml"):
        read_environments(tmp_path)


def test_two_environments_cannot_share_an_account(tmp_path: Path) -> None:
    write(tmp_path, "dev", stack())
    write(tmp_path, "prod", stack())
    with pytest.raises(SandboxError, match="dev and prod both name account 111111111111"):
        read_environments(tmp_path)


def test_a_checkout_without_stack_files_is_told(tmp_path: Path) -> None:
    with pytest.raises(SandboxError, match="no stack file"):
        read_environments(tmp_path)
