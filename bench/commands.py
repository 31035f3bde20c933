"""The commands of a working day on the dev stack: up from nothing, nothing to do, refresh, destroy."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from bench.stands import CHECKOUT, Stand

# what a person is promised on two idle cores, in seconds
PROMISED = {"up": 45.0, "preview": 8.0, "refresh": 10.0, "destroy": 25.0}
COMMANDS = {
    "up": ("up", "--yes", "--skip-preview"),
    "preview": ("preview",),
    "refresh": ("refresh", "--yes", "--skip-preview"),
    "destroy": ("destroy", "--yes", "--skip-preview"),
}


def run() -> None:
    """Prints the seconds of each command beside the promise, and the ratio of both."""
    folder = Path(tempfile.mkdtemp(prefix="slipway-bench-"))
    stand = Stand.start(folder)
    try:
        for name in ("infra", "app"):
            shutil.copytree(CHECKOUT / name, folder / name)
        project = stand.checkout()
        print("command    seconds  promised  ratio")
        for name, arguments in COMMANDS.items():
            seconds = stand.timed(project, *arguments)
            print(f"{name:<10} {seconds:>7.1f} {PROMISED[name]:>9.0f} {seconds / PROMISED[name]:>6.2f}")
    finally:
        stand.stop()
        shutil.rmtree(folder, ignore_errors=True)
