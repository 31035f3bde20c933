"""S3's server access logging: whether the bucket that is written to lets it."""

from __future__ import annotations

import json
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any

from moto.s3.models import FakeBucket

from sandbox.extensions.registry import replaces

_WRITER = "logging.s3.amazonaws.com"


@replaces(FakeBucket, "_log_permissions_enabled_policy")
def _read_whole_policy(
    original: Callable[..., bool], self: FakeBucket, target_bucket: FakeBucket, target_prefix: str | None
) -> bool:
    """A statement may name several resources, and any pattern of them; moto knows three spellings of one."""
    written = f"arn:{target_bucket.partition}:s3:::{target_bucket.name}/{target_prefix or ''}"
    statements = json.loads(target_bucket.policy)["Statement"] if target_bucket.policy else []
    return any(
        _WRITER in _listed(statement.get("Principal", {}).get("Service"))
        and statement["Effect"] == "Allow"
        and "s3:PutObject" in _listed(statement.get("Action"))
        and any(fnmatchcase(written, pattern) for pattern in _listed(statement.get("Resource")))
        for statement in statements
        if isinstance(statement.get("Principal"), dict)
    )


def _listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value] if value else []
