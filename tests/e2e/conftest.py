"""The engine, one sandbox that the slow tests share, and a program of each test's own in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from scripts.engine import ensure_engine
from tests.e2e.sandboxes import Project, Sandbox


@pytest.fixture(scope="session")
def engine() -> Path:
    """The engine's binary; built once on a machine that has none."""
    return ensure_engine(console=Console()).path


@pytest.fixture(scope="session")
def sandbox(engine: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    sandbox = Sandbox.start(tmp_path_factory.mktemp("sandbox"), engine)
    yield sandbox
    sandbox.stop()


@pytest.fixture
def project(sandbox: Sandbox, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Project]:
    """An empty program with a stack; what it made is destroyed at the end."""
    name = f"p{abs(hash(request.node.nodeid)):x}"[:16]
    project = Project(sandbox=sandbox, folder=tmp_path / "program", name=name)
    project.write("import pulumi")
    project.init()
    yield project
    project.destroy()
