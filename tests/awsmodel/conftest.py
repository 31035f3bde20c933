"""An account to make resources in."""

from __future__ import annotations

from collections.abc import Iterator

import boto3
import pytest

from awsmodel.clients import Clients
from awsmodel.resource import Scope

REGION = "eu-west-1"


@pytest.fixture(scope="session")
def endpoint_url() -> Iterator[str]:
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="session")
def clients(endpoint_url: str) -> Clients:
    session = boto3.Session(aws_access_key_id="testing", aws_secret_access_key="testing", region_name=REGION)
    return Clients(session, Scope(account_id="123456789012", region=REGION), endpoint_url=endpoint_url)
