"""Who a provider acts as, and what it takes to act: kept from run to run.

The service models of botocore are tens of megabytes, so one loader serves all; an account's clients outlive
the engine's run, which configures a provider anew each time.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from functools import cache
from typing import Any

import boto3
from botocore.exceptions import ClientError
from botocore.loaders import Loader
from botocore.session import Session

from awsmodel.catalogue import resource_type
from awsmodel.clients import Clients
from awsmodel.errors import ModelError
from awsmodel.lifecycle import Lifecycle
from awsmodel.resource import Scope
from awsmodel.validation import Validator
from sandbox.providers.access import Access


class Account:
    """One account and region, with the lifecycle and the rules of each type that was used in it."""

    def __init__(self, clients: Clients) -> None:
        self.clients = clients
        self._lifecycles: dict[str, Lifecycle] = {}
        self._validators: dict[str, Validator] = {}

    def lifecycle(self, token: str) -> Lifecycle:
        """Raises ModelError for a type that is not modelled."""
        # setdefault is atomic; making one twice in a race costs little and harms nothing
        known = self._lifecycles.get(token)
        return known or self._lifecycles.setdefault(token, Lifecycle(resource_type(token), self.clients))

    def validator(self, token: str) -> Validator:
        """Raises ModelError for a type that is not modelled."""
        known = self._validators.get(token)
        return known or self._validators.setdefault(token, Validator(token, self.clients))


class Accounts:
    """The accounts that the configurations of one environment's providers name."""

    def __init__(self, access: Access, endpoint_url: str) -> None:
        self._access = access
        self._endpoint_url = endpoint_url
        self._accounts: dict[tuple[str, ...], Account] = {}
        self._lock = threading.Lock()

    def of(self, config: Mapping[str, Any]) -> Account:
        """The account of a provider's configuration: its own keys, or else the environment's."""
        region = config.get("region") or self._access.region
        key, secret, token = (config.get(name) or "" for name in ("accessKey", "secretKey", "token"))
        with self._lock:
            account = self._accounts.get((key, secret, token, region))
            if account is None:
                account = self._accounts[key, secret, token, region] = self._open(key, secret, token, region)
            return account

    def _open(self, key: str, secret: str, token: str, region: str) -> Account:
        botocore_session = Session()
        botocore_session.register_component("data_loader", _loader())
        session = boto3.Session(
            aws_access_key_id=key or self._access.access_key_id,
            aws_secret_access_key=secret if key else self._access.secret_access_key,
            aws_session_token=token or None,
            region_name=region,
            botocore_session=botocore_session,
        )
        account_id = self._access.account_id
        if key:
            unknown = Clients(session, Scope(account_id="", region=region), endpoint_url=self._endpoint_url)
            try:
                account_id = unknown.get("sts").get_caller_identity()["Account"]
            except ClientError as error:
                raise ModelError(
                    f"the provider's own keys are refused ({error}); give a pair of the sandbox"
                    " (`slipway sandbox env ENV`), or none"
                ) from error
        scope = Scope(account_id=account_id, region=region)
        return Account(Clients(session, scope, endpoint_url=self._endpoint_url))


@cache
def _loader() -> Loader:
    return Loader()
