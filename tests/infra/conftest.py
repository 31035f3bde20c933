"""What the program asks for with each stack file, recorded once."""

from __future__ import annotations

import asyncio
from functools import cache
from pathlib import Path

import pytest

from infra import outputs, stack
from infra.config import load
from tests.infra.recorder import Recording, record

ROOT = Path(__file__).resolve().parents[2]


@cache
def _recording_of(path: Path) -> Recording:
    config = load(path)

    def program() -> dict[str, object]:
        values = stack.build(config)
        outputs.export(values)
        return values

    return record(program, config.environment)


@pytest.fixture(autouse=True)
def _event_loop() -> None:
    """Pulumi makes futures in the thread's event loop, which a test elsewhere may have taken away."""
    asyncio.set_event_loop(asyncio.new_event_loop())


@pytest.fixture(params=sorted(ROOT.glob("Pulumi.*.yaml")), ids=lambda path: path.name)
def stack_file(request: pytest.FixtureRequest) -> Path:
    """Each stack file in turn."""
    path = request.param
    assert isinstance(path, Path)
    return path


@pytest.fixture
def built(stack_file: Path) -> Recording:
    """What the program asks for with each stack file in turn."""
    return _recording_of(stack_file)


@pytest.fixture
def dev() -> Recording:
    """What the program asks for with the stack file of dev."""
    return _recording_of(ROOT / "Pulumi.dev.yaml")


@pytest.fixture
def staging() -> Recording:
    """What the program asks for with the stack file of staging."""
    return _recording_of(ROOT / "Pulumi.staging.yaml")


@pytest.fixture
def prod() -> Recording:
    """What the program asks for with the stack file of prod."""
    return _recording_of(ROOT / "Pulumi.prod.yaml")
