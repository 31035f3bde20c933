"""What holds for every test."""

from __future__ import annotations

import signal

from hypothesis import settings

# How long an example takes says how busy the machine is, and nothing about what it shows.
settings.register_profile("project", deadline=None)
settings.load_profile("project")


def pytest_configure() -> None:
    """Lets Ctrl-C reach what the tests start: a shell that runs them in the background has it ignored."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
