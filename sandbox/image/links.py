"""Addresses under which a layer can be fetched for a short while without credentials."""

import hashlib
import hmac
import secrets
import time
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import Any, BinaryIO
from wsgiref.types import StartResponse

from sandbox.image.blobs import BlobStore, read_chunks

PATH = "/_sandbox/layers/"
LIFETIME_SECONDS = 15 * 60


class LayerLinks:
    """Makes the addresses, and serves them as a WSGI application. The key lives as long as the process."""

    def __init__(self, blobs: BlobStore) -> None:
        self._blobs = blobs
        self._key = secrets.token_bytes(32)

    def path_of(self, digest: str, now: float | None = None) -> str:
        """The path that serves a blob until `LIFETIME_SECONDS` after `now`, in Unix time; None is now."""
        expires = int((time.time() if now is None else now) + LIFETIME_SECONDS)
        name = digest.removeprefix("sha256:")
        return f"{PATH}{name}.{expires}.{self._sign(name, str(expires))}"

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        digest = self._digest_of(environ.get("PATH_INFO", ""))
        if environ.get("REQUEST_METHOD") != "GET":
            return _refuse(start_response, HTTPStatus.METHOD_NOT_ALLOWED)
        if digest is None:
            return _refuse(start_response, HTTPStatus.FORBIDDEN)
        try:
            file, size_bytes = self._blobs.open(digest), self._blobs.size_bytes(digest)
        except FileNotFoundError:
            return _refuse(start_response, HTTPStatus.NOT_FOUND)
        headers = [("Content-Type", "application/octet-stream"), ("Content-Length", str(size_bytes))]
        start_response("200 OK", headers)
        return _closing(file)

    def _digest_of(self, path: str) -> str | None:
        parts = path.removeprefix(PATH).split(".")
        if len(parts) != 3 or not path.startswith(PATH):
            return None
        name, expires, signature = parts
        if not hmac.compare_digest(signature.encode(), self._sign(name, expires).encode()):
            return None
        # Only what was signed here comes this far, so it is a number.
        return f"sha256:{name}" if time.time() < int(expires) else None

    def _sign(self, name: str, expires: str) -> str:
        return hmac.new(self._key, f"{name}.{expires}".encode(), hashlib.sha256).hexdigest()


def _closing(file: BinaryIO) -> Iterator[bytes]:
    with file:
        yield from read_chunks(file)


def _refuse(start_response: StartResponse, status: HTTPStatus) -> Iterable[bytes]:
    body = f"{status.phrase}\n".encode()
    headers = [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))]
    start_response(f"{status.value} {status.phrase}", headers)
    return [body]
