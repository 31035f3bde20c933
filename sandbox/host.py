"""The daemon's process: the control plane and the providers, from start to stop.

Run as `python -m sandbox.host ROOT`; `sandbox.daemon` starts and stops it.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import logging
import os
import signal
import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Protocol

import yaml

from sandbox.credentials import AccessKey, Credentials, load_credentials
from sandbox.environments import Environment, read_environments
from sandbox.errors import SandboxError, cannot_write
from sandbox.layout import PROJECT_FILE, Layout
from sandbox.ports import CONTROL_PLANE, is_free, listen, listen_on_demand, read_ports, write_ports
from sandbox.providers.access import Access
from sandbox.record import DaemonRecord, ServedEnvironment

log = logging.getLogger(__name__)


class Report:
    """Tells whoever started the daemon how far it is, one JSON document a line, through a pipe."""

    def __init__(self, descriptor: int | None) -> None:
        self._pipe = None if descriptor is None else os.fdopen(descriptor, "w", encoding="utf-8")

    def progress(self, text: str) -> None:
        log.info("%s", text)
        self._write({"progress": text})

    def ready(self) -> None:
        log.info("ready")
        self._write({"ready": True})
        self.close()

    def error(self, error: SandboxError) -> None:
        log.error("%s (%s)", error.message, error.hint)
        self._write({"error": error.message, "hint": error.hint})
        self.close()

    def close(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None

    def _write(self, document: dict[str, Any]) -> None:
        if self._pipe is None:
            return
        try:
            self._pipe.write(json.dumps(document) + "\n")
            self._pipe.flush()
        except BrokenPipeError:
            # Whoever started us has gone, and wanted a daemon.
            self._pipe = None


class Providers(Protocol):
    """What the daemon must know of running providers."""

    @property
    def ports(self) -> dict[str, int]: ...

    def stop(self) -> None: ...


class StartProviders(Protocol):
    """Serves the resource providers of one environment."""

    def __call__(
        self,
        access: Access,
        endpoint_url: str,
        wanted_ports: Mapping[str, int],
        *,
        program_folder: Path,
        state_folder: Path,
    ) -> Providers: ...


def serve(layout: Layout, wanted_port: int | None, report: Report, stopped: threading.Event) -> None:
    """Serve one checkout until `stopped` is set. Raises SandboxError if it cannot start."""
    environments = read_environments(layout.root)
    layout.create()
    with _lock(layout), ExitStack() as running:
        credentials = load_credentials(layout.credentials, environments)
        keys = {
            environment.name: credentials.access_key_by_environment[environment.name]
            for environment in environments
        }
        remembered = read_ports(layout.ports)
        listener = _listener(wanted_port, remembered.get(CONTROL_PLANE, 0), report)

        report.progress("starting the control plane")
        endpoint_url = _start_control_plane(layout, keys, credentials, listener, report, running)

        report.progress("starting the providers")
        served = _start_providers(layout, environments, keys, endpoint_url, remembered, report, running)

        write_ports(layout.ports, _port_by_name(endpoint_url, served))
        DaemonRecord.of_this_process(endpoint_url, served).write(layout.daemon_record)
        running.callback(layout.daemon_record.unlink, missing_ok=True)
        report.ready()
        stopped.wait()
        log.info("stopping")
    log.info("stopped")


def _start_control_plane(
    layout: Layout,
    keys: Mapping[str, AccessKey],
    credentials: Credentials,
    listener: socket.socket,
    report: Report,
    running: ExitStack,
) -> str:
    from sandbox.controlplane.server import (
        ControlPlane,
    )  # a second and 150 MB: only once all else is in order

    plane = ControlPlane(
        access_keys=keys.values(),
        admin_token=credentials.admin_token,
        state=layout.state,
        layers=layout.registry,
        listener=listener,
    )
    if message := plane.start():
        report.progress(message)
    running.callback(plane.stop)
    return plane.endpoint_url


def _start_providers(
    layout: Layout,
    environments: Sequence[Environment],
    keys: Mapping[str, AccessKey],
    endpoint_url: str,
    remembered: Mapping[str, int],
    report: Report,
    running: ExitStack,
) -> dict[str, ServedEnvironment]:
    from sandbox.providers import start

    start_providers: StartProviders = start
    served: dict[str, ServedEnvironment] = {}
    for environment in environments:
        key = keys[environment.name]
        prefix = f"{environment.name}."
        wanted = {
            name.removeprefix(prefix): _still_free(name, port, report)
            for name, port in remembered.items()
            if name.startswith(prefix)
        }
        access = Access(
            environment=environment.name,
            account_id=environment.account_id,
            region=environment.region,
            access_key_id=key.access_key_id,
            secret_access_key=key.secret_access_key,
        )
        providers = start_providers(
            access,
            endpoint_url,
            wanted,
            program_folder=_program_folder(layout.root),
            state_folder=layout.state.parent,
        )
        running.callback(providers.stop)
        served[environment.name] = ServedEnvironment(
            account_id=environment.account_id, region=environment.region, provider_ports=providers.ports
        )
    return served


def _program_folder(root: Path) -> Path:
    """Return the folder that the engine runs the program in, which paths in it are relative to."""
    try:
        project = yaml.safe_load((root / PROJECT_FILE).read_text(encoding="utf-8"))
        return root / (project.get("main") or ".")
    except (OSError, yaml.YAMLError, AttributeError, TypeError) as error:
        raise SandboxError(f"cannot read {PROJECT_FILE}: {error}", "correct the file") from error


def _listener(wanted: int | None, remembered: int, report: Report) -> socket.socket:
    if wanted is not None:
        return listen_on_demand(wanted)
    return listen(_still_free(CONTROL_PLANE, remembered, report) if remembered else 0)


def _still_free(name: str, port: int, report: Report) -> int:
    if is_free(port):
        return port
    report.progress(
        f"port {port} of {name} is taken by another program; another is used, so open shells need"
        " `slipway sandbox env` again"
    )
    return 0


def _port_by_name(endpoint_url: str, served: Mapping[str, ServedEnvironment]) -> dict[str, int]:
    ports = {CONTROL_PLANE: int(endpoint_url.rpartition(":")[2])}
    for name, environment in served.items():
        ports |= {f"{name}.{package}": port for package, port in environment.provider_ports.items()}
    return ports


@contextmanager
def _lock(layout: Layout) -> Iterator[None]:
    """Be the only daemon of the checkout. The system takes the lock back however the process ends."""
    with layout.daemon_lock.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise SandboxError(
                f"another sandbox serves {layout.root}", "see `slipway sandbox status`, or stop it first"
            ) from error
        yield


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="sandbox.host")
    parser.add_argument("root", type=Path)
    parser.add_argument("--port", type=int)
    parser.add_argument("--report-to", type=int, help="the file descriptor that progress is written to")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    report = Report(options.report_to)
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        serve(Layout(options.root), options.port, report, stopped)
    except SandboxError as error:
        report.error(error)
        return 1
    except OSError as error:
        log.exception("the sandbox cannot start")
        report.error(cannot_write(error))
        return 1
    return 0


if __name__ == "__main__":
    exit_code = main()
    logging.shutdown()
    # All is saved and stopped; to take every module of moto and gRPC apart would take seconds more.
    os._exit(exit_code)
