"""The settings with which the official plugin acts in the sandbox."""

from __future__ import annotations

import inspect
import json
from pathlib import Path

import pulumi_aws
import pytest
import yaml
from typer.testing import CliRunner

from sandbox import daemon
from sandbox.layout import Layout
from scripts.aws import stack_secrets
from scripts.aws.program_types import program_services
from scripts.sandbox import group
from scripts.sandbox_official import endpoint_keys, provider_settings
from tests.scripts.test_sandbox import engine, layout

__all__ = ["engine", "layout"]

URL = "http://127.0.0.1:4566"


@pytest.mark.parametrize("service", program_services())
def test_each_service_of_the_program_has_an_endpoint_that_the_provider_knows(service: str) -> None:
    # the SDK writes `lambda`, a word of Python, with an underscore
    known = {name.rstrip("_") for name in inspect.signature(pulumi_aws.ProviderEndpointArgs).parameters}
    settings = provider_settings(URL, "key", "secret")
    assert endpoint_keys()[service] in known
    assert settings["aws:endpoints"][0][endpoint_keys()[service]] == URL


def test_each_setting_is_one_that_the_provider_has() -> None:
    known = inspect.signature(pulumi_aws.ProviderArgs).parameters
    for name in provider_settings(URL, "key", "secret"):
        words = "".join(f"_{each.lower()}" if each.isupper() else each for each in name.removeprefix("aws:"))
        assert words in known


def run(*arguments: str) -> str:
    result = CliRunner().invoke(group, arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_stack_file_is_printed_that_holds_all_of_it_and_no_key_of_aws(layout: Layout, engine: Path) -> None:
    file = layout.root / "Pulumi.dev.yaml"
    text = yaml.safe_dump(yaml.safe_load(file.read_text()))
    file.write_text(stack_secrets.by_cloud(text, "awskms:///alias/x", "a2V5"))
    daemon.start(layout)
    printed = run("env", "dev", "--provider", "official")
    document = yaml.safe_load(printed)
    record = daemon.require_running(layout)
    assert document["encryptionsalt"].startswith("v1:")
    assert "secretsprovider" not in document
    assert document["config"]["aws:allowedAccountIds"] == ["111111111111"]
    assert set(document["config"]["aws:endpoints"][0].values()) == {record.endpoint_url}
    ports = record.environments["dev"].provider_ports
    assert f"export PULUMI_DEBUG_PROVIDERS=docker:{ports['docker']}\n" in printed
    assert json.loads(run("env", "dev", "--provider", "official", "--json")) == document
