"""Running a Pulumi program inside the language host.

The engine starts a host of its own for each preview, update, refresh or destroy, so a process runs one
program once and needs no clean-up between two.
"""

from __future__ import annotations

import asyncio
import logging
import os
import runpy
import sys
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any

import grpc
import pulumi
from pulumi.runtime import reset_options, run_in_stack, set_all_config
from pulumi.runtime.proto import language_pb2

from sandbox.languagehost.packages import silent_providers

# Whose frames say nothing about the program: this host's, the SDK's, and what both are called through.
_OWN_FOLDERS = (
    str(Path(__file__).parent),
    str(Path(pulumi.__file__).parent),
    str(Path(asyncio.__file__).parent),
    str(Path(runpy.__file__)),
    "<frozen ",
)


def run_program(request: Any, engine_address: str) -> Any:
    """Run the program that a RunRequest names and return a RunResponse.

    A failure of the program is logged to the engine once, with the traceback of the program's own
    frames, and answered with `bail`, which ends the operation without a second message. `sys.exit`
    with a code other than 0 is answered with an error that gives the code.
    """
    folder = Path(request.info.program_directory)
    entry = folder / request.info.entry_point
    reset_options(
        project=request.project,
        stack=request.stack,
        root_directory=request.info.root_directory,
        parallel=request.parallel,
        engine_address=engine_address,
        monitor_address=request.monitor_address,
        preview=request.dryRun,
        organization=request.organization or "organization",
    )
    set_all_config(dict(request.config), list(request.configSecretKeys))
    silent = silent_providers()
    if silent:
        return _failed(
            f"nobody serves the provider {', '.join(silent)}: the sandbox does not run, or on other ports; "
            'start it with `slipway sandbox start`, then eval "$(slipway sandbox env ENV)" again'
        )
    if entry.is_dir() and not (entry / "__main__.py").is_file():
        return _failed(f"no Python program in {entry.resolve()}: it has no __main__.py")

    os.chdir(request.pwd)
    sys.path.insert(0, str(folder))
    sys.argv = [str(entry), *request.args]
    # asyncio reports each task that a failed program leaves behind; the failure itself is what matters.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    try:
        _run_in_stack(str(entry.resolve()), parallel=request.parallel)
    except pulumi.RunError as error:
        return _failed(str(error))
    except SystemExit as error:
        return _exited(error.code)
    except grpc.RpcError as error:
        # The monitor goes away when the engine stops early and has said why.
        if error.code() == grpc.StatusCode.UNAVAILABLE:
            return language_pb2.RunResponse(bail=True)
        return _failed(f"the engine refused a call: {error.details()}")
    except BaseException as error:  # noqa: BLE001 - whatever a program raises is reported
        return _failed("the program failed with an unhandled exception:\n" + users_traceback(error))
    return language_pb2.RunResponse()


def users_traceback(error: BaseException) -> str:
    """Return the traceback of `error` and of its causes, each from the program's first frame on."""
    described = traceback.TracebackException.from_exception(error)
    link: traceback.TracebackException | None = described
    while link is not None:
        own = [frame.filename.startswith(_OWN_FOLDERS) for frame in link.stack]
        # An error with no frame of the program's is the SDK's or ours; a syntax error has its own location.
        if not all(own) or issubclass(link.exc_type or Exception, SyntaxError):
            frames = list(link.stack)[own.index(False) if not all(own) else len(own) :]
            frames = [frame for frame in frames if not frame.filename.startswith("<frozen ")]
            link.stack = traceback.StackSummary.from_list(frames)
        link = link.__cause__ or link.__context__
    return "".join(described.format())


def _run_in_stack(path: str, *, parallel: int) -> None:
    def program() -> None:
        runpy.run_path(path, run_name="__main__")

    loop = asyncio.new_event_loop()
    raised_at: dict[int, TracebackType | None] = {}
    loop.set_task_factory(_task_factory(raised_at))
    # A call to the engine blocks a thread until the resource is done; with asyncio's own few threads
    # a program would wait for itself.
    loop.set_default_executor(ThreadPoolExecutor(max_workers=max(parallel, 1) * 4))
    try:
        loop.run_until_complete(run_in_stack(program))
    except BaseException as error:  # noqa: BLE001 - raised again
        raise error.with_traceback(raised_at.get(id(error), error.__traceback__))  # noqa: B904
    finally:
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()


def _task_factory(raised_at: dict[int, TracebackType | None]) -> Callable[..., asyncio.Task[Any]]:
    """Make tasks that note where an error was raised.

    An output that failed is awaited by several tasks, and asyncio hands the traceback to the first only.
    """

    def note(task: asyncio.Task[Any]) -> None:
        error = None if task.cancelled() else task.exception()
        if error is not None:
            raised_at.setdefault(id(error), error.__traceback__)

    def make(loop: asyncio.AbstractEventLoop, coroutine: Any, **options: Any) -> asyncio.Task[Any]:
        task = asyncio.Task(coroutine, loop=loop, **options)
        task.add_done_callback(note)
        return task

    return make


def _exited(code: object) -> Any:
    if code in (None, 0):
        return language_pb2.RunResponse()
    if isinstance(code, int):
        return language_pb2.RunResponse(error=f"the program exited with code {code}")
    return _failed(str(code))


def _failed(message: str) -> Any:
    pulumi.log.error(message)
    return language_pb2.RunResponse(bail=True)
