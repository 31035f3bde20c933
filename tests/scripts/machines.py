"""A machine for the engine's tests: a PATH, a cache and commands of its own, and no network."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from scripts.engine import pinned_version

PINNED = f"v{pinned_version()}"
_BASIC_COMMANDS = ("sh", "cat", "chmod", "mkdir", "sleep", "env", "dirname", "rm")


class Machine:
    """`bin` is all that is on PATH: the basic commands, and what a test puts there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bin = folder / "bin"
        self.cache = folder / "cache" / "slipway" / "engine"
        self.home = folder / "home"
        self.python_path = folder / "python"
        for path in (self.bin, self.home, self.python_path):
            path.mkdir(parents=True)
        for name in _BASIC_COMMANDS:
            (self.bin / name).symlink_to(shutil.which(name) or f"/bin/{name}")
        self.serve_installer_at("127.0.0.1:9")

    @property
    def environment(self) -> dict[str, str]:
        return {
            "PATH": str(self.bin),
            "HOME": str(self.home),
            "XDG_CACHE_HOME": str(self.folder / "cache"),
            "PYTHONPATH": str(self.python_path),
        }

    def script(self, path: Path, text: str) -> Path:
        """Write a shell script."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        path.chmod(0o755)
        return path

    def pulumi(
        self, folder: Path, answer: str = f"echo {PINNED}", *, with_language_host: bool = True
    ) -> Path:
        """Write a `pulumi` that runs `answer`, with a language host beside it."""
        if with_language_host:
            self.script(folder / "pulumi-language-python", "exit 0")
        return self.script(folder / "pulumi", answer)

    def go(self, *, build: str = "", version: str = "1.26.0") -> Path:
        """Write a `go` whose build runs `build` first, then leaves an engine; it counts in `self.builds`."""
        return self.script(
            self.bin / "go",
            f"""
case $1 in version) echo go version go{version} linux/amd64; exit;; esac
echo "$@" >> {self.folder}/builds
env > {self.folder}/build-environment
while [ "$1" != -o ]; do shift; done
{build}
mkdir -p "$(dirname "$2")"
printf '#!/bin/sh\\necho {PINNED}\\n' > "$2"
chmod 755 "$2"
""",
        )

    @property
    def builds(self) -> list[str]:
        """The arguments of each build that was begun."""
        path = self.folder / "builds"
        return path.read_text(encoding="utf-8").splitlines() if path.is_file() else []

    def serve_installer_at(self, address: str) -> None:
        """Let every Python of this machine find the installer's server at `address`; at first, nobody is."""
        (self.python_path / "sitecustomize.py").write_text(
            f"""
import http.client
import urllib.request

class Redirect(urllib.request.HTTPSHandler):
    def https_open(self, request):
        assert request.host == "get.pulumi.com", request.host
        request.host = {address!r}
        return self.do_open(http.client.HTTPConnection, request)

urllib.request.install_opener(urllib.request.build_opener(Redirect))
""",
            encoding="utf-8",
        )

    def start(self, *arguments: str, **more: str) -> subprocess.Popen[str]:
        """Start `slipway` on this machine."""
        return subprocess.Popen(
            [sys.executable, "-c", "from scripts.cli import main; main()", *arguments],
            env={**self.environment, **more},
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=self.home,
        )

    def made(self) -> list[str]:
        """The folders in the cache, finished or not."""
        return sorted(path.name for path in self.cache.glob("*") if path.is_dir())


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that only waits to be collected does not."""
    try:
        os.kill(pid, 0)
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return False
