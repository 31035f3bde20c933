"""What a request asks for, read from the request alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Any
from urllib.parse import parse_qs

Environ = dict[str, Any]

# An operation with such a name changes nothing that must outlive the daemon.
_READ = re.compile(
    r"(Describe|Get|List|Head|Lookup|Search|BatchGet|Filter|Simulate|Check|Estimate|Scan|Query)"
)
# ... but for these, which hand out something that the backends keep.
_MUTATING_GETS = frozenset({"GetSessionToken", "GetFederationToken"})


class Dialect(Enum):
    """How a service writes its errors."""

    QUERY = "query"
    EC2 = "ec2"
    S3 = "s3"
    JSON = "json"
    CBOR = "cbor"


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request. `operation` is empty where only the service's routing knows it (the REST protocols)."""

    service: str
    operation: str
    method: str
    dialect: Dialect

    @property
    def is_read(self) -> bool:
        if self.operation:
            return _READ.match(self.operation) is not None and self.operation not in _MUTATING_GETS
        return self.method in ("GET", "HEAD", "OPTIONS")

    @property
    def waits(self) -> bool:
        """Whether it may wait for other calls, so that it must not keep them out."""
        return self.operation == "ReceiveMessage"

    def __str__(self) -> str:
        return f"{self.service}.{self.operation or self.method}"


def read_call(environ: Environ, body: bytes, service: str) -> Call:
    """Tell which operation of `service` (a signing name) the request calls, and how it wants its errors."""
    method = environ["REQUEST_METHOD"]
    target = environ.get("HTTP_X_AMZ_TARGET", "")
    if environ.get("HTTP_SMITHY_PROTOCOL") == "rpc-v2-cbor":
        operation, dialect = environ["PATH_INFO"].rsplit("/", 1)[-1], Dialect.CBOR
    elif target:
        operation, dialect = target.rsplit(".", 1)[-1], Dialect.JSON
    elif service in ("s3", "route53", "cloudfront"):
        operation, dialect = "", Dialect.S3 if service == "s3" else Dialect.QUERY
    elif action := query_parameters(environ, body).get("Action"):
        operation, dialect = action, Dialect.EC2 if service == "ec2" else Dialect.QUERY
    else:
        # Who signs nothing and names no operation reads an object, or is no client of AWS.
        operation, dialect = "", Dialect.JSON if service else Dialect.S3
    return Call(service=service, operation=operation, method=method, dialect=dialect)


def query_parameters(environ: Environ, body: bytes) -> dict[str, str]:
    """Return the parameters of a call of the query protocol, from the form or from the address."""
    text = environ.get("QUERY_STRING", "")
    if environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        text = f"{text}&{body.decode('utf-8', 'replace')}"
    return {name: values[0] for name, values in parse_qs(text).items()}
