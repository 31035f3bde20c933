"""What the service is told by its environment. The only module that reads it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

PREFIX = "TRIAGE_"


class Environment(StrEnum):
    """Where the service runs."""

    DEV = "dev"
    STAGING = "staging"
    PROD = "prod"


class LogLevel(StrEnum):
    """The least severe line that is written."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class SettingsError(Exception):
    """The environment asks for something that the service does not know or allow."""


class Settings(BaseModel):
    """Each field is read from `TRIAGE_<FIELD>`. What is not said means production."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    environment: Environment = Environment.PROD
    # A container is reached over its own network interface.
    host: str = "0.0.0.0"  # noqa: S104
    port: int = Field(default=8080, ge=1, le=65535)
    revision: str = Field(default="unknown", pattern=r"^[A-Za-z0-9._:@/+-]{1,200}$")
    log_level: LogLevel = LogLevel.INFO
    # Shorter than the 30 seconds after which ECS kills a task that was asked to stop.
    shutdown_seconds: int = Field(default=20, ge=0, le=110)
    max_body_bytes: int = Field(default=256 * 1024, ge=1024, le=16 * 1024 * 1024)
    # Where what a task works with is. What is left out is not there for that task.
    database_host: str | None = None
    database_port: int = Field(default=5432, ge=1, le=65535)
    database_name: str | None = None
    database_user: str | None = None
    database_master_arn: str | None = None
    queue_url: str | None = None
    flags_application: str | None = None
    flags_environment: str | None = None
    flags_profile: str | None = None
    exports_bucket: str | None = None
    audit_bucket: str | None = None
    models: str | None = None
    embedding_models: str | None = None
    guardrail_id: str | None = None
    guardrail_version: str | None = None
    signing_key_arn: str | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read the settings; names without the prefix belong to others and are passed over.

        Raises SettingsError, which lists every fault and never repeats a value.
        """
        given = {
            name.removeprefix(PREFIX).lower(): value
            for name, value in environment.items()
            if name.startswith(PREFIX)
        }
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            raise SettingsError("; ".join(_explain(error))) from None


def _explain(error: ValidationError) -> list[str]:
    known = ", ".join(f"{PREFIX}{field.upper()}" for field in Settings.model_fields)
    faults = []
    for fault in error.errors(include_input=False, include_url=False):
        name = f"{PREFIX}{str(fault['loc'][0]).upper()}"
        if fault["type"] == "extra_forbidden":
            faults.append(f"{name} is not a setting; the settings are {known}")
        else:
            faults.append(f"{name}: {fault['msg'][0].lower()}{fault['msg'][1:]}")
    return faults
