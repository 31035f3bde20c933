"""The front door: every call is told apart, proven, and let through to moto, one write at a time."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication

from werkzeug.datastructures import Headers
from werkzeug.test import run_wsgi_app

from sandbox.controlplane.calls import Call, Environ, query_parameters, read_call
from sandbox.controlplane.gate import Gate
from sandbox.controlplane.principals import Principals
from sandbox.controlplane.refusals import Refusal, RefusedError, render
from sandbox.controlplane.signature import Claim, is_valid, read_claim
from sandbox.controlplane.store import Store

log = logging.getLogger(__name__)

# AWS takes these without a signature: what they carry is the proof.
_UNSIGNED_OPERATIONS = ("AssumeRoleWithWebIdentity", "AssumeRoleWithSAML")
# moto's own endpoints: they wipe and seed all accounts and ask nobody.
_CLOSED_PATHS = ("/moto-api", "/latest/meta-data", "/latest/api")


class FrontDoor:
    """WSGI middleware around moto's dispatcher."""

    def __init__(
        self, application: WSGIApplication, principals: Principals, gate: Gate, store: Store
    ) -> None:
        self._application = application
        self._principals = principals
        self._gate = gate
        self._store = store

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        body = environ["wsgi.input"].read()
        environ["wsgi.input"] = io.BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))
        environ["RAW_URI"] = environ.get("REQUEST_URI", environ["PATH_INFO"])
        claim = read_claim(environ)
        call = read_call(environ, body, claim.service if claim else "")
        try:
            # Beats every other way by which moto finds an account, whatever the client sent.
            environ["HTTP_X_MOTO_ACCOUNT_ID"] = self._account_id(claim, environ, body)
            chunks, status, headers = self._forward(call, environ, body)
        except RefusedError as error:
            return _refuse(call, error, environ, start_response)
        except NotImplementedError as error:
            refused = RefusedError(Refusal.NOT_IMPLEMENTED, f"{call}: {error}")
            return _refuse(call, refused, environ, start_response)
        except Exception:  # whatever moto fails with, the client gets an answer that it can read and retry
            log.exception("%s failed", call)
            return _refuse(call, RefusedError(Refusal.FAILED, str(call)), environ, start_response)
        start_response(status, [(_AsWritten(name), value) for name, value in headers.to_wsgi_list()])
        return chunks

    def _account_id(self, claim: Claim | None, environ: Environ, body: bytes) -> str:
        if environ["PATH_INFO"].startswith(_CLOSED_PATHS):
            raise RefusedError(Refusal.NOT_AUTHORIZED, f"{environ['PATH_INFO']} is closed")
        if claim is None:
            return self._unsigned_account_id(environ, body)
        principal = self._principals.find(claim.access_key_id)
        if principal.session_token is not None and principal.session_token != claim.session_token:
            raise RefusedError(Refusal.UNKNOWN_KEY, "the session token is not the key's")
        if not is_valid(claim, principal.secret_access_key, environ, body):
            raise RefusedError(Refusal.WRONG_SIGNATURE)
        if claim.expires_at is not None and claim.expires_at < datetime.now(UTC):
            raise RefusedError(Refusal.EXPIRED, "the address was signed for a shorter time")
        return principal.account_id

    def _unsigned_account_id(self, environ: Environ, body: bytes) -> str:
        parameters = query_parameters(environ, body)
        if parameters.get("Action") not in _UNSIGNED_OPERATIONS:
            raise RefusedError(Refusal.UNSIGNED, "only Signature Version 4 proves who calls")
        _, _, account_and_rest = parameters.get("RoleArn", "").partition(":iam::")
        account_id = account_and_rest.partition(":")[0]
        if account_id not in self._principals.account_ids:
            raise RefusedError(Refusal.NOT_AUTHORIZED, "no account of this sandbox has that role")
        return account_id

    def _forward(self, call: Call, environ: Environ, body: bytes) -> tuple[Iterable[bytes], str, Headers]:
        if call.waits:
            answer = run_wsgi_app(self._application, environ, buffered=True)
            self._store.changed()
            return answer
        if call.is_read:
            with self._gate.shared():
                return run_wsgi_app(self._application, environ, buffered=True)
        with self._gate.exclusive():
            self._store.journal.note(environ, body)
            try:
                return run_wsgi_app(self._application, environ, buffered=True)
            finally:
                self._store.changed()


class _AsWritten(str):
    """A header's name that the server leaves as it is: clients keep an object's metadata by these names."""

    def split(self, *_: Any) -> list[str]:
        return [self]

    def capitalize(self) -> str:
        return self


def _refuse(
    call: Call, error: RefusedError, environ: Environ, start_response: StartResponse
) -> Iterable[bytes]:
    status, content_type, body = render(error.refusal, call.dialect, error.detail)
    log.info("refused %s: %s", call, error.refusal.name)
    headers = [("Content-Type", content_type), ("Content-Length", str(len(body)))]
    start_response(f"{status} {HTTPStatus(status).phrase}", headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
