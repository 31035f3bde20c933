"""What a stack needs after a run that was killed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scripts.errors import CommandError
from scripts.stacks import Stack


@pytest.fixture
def stack(tmp_path: Path) -> Stack:
    (tmp_path / ".pulumi/stacks/slipway").mkdir(parents=True)
    (tmp_path / ".pulumi/locks/organization/slipway/dev").mkdir(parents=True)
    variables = {"PULUMI_BACKEND_URL": f"file://{tmp_path}"}
    return Stack(name="dev", engine=Path("pulumi"), folder=tmp_path, variables=variables, project="slipway")


def test_what_this_shell_has_of_another_environment_does_not_reach_the_engine(
    stack: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = tmp_path / "pulumi"
    engine.write_text("#!/bin/sh\nenv\n")
    engine.chmod(0o755)
    monkeypatch.setenv("PULUMI_OPTION_CONFIG_FILE", "Pulumi.prod.yaml")
    unset = replace(stack, engine=engine, unset=("PULUMI_OPTION_CONFIG_FILE",))
    assert "PULUMI_OPTION_CONFIG_FILE" not in unset.ask("about")
    assert "PULUMI_OPTION_CONFIG_FILE=Pulumi.prod.yaml" in replace(unset, unset=()).ask("about")


def lock(stack: Stack, pid: int) -> Path:
    path = stack.folder / ".pulumi/locks/organization/slipway/dev/1.json"
    path.write_text(json.dumps({"pid": pid}))
    return path


def write_state(stack: Stack, state: str, copy: str) -> Path:
    path = stack.folder / ".pulumi/stacks/slipway/dev.json"
    for name, text in (("dev.json", state), ("dev.json.bak", copy)):
        (path.parent / name).write_text(text)
        (path.parent / f"{name}.attrs").write_text("{}")
    return path


def test_nothing_is_done_to_a_stack_that_needs_nothing(stack: Stack) -> None:
    write_state(stack, '{"version": 3}', "{}")
    assert stack.recover() == []


def test_the_lock_of_a_run_that_is_gone_is_released(stack: Stack) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    path = lock(stack, gone.pid)
    assert str(gone.pid) in stack.recover()[0]
    assert not path.exists()


def test_the_lock_of_a_run_that_is_alive_is_respected(stack: Stack) -> None:
    path = lock(stack, os.getpid())
    with pytest.raises(CommandError, match=str(os.getpid())):
        stack.recover()
    assert path.exists()


@pytest.mark.parametrize("torn", ["", '{"version": 3, "check'])
def test_a_torn_state_is_taken_from_the_copy_before_it(stack: Stack, torn: str) -> None:
    path = write_state(stack, torn, '{"version": 3}')
    assert "the copy before it is used" in stack.recover()[0]
    assert json.loads(path.read_text()) == {"version": 3}


def test_torn_attributes_of_a_state_are_let_go_and_whole_ones_are_kept(stack: Stack) -> None:
    path = write_state(stack, '{"version": 3}', "{}")
    torn = path.with_name("dev.json.attrs")
    torn.write_text("")
    assert stack.recover() == []
    assert not torn.exists()
    assert path.with_name("dev.json.bak.attrs").exists()


@pytest.mark.parametrize(
    ("runs", "pending", "settled"),
    [
        ([{"result": "succeeded"}], [], True),
        ([{"result": "failed"}, {"result": "succeeded"}], [], False),
        # Killed: the engine keeps no record of such a run, only of what it had begun.
        ([{"result": "succeeded"}], [{"type": "creating"}], False),
        ([], [], False),
    ],
)
def test_a_stack_is_settled_when_its_last_run_came_to_its_end(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, runs: list[Any], pending: list[Any], settled: bool
) -> None:
    said = {"history": runs, "export": {"deployment": {"pending_operations": pending}}}
    monkeypatch.setattr(Stack, "ask", lambda self, *arguments: json.dumps(said[arguments[1]]))
    assert stack.is_settled() is settled


def test_a_state_beyond_repair_is_told_and_left_as_it_is(stack: Stack) -> None:
    path = write_state(stack, "torn", "torn too")
    with pytest.raises(CommandError, match="torn") as caught:
        stack.recover()
    assert "slipway sandbox reset dev" in caught.value.hint
    assert path.read_text() == "torn"
