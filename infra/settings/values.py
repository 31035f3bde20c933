"""The kinds of value that a stack file holds: each says what it takes, to a person and to an editor."""

from __future__ import annotations

import ipaddress
import re
import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, GetCoreSchemaHandler, GetJsonSchemaHandler, WithJsonSchema
from pydantic_core import CoreSchema, core_schema

from infra.database_settings import MEMORY_GIB
from infra.model_ids import check_model_id
from infra.topology import check_vpc_cidr


class Environment(StrEnum):
    DEV = "dev"
    STAGING = "staging"
    PROD = "prod"


class Architecture(StrEnum):
    """The processor of tasks, image and function, as ECS names it."""

    ARM64 = "ARM64"
    X86_64 = "X86_64"

    @property
    def docker_platform(self) -> str:
        """As images name it."""
        return "linux/arm64" if self is Architecture.ARM64 else "linux/amd64"


class LogLevel(StrEnum):
    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True)
class Like:
    """A text that matches a pattern as a whole; `what` says in words what it should be."""

    pattern: str
    what: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        # the second is read by the language servers of YAML and JSON
        return {**handler(schema), "pattern": f"^({self.pattern})$", "patternErrorMessage": self._said}

    @property
    def _said(self) -> str:
        return f"must be {self.what}"

    def _check(self, value: str) -> str:
        if not re.fullmatch(self.pattern, value):
            raise ValueError(f"{self._said}, got {value!r}")
        return value


@dataclass(frozen=True)
class OneOf:
    """A number of a fixed set; `what` says of what."""

    numbers: tuple[int, ...]
    what: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {**handler(schema), "enum": list(self.numbers)}

    def _check(self, value: int) -> int:
        if value not in self.numbers:
            raise ValueError(f"{self.what} is one of {', '.join(map(str, self.numbers))}, got {value}")
        return value


def _in_own_words(check: Callable[[str], object], what: str) -> AfterValidator:
    """The value as it is, if `check` takes it; else what the text should have been."""

    def checked(value: str) -> str:
        try:
            check(value)
        except ValueError as error:
            raise ValueError(f"must be {what}: {error}") from error
        return value

    return AfterValidator(checked)


def _check_instance_class(name: str) -> str:
    if name not in MEMORY_GIB:
        raise ValueError(
            f"must be one of {', '.join(MEMORY_GIB)}, got {name!r}; another one is added, with its memory, "
            "to infra/database_settings.py"
        )
    return name


def _check_time_zone(name: str) -> str:
    known = zoneinfo.available_timezones()
    # A machine without time zone files knows none at all, and EventBridge Scheduler checks the name again.
    if known and name not in known:
        raise ValueError(
            f"must be a name of the IANA time zone database, such as Europe/Berlin, got {name!r}"
        )
    return name


# Fargate: MiB of memory for each number of CPU units (ECS developer guide, "Task CPU and memory").
FARGATE_MEMORY_MIB = {
    256: (512, 1024, 2048),
    512: tuple(range(1024, 4097, 1024)),
    1024: tuple(range(2048, 8193, 1024)),
    2048: tuple(range(4096, 16385, 1024)),
    4096: tuple(range(8192, 30721, 1024)),
}
# CloudWatch Logs API reference, PutRetentionPolicy.
_RETENTION_DAYS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)

VpcCidr = Annotated[str, _in_own_words(check_vpc_cidr, "the range of a VPC, such as 10.10.0.0/16")]
Cidr = Annotated[str, _in_own_words(ipaddress.IPv4Network, "a range of addresses, such as 203.0.113.0/24")]
DomainName = Annotated[
    str,
    Like(
        r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}",
        "a full domain name in lower case, such as 'dev.triage.example.com'",
    ),
]
RetentionDays = Annotated[int, OneOf(_RETENTION_DAYS, "for how many days CloudWatch keeps logs")]
CpuUnits = Annotated[int, OneOf(tuple(FARGATE_MEMORY_MIB), "what Fargate gives a task in CPU units")]
Words = Annotated[
    str, Like(r"[a-z0-9]+(-[a-z0-9]+){0,9}", "lower-case words joined by hyphens, such as 'triage-dev'")
]
VariableName = Annotated[str, Like(r"[A-Z][A-Z0-9_]*", "the name of a variable, such as DESK_API_TOKEN")]
EmailAddress = Annotated[str, Like(r"[^@\s]+@([A-Za-z0-9-]+\.)+[A-Za-z]{2,}", "an e-mail address")]
# GitHub's own limits: 39 characters of an owner, 100 of a repository.
Repository = Annotated[
    str,
    Like(
        r"[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}", "owner/name, as GitHub spells the repository"
    ),
]
ImageByDigest = Annotated[
    str,
    Like(
        r"[a-z0-9.-]+(:[0-9]+)?(/[a-z0-9]+([._-]+[a-z0-9]+)*)+@sha256:[0-9a-f]{64}",
        "an image by digest, <registry>/<name>@sha256:<64 hexadecimal digits>; a tag can be moved to another "
        "image",
    ),
]
ModelId = Annotated[str, AfterValidator(check_model_id)]
InstanceClass = Annotated[
    str,
    AfterValidator(_check_instance_class),
    WithJsonSchema({"type": "string", "enum": list(MEMORY_GIB)}),
]
TimeZone = Annotated[str, AfterValidator(_check_time_zone)]
