"""The resource providers that the engine attaches to: one pair of ports per environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import grpc

from sandbox.providers import aws, docker
from sandbox.providers.access import Access
from sandbox.providers.claims import Claims
from sandbox.providers.server import serve

__all__ = ["Access", "RunningProviders", "start"]


@dataclass(frozen=True, kw_only=True)
class RunningProviders:
    """`ports` by package name, as PULUMI_DEBUG_PROVIDERS wants them."""

    ports: dict[str, int]
    servers: tuple[grpc.Server, ...]

    def stop(self) -> None:
        """Refuses new requests and lets those in flight end, for a short while."""
        for stopping in [server.stop(grace=2) for server in self.servers]:
            stopping.wait()


def start(
    access: Access,
    endpoint_url: str,
    wanted_ports: Mapping[str, int] | None = None,
    *,
    program_folder: Path,
    state_folder: Path,
) -> RunningProviders:
    """Serves every package for one environment; a wanted port that is 0 or absent is chosen freely.

    `program_folder` is what relative paths in a program are relative to: an attached provider is not told.
    `state_folder` keeps what a killed run may have left.
    Raises SandboxError when a wanted port is taken.
    """
    packages = [each.package(access, endpoint_url, program_folder) for each in (aws, docker)]
    claims = Claims(state_folder / f"{access.environment}.creates")
    wanted = wanted_ports or {}
    served = {package.name: serve(package, claims, wanted.get(package.name, 0)) for package in packages}
    return RunningProviders(
        ports={name: port for name, (_, port) in served.items()},
        servers=tuple(server for server, _ in served.values()),
    )
