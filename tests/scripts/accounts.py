"""The control plane as the account of a checkout, and a shell in it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from scripts.aws import place as places
from scripts.aws.place import Place
from scripts.aws.shell import Shell
from scripts.aws.state_bucket import StateBucket
from scripts.aws.state_key import StateKey
from tests.sandbox.conftest import REGION, Cloud

CHECKOUT = Path(__file__).parents[2]
BUCKET = "slipway-dev-state-111111111111"
ALIAS = "alias/slipway-dev-state"


@dataclass(frozen=True, kw_only=True)
class Account:
    """dev's, empty, with credentials of an administrator."""

    cloud: Cloud
    place: Place
    shell: Shell

    @property
    def root(self) -> Path:
        return self.place.root

    @property
    def key(self) -> StateKey:
        return StateKey(self.place, self.shell)

    @property
    def bucket(self) -> StateBucket:
        return StateBucket(self.place, self.shell, self.key)

    def client(self, service: str, environment: str = "dev") -> Any:
        return self.cloud.client(service, environment)


def enter(cloud: Cloud, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Account:
    """This process as a shell in dev's account, in a checkout of the tests' own."""
    root = folder / "checkout"
    root.mkdir()
    for file in CHECKOUT.glob("Pulumi*.yaml"):
        shutil.copy(file, root)
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_DEFAULT_REGION", "PULUMI_DEBUG_PROVIDERS"):
        monkeypatch.delenv(name, raising=False)
    # neither this machine's own profiles nor its role
    monkeypatch.setenv("AWS_CONFIG_FILE", str(folder / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(folder / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ENDPOINT_URL", cloud.plane.endpoint_url)
    monkeypatch.setenv("AWS_REGION", REGION)
    become(cloud, "dev", monkeypatch)
    monkeypatch.chdir(root)
    place, shell = places.find(root, "dev")
    return Account(cloud=cloud, place=place, shell=shell)


def become(cloud: Cloud, environment: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The administrator of another account."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", cloud.keys[environment].access_key_id)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", cloud.keys[environment].secret_access_key)
