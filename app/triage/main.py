"""Runs the service until it is asked to stop."""

import os
import signal
import sys
from types import FrameType

import structlog
import uvicorn

from . import logs
from .http import create_app
from .settings import Settings, SettingsError


def main() -> None:
    """Serve on the port of the settings. Exit codes: 0 asked to stop, 2 wrong settings."""
    # uvicorn raises the signal again once it has answered what was under way; the task then ends as asked,
    # and not as killed.
    signal.signal(signal.SIGTERM, _stop)
    try:
        settings = Settings.from_environment(os.environ)
    except SettingsError as error:
        sys.stderr.write(f"triage: {error}\n")
        raise SystemExit(2) from None
    logs.configure(settings)
    structlog.get_logger().info(
        "starting", environment=settings.environment, revision=settings.revision, port=settings.port
    )
    uvicorn.run(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=settings.shutdown_seconds,
    )


def _stop(_: int, __: FrameType | None) -> None:
    raise SystemExit(0)
