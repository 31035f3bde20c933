"""An account to make resources in: a sandbox of the tests' own."""

from __future__ import annotations

from collections.abc import Iterator

import boto3
import pytest

from awsmodel.clients import Clients
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
