"""The control plane: moto behind its front door, served over HTTP on loopback, with its state on disk."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterable
from pathlib import Path

from waitress import wasyncore
from waitress.server import create_server

from sandbox.controlplane import moto_host
from sandbox.controlplane.admin import Admin
from sandbox.controlplane.frontdoor import FrontDoor
from sandbox.controlplane.gate import Gate
from sandbox.controlplane.principals import Principals
from sandbox.controlplane.store import Store
from sandbox.credentials import AccessKey
from sandbox.extensions import ecr
from sandbox.image.blobs import BlobStore

_THREADS = 16
# The providers keep a pool of connections for each service and environment.
_CONNECTIONS = 1000
_DRAIN_SECONDS = 5


class ControlPlane:
    """moto keeps its state in its modules, so a process can hold only one control plane."""

    def __init__(
        self,
        *,
        access_keys: Iterable[AccessKey],
        admin_token: str,
        state: Path,
        layers: Path,
        listener: socket.socket,
    ) -> None:
        """`listener` is a bound socket; `state` is the snapshot's path, in a folder that exists; `layers`
        is the folder of the images' layers.
        """
        ecr.apply(BlobStore(layers))
        gate = Gate()
        principals = Principals(access_keys)
        self.store = Store(state, principals.account_ids, gate)
        self._moto = moto_host.moto_application()
        front_door = FrontDoor(self._moto, principals, gate, self.store)
        self._server = create_server(
            Admin(front_door, gate, self.store, principals.account_ids, admin_token),
            sockets=[listener],
            threads=_THREADS,
            connection_limit=_CONNECTIONS,
            # select() cannot watch a file whose number is above 1023.
            asyncore_use_poll=True,
            ident="sandbox",
        )
        self._thread = threading.Thread(target=self._server.run, name="sandbox-http", daemon=True)
        host, port = listener.getsockname()
        self.endpoint_url = f"http://{host}:{port}"

    def start(self) -> str:
        """Load the saved state, then answer calls. Returns what a person should know of it, or nothing."""
        message = self.store.load(self._moto)
        self.store.start()
        self._thread.start()
        return message

    def stop(self) -> None:
        """Let running calls end, close the port, save."""
        self._server.task_dispatcher.shutdown(cancel_pending=True, timeout=_DRAIN_SECONDS)
        # Only the loop's own thread may touch its sockets.
        self._server.trigger.pull_trigger(lambda: wasyncore.close_all(self._server._map))
        self._thread.join(_DRAIN_SECONDS)
        self.store.stop()
