"""What is installed in this environment, as the engine asks for it."""

from __future__ import annotations

import base64
import json
import os
import re
import socket
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

from pulumi.runtime.proto import plugin_pb2

_NAME_OF_A_REQUIREMENT = re.compile(r"[A-Za-z0-9._-]+")


def required() -> list[Any]:
    """Return the provider packages installed here, as PackageDependency messages.

    A package that the engine attaches to by PULUMI_DEBUG_PROVIDERS is left out. Attaching does not stop
    the engine from downloading the plugin of a package named here (`EnsurePluginsAreInstalled` in its
    engine/plugins.go looks for installed plugins only). A package that is neither attached nor installed
    stays in, so that the engine gets it, or says which plugin is missing.
    """
    attached = _attached_providers()
    found: dict[str, Any] = {}
    for folder in sys.path:
        for path in sorted(Path(folder).glob("*/pulumi-plugin.json")):
            dependency = _dependency(path)
            if dependency is not None and dependency.name not in attached:
                found.setdefault(dependency.name, dependency)
    return list(found.values())


def distributions(*, transitive: bool) -> list[tuple[str, str]]:
    """Return name and version of what is installed; without `transitive`, only what nothing else asks for."""
    installed = {_normal(dist.name): dist for dist in metadata.distributions()}
    if not transitive:
        for dist in list(installed.values()):
            for requirement in dist.requires or []:
                match = _NAME_OF_A_REQUIREMENT.match(requirement)
                if match and "extra ==" not in requirement:
                    installed.pop(_normal(match[0]), None)
    return sorted((dist.name, dist.version) for dist in installed.values())


def silent_providers() -> list[str]:
    """Return the attached providers that nobody serves, as `aws (port 12345)`.

    The engine would try for ten seconds, and then say only that the plugin did not respond.
    """
    return [f"{name} (port {port})" for name, port in _attached_providers().items() if not _is_served(port)]


def _attached_providers() -> dict[str, str]:
    """Port by name from PULUMI_DEBUG_PROVIDERS, which reads `aws:12345,docker:12346`."""
    entries = os.environ.get("PULUMI_DEBUG_PROVIDERS", "").split(",")
    return {name.strip(): port for name, _, port in (entry.partition(":") for entry in entries) if port}


def _is_served(port: str) -> bool:
    try:
        socket.create_connection(("127.0.0.1", int(port)), timeout=1).close()
    except (OSError, ValueError):
        return False
    return True


def _dependency(path: Path) -> Any | None:
    described = json.loads(path.read_text(encoding="utf-8"))
    if not described.get("resource"):
        return None
    dependency = plugin_pb2.PackageDependency(
        name=described.get("name") or path.parent.name.removeprefix("pulumi_").replace("_", "-"),
        kind="resource",
        version=described.get("version", ""),
        server=described.get("server", ""),
    )
    parameterization = described.get("parameterization")
    if parameterization:
        dependency.parameterization.name = parameterization["name"]
        dependency.parameterization.version = parameterization["version"]
        dependency.parameterization.value = base64.b64decode(parameterization["value"])
    return dependency


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
