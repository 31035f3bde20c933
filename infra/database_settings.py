"""What the database is told: its parameters, when each applies, and what it reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

# pgvector comes with it. The minor version is AWS's to raise.
ENGINE_VERSION = "17"
FAMILY = f"postgres{ENGINE_VERSION}"
LOGS = ("postgresql", "upgrade")
_SLOW_STATEMENT_MS = 500


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """A setting of Postgres. RDS refuses to apply a static one before the instance starts anew."""

    name: str
    value: str
    applies: Literal["immediate", "pending-reboot"] = "immediate"


PARAMETERS = (
    Parameter(name="rds.force_ssl", value="1"),
    Parameter(name="log_connections", value="1"),
    Parameter(name="log_disconnections", value="1"),
    Parameter(name="log_min_duration_statement", value=str(_SLOW_STATEMENT_MS)),
    # A slow statement is logged without its values: they are what customers wrote.
    Parameter(name="log_parameter_max_length", value="0"),
    Parameter(name="shared_preload_libraries", value="pg_stat_statements,pgaudit", applies="pending-reboot"),
    Parameter(name="pgaudit.log", value="ddl,role"),
)

# GiB of each class that a stack file may name (RDS user guide, "Hardware specifications for DB instance
# classes"). Alarms on free memory and connections are shares of it.
MEMORY_GIB = {
    "db.t4g.micro": 1,
    "db.t4g.small": 2,
    "db.t4g.medium": 4,
    "db.t4g.large": 8,
    "db.m7g.large": 8,
    "db.m7g.xlarge": 16,
    "db.m7g.2xlarge": 32,
    "db.m7g.4xlarge": 64,
    "db.m7g.8xlarge": 128,
    "db.r7g.large": 16,
    "db.r7g.xlarge": 32,
    "db.r7g.2xlarge": 64,
    "db.r7g.4xlarge": 128,
    "db.r7g.8xlarge": 256,
}
_BYTES_PER_CONNECTION = 9_531_392
_MOST_CONNECTIONS = 5000


def memory_bytes(instance_class: str) -> int:
    """The memory of a class in the table."""
    return MEMORY_GIB[instance_class] * 2**30


def max_connections(instance_class: str) -> int:
    """How many connections Postgres takes: LEAST(DBInstanceClassMemory/9531392, 5000), RDS's own default."""
    return min(memory_bytes(instance_class) // _BYTES_PER_CONNECTION, _MOST_CONNECTIONS)


# What a person has to know of, by the kind of thing that it happens to (RDS user guide, "Amazon RDS
# event categories and event messages").
EVENTS: Mapping[str, tuple[str, ...]] = {
    "db-instance": (
        "availability",
        "configuration change",
        "deletion",
        "failover",
        "failure",
        "low storage",
        "maintenance",
        "notification",
        "recovery",
    ),
    "db-parameter-group": ("configuration change",),
}
