"""The daemon's own calls, beside AWS's: what is in the accounts, and emptying them.

They ask for the token of `.sandbox/credentials.json`, so that no page in a browser and no other user of the
machine can call them.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable
from dataclasses import asdict
from wsgiref.types import StartResponse, WSGIApplication

from sandbox.controlplane import moto_host
from sandbox.controlplane.calls import Environ
from sandbox.controlplane.gate import Gate
from sandbox.controlplane.inventory import count_resources
from sandbox.controlplane.store import Store
from sandbox.extensions import ecr
from sandbox.image import links

PATH = "/_sandbox/"


class Admin:
    """WSGI middleware: answers `/_sandbox/status` and `/_sandbox/reset`, passes on the rest."""

    def __init__(
        self, application: WSGIApplication, gate: Gate, store: Store, account_ids: frozenset[str], token: str
    ) -> None:
        self._application = application
        self._gate = gate
        self._store = store
        self._account_ids = account_ids
        self._token = token

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path.startswith(links.PATH):
            # Its address is its permission.
            return ecr.blob_app(environ, start_response)
        if not path.startswith(PATH):
            return self._application(environ, start_response)
        if not hmac.compare_digest(
            environ.get("HTTP_AUTHORIZATION", "").encode(), f"Bearer {self._token}".encode()
        ):
            return _answer(start_response, "403 Forbidden", {"error": "the token is missing or wrong"})
        match environ["REQUEST_METHOD"], path.removeprefix(PATH):
            case "GET", "status":
                return _answer(start_response, "200 OK", self._status())
            case "POST", "reset":
                account_ids = json.loads(environ["wsgi.input"].read())["account_ids"]
                return _answer(start_response, "200 OK", self._reset(account_ids))
        return _answer(start_response, "404 Not Found", {"error": f"no such call: {path}"})

    def _status(self) -> dict[str, object]:
        with self._gate.shared():
            resources = {account_id: count_resources(account_id) for account_id in sorted(self._account_ids)}
        last_save = self._store.last_save
        return {
            "resources_by_account": resources,
            "last_save": None if last_save is None else asdict(last_save) | {"at": last_save.at.isoformat()},
        }

    def _reset(self, account_ids: list[str]) -> dict[str, object]:
        with self._gate.exclusive():
            for account_id in self._account_ids.intersection(account_ids):
                moto_host.forget(account_id)
        self._store.save()
        return self._status()


def _answer(start_response: StartResponse, status: str, document: dict[str, object]) -> Iterable[bytes]:
    body = json.dumps(document).encode()
    start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
