from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from sandbox import daemon
from sandbox.errors import SandboxError
from sandbox.layout import Layout
from scripts.aws import stack_secrets
from scripts.engine import Engine, EngineSource
from scripts.sandbox import group
from scripts.sandbox_env import CONFIG_FILE, shell_environment


def write_checkout(root: Path) -> Layout:
    (root / "Pulumi.yaml").write_text("name: slipway\nruntime: python\nmain: infra/\n", encoding="utf-8")
    for name, account_id in (("dev", "111111111111"), ("prod", "333333333333")):
        config = {"config": {"aws:region": "eu-west-1", "aws:allowedAccountIds": [account_id]}}
        (root / f"Pulumi.{name}.yaml").write_text(json.dumps(config), encoding="utf-8")
    return Layout(root.resolve())


@pytest.fixture
def layout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Layout]:
    """A checkout that is the working folder; its name has what a shell would take apart."""
    root = tmp_path / "it's a checkout"
    root.mkdir()
    layout = write_checkout(root)
    monkeypatch.chdir(root)
    yield layout
    daemon.stop(layout)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An engine that is found."""
    path = tmp_path / "the engine" / "pulumi"
    found = Engine(path=path, version="3.0.0", source=EngineSource.GIVEN, reason="test")
    monkeypatch.setattr("scripts.engine.find_engine", lambda: found)
    return path.parent


def run(*arguments: str, says: str | None = None, exit_code: int = 0) -> str:
    result = CliRunner().invoke(group, arguments, input=says)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == exit_code, result.output
    return result.stdout


def test_a_sandbox_is_started_shown_emptied_and_stopped(layout: Layout, engine: Path) -> None:
    started = run("start")
    record = daemon.require_running(layout)
    assert record.endpoint_url in started
    assert "account 111111111111" in started

    shown = run("status")
    assert record.endpoint_url in shown
    assert "prod       account 333333333333, eu-west-1: empty" in shown
    status = json.loads(run("status", "--json"))
    assert status["record"]["environments"]["prod"]["account_id"] == "333333333333"

    assert "delete everything in dev, prod?" in run("reset", says="n\n", exit_code=1)
    assert run("reset", "dev", "--yes") == "dev: empty\n"
    with pytest.raises(SandboxError, match="no environment is called qa"):
        run("reset", "qa", "--yes")

    assert run("logs", "--lines", "1").count("\n") == 1
    assert "ready" in run("logs")

    variables = json.loads(run("env", "prod", "--json"))
    assert variables["AWS_ENDPOINT_URL"] == record.endpoint_url
    assert variables["PULUMI_STACK"] == "prod"
    assert variables["PATH"].split(os.pathsep)[0] == str(engine)
    ports = record.environments["prod"].provider_ports
    assert variables["PULUMI_DEBUG_PROVIDERS"] == ",".join(f"{name}:{ports[name]}" for name in sorted(ports))
    with pytest.raises(SandboxError, match="no environment is called qa"):
        run("env", "qa")

    assert "stopped" in run("stop")
    assert "does not run" in run("stop")


def test_what_env_prints_is_safe_to_evaluate_in_a_shell(layout: Layout, engine: Path) -> None:
    run("start")
    script = run("env", "dev")
    code = "import json, os; print(json.dumps(dict(os.environ)))"
    foreign = {
        "AWS_PROFILE": "work",
        "AWS_SESSION_TOKEN": "other",
        "PULUMI_CONFIG_PASSPHRASE_FILE": "x",
        CONFIG_FILE: "of-another-environment.yaml",
    }
    shell = subprocess.run(
        ["/bin/sh", "-euc", f'{script}\n"$SLIPWAY_PYTHON" -c "$0"', code],
        env=os.environ | foreign,
        capture_output=True,
        check=True,
    )
    seen: dict[str, Any] = json.loads(shell.stdout)
    assert not foreign.keys() & seen.keys()
    variables = shell_environment(layout, "dev").variables
    assert variables.items() <= seen.items()
    assert seen["PULUMI_BACKEND_URL"].startswith("file:///")
    assert seen["PULUMI_HOME"] == str(layout.folder / "pulumi-home")
    assert seen["SLIPWAY_PYTHON"] == sys.executable
    assert seen["AWS_REGION"] == seen["AWS_DEFAULT_REGION"] == "eu-west-1"
    assert Path(
        seen["PULUMI_BACKEND_URL"].removeprefix("file://").replace("%20", " ").replace("%27", "'")
    ).is_dir()


def test_a_stack_file_that_a_key_on_aws_guards_is_read_from_a_copy(layout: Layout, engine: Path) -> None:
    file = layout.root / "Pulumi.dev.yaml"
    settings = 'config:\n  aws:region: eu-west-1\n  aws:allowedAccountIds: ["111111111111"]\n'
    guarded = stack_secrets.by_cloud(settings, "awskms:///alias/x", "a2V5")
    daemon.start(layout)
    file.write_text(guarded, encoding="utf-8")
    shell = shell_environment(layout, "dev")
    copy = Path(shell.variables[CONFIG_FILE])
    assert layout.folder in copy.parents
    assert file.read_text(encoding="utf-8") == guarded
    text = copy.read_text(encoding="utf-8")
    assert stack_secrets.provider(text) == ""
    assert "aws:region: eu-west-1" in text
    assert "reads a copy" in shell.warning
    assert CONFIG_FILE not in shell_environment(layout, "prod").variables


def test_env_without_an_engine_says_how_to_get_it(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scripts.engine.find_engine", lambda: None)
    daemon.start(layout)
    result = CliRunner().invoke(group, ["env", "dev"])
    assert "make engine" in result.stderr
    assert "export PATH" not in result.stdout


@pytest.mark.parametrize("arguments", [["env", "dev"], ["status"], ["reset", "--yes"]])
def test_without_a_sandbox_a_person_is_told_to_start_it(layout: Layout, arguments: list[str]) -> None:
    with pytest.raises(SandboxError, match="does not run") as refused:
        run(*arguments)
    assert "slipway sandbox start" in refused.value.hint


@pytest.mark.parametrize("arguments", [["start"], ["stop"], ["status"], ["reset"], ["logs"], ["env", "dev"]])
def test_outside_a_checkout_each_command_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SandboxError, match="not inside a checkout"):
        run(*arguments)


def test_every_command_of_the_group_is_tried_outside_a_checkout() -> None:
    commands = typer.main.get_group(group).commands
    assert set(commands) == {"start", "stop", "status", "reset", "logs", "env"}
