"""Installs locked Python packages into a folder, once per lock and Python, with this machine's client."""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from dataclasses import dataclass
from pathlib import Path

from sandbox.errors import SandboxError
from sandbox.image.tree import Entry, digest_of, read_folder

# What an installer notes for itself, and scripts that begin with the path of this machine's Python.
_LEFT_OUT = re.compile(
    r"(?:bin|\.lock)(?:/.*)?|(?:.*/)?__pycache__(?:/.*)?"
    r"|[^/]*\.dist-info/(?:RECORD|INSTALLER|REQUESTED|direct_url\.json|uv_[a-z]+\.json)"
)
INSTALL_TIMEOUT_SECONDS = 600


@dataclass(frozen=True, kw_only=True)
class Runtime:
    """A Python that can run what is installed for it, such as `cpython-311` on `linux-x86_64`."""

    python: str
    platform: str

    @classmethod
    def of_this_machine(cls) -> "Runtime":
        """The Python that runs the sandbox, and therefore its tasks."""
        return cls(python=sys.implementation.cache_tag or "unknown", platform=sysconfig.get_platform())

    def __str__(self) -> str:
        return f"{self.python}-{self.platform}"


def cache_folder() -> Path:
    """Where results outlive a checkout: `slipway` in the user's cache folder."""
    default = Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache")
    return Path(os.environ.get("XDG_CACHE_HOME") or default) / "slipway"


def install(lock: bytes, cache: Path) -> dict[str, Entry]:
    """The files of the packages that a lock with hashes names, for the Python that runs this.

    Only wheels are installed: to build from source would run code that belongs to no platform of the image.
    Raises SandboxError with the client's own words when it fails.
    """
    key = hashlib.sha256(f"{Runtime.of_this_machine()}\n".encode() + lock).hexdigest()
    folder, proof = cache / "packages" / key, cache / "packages" / f"{key}.digest"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        tree = _read(folder)
        # Others clean caches too, file by file.
        if not proof.is_file() or proof.read_text() != digest_of(tree):
            _install(lock, folder)
            tree = _read(folder)
            proof.write_text(digest_of(tree))
    return tree


def _read(folder: Path) -> dict[str, Entry]:
    return read_folder(folder, lambda path: _LEFT_OUT.fullmatch(path) is not None)


def _install(lock: bytes, folder: Path) -> None:
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix="installing-") as scratch:
        requirements, target = Path(scratch, "requirements.lock"), Path(scratch, "target")
        requirements.write_bytes(lock)
        command = [
            _client(),
            "pip",
            "install",
            "--quiet",
            "--no-progress",
            f"--python={sys.executable}",
            "--require-hashes",
            "--only-binary=:all:",
            "--no-deps",
            f"--target={target}",
            f"--requirement={requirements}",
        ]
        try:
            result = subprocess.run(
                command, capture_output=True, text=True, timeout=INSTALL_TIMEOUT_SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            raise SandboxError(
                f"the packages were not installed within {INSTALL_TIMEOUT_SECONDS} seconds",
                "check the network and run the command again",
            ) from None
        if result.returncode != 0:
            raise SandboxError(
                f"the packages could not be installed: {_last_words(result.stderr)}",
                "check the lock file and the network, and run the command again",
            )
        target.mkdir(exist_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
        target.rename(folder)


def _client() -> str:
    beside = Path(sys.executable).with_name("uv")
    found = str(beside) if beside.is_file() else shutil.which("uv")
    if found is None:
        raise SandboxError(
            "uv is not here, and the image's packages are installed with it",
            f"put uv on PATH, or beside {sys.executable}",
        )
    return found


def _last_words(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()][-8:]
    # An index may be named with a password in its address.
    return re.sub(r"://[^/@\s]+@", "://", " ".join(lines)) or "the client said nothing"
