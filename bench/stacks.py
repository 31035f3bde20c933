"""The commands of a working day on the three stacks: up from nothing, nothing to do, drift, refresh, down."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from sandbox import daemon
from scripts.engine import ensure_engine
from tests.e2e.checkouts import Checkout
from tests.e2e.sandboxes import Run

# what a person is promised on two idle cores, in seconds
PROMISED = {
    "dev: up from nothing": 45.0,
    "staging: up from nothing": 90.0,
    "prod: up from nothing": 90.0,
    "all three: up from nothing": 240.0,
    "prod: preview of no change": 10.0,
    "prod: drift": 20.0,
    "prod: refresh": 20.0,
    "prod: down, with its protection": 90.0,
    "staging: down, with its protection": 90.0,
    "dev: down": 45.0,
}


def run() -> None:
    """Prints the seconds of each command beside the promise, and the ratio of both."""
    folder = Path(tempfile.mkdtemp(prefix="slipway-bench-"))
    checkout = Checkout(folder, ensure_engine(console=Console()).path)
    print(f"{'command':<36} seconds  promised  ratio")
    try:
        ups = [
            _timed(f"{name}: up from nothing", checkout.slipway, "up", name)
            for name in ("dev", "staging", "prod")
        ]
        _print("all three: up from nothing", sum(ups))
        engine = checkout.environment("prod").pulumi
        _timed("prod: preview of no change", engine, "preview", "--stack", "prod")
        _timed("prod: drift", checkout.slipway, "drift", "prod")
        _timed("prod: refresh", engine, "refresh", "--yes", "--skip-preview", "--stack", "prod")
        for name in ("prod", "staging"):
            command = ("down", name, "--decommission", "--keep-sandbox")
            _timed(f"{name}: down, with its protection", checkout.slipway, *command)
        _timed("dev: down", checkout.slipway, "down", "dev", "--keep-sandbox")
    finally:
        daemon.stop(checkout.layout)
        shutil.rmtree(folder, ignore_errors=True)


def _timed(what: str, command: Callable[..., Run], *arguments: str) -> float:
    began = time.monotonic()
    run = command(*arguments)
    seconds = time.monotonic() - began
    assert run.code == 0, run.text
    _print(what, seconds)
    return seconds


def _print(what: str, seconds: float) -> None:
    print(f"{what:<36} {seconds:>7.1f} {PROMISED[what]:>9.0f} {seconds / PROMISED[what]:>6.2f}", flush=True)
