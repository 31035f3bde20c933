"""The sections of `slipway:stack`, key by key. What is left out is what production needs.

What keys must be to each other, and in which environment, stands in `rules.py`.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from infra.settings import values
from infra.topology import Nat


class Section(BaseModel):
    """Keys that belong together; any other key is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class NetworkConfig(Section):
    cidr: values.VpcCidr = Field(description="The range of the VPC; no other environment's overlaps it.")
    zones: int = Field(
        default=3,
        ge=1,
        le=3,
        # `rules.py` refuses one zone, with the reason.
        json_schema_extra={"minimum": 2},
        description="In how many zones everything stands. Three survive the loss of one with a majority.",
    )
    nat: Nat = Field(
        default=Nat.ONE_PER_AZ,
        description="The way out of the app tier. With a single gateway the loss of its zone cuts off all.",
    )


class EntranceConfig(Section):
    client_cidrs: tuple[values.Cidr, ...] = Field(default=("0.0.0.0/0",), description="Who may call.")
    test_client_cidrs: tuple[values.Cidr, ...] = Field(
        default=(),
        description="Who may try a release on the test listener before the public gets it; at least a /8.",
    )
    requests_per_five_minutes: int = Field(
        default=2000, ge=10, le=2_000_000_000, description="Of one address, before the firewall blocks it."
    )


class CanaryConfig(Section):
    percent: float = Field(
        default=10.0,
        ge=0.1,
        le=50.0,
        description="Of the requests, to the new release, until the first bake is over.",
    )
    canary_bake_minutes: int = Field(
        default=10, ge=1, le=1440, description="For how long the new release gets that share."
    )
    bake_minutes: int = Field(
        default=10,
        ge=1,
        le=1440,
        description="For how long the old release runs on after all requests go to the new one.",
    )


class TasksConfig(Section):
    min: int = Field(default=2, ge=1, le=500, description="How many run when nothing is to do.")
    max: int = Field(default=6, ge=1, le=500, description="How many run at most.")


class ServiceTasksConfig(TasksConfig):
    requests_per_minute_each: int = Field(
        default=600, ge=1, description="How many requests a task gets before another one is added."
    )


class _TaskSize(Section):
    cpu_units: values.CpuUnits = Field(default=512, description="1024 are one processor.")
    memory_mib: int = Field(default=1024, description="What Fargate has for so many CPU units.")


class ServiceConfig(_TaskSize):
    architecture: values.Architecture = Field(
        default=values.Architecture.X86_64, description="The processor of all tasks, image and functions."
    )
    log_level: values.LogLevel = Field(default=values.LogLevel.INFO, description="Of service and worker.")
    tasks: ServiceTasksConfig = Field(default=ServiceTasksConfig(), description="How many run.")
    canary: CanaryConfig = Field(default=CanaryConfig(), description="How a release reaches the public.")
    secrets: dict[values.VariableName, values.Words] = Field(
        default_factory=dict,
        # in the schema too, no other name is taken
        json_schema_extra={"additionalProperties": False},
        description="Variable of the container → entry of `secrets`.",
    )
    wait_for_steady_state: bool = Field(
        default=True,
        description="False ends an up when ECS has taken the change, whatever becomes of it.",
    )


class WorkerConfig(_TaskSize):
    tasks: TasksConfig = Field(default=TasksConfig(), description="How many run.")
    message_age_seconds: int = Field(
        default=60, ge=10, le=86_400, description="How old the oldest ticket of the queue may become."
    )


class DatabaseConfig(Section):
    instance_class: values.InstanceClass = Field(default="db.m7g.large", description="Its size.")
    storage_gib: int = Field(default=100, ge=20, le=65_536, description="What it begins with.")
    max_storage_gib: int = Field(
        default=500, ge=22, le=65_536, description="Up to which RDS makes it larger by itself."
    )
    multi_az: bool = Field(default=True, description="A standby in another zone takes over when one is lost.")
    backup_retention_days: int = Field(
        default=35,
        ge=1,
        le=35,
        description="How far back it can be restored to any second; 35 is RDS's most.",
    )


class AlertsConfig(Section):
    emails: tuple[values.EmailAddress, ...] = Field(default=(), description="Who is told of alarms.")


class BudgetConfig(Section):
    monthly_usd: int = Field(ge=1, description="What the account may cost; alerts come before it is reached.")


class ModelsConfig(Section):
    text: tuple[values.ModelId, ...] = Field(
        min_length=1,
        description="The only ones that may write, by id or inference profile; behind the guardrail.",
    )
    embedding: tuple[values.ModelId, ...] = Field(
        default=(), description="The only ones that may find what is alike; no guardrail applies to them."
    )


class SchedulesConfig(Section):
    time_zone: values.TimeZone = Field(
        default="UTC", description="In which the times of schedules are meant; daylight saving included."
    )


class SloConfig(Section):
    availability: float = Field(
        default=0.999,
        ge=0.94,
        le=0.9999,
        description="Share of requests that get no server error, in 30 days.",
    )
    latency_seconds: float = Field(default=2.0, gt=0, le=60, description="A slower answer is a slow one.")
    latency_share: float = Field(
        default=0.95, ge=0.94, le=0.9999, description="Share of requests that are not slow, in 30 days."
    )


class StackConfig(Section):
    """One environment, whole."""

    environment: values.Environment = Field(description="The name in the file's own name.")
    domain: values.DomainName = Field(description="Where the service answers; a zone of its own.")
    owner: values.Words = Field(description="The team that answers for it; a tag of every resource.")
    cost_center: values.Words = Field(description="Who pays; a tag of every resource.")
    repository: values.Repository = Field(description="The repository whose CI may plan and deploy.")
    network: NetworkConfig = Field(description="Addresses, zones, the way out.")
    entrance: EntranceConfig = Field(default=EntranceConfig(), description="Who may call, and how often.")
    service: ServiceConfig = Field(default=ServiceConfig(), description="The tasks that answer requests.")
    worker: WorkerConfig = Field(default=WorkerConfig(), description="The tasks that work off the queue.")
    image: values.ImageByDigest | None = Field(
        default=None, description="What all tasks run, by digest. Left out: built here from `app/`."
    )
    database: DatabaseConfig = Field(default=DatabaseConfig(), description="PostgreSQL on RDS.")
    models: ModelsConfig = Field(description="What of Bedrock may be used.")
    schedules: SchedulesConfig = Field(default=SchedulesConfig(), description="What runs at set times.")
    slo: SloConfig = Field(default=SloConfig(), description="What the users are promised.")
    alerts: AlertsConfig = Field(default=AlertsConfig(), description="Where alarms go.")
    budget: BudgetConfig = Field(description="What it may cost.")
    secrets: tuple[values.Words, ...] = Field(
        default=(),
        description="Entries of Secrets Manager; an operator writes their values, which stand in no file.",
    )
    log_retention_days: values.RetentionDays = Field(default=365, description="For how long logs are kept.")
    audit_retention_days: int = Field(
        default=365,
        ge=1,
        le=3650,
        description="For how long nobody can delete what was written for an audit; in prod not even an "
        "administrator.",
    )
    deletion_protection: bool = Field(
        default=True,
        description="False lets the stack be destroyed with all that it holds: data, logs, images, secrets.",
    )
    decommission: values.Environment | None = Field(
        default=None,
        description="The environment's own name, to take it down for good. Then, and only then, prod may "
        "have `deletion_protection: false`, and staging may have it beside a prod that has not.",
    )
