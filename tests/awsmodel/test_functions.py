"""The data sources, called in a sandbox."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import boto3
import pytest

from awsmodel.calls import AwsError
from awsmodel.clients import Clients
from awsmodel.errors import ModelError
from awsmodel.functions import FUNCTIONS, invoke

ARGUMENTS: dict[str, dict[str, Any]] = {
    "aws:ec2/getManagedPrefixList:getManagedPrefixList": {"name": "com.amazonaws.eu-west-1.s3"},
    "aws:index/getAvailabilityZones:getAvailabilityZones": {"state": "available"},
}


def promised(token: str) -> set[str]:
    """The results of a function as the SDK types them; those that are optional there are left out."""
    module, name = token.split(":")[1].split("/")
    snake = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    spec = find_spec("pulumi_aws")
    assert spec is not None
    assert spec.origin is not None
    text = (Path(spec.origin).parent / ("" if module == "index" else module) / f"{snake}.py").read_text()
    result = text.split(f"class {name[0].upper()}{name[1:]}Result:")[1].split("\nclass ")[0]
    getters = re.findall(
        r'@pulumi\.getter(?:\(name="(\w+)"\))?\n(?:    @.*\n)?    def (\w+)\(self\) -> (.*):', result
    )
    return {wire or python for wire, python, kind in getters if not kind.startswith("Optional")}


@pytest.mark.parametrize("token", sorted(FUNCTIONS))
def test_each_function_gives_every_result_that_the_sdk_promises(token: str, clients: Clients) -> None:
    results = invoke(token, clients, ARGUMENTS.get(token, {}))
    assert promised(token) <= results.keys()
    assert all(results[name] is not None for name in promised(token))


def test_the_zones_of_a_region_come_in_the_order_of_their_names(clients: Clients) -> None:
    zones = invoke("aws:index/getAvailabilityZones:getAvailabilityZones", clients, {"state": "available"})
    assert zones["names"] == ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
    fewer = invoke(
        "aws:index/getAvailabilityZones:getAvailabilityZones", clients, {"excludeNames": ["eu-west-1b"]}
    )
    assert fewer["names"] == ["eu-west-1a", "eu-west-1c"]


def test_a_look_up_that_finds_nothing_says_what_was_asked_for(clients: Clients) -> None:
    with pytest.raises(ModelError, match="nowhere"):
        invoke("aws:ec2/getManagedPrefixList:getManagedPrefixList", clients, {"name": "nowhere"})


def test_a_refusal_of_aws_keeps_its_code(clients: Clients) -> None:
    stranger = boto3.Session(
        aws_access_key_id="AKIAUNKNOWN", aws_secret_access_key="unknown", region_name="eu-west-1"
    )
    endpoint_url = clients.get("sts").meta.endpoint_url
    with pytest.raises(AwsError) as caught:
        invoke(
            "aws:index/getCallerIdentity:getCallerIdentity",
            Clients(stranger, clients.scope, endpoint_url=endpoint_url),
            {},
        )
    assert caught.value.code == "InvalidClientTokenId"


def test_an_unknown_function_is_named_with_the_page_that_tells_how_to_add_it(clients: Clients) -> None:
    with pytest.raises(ModelError, match=r"aws:ec2/getNothing:getNothing.*adding-a-resource-type"):
        invoke("aws:ec2/getNothing:getNothing", clients, {})
