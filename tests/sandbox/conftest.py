"""A control plane in this process, on a free port."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from sandbox.controlplane import moto_host
from sandbox.controlplane.server import ControlPlane
from sandbox.credentials import AccessKey
from sandbox.ports import listen

ACCOUNT_BY_ENVIRONMENT = {"dev": "111111111111", "staging": "222222222222", "prod": "333333333333"}
REGION = "eu-west-1"


@dataclass(frozen=True)
class Cloud:
    """A running control plane, and clients of it."""

    plane: ControlPlane
    keys: dict[str, AccessKey]
    folder: Path
    message: str

    def client(self, service: str, environment: str = "dev", **changes: Any) -> Any:
        """Return a boto3 client that acts in the environment's account; it retries nothing."""
        key = self.keys[environment]
        config = Config(retries={"total_max_attempts": 1}).merge(changes.pop("config", Config()))
        arguments: dict[str, Any] = {
            "endpoint_url": self.plane.endpoint_url,
            "region_name": REGION,
            "aws_access_key_id": key.access_key_id,
            "aws_secret_access_key": key.secret_access_key,
            "config": config,
        }
        return _session().client(service, **(arguments | changes))


@cache
def _session() -> Any:
    # It keeps the service models that it has read; EC2's alone takes half a second.
    return boto3.session.Session()


def make_keys() -> dict[str, AccessKey]:
    return {
        name: AccessKey(
            account_id=account_id,
            access_key_id=f"AKIA{index:016d}",
            secret_access_key=secrets.token_urlsafe(30),
        )
        for index, (name, account_id) in enumerate(ACCOUNT_BY_ENVIRONMENT.items())
    }


def empty_accounts() -> None:
    """moto keeps its state in its modules: what one test leaves, the next would find."""
    for account_id in ACCOUNT_BY_ENVIRONMENT.values():
        moto_host.forget(account_id)


@pytest.fixture
def start_cloud(tmp_path: Path) -> Iterator[Callable[[], Cloud]]:
    """Starts a control plane on the test's folder; what the one before it held in memory is gone."""
    keys = make_keys()
    started: list[Cloud] = []

    def start() -> Cloud:
        for cloud in started:
            cloud.plane.stop()
        started.clear()
        empty_accounts()
        (tmp_path / "state").mkdir(exist_ok=True)
        plane = ControlPlane(
            access_keys=keys.values(),
            admin_token="token",
            state=tmp_path / "state" / "aws.snapshot",
            layers=tmp_path / "registry",
            listener=listen(0),
        )
        message = plane.start()
        started.append(Cloud(plane, keys, tmp_path, message))
        return started[0]

    yield start
    for cloud in started:
        cloud.plane.stop()
    empty_accounts()


@pytest.fixture
def cloud(start_cloud: Callable[[], Cloud]) -> Cloud:
    return start_cloud()
