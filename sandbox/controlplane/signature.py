"""AWS Signature Version 4, seen from the side that checks it.

Source: "Create a signed AWS API request" in the AWS IAM user guide.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from posixpath import normpath
from urllib.parse import parse_qs, quote

from sandbox.controlplane.calls import Environ

_ALGORITHM = "AWS4-HMAC-SHA256"
_AUTHORIZATION = re.compile(
    rf"{_ALGORITHM}\s+Credential=(?P<credential>[^,\s]+),\s*"
    r"SignedHeaders=(?P<headers>[^,\s]+),\s*Signature=(?P<signature>[0-9a-f]{64})"
)
_UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD"
_HEX_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, kw_only=True)
class Claim:
    """Who a request says it comes from, and the signature that is to prove it."""

    access_key_id: str
    date: str
    region: str
    service: str
    timestamp: str
    signed_headers: tuple[str, ...]
    signature: str
    session_token: str | None
    expires_at: datetime | None = None
    """Only a presigned address expires."""

    @property
    def scope(self) -> str:
        return f"{self.date}/{self.region}/{self.service}/aws4_request"


def read_claim(environ: Environ) -> Claim | None:
    """Return the claim in the Authorization header or in a presigned address, None if there is neither."""
    match = _AUTHORIZATION.match(environ.get("HTTP_AUTHORIZATION", ""))
    if match:
        return _claim(
            credential=match["credential"],
            signed_headers=match["headers"],
            signature=match["signature"],
            timestamp=environ.get("HTTP_X_AMZ_DATE", ""),
            session_token=environ.get("HTTP_X_AMZ_SECURITY_TOKEN"),
            lifetime_seconds=None,
        )
    query = {name: values[0] for name, values in parse_qs(environ.get("QUERY_STRING", "")).items()}
    if query.get("X-Amz-Algorithm") == _ALGORITHM:
        return _claim(
            credential=query.get("X-Amz-Credential", ""),
            signed_headers=query.get("X-Amz-SignedHeaders", ""),
            signature=query.get("X-Amz-Signature", ""),
            timestamp=query.get("X-Amz-Date", ""),
            session_token=query.get("X-Amz-Security-Token"),
            lifetime_seconds=query.get("X-Amz-Expires", "0"),
        )
    return None


def is_valid(claim: Claim, secret_access_key: str, environ: Environ, body: bytes) -> bool:
    """Tell whether the holder of the secret signed this request, and its body where a body is signed."""
    payload_hash = environ.get("HTTP_X_AMZ_CONTENT_SHA256")
    if payload_hash is None:
        presigned_s3 = claim.expires_at is not None and claim.service == "s3"
        payload_hash = _UNSIGNED_PAYLOAD if presigned_s3 else hashlib.sha256(body).hexdigest()
    elif _HEX_DIGEST.fullmatch(payload_hash) and payload_hash != hashlib.sha256(body).hexdigest():
        return False
    canonical_request = "\n".join(
        (
            environ["REQUEST_METHOD"],
            _canonical_path(environ, claim.service),
            _canonical_query(environ.get("QUERY_STRING", "")),
            *(f"{name}:{_header(environ, name)}" for name in claim.signed_headers),
            "",
            ";".join(claim.signed_headers),
            payload_hash,
        )
    )
    digest = hashlib.sha256(canonical_request.encode()).hexdigest()
    text = "\n".join((_ALGORITHM, claim.timestamp, claim.scope, digest))
    key = _signing_key(secret_access_key, claim.date, claim.region, claim.service)
    expected = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, claim.signature)


def _claim(
    *,
    credential: str,
    signed_headers: str,
    signature: str,
    timestamp: str,
    session_token: str | None,
    lifetime_seconds: str | None,
) -> Claim | None:
    parts = credential.split("/")
    if len(parts) != 5:
        return None
    access_key_id, date, region, service, _ = parts
    expires_at = None
    if lifetime_seconds is not None:
        try:
            signed_at = datetime.strptime(timestamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
            expires_at = signed_at + timedelta(seconds=int(lifetime_seconds))
        except (ValueError, OverflowError):
            return None
    return Claim(
        access_key_id=access_key_id,
        date=date,
        region=region,
        service=service,
        timestamp=timestamp,
        signed_headers=tuple(signed_headers.split(";")),
        signature=signature,
        session_token=session_token,
        expires_at=expires_at,
    )


def _canonical_path(environ: Environ, service: str) -> str:
    path: str = environ["RAW_URI"].split("?", 1)[0] or "/"
    if service == "s3":
        return path
    normal = normpath(path).replace("//", "/")
    if path.endswith("/") and normal != "/":
        normal += "/"
    return quote(normal, safe="/~")


def _canonical_query(query: str) -> str:
    pairs = (pair.partition("=") for pair in query.split("&") if pair)
    return "&".join(f"{name}={value}" for name, _, value in sorted(pairs) if name != "X-Amz-Signature")


def _header(environ: Environ, name: str) -> str:
    key = name.upper().replace("-", "_")
    value: str = environ.get(key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}", "")
    return " ".join(value.split())


@lru_cache(maxsize=256)
def _signing_key(secret_access_key: str, date: str, region: str, service: str) -> bytes:
    key = f"AWS4{secret_access_key}".encode()
    for part in (date, region, service, "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key
