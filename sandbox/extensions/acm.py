"""Certificate Manager: a certificate is issued when its validation record is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.acm.models import CertBundle
from moto.route53.models import route53_backends

from sandbox.extensions.registry import replaces


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
