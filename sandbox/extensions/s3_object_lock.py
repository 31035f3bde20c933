"""S3 Object Lock: what it keeps, and who can shorten that."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from moto.core.common_types import TYPE_RESPONSE
from moto.s3.exceptions import AccessDeniedByLock, InvalidBucketState
from moto.s3.models import S3Backend
from moto.s3.responses import S3Response

from sandbox.extensions.registry import replaces


@replaces(S3Backend, "put_object_lock_configuration")
def _lock_full_bucket(
    original: Callable[..., None],
    self: S3Backend,
    bucket_name: str,
    lock_enabled: bool,
    mode: str | None = None,
    days: int | None = None,
    years: int | None = None,
) -> None:
    """A bucket that holds something takes another rule, for what is put from then on."""
    bucket = self.get_bucket(bucket_name)
    if not bucket.object_lock_enabled:
        original(self, bucket_name, lock_enabled, mode, days, years)
    bucket.default_lock_mode = mode
    bucket.default_lock_days, bucket.default_lock_years = days or 0, years or 0


@replaces(S3Backend, "get_object_lock_configuration")
def _show_days_or_years(
    original: Callable[..., tuple[bool, str | None, int | None, int | None]],
    self: S3Backend,
    bucket_name: str,
) -> tuple[bool, str | None, int | None, int | None]:
    """A rule is in days or in years; moto shows the other as zero."""
    is_on, mode, days, years = original(self, bucket_name)
    return is_on, mode, days or None, years or None


@replaces(S3Backend, "put_bucket_versioning")
def _keep_versions_of_locked_bucket(
    original: Callable[..., None], self: S3Backend, bucket_name: str, status: str
) -> None:
    """A bucket with a lock keeps its versions."""
    if status != "Enabled" and self.get_bucket(bucket_name).object_lock_enabled:
        raise InvalidBucketState(
            "An Object Lock configuration is present on this bucket, "
            "so the versioning state cannot be changed."
        )
    original(self, bucket_name, status)


@replaces(S3Response, "put_object_retention")
def _keep_retention(original: Callable[[Any], TYPE_RESPONSE], self: S3Response) -> TYPE_RESPONSE:
    """A retention gets longer. Shorter or weaker it gets under governance alone, for who says so."""
    version: Any = self.backend.get_object(
        self.bucket_name, self.parse_key_name(), version_id=self._get_param("versionId")
    )
    bypasses = self.headers.get("x-amz-bypass-governance-retention", "").lower() == "true"
    if version is not None and version.lock_mode and version.lock_until:
        mode, until = self._mode_until_from_body()
        is_kept = until is not None and _time(until) >= _time(version.lock_until)
        is_weaker = not is_kept or (version.lock_mode == "COMPLIANCE" and mode != "COMPLIANCE")
        if is_weaker and not (version.lock_mode == "GOVERNANCE" and bypasses):
            raise AccessDeniedByLock()
    return original(self)


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))
