"""What the tests of the commands share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sandbox.conftest import Cloud, cloud, start_cloud
from tests.scripts.accounts import Account, enter
from tests.scripts.machines import Machine

__all__ = ["account", "cloud", "machine", "start_cloud"]


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A machine with nothing on PATH and no network; this process runs on it."""
    machine = Machine(tmp_path)
    for name, value in machine.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("SLIPWAY_ENGINE", raising=False)
    return machine


@pytest.fixture
def account(cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Account:
    """dev's account with nothing in it, and this process as a shell in it."""
    return enter(cloud, tmp_path, monkeypatch)
