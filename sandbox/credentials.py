"""The access keys that a person, the engine and the providers use: one per environment, made once."""

from __future__ import annotations

import json
import secrets
import string
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from sandbox.environments import Environment
from sandbox.errors import SandboxError, cannot_write
from sandbox.files import replace_file

_KEY_ID_ALPHABET = string.ascii_uppercase + "234567"


@dataclass(frozen=True, kw_only=True)
class AccessKey:
    """A long-lived access key of one account."""

    account_id: str
    access_key_id: str
    secret_access_key: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """What `.sandbox/credentials.json` holds. `admin_token` opens the daemon's own status and reset calls."""

    access_key_by_environment: dict[str, AccessKey]
    admin_token: str = field(repr=False)


def load_credentials(path: Path, environments: Iterable[Environment]) -> Credentials:
    """Return the credentials in `path`, completed by keys for environments that have none yet.

    A key belongs to an account: if an environment has moved to another account, it gets a new one.
    Raises SandboxError if the file cannot be read or written.
    """
    known = read_credentials(path)
    keys = dict(known.access_key_by_environment) if known else {}
    for environment in environments:
        key = keys.get(environment.name)
        if key is None or key.account_id != environment.account_id:
            keys[environment.name] = _new_access_key(environment.account_id)
    credentials = Credentials(
        access_key_by_environment=keys,
        admin_token=known.admin_token if known else secrets.token_urlsafe(32),
    )
    if credentials != known:
        _write(path, credentials)
    return credentials


def _new_access_key(account_id: str) -> AccessKey:
    return AccessKey(
        account_id=account_id,
        access_key_id="AKIA" + "".join(secrets.choice(_KEY_ID_ALPHABET) for _ in range(16)),
        secret_access_key=secrets.token_urlsafe(30),
    )


def read_credentials(path: Path) -> Credentials | None:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        return Credentials(
            access_key_by_environment={
                name: AccessKey(**key) for name, key in document["access_key_by_environment"].items()
            },
            admin_token=document["admin_token"],
        )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SandboxError(
            f"cannot read the access keys in {path}",
            "delete the file: the next start makes new keys",
        ) from error


def _write(path: Path, credentials: Credentials) -> None:
    document = {
        "access_key_by_environment": {
            name: vars(key) for name, key in sorted(credentials.access_key_by_environment.items())
        },
        "admin_token": credentials.admin_token,
    }
    try:
        replace_file(path, json.dumps(document, indent=2).encode())
    except OSError as error:
        error.filename = path
        raise cannot_write(error) from error
