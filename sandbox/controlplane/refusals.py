"""The errors that AWS itself answers before a service sees a call, each in its service's own dialect."""

from __future__ import annotations

import json
from enum import Enum
from xml.sax.saxutils import escape

from sandbox.controlplane.calls import Dialect

Response = tuple[int, str, bytes]


class Refusal(Enum):
    """Why a call is answered without being carried out."""

    UNKNOWN_KEY = "the security token included in the request is invalid: no account has this access key"
    WRONG_SIGNATURE = "the signature does not match: check the secret access key"
    UNSIGNED = "the request is not signed"
    EXPIRED = "the security token included in the request is expired"
    NOT_AUTHORIZED = "not authorized"
    NOT_IMPLEMENTED = "the sandbox does not know this call"
    FAILED = "the call failed inside the sandbox; the traceback is in its log"


# (status, code) where a dialect differs from the query protocol's answer, which the first entry gives.
_CODES: dict[Refusal, dict[Dialect, tuple[int, str]]] = {
    Refusal.UNKNOWN_KEY: {
        Dialect.QUERY: (403, "InvalidClientTokenId"),
        Dialect.EC2: (401, "AuthFailure"),
        Dialect.S3: (403, "InvalidAccessKeyId"),
        Dialect.JSON: (403, "UnrecognizedClientException"),
    },
    Refusal.WRONG_SIGNATURE: {
        Dialect.QUERY: (403, "SignatureDoesNotMatch"),
        Dialect.EC2: (401, "AuthFailure"),
        Dialect.JSON: (403, "InvalidSignatureException"),
    },
    Refusal.UNSIGNED: {
        Dialect.QUERY: (403, "MissingAuthenticationToken"),
        Dialect.S3: (403, "AccessDenied"),
        Dialect.JSON: (403, "MissingAuthenticationTokenException"),
    },
    Refusal.EXPIRED: {
        Dialect.QUERY: (403, "ExpiredToken"),
        Dialect.S3: (400, "ExpiredToken"),
        Dialect.EC2: (400, "RequestExpired"),
        Dialect.JSON: (403, "ExpiredTokenException"),
    },
    Refusal.NOT_AUTHORIZED: {
        Dialect.QUERY: (403, "AccessDenied"),
        Dialect.JSON: (403, "AccessDeniedException"),
    },
    Refusal.NOT_IMPLEMENTED: {Dialect.QUERY: (501, "NotImplemented")},
    Refusal.FAILED: {
        Dialect.QUERY: (500, "InternalFailure"),
        Dialect.EC2: (500, "InternalError"),
        Dialect.S3: (500, "InternalError"),
        Dialect.JSON: (500, "InternalServerError"),
    },
}


class RefusedError(Exception):
    """Raised where a call cannot go on."""

    def __init__(self, refusal: Refusal, detail: str = "") -> None:
        super().__init__(refusal, detail)
        self.refusal = refusal
        self.detail = detail


def render(refusal: Refusal, dialect: Dialect, detail: str = "") -> Response:
    """Return status, content type and body of a refusal, as the dialect's client expects it."""
    codes = _CODES[refusal]
    json_like = dialect in (Dialect.JSON, Dialect.CBOR)
    status, code = codes.get(Dialect.JSON if json_like else dialect) or codes[Dialect.QUERY]
    message = f"{refusal.value}: {detail}" if detail else refusal.value
    if dialect is Dialect.CBOR:
        return status, "application/cbor", _cbor_map({"__type": code, "message": message})
    if dialect is Dialect.JSON:
        body = json.dumps({"__type": code, "message": message}).encode()
        return status, "application/x-amz-json-1.1", body
    error = f"<Code>{code}</Code><Message>{escape(message)}</Message>"
    if dialect is Dialect.S3:
        document = f"<Error>{error}</Error>"
    elif dialect is Dialect.EC2:
        document = (
            f"<Response><Errors><Error>{error}</Error></Errors><RequestID>sandbox</RequestID></Response>"
        )
    else:
        sender = "Receiver" if status >= 500 else "Sender"
        document = (
            f"<ErrorResponse><Error><Type>{sender}</Type>{error}</Error>"
            "<RequestId>sandbox</RequestId></ErrorResponse>"
        )
    return status, "text/xml", b'<?xml version="1.0" encoding="UTF-8"?>' + document.encode()


def _cbor_map(entries: dict[str, str]) -> bytes:
    """Write a map of up to 23 short texts as CBOR (RFC 8949: major types 5 and 3)."""
    parts = [bytes([0xA0 | len(entries)])]
    for text in (text for entry in entries.items() for text in entry):
        data = text.encode()
        parts.append(b"\x79" + len(data).to_bytes(2, "big") + data)
    return b"".join(parts)
