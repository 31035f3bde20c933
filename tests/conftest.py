"""What holds for every test."""

from __future__ import annotations

import signal


def pytest_configure() -> None:
    """Lets Ctrl-C reach what the tests start: a shell that runs them in the background has it ignored."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
