"""Bytes kept under the name of their own hash, so that a name can never lie about its content."""

import errno
import hashlib
import os
import re
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from sandbox.errors import SandboxError

DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
CHUNK_BYTES = 1024 * 1024


class DigestMismatchError(Exception):
    """The bytes that arrived are not those that were announced."""

    def __init__(self, expected: str, found: str) -> None:
        super().__init__(f"expected {expected}, found {found}")
        self.expected = expected
        self.found = found


class BlobStore:
    """Content-addressed files in a folder; safe against a kill at any moment.

    A blob grows in `unfinished/`, and gets its name in `sha256/` by one rename once its hash is known and its
    bytes are on the disk. What a killed process leaves behind is never taken for a blob.
    """

    def __init__(self, folder: Path) -> None:
        self._finished = folder / "sha256"
        self._unfinished = folder / "unfinished"
        self._finished.mkdir(parents=True, exist_ok=True)
        self._unfinished.mkdir(exist_ok=True)

    def __contains__(self, digest: str) -> bool:
        return DIGEST.fullmatch(digest) is not None and self.path(digest).is_file()

    def path(self, digest: str) -> Path:
        """Where the blob of this digest is, or would be. Raises ValueError for what is no digest."""
        if not DIGEST.fullmatch(digest):
            raise ValueError(f"{digest!r} is not a digest of the form sha256:<64 hex digits>")
        return self._finished / digest.removeprefix("sha256:")

    def size_bytes(self, digest: str) -> int:
        """Raises FileNotFoundError when there is no such blob."""
        return self.path(digest).stat().st_size

    def open(self, digest: str) -> BinaryIO:
        """Raises FileNotFoundError when there is no such blob."""
        return self.path(digest).open("rb")

    def write(self, chunks: Iterable[bytes]) -> str:
        """Store bytes as they come and answer their digest."""
        upload = self.begin()
        try:
            for chunk in chunks:
                self.append(upload, chunk)
            return self.finish(upload)
        except BaseException:
            self.discard(upload)
            raise

    def begin(self) -> str:
        """Start a blob that grows part by part; answers the name of the upload."""
        upload = str(uuid.uuid4())
        self._upload(upload).touch(exist_ok=False)
        return upload

    def uploaded_bytes(self, upload: str) -> int | None:
        """How much of an upload is here; None when there is no such upload."""
        try:
            return self._upload(upload).stat().st_size
        except FileNotFoundError:
            return None

    def append(self, upload: str, part: bytes) -> None:
        """Add a part. Raises SandboxError when the disk is full, and drops the upload, which lacks a part."""
        try:
            with self._upload(upload).open("ab") as file:
                file.write(part)
        except OSError as error:
            self.discard(upload)
            raise self._explain(error) from error

    def finish(self, upload: str, expected: str | None = None) -> str:
        """Turn an upload into a blob and answer its digest.

        Raises DigestMismatchError, and drops the upload, when it is not the digest that was expected.
        """
        path = self._upload(upload)
        with path.open("rb") as file:
            digest = "sha256:" + hashlib.file_digest(file, "sha256").hexdigest()
            if expected not in (None, digest):
                self.discard(upload)
                raise DigestMismatchError(str(expected), digest)
            try:
                os.fsync(file.fileno())
            except OSError as error:
                raise self._explain(error) from error
        path.replace(self.path(digest))
        return digest

    def discard(self, upload: str) -> None:
        """Forget an upload; one that is not there is no error."""
        self._upload(upload).unlink(missing_ok=True)

    def discard_unfinished(self) -> None:
        """Forget what earlier processes left half done."""
        for path in self._unfinished.iterdir():
            path.unlink(missing_ok=True)

    def _upload(self, upload: str) -> Path:
        if not re.fullmatch(r"[0-9a-f-]{36}", upload):
            raise ValueError(f"{upload!r} is not the name of an upload")
        return self._unfinished / upload

    def _explain(self, error: OSError) -> OSError | SandboxError:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            return error
        return SandboxError(
            f"no space left for image layers under {self._finished.parent}",
            "free some disk space and run the command again; nothing that was stored is lost",
        )


def read_chunks(file: BinaryIO) -> Iterable[bytes]:
    """The rest of a file in pieces that fit into memory."""
    while chunk := file.read(CHUNK_BYTES):
        yield chunk
