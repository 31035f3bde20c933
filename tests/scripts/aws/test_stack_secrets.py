"""What guards the secrets of a stack, as its file says."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from scripts.aws import stack_secrets

ROOT = Path(__file__).parents[3]
PROVIDER = "awskms:///alias/slipway-dev-state?region=eu-west-1"
FILES = sorted(ROOT.glob("Pulumi.*.yaml"))


@pytest.fixture(params=FILES, ids=lambda path: path.name)
def text(request: pytest.FixtureRequest) -> str:
    path: Path = request.param
    return stack_secrets.by_passphrase(path.read_text(encoding="utf-8"), "v1:salt")


def test_a_key_takes_the_place_of_the_salt_and_nothing_else_changes(text: str) -> None:
    by_key = stack_secrets.by_cloud(text, PROVIDER, "c2VjcmV0")
    document = yaml.safe_load(by_key)
    assert (document["secretsprovider"], document["encryptedkey"]) == (PROVIDER, "c2VjcmV0")
    assert "encryptionsalt" not in document
    assert document["config"] == yaml.safe_load(text)["config"]
    own = {"secretsprovider", "encryptedkey", "encryptionsalt"}
    assert [line for line in by_key.splitlines() if line.split(":")[0] not in own] == [
        line for line in text.splitlines() if line.split(":")[0] not in own
    ]


def test_a_passphrase_takes_the_place_of_a_key(text: str) -> None:
    by_key = stack_secrets.by_cloud(text, PROVIDER, "c2VjcmV0")
    assert stack_secrets.by_passphrase(by_key, "v1:salt") == text


def test_binding_twice_is_binding_once(text: str) -> None:
    once = stack_secrets.by_cloud(text, PROVIDER, "c2VjcmV0")
    assert stack_secrets.by_cloud(once, PROVIDER, "c2VjcmV0") == once


def test_what_was_said_about_the_passphrase_goes_with_it() -> None:
    text = '# The passphrase of this salt is "slipway".\nencryptionsalt: v1:a\n# other\nconfig: {}\n'
    assert stack_secrets.by_cloud(text, PROVIDER, "a2V5").splitlines() == [
        f"secretsprovider: {PROVIDER}", "encryptedkey: a2V5", "# other", "config: {}"
    ]  # fmt: skip


def test_a_file_without_any_gets_its_lines_above_the_config() -> None:
    text = "# a stack\nconfig:\n  aws:region: eu-west-1\n"
    lines = stack_secrets.by_cloud(text, PROVIDER, "a2V5").splitlines()
    assert [line.split(":")[0] for line in lines] == [
        "# a stack", "secretsprovider", "encryptedkey", "config", "  aws"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "provider", "key"),
    [
        (f"secretsprovider: {PROVIDER}\nencryptedkey: a2V5\n", PROVIDER, "a2V5"),
        ("secretsprovider: passphrase\nencryptionsalt: v1:a\n", "", ""),
        ("secretsprovider: default\n", "", ""),
        ("encryptionsalt: v1:a\n", "", ""),
        ("", "", ""),
    ],
)
def test_a_file_says_who_guards_it(text: str, provider: str, key: str) -> None:
    assert stack_secrets.provider(text) == provider
    assert stack_secrets.encrypted_key(text) == key
