"""Serves a provider package on a loopback port."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import grpc
from pulumi.runtime.proto import provider_pb2_grpc

from sandbox.errors import SandboxError
from sandbox.providers.base import Package
from sandbox.providers.claims import Claims
from sandbox.providers.servicer import Servicer

# a stack's largest property is a document of some kilobytes; the engine's own limit is 400 MB
_MAX_MESSAGE_BYTES = 64 * 1024 * 1024
_THREADS = 32


def serve(package: Package, claims: Claims, port: int = 0) -> tuple[grpc.Server, int]:
    """Starts serving; gives the server and its port. `port` 0 takes a free one.

    Raises SandboxError when the port is taken.
    """
    server = grpc.server(
        ThreadPoolExecutor(max_workers=_THREADS, thread_name_prefix=f"{package.name}-provider"),
        options=[
            ("grpc.max_receive_message_length", _MAX_MESSAGE_BYTES),
            ("grpc.max_send_message_length", _MAX_MESSAGE_BYTES),
            ("grpc.so_reuseport", 0),
        ],
    )
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(Servicer(package, claims), server)
    try:
        bound = server.add_insecure_port(f"127.0.0.1:{port}")
    except RuntimeError:
        bound = 0
    if bound == 0:
        raise SandboxError(
            f"port {port} of the {package.name} provider is taken",
            "end what listens there, or start the sandbox without that port",
        )
    server.start()
    return server, bound
