"""What the program asks for with each stack file, recorded once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from infra import outputs, stack
from infra.config import load
from tests.infra.recorder import PROJECT, Recording, record

ROOT = Path(__file__).resolve().parents[2]
# As long as the name of a project can be for all that is made from it.
LONGEST_PROJECT = "a" * 40

Recorder = Callable[[str], Recording]


def record_stack(environment: str, project: str = PROJECT) -> Recording:
    """What the program asks for with the stack file of an environment."""
    config = load(ROOT / f"Pulumi.{environment}.yaml")

    def program() -> dict[str, object]:
        values = stack.build(config)
        outputs.export(values)
        return values

    return record(program, config.environment, project=project)


@pytest.fixture(autouse=True)
def _event_loop() -> None:
    """Pulumi makes futures in the thread's event loop, which a test elsewhere may have taken away."""
    asyncio.set_event_loop(asyncio.new_event_loop())


@pytest.fixture(scope="session")
def recorded() -> Recorder:
    """Records the stack of an environment when it is first asked for, and never again."""
    return cache(record_stack)


@pytest.fixture(scope="session")
def fork() -> Recording:
    """What a fork with the longest name that a project can have asks for, in the longest environment."""
    asyncio.set_event_loop(asyncio.new_event_loop())
    return record_stack("staging", LONGEST_PROJECT)


@pytest.fixture(params=sorted(ROOT.glob("Pulumi.*.yaml")), ids=lambda path: path.name)
def stack_file(request: pytest.FixtureRequest) -> Path:
    """Each stack file in turn."""
    path = request.param
    assert isinstance(path, Path)
    return path


@pytest.fixture
def built(stack_file: Path, recorded: Recorder) -> Recording:
    """What the program asks for with each stack file in turn."""
    return recorded(stack_file.suffixes[0].removeprefix("."))


@pytest.fixture
def dev(recorded: Recorder) -> Recording:
    """What the program asks for with the stack file of dev."""
    return recorded("dev")


@pytest.fixture
def staging(recorded: Recorder) -> Recording:
    """What the program asks for with the stack file of staging."""
    return recorded("staging")


@pytest.fixture
def prod(recorded: Recorder) -> Recording:
    """What the program asks for with the stack file of prod."""
    return recorded("prod")
