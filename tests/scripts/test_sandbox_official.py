"""The settings with which the official plugin acts in the sandbox."""

from __future__ import annotations

import inspect

import pulumi_aws
import pytest

from scripts.aws.program_types import program_services
from scripts.sandbox_official import endpoint_keys, provider_settings

URL = "http://127.0.0.1:4566"


@pytest.mark.parametrize("service", program_services())
def test_each_service_of_the_program_has_an_endpoint_that_the_provider_knows(service: str) -> None:
    # the SDK writes `lambda`, a word of Python, with an underscore
    known = {name.rstrip("_") for name in inspect.signature(pulumi_aws.ProviderEndpointArgs).parameters}
    settings = provider_settings(URL, "key", "secret")
    assert endpoint_keys()[service] in known
    assert settings["aws:endpoints"][0][endpoint_keys()[service]] == URL


def test_each_setting_is_one_that_the_provider_has() -> None:
    known = inspect.signature(pulumi_aws.ProviderArgs).parameters
    for name in provider_settings(URL, "key", "secret"):
        words = "".join(f"_{each.lower()}" if each.isupper() else each for each in name.removeprefix("aws:"))
        assert words in known
