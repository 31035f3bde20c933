from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.conftest import Cloud


def test_a_model_that_is_known_may_be_called(client: Callable[[str], Any]) -> None:
    answer = client("bedrock").get_foundation_model_availability(modelId="amazon.titan-embed-text-v2:0")
    assert answer["agreementAvailability"] == {"status": "AVAILABLE"}
    assert (answer["authorizationStatus"], answer["regionAvailability"]) == ("AUTHORIZED", "AVAILABLE")


def test_a_model_that_nobody_knows_is_refused(cloud: Cloud) -> None:
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        cloud.client("bedrock").get_foundation_model_availability(modelId="acme.oracle-v1:0")
