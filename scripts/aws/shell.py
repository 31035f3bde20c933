"""The account of AWS that this shell acts in, and what is told where its credentials do not do."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    EndpointConnectionError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOError,
    TokenRetrievalError,
)

from scripts.errors import CommandError

_GET_CREDENTIALS = (
    "log in and try again: `aws sso login`, or AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
)
# Error code → what it means. Each service has its own words for the same.
_EXPIRED = "the credentials of this shell have expired", _GET_CREDENTIALS
_UNKNOWN_KEY = "AWS knows no such access key as this shell's", _GET_CREDENTIALS
_WRONG_SECRET = (
    "the secret access key of this shell is not the key's",
    "check AWS_SECRET_ACCESS_KEY, and that this machine's clock is right",
)
_MEANINGS: Mapping[str, tuple[str, str]] = {
    "ExpiredToken": _EXPIRED,
    "ExpiredTokenException": _EXPIRED,
    "RequestExpired": _EXPIRED,
    "AuthFailure": _UNKNOWN_KEY,
    "InvalidAccessKeyId": _UNKNOWN_KEY,
    "InvalidClientTokenId": _UNKNOWN_KEY,
    "UnrecognizedClientException": _UNKNOWN_KEY,
    "InvalidSignatureException": _WRONG_SECRET,
    "SignatureDoesNotMatch": _WRONG_SECRET,
}
_DENIED = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "403"})
_ASSUMED_ROLE = re.compile(r"arn:(?P<partition>[^:]+):sts::(?P<account>\d+):assumed-role/(?P<role>[^/]+)/.+")
# A person waits for the answer.
_PATIENCE = Config(connect_timeout=5, read_timeout=20, retries={"total_max_attempts": 3, "mode": "standard"})


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Whom the credentials of the shell make one."""

    account_id: str
    arn: str

    @property
    def is_root(self) -> bool:
        return self.arn.endswith(":root")

    @property
    def role_name(self) -> str:
        """The role that was taken, or nothing for a user."""
        found = _ASSUMED_ROLE.fullmatch(self.arn)
        return found["role"] if found else ""


class Shell:
    """boto3's own chain of credentials: variables, profiles, single sign-on, the role of a machine."""

    def __init__(self, region: str) -> None:
        """`region` is the stack's; that of the shell is only looked at."""
        self.region = region
        self._clients: dict[str, Any] = {}

    @cached_property
    def _session(self) -> boto3.session.Session:
        with telling():
            return boto3.session.Session()

    @property
    def own_region(self) -> str:
        """Where this shell would act if nobody said where, or nothing."""
        # boto3 alone does not read the first of them
        return os.environ.get("AWS_REGION") or self._session.region_name or ""

    @property
    def is_aws(self) -> bool:
        """Whether the calls go to AWS itself, and not to where AWS_ENDPOINT_URL leads."""
        return ".amazonaws." in str(self.client("sts").meta.endpoint_url)

    @property
    def partition(self) -> str:
        return str(self._session.get_partition_for_region(self.region))

    def client(self, service: str) -> Any:
        if service not in self._clients:
            with telling():
                make: Callable[..., Any] = self._session.client
                self._clients[service] = make(service, region_name=self.region, config=_PATIENCE)
        return self._clients[service]

    def caller(self) -> Caller:
        """Who this shell is. Raises CommandError when it is nobody."""
        with telling():
            answer = self.client("sts").get_caller_identity()
        return Caller(account_id=answer["Account"], arn=answer["Arn"])


def code_of(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def unless(call: Callable[[], Any], *codes: str) -> Any:
    """What a call answers, or None where it fails with one of the codes."""
    try:
        return call()
    except ClientError as error:
        if code_of(error) in codes:
            return None
        raise


@contextmanager
def telling() -> Iterator[None]:
    """Turns the errors of AWS and of its client into what a person can act on, a CommandError."""
    try:
        yield
    except ClientError as error:
        code, said = code_of(error), str(error.response.get("Error", {}).get("Message", ""))
        if code in _MEANINGS:
            raise CommandError(*_MEANINGS[code]) from None
        called = error.operation_name
        if code in _DENIED:
            raise CommandError(
                f"{called} is not allowed to whom this shell is: {said}",
                "let somebody who may do it run this, or give the right",
            ) from None
        raise CommandError(f"{called} failed with {code}: {said}", "", exit_code=2) from None
    except (NoCredentialsError, PartialCredentialsError) as error:
        found = (
            "only a part of credentials" if isinstance(error, PartialCredentialsError) else "no credentials"
        )
        raise CommandError(f"this shell has {found} for AWS", _GET_CREDENTIALS) from None
    except (SSOError, TokenRetrievalError, CredentialRetrievalError) as error:
        raise CommandError(f"this shell's credentials cannot be got: {error}", _GET_CREDENTIALS) from None
    except ProfileNotFound as error:
        raise CommandError(str(error), "correct AWS_PROFILE, or unset it") from None
    except EndpointConnectionError as error:
        raise CommandError(
            str(error), "check the network, AWS_REGION and AWS_ENDPOINT_URL", exit_code=2
        ) from None
    except BotoCoreError as error:
        raise CommandError(f"AWS cannot be asked: {error}", "", exit_code=2) from None
