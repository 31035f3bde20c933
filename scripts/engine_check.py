"""Whether a `pulumi` executable can run this project."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import tempfile
from pathlib import Path

LANGUAGE_HOST = "pulumi-language-python"
_VERSION = re.compile(r"v?(?P<major>\d+)\.(?P<minor>\d+)\.(?P<rest>\d+(?:[-+.][0-9A-Za-z.+-]*)?)")


class UnsuitableError(Exception):
    """Why an engine cannot be used."""


def check_engine(path: Path, pinned: str, *, timeout_seconds: float = 10) -> str:
    """Return the version of the engine at `path`, without a leading "v".

    Suitable is one that has its own Python language host beside it and is of the pinned version's major,
    and at least of its minor version. Raises UnsuitableError.
    """
    if not any((folder / LANGUAGE_HOST).is_file() for folder in (path.parent, path.resolve().parent)):
        raise UnsuitableError(f"{path} has no {LANGUAGE_HOST} beside it")
    answer = _answer(path, timeout_seconds).strip()
    match = _VERSION.fullmatch(answer)
    if match is None:
        raise UnsuitableError(f"{path} answers `pulumi version` with {answer[:60]!r}, which is no version")
    major, minor = (int(part) for part in pinned.split(".")[:2])
    if int(match["major"]) != major or int(match["minor"]) < minor:
        raise UnsuitableError(f"{path} is {answer}; v{major}.{minor} or a later v{major} is needed")
    return answer.removeprefix("v")


def _answer(path: Path, timeout_seconds: float) -> str:
    environment = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"}
    with tempfile.TemporaryFile() as output:
        try:
            # A file and not a pipe: whatever the command leaves running cannot hold this process up.
            process = subprocess.Popen(
                [path, "version"],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.DEVNULL,
                env=environment,
                start_new_session=True,
            )
        except OSError as error:
            raise UnsuitableError(f"{path} cannot be run: {error.strerror}") from error
        try:
            code = process.wait(timeout_seconds)
        except subprocess.TimeoutExpired:
            raise UnsuitableError(
                f"{path} does not answer `pulumi version` within {timeout_seconds:g} seconds"
            ) from None
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        if code != 0:
            raise UnsuitableError(f"{path} fails to answer `pulumi version` (exit code {code})")
        output.seek(0)
        return output.read(4096).decode(errors="replace")
