"""Certificate Manager: a certificate is issued when its record is there, with the key that was asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.acm.models import CertBundle
from moto.acm.responses import AWSCertificateManagerResponse
from moto.core.responses import ActionResult, EmptyResult
from moto.route53.models import route53_backends

from sandbox.extensions.registry import adds, replaces


@replaces(CertBundle, "check")
def _wait_for_validation_record(original: Callable[[Any], None], self: CertBundle) -> None:
    """A requested certificate stays pending until Route 53 has its records; in moto a minute is enough."""
    pending = self.type == "AMAZON_ISSUED" and self.status == "PENDING_VALIDATION"
    original(self)
    if pending and self.status in ("PENDING_VALIDATION", "ISSUED"):
        self.status = "ISSUED" if _is_validated(self) else "PENDING_VALIDATION"


def _is_validated(certificate: CertBundle) -> bool:
    published = {
        (record.name.lower().rstrip("."), value.lower().rstrip("."))
        for account in route53_backends.values()
        for backend in account.values()
        for zone in backend.zones.values()
        for record in zone.rrsets
        if record.type == "CNAME"
        for value in record.records
    }
    wanted = (
        option["ResourceRecord"]
        for option in certificate.describe()["Certificate"]["DomainValidationOptions"]
    )
    return all(
        (record["Name"].lower().rstrip("."), record["Value"].lower().rstrip(".")) in published
        for record in wanted
    )


@replaces(AWSCertificateManagerResponse, "request_certificate")
def _keep_key_algorithm(
    original: Callable[[Any], ActionResult], self: AWSCertificateManagerResponse
) -> ActionResult:
    """The key algorithm that was asked for reads back; moto's key is RSA whatever was asked for."""
    answer = original(self)
    result: Any = answer.result
    certificate: Any = self.acm_backend.get_certificate(result["CertificateArn"])
    certificate.requested_key_algorithm = self._get_param("KeyAlgorithm") or "RSA_2048"
    return answer


@replaces(CertBundle, "describe")
def _return_key_algorithm(original: Callable[[Any], dict[str, Any]], self: CertBundle) -> dict[str, Any]:
    """The key algorithm that was asked for reads back; moto's key is RSA whatever was asked for."""
    described = original(self)
    algorithm = getattr(self, "requested_key_algorithm", None)
    if algorithm:
        described["Certificate"]["KeyAlgorithm"] = algorithm
    return described


@adds(AWSCertificateManagerResponse, "update_certificate_options")
def _update_certificate_options(self: AWSCertificateManagerResponse) -> EmptyResult:
    """UpdateCertificateOptions changes the options of a certificate."""
    certificate = self.acm_backend.get_certificate(self._get_param("CertificateArn"))
    certificate.cert_options.update(self._get_param("Options"))
    return EmptyResult()
