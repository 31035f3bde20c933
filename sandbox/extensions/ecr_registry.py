"""ECR: how a registry scans the images of all its repositories."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.ecr.exceptions import InvalidParameterException
from moto.ecr.models import ECRBackend

from sandbox.extensions.registry import replaces

# ECR user guide, "Scan images for software vulnerabilities": what each type of scanning can do.
_FREQUENCIES = {
    "BASIC": ("SCAN_ON_PUSH", "MANUAL"),
    "ENHANCED": ("SCAN_ON_PUSH", "CONTINUOUS_SCAN", "MANUAL"),
}


@replaces(ECRBackend, "put_registry_scanning_configuration")
def _put_scanning(
    original: Callable[..., None],
    self: ECRBackend,
    scan_type: str | None,
    rules: list[dict[str, Any]] | None,
) -> None:
    """No rules is a list of none, on which moto crashes; basic scanning does not go on by itself."""
    frequencies = _FREQUENCIES[scan_type or "BASIC"]
    for rule in rules or ():
        if rule["scanFrequency"] not in frequencies:
            raise InvalidParameterException(
                f"Invalid parameter at 'scanFrequency': {rule['scanFrequency']} is not one of "
                f"{', '.join(frequencies)}, which {scan_type} scanning has"
            )
    original(self, scan_type or "BASIC", rules or [])
