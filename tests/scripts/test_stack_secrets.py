"""The lines of a stack file that say what guards the secrets of its state."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from scripts.aws import stack_secrets
from scripts.sandbox_env import SALT
from tests.infra.conftest import ROOT

KEY = "awskms:///alias/slipway-dev-state?region=eu-west-1"
FILES = sorted(ROOT.glob("Pulumi.*.yaml"))


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.name)
def test_a_stack_file_that_names_a_key_is_otherwise_as_it_was(file: Path) -> None:
    text = file.read_text()
    bound = stack_secrets.by_cloud(text, KEY, "c2VjcmV0")
    assert stack_secrets.provider(bound) == KEY
    assert stack_secrets.has_key(bound)
    assert "salt" not in bound
    assert yaml.safe_load(bound)["config"] == yaml.safe_load(text)["config"]
    comments = [line for line in text.splitlines() if "#" in line and "salt" not in line]
    assert [line for line in bound.splitlines() if "#" in line] == comments


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.name)
def test_a_copy_for_the_sandbox_is_guarded_by_its_passphrase(file: Path) -> None:
    text = file.read_text()
    copy = stack_secrets.by_passphrase(stack_secrets.by_cloud(text, KEY, "c2VjcmV0"), SALT)
    assert stack_secrets.provider(copy) == ""
    assert yaml.safe_load(copy) == yaml.safe_load(text) | {"encryptionsalt": SALT}


def test_binding_twice_is_binding_once() -> None:
    once = stack_secrets.by_cloud(FILES[0].read_text(), KEY, "c2VjcmV0")
    assert stack_secrets.by_cloud(once, KEY, "c2VjcmV0") == once


@pytest.mark.parametrize("text", ["", "secretsprovider: passphrase\n", "secretsprovider: default\n"])
def test_a_passphrase_is_no_provider(text: str) -> None:
    assert stack_secrets.provider(text) == ""
