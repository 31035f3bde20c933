"""What the image can be asked to run. Exit codes: 0 done or asked to stop, 2 wrong settings or arguments."""

import os
import signal
import sys
from collections.abc import Callable, Sequence
from types import FrameType
from typing import NoReturn

import structlog
import uvicorn

from . import logs
from .http import create_app
from .settings import Settings, SettingsError


def run(arguments: Sequence[str]) -> None:
    """Run what the arguments name, with the settings of the environment."""
    command = COMMANDS.get(arguments[0] if arguments else "serve")
    if command is None or len(arguments) > 1:
        _refuse(f"{' '.join(arguments)!r} is no command; the commands are {', '.join(COMMANDS)}")
    # uvicorn raises the signal again once it has answered what was under way; the task then ends as asked,
    # and not as killed.
    signal.signal(signal.SIGTERM, _stop)
    try:
        settings = Settings.from_environment(os.environ)
    except SettingsError as error:
        _refuse(str(error))
    logs.configure(settings)
    command(settings)


def serve(settings: Settings) -> None:
    """Answer requests on the port of the settings, until asked to stop."""
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


def work(settings: Settings) -> None:
    """Wait to be asked to stop: this version takes nothing from the queue, and says so."""
    structlog.get_logger().warning(
        "this version has no work for the queue", environment=settings.environment, revision=settings.revision
    )
    while True:
        signal.pause()


def migrate(settings: Settings) -> None:
    """End at once: this version keeps nothing in a database, and says so."""
    structlog.get_logger().info(
        "nothing to migrate", environment=settings.environment, revision=settings.revision
    )


COMMANDS: dict[str, Callable[[Settings], None]] = {"serve": serve, "worker": work, "migrate": migrate}


def _refuse(reason: str) -> NoReturn:
    sys.stderr.write(f"triage: {reason}\n")
    raise SystemExit(2)


def _stop(_: int, __: FrameType | None) -> None:
    raise SystemExit(0)
