"""boto3 clients for one account, made once per service and region."""

from __future__ import annotations

import re
import threading
from typing import Any

import boto3
from botocore.config import Config

from awsmodel.resource import Scope

# standard mode: bounded retries with jitter, also on throttling and on a passing 5xx
_CONFIG = Config(
    retries={"mode": "standard", "max_attempts": 5},
    max_pool_connections=32,
    connect_timeout=5,
    read_timeout=60,
    user_agent_extra="slipway-awsmodel",
)


class Clients:
    """Clients that act in one account. Safe to use from several threads."""

    def __init__(
        self,
        session: boto3.Session,
        scope: Scope,
        *,
        endpoint_url: str | None = None,
        config: Config = _CONFIG,
    ) -> None:
        self.scope = scope
        self._session = session
        self._endpoint_url = endpoint_url
        self._config = config
        self._clients: dict[tuple[str, str], Any] = {}
        self._lock = threading.Lock()

    def get(self, service: str, region: str | None = None) -> Any:
        """The client of a service such as `ec2`; `region` is the account's own unless given."""
        key = (service, region or self.scope.region)
        # boto3 sessions are not thread-safe, and a client is costly: one at a time, each once
        with self._lock:
            if key not in self._clients:
                client = self._session.client(  # type: ignore[call-overload]
                    service, region_name=key[1], endpoint_url=self._endpoint_url, config=self._config
                )
                if self._endpoint_url:
                    client.meta.events.register("before-sign.s3-control", _at_the_endpoint)
                self._clients[key] = client
            return self._clients[key]


def _at_the_endpoint(request: Any, **_: Any) -> None:
    """S3 Control puts the account before the host's name, also of an endpoint that has no such names."""
    request.url = re.sub(r"^(\w+://)\d{12}\.", r"\1", request.url)
