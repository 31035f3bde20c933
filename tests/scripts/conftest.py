"""What the tests of the commands share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scripts.machines import Machine


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A machine with nothing on PATH and no network; this process runs on it."""
    machine = Machine(tmp_path)
    for name, value in machine.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("SLIPWAY_ENGINE", raising=False)
    return machine
