"""What the image can be asked to run, as processes of their own."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
SECONDS = 60


def _start(*arguments: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "app.triage", *arguments],
        cwd=CHECKOUT,
        env={**os.environ, "TRIAGE_ENVIRONMENT": "dev", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_migration_ends_well_and_says_that_there_is_nothing_to_migrate() -> None:
    process = _start("migrate")
    output, _ = process.communicate(timeout=SECONDS)
    assert process.returncode == 0
    assert json.loads(output)["event"] == "nothing to migrate"


def test_a_worker_says_that_it_has_no_work_and_runs_until_it_is_told_to_stop() -> None:
    process = _start("worker")
    assert process.stdout is not None
    line = json.loads(process.stdout.readline())
    assert (line["event"], line["level"]) == ("this version has no work for the queue", "warning")
    assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=SECONDS)
    assert process.returncode == 0


@pytest.mark.parametrize("arguments", [["sing"], ["migrate", "twice"]])
def test_what_is_no_command_is_refused_with_the_list_of_commands(arguments: list[str]) -> None:
    process = _start(*arguments)
    _, error = process.communicate(timeout=SECONDS)
    assert process.returncode == 2
    assert (
        error == f"triage: {' '.join(arguments)!r} is no command; the commands are serve, worker, migrate\n"
    )


@pytest.mark.parametrize("command", ["serve", "worker", "migrate"])
def test_every_command_refuses_settings_that_it_does_not_know(command: str) -> None:
    process = _start(command, TRIAGE_SPEED="fast")
    _, error = process.communicate(timeout=SECONDS)
    assert process.returncode == 2
    assert error.startswith("triage: TRIAGE_SPEED is not a setting; the settings are ")
