"""What a stack file says: every key of `slipway:stack`, typed and checked.

A stack file holds only what differs. What it leaves out is what production needs.
"""

from __future__ import annotations

import ipaddress
import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Self

import pulumi
import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from infra.topology import Nat, check_vpc_cidr

PROJECT = "slipway"
KEY = f"{PROJECT}:stack"

# For how many minutes an alarm looks before it stops a release.
DETECTION_MINUTES = 3
# What alarms need beside it: metrics of a load balancer arrive a minute or two late.
_DETECTION_MARGIN_MINUTES = 2

_RETENTION_DAYS = (
    1,
    3,
    5,
    7,
    14,
    30,
    60,
    90,
    120,
    150,
    180,
    365,
    400,
    545,
    731,
    1096,
    1827,
    2192,
    2557,
    2922,
    3288,
    3653,
)
# MiB that Fargate takes for each number of CPU units (ECS developer guide, "Task CPU and memory").
_FARGATE_MEMORY_MIB = {
    256: (512, 1024, 2048),
    512: tuple(range(1024, 4097, 1024)),
    1024: tuple(range(2048, 8193, 1024)),
    2048: tuple(range(4096, 16385, 1024)),
    4096: tuple(range(8192, 30721, 1024)),
}
_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")


class ConfigError(ValueError):
    """A stack file is wrong. The message lists every fault at once."""


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


def _check_domain(name: str) -> str:
    if not _DOMAIN.fullmatch(name):
        raise ValueError(
            f"{name!r} is not a full domain name in lower case, such as 'dev.triage.example.com'"
        )
    return name


def _check_cidr(cidr: str) -> str:
    ipaddress.IPv4Network(cidr)
    return cidr


def _check_retention(days: int) -> int:
    if days not in _RETENTION_DAYS:
        raise ValueError(
            f"CloudWatch keeps logs for one of {', '.join(map(str, _RETENTION_DAYS))} days, got {days}"
        )
    return days


VpcCidr = Annotated[str, AfterValidator(check_vpc_cidr)]
Cidr = Annotated[str, AfterValidator(_check_cidr)]
DomainName = Annotated[str, AfterValidator(_check_domain)]
RetentionDays = Annotated[int, AfterValidator(_check_retention)]
Words = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
VariableName = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$")]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class NetworkConfig(_Section):
    cidr: VpcCidr
    # A load balancer needs two zones, and three survive the loss of one with a majority.
    zones: int = Field(default=3, ge=2, le=3)
    nat: Nat = Nat.ONE_PER_AZ


class EntranceConfig(_Section):
    client_cidrs: tuple[Cidr, ...] = ("0.0.0.0/0",)
    # Who may try a release on the test listener before the public gets it.
    test_client_cidrs: tuple[Cidr, ...] = ()
    requests_per_five_minutes: int = Field(default=2000, ge=10, le=2_000_000_000)

    @model_validator(mode="after")
    def _test_listener_is_not_public(self) -> Self:
        if any(ipaddress.IPv4Network(cidr).prefixlen < 8 for cidr in self.test_client_cidrs):
            raise ValueError("test_client_cidrs must name who tests, not the whole internet: at least a /8")
        return self


class CanaryConfig(_Section):
    # Of the requests, to the new release, until the first bake is over.
    percent: float = Field(default=10.0, ge=0.1, le=50.0)
    canary_bake_minutes: int = Field(default=10, ge=1, le=1440)
    # After all requests go to the new release; the old one runs on for as long.
    bake_minutes: int = Field(default=10, ge=1, le=1440)

    @model_validator(mode="after")
    def _alarms_have_time(self) -> Self:
        needed = DETECTION_MINUTES + _DETECTION_MARGIN_MINUTES
        if self.canary_bake_minutes < needed:
            raise ValueError(
                f"canary_bake_minutes must be at least {needed}, which is what the alarms need to see a bad "
                f"release, got {self.canary_bake_minutes}"
            )
        return self


class TasksConfig(_Section):
    min: int = Field(default=2, ge=1, le=500)
    max: int = Field(default=6, ge=1, le=500)
    requests_per_minute_each: int = Field(default=600, ge=1)

    @model_validator(mode="after")
    def _min_is_not_above_max(self) -> Self:
        if self.min > self.max:
            raise ValueError(f"min must not be above max, got {self.min} and {self.max}")
        return self


class ServiceConfig(_Section):
    architecture: Architecture = Architecture.X86_64
    cpu_units: int = 512
    memory_mib: int = 1024
    log_level: LogLevel = LogLevel.INFO
    tasks: TasksConfig = TasksConfig()
    canary: CanaryConfig = CanaryConfig()
    # Variable of the container → entry of `secrets`.
    secrets: dict[VariableName, Words] = Field(default_factory=dict)
    # False ends an `up` when ECS has taken the change, and does not wait for what becomes of it.
    wait_for_steady_state: bool = True

    @model_validator(mode="after")
    def _fargate_takes_the_size(self) -> Self:
        allowed = _FARGATE_MEMORY_MIB.get(self.cpu_units)
        if allowed is None:
            raise ValueError(
                f"cpu_units must be one of {', '.join(map(str, _FARGATE_MEMORY_MIB))}, got {self.cpu_units}"
            )
        if self.memory_mib not in allowed:
            raise ValueError(
                f"memory_mib for {self.cpu_units} CPU units must be one of {', '.join(map(str, allowed))}, "
                f"got {self.memory_mib}"
            )
        return self


class StackConfig(_Section):
    """One environment, whole."""

    environment: Environment
    domain: DomainName
    owner: Words
    cost_center: Words
    network: NetworkConfig
    entrance: EntranceConfig = EntranceConfig()
    service: ServiceConfig = ServiceConfig()
    # Entries of Secrets Manager; their values are written by an operator and never stand in a file.
    secrets: tuple[Words, ...] = ()
    log_retention_days: RetentionDays = 365
    # False lets the stack be destroyed with all that it holds: the load balancer, logs, images, secrets.
    deletion_protection: bool = True

    @model_validator(mode="after")
    def _parts_agree(self) -> Self:
        faults = [
            f"service.secrets.{variable} names {entry!r}, which is no entry of secrets: "
            f"{', '.join(self.secrets) or 'there is none'}"
            for variable, entry in self.service.secrets.items()
            if entry not in self.secrets
        ]
        if self.environment is Environment.PROD:
            faults += self._unfit_for_prod()
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def _unfit_for_prod(self) -> list[str]:
        needs = [
            (self.network.nat is not Nat.NONE, "network.nat to be single or one_per_az, got none"),
            (self.service.tasks.min >= 2, f"service.tasks.min of at least 2, got {self.service.tasks.min}"),
            (self.deletion_protection, "deletion_protection, got false"),
            (self.service.wait_for_steady_state, "service.wait_for_steady_state, got false"),
        ]
        return [f"prod needs {need}" for is_met, need in needs if not is_met]


def load(path: Path) -> StackConfig:
    """Read the configuration of a stack file without an engine. Raises ConfigError."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigError(f"cannot read {path}: {' '.join(str(error).split())}") from error
    section = content.get("config") if isinstance(content, dict) else None
    return parse(section.get(KEY) if isinstance(section, dict) else None, path.name)


def from_pulumi() -> StackConfig:
    """The configuration of the stack that the engine runs. Raises RunError if it is wrong."""
    try:
        return parse(pulumi.Config(PROJECT).get_object("stack"), f"Pulumi.{pulumi.get_stack()}.yaml")
    except ConfigError as error:
        raise pulumi.RunError(str(error)) from error


def parse(value: Any, source: str) -> StackConfig:
    """Check one value of `slipway:stack`. Raises ConfigError, which names `source` and every wrong key."""
    if not isinstance(value, dict):
        raise ConfigError(
            f"{source} has no object {KEY} under config; copy it from another stack file and change it"
        )
    try:
        return StackConfig.model_validate(value)
    except ValidationError as error:
        faults = [_explain(fault) for fault in error.errors(include_url=False)]
        raise ConfigError(
            f"{source}: {KEY} is wrong in {len(faults)} place{'s' if len(faults) > 1 else ''}:\n"
            + "\n".join(f"  {fault}" for fault in faults)
        ) from None


def _explain(fault: Any) -> str:
    place = ".".join(str(step) for step in fault["loc"])
    message = str(fault["msg"]).removeprefix("Value error, ")
    if fault["type"] == "extra_forbidden":
        message = f"is not a key here; the keys are {', '.join(_keys_beside(fault['loc']))}"
    elif fault["type"] == "missing":
        message = "is missing"
    elif fault["type"] != "value_error":
        message = f"{message[0].lower()}{message[1:]}, got {fault['input']!r}"
    return f"{place}: {message}" if place else message


def _keys_beside(location: tuple[str | int, ...]) -> list[str]:
    model: type[BaseModel] = StackConfig
    for step in location[:-1]:
        annotation = model.model_fields[str(step)].annotation
        if not (isinstance(annotation, type) and issubclass(annotation, BaseModel)):
            return []
        model = annotation
    return list(model.model_fields)
