from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.utils import percent_encode_sequence
from hypothesis import given
from hypothesis import strategies as st

from sandbox.controlplane.signature import Claim, is_valid, read_claim

SECRET = "secret"
HOST = "127.0.0.1:4000"
segment = st.text("abcXYZ019-._~%20%C3+ =:@", max_size=8)
paths = st.lists(segment, max_size=4).map(lambda segments: "/" + "/".join(segments))
queries = st.dictionaries(
    st.text("abcXYZ-", min_size=1, max_size=6), st.text("abc ü/=&+%", max_size=6), max_size=4
)


def sign(service: str, path: str, query: dict[str, str], body: bytes) -> dict[str, Any]:
    """Return the WSGI environment of a request that botocore signed."""
    url = f"http://{HOST}{path}?{percent_encode_sequence(query)}"
    request = AWSRequest("POST", url, data=body)
    request.headers["Content-Type"] = "text/plain"
    request.headers["X-Amz-Spaced"] = "  two   words "
    auth = S3SigV4Auth if service == "s3" else SigV4Auth
    auth(Credentials("AKIA", SECRET), service, "eu-west-1").add_auth(request)
    prepared = request.prepare()
    parts = urlsplit(prepared.url)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST",
        "RAW_URI": parts.path,
        "QUERY_STRING": parts.query,
        "HTTP_HOST": HOST,
    }
    for name, value in prepared.headers.items():
        key = name.upper().replace("-", "_")
        environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = (
            value.decode() if isinstance(value, bytes) else value
        )
    return environ


def claim_of(environ: dict[str, Any]) -> Claim:
    claim = read_claim(environ)
    assert claim is not None
    return claim


@given(
    service=st.sampled_from(["s3", "ec2", "lambda"]), path=paths, query=queries, body=st.binary(max_size=50)
)
def test_what_botocore_signs_is_valid_for_the_same_secret_only(
    service: str, path: str, query: dict[str, str], body: bytes
) -> None:
    environ = sign(service, path, query, body)
    claim = claim_of(environ)
    assert (claim.access_key_id, claim.service, claim.region) == ("AKIA", service, "eu-west-1")
    assert is_valid(claim, SECRET, environ, body)
    assert not is_valid(claim, "another", environ, body)


@given(body=st.binary(max_size=50), other=st.binary(max_size=50))
def test_another_body_is_not_valid(body: bytes, other: bytes) -> None:
    for service in ("s3", "ec2"):
        environ = sign(service, "/", {}, body)
        assert is_valid(claim_of(environ), SECRET, environ, other) == (body == other)


@given(name=st.sampled_from(["REQUEST_METHOD", "RAW_URI", "QUERY_STRING", "HTTP_HOST", "HTTP_X_AMZ_DATE"]))
def test_a_changed_request_is_not_valid(name: str) -> None:
    environ = sign("ec2", "/a", {"b": "c"}, b"")
    changed = environ | {name: environ[name] + "x"}
    assert not is_valid(claim_of(changed), SECRET, changed, b"")


@given(st.text(max_size=200))
def test_nonsense_in_the_header_is_no_claim(text: str) -> None:
    assert read_claim({"HTTP_AUTHORIZATION": text}) is None
    assert read_claim({"QUERY_STRING": text}) is None
