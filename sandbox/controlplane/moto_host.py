"""moto inside this process: its settings, its applications by service, its backends by account."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Any
from wsgiref.types import WSGIApplication

from flask import Flask
from moto.core.base_backend import AccountSpecificBackend, BackendDict, BaseBackend
from moto.core.config import default_user_config
from moto.moto_server import werkzeug_app
from moto.s3.models import s3_backends

from sandbox import extensions
from sandbox.controlplane import offerings


def moto_application() -> WSGIApplication:
    """Set moto up for this process, with our extensions, and return its dispatcher over all services.

    A call to a service that moto lacks raises NotImplementedError.
    """
    default_user_config["iam"]["load_aws_managed_policies"] = True
    default_user_config["lambda"]["use_docker"] = False
    default_user_config["batch"]["use_docker"] = False
    os.environ["MOTO_S3_ALLOW_CROSSACCOUNT_ACCESS"] = "false"
    # A page in a browser is no client of a cloud.
    werkzeug_app.DISABLE_GLOBAL_CORS = True  # type: ignore[attr-defined]
    extensions.apply()
    offerings.read_when_asked()

    def create(service: Any) -> Flask:
        if service is None:
            raise NotImplementedError("no such service")
        return werkzeug_app.create_backend_app(service)

    return werkzeug_app.DomainDispatcherApplication(create)


def _dictionaries() -> list[BackendDict[BaseBackend]]:
    return list(BackendDict._instances)  # type: ignore[misc]  # moto's own list of all of them


def backends(account_ids: Iterable[str]) -> Iterator[tuple[BackendDict[BaseBackend], str, str, BaseBackend]]:
    """Yield each backend of these accounts with its dictionary, account and region.

    moto makes backends of a default account while it looks addresses up; they belong to nobody.
    """
    for account_id in account_ids:
        for backend_dict in _dictionaries():
            if account_id in backend_dict:
                for region, backend in list(backend_dict[account_id].items()):
                    yield backend_dict, account_id, region, backend


def forget(account_id: str) -> None:
    """Drop everything that an account has. The caller keeps other calls out meanwhile."""
    for backend_dict in _dictionaries():
        backend_dict.pop(account_id, None)
    for bucket, (_, owner) in list(s3_backends.bucket_accounts.items()):
        if owner == account_id:
            del s3_backends.bucket_accounts[bucket]
    # It remembers whom it was asked by, with all that they had.
    AccountSpecificBackend._generate_regions.cache_clear()
