from __future__ import annotations

from collections.abc import Callable
from typing import Any


def test_a_certificate_has_the_key_that_was_asked_for(client: Callable[[str], Any]) -> None:
    acm = client("acm")
    arn = acm.request_certificate(DomainName="app.example.com", KeyAlgorithm="EC_prime256v1")[
        "CertificateArn"
    ]
    assert acm.describe_certificate(CertificateArn=arn)["Certificate"]["KeyAlgorithm"] == "EC_prime256v1"


def test_the_options_of_a_certificate_can_be_changed(client: Callable[[str], Any]) -> None:
    acm = client("acm")
    arn = acm.request_certificate(DomainName="app.example.com")["CertificateArn"]
    options = {"CertificateTransparencyLoggingPreference": "DISABLED"}
    acm.update_certificate_options(CertificateArn=arn, Options=options)
    described = acm.describe_certificate(CertificateArn=arn)["Certificate"]
    assert described["Options"]["CertificateTransparencyLoggingPreference"] == "DISABLED"
