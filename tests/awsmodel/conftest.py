"""An account to make resources in: a sandbox of the tests' own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import pytest

from awsmodel.catalogue import resource_type
from awsmodel.clients import Clients
from awsmodel.lifecycle import Lifecycle, Patience
from awsmodel.names import Properties
from awsmodel.resource import Scope
from sandbox import daemon
from sandbox.credentials import load_credentials
from sandbox.environments import read_environments
from sandbox.layout import Layout

STACK_FILE = 'config: {"aws:region": "eu-west-1", "aws:allowedAccountIds": ["111111111111"]}\n'


@pytest.fixture(scope="session")
def clients(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clients]:
    layout = Layout(tmp_path_factory.mktemp("checkout"))
    (layout.root / "Pulumi.yaml").write_text("name: conformance\nruntime: python\n")
    (layout.root / "Pulumi.dev.yaml").write_text(STACK_FILE)
    record = daemon.start(layout)
    credentials = load_credentials(layout.credentials, read_environments(layout.root))
    key = credentials.access_key_by_environment["dev"]
    session = boto3.Session(
        aws_access_key_id=key.access_key_id,
        aws_secret_access_key=key.secret_access_key,
        region_name="eu-west-1",
    )
    scope = Scope(account_id=key.account_id, region="eu-west-1")
    yield Clients(session, scope, endpoint_url=record.endpoint_url)
    daemon.stop(layout)


@dataclass
class Made:
    """A resource that a test made, with the inputs that the provider would have recorded."""

    lifecycle: Lifecycle
    physical_id: str
    inputs: Properties
    state: Properties

    def read(self) -> Properties | None:
        return self.lifecycle.read(self.physical_id, self.inputs, self.state)

    def update(self, **changes: Any) -> None:
        new = {**self.inputs, **changes}
        self.state = self.lifecycle.update(self.physical_id, self.inputs, new, self.state, Patience.of(30))
        self.inputs = new

    def delete(self) -> None:
        self.lifecycle.delete(self.physical_id, self.state, Patience.of(30))


@pytest.fixture
def make(clients: Clients) -> Iterator[Callable[..., Made]]:
    """Makes a resource of a token and its inputs, and takes it away again."""
    made: list[Made] = []

    def one(token: str, **given: Any) -> Made:
        lifecycle = Lifecycle(resource_type(token), clients)
        inputs = {**lifecycle.resource.defaults, **given}
        made.append(Made(lifecycle, *lifecycle.create(inputs, Patience.of(30))[:1], inputs, {}))
        made[-1].state = made[-1].read() or {}
        return made[-1]

    yield one
    for each in reversed(made):
        each.delete()
