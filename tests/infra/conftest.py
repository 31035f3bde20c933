"""What each stack file asks for, recorded once."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra import stack
from infra.config import load
from tests.infra.recorder import Recording, record

ROOT = Path(__file__).resolve().parents[2]
STACK_FILES = sorted(ROOT.glob("Pulumi.*.yaml"))

_recordings: dict[str, Recording] = {}


@pytest.fixture(params=STACK_FILES, ids=lambda path: path.name)
def stack_file(request: pytest.FixtureRequest) -> Path:
    """Each stack file in turn."""
    path = request.param
    assert isinstance(path, Path)
    return path


@pytest.fixture
def built(stack_file: Path) -> Recording:
    """What the program asks for with each stack file in turn."""
    name = stack_file.name
    if name not in _recordings:
        config = load(stack_file)
        _recordings[name] = record(lambda: stack.build(config), config.environment)
    return _recordings[name]


@pytest.fixture
def dev() -> Recording:
    """What the program asks for with the stack file of dev."""
    config = load(ROOT / "Pulumi.dev.yaml")
    if "Pulumi.dev.yaml" not in _recordings:
        _recordings["Pulumi.dev.yaml"] = record(lambda: stack.build(config))
    return _recordings["Pulumi.dev.yaml"]
