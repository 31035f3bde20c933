"""The shape of a required alarm: what it looks at, and what the resource has to say of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import pulumi

from infra.alarms.alarm import Alert


class Kind(StrEnum):
    """What can be watched. Each has its alarms in the catalogue."""

    BACKUP_VAULT = "backup-vault"
    CERTIFICATE = "certificate"
    DATABASE = "database"
    DEAD_LETTER_QUEUE = "dead-letter-queue"
    FIREWALL = "firewall"
    FUNCTION = "function"
    LOAD_BALANCER = "load-balancer"
    MODEL = "model"
    NAT_GATEWAY = "nat-gateway"
    QUEUE = "queue"
    SCHEDULE_GROUP = "schedule-group"
    SERVICE = "service"
    TABLE = "table"
    TARGET_GROUP = "target-group"
    TOPIC = "topic"


# The dimensions that find the metrics of a kind; each watched resource gives a value for each.
DIMENSIONS: Mapping[Kind, tuple[str, ...]] = {
    Kind.BACKUP_VAULT: ("BackupVaultName",),
    Kind.CERTIFICATE: ("CertificateArn",),
    Kind.DATABASE: ("DBInstanceIdentifier",),
    Kind.DEAD_LETTER_QUEUE: ("QueueName",),
    # WebACL is the ACL's metric name, not its ARN.
    Kind.FIREWALL: ("WebACL", "Region"),
    Kind.FUNCTION: ("FunctionName",),
    Kind.LOAD_BALANCER: ("LoadBalancer",),
    Kind.MODEL: ("ModelId",),
    Kind.NAT_GATEWAY: ("NatGatewayId",),
    Kind.QUEUE: ("QueueName",),
    Kind.SCHEDULE_GROUP: ("ScheduleGroup",),
    Kind.SERVICE: ("ClusterName", "ServiceName"),
    Kind.TABLE: ("TableName",),
    Kind.TARGET_GROUP: ("LoadBalancer", "TargetGroup"),
    Kind.TOPIC: ("TopicName",),
}


class Comparison(StrEnum):
    ABOVE = "GreaterThanThreshold"
    BELOW = "LessThanThreshold"


class Missing(StrEnum):
    """What silence means (CloudWatch user guide, "Configuring how alarms treat missing data")."""

    FINE = "notBreaching"
    BAD = "breaching"
    AS_BEFORE = "ignore"


@dataclass(frozen=True, kw_only=True)
class Limit:
    """A threshold that is a share of what a resource says of itself: `Limit(of="timeout_milliseconds")`."""

    of: str
    share: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Measure:
    """A metric of the watched resource; `fixed` are dimensions whose values are the same for all."""

    metric: str
    fixed: Mapping[str, str] = field(default_factory=dict)


def one(metric: str) -> tuple[Measure, ...]:
    """The measures of an alarm on a single metric."""
    return (Measure(metric=metric),)


@dataclass(frozen=True, kw_only=True)
class AlarmSpec(Alert):
    """One required alarm. With an `expression`, the measures are `m0`, `m1` and so on in it."""

    kind: Kind
    namespace: str
    measures: tuple[Measure, ...]
    stat: str
    threshold: float | Limit
    expression: str = ""
    comparison: Comparison = Comparison.ABOVE
    period_seconds: int = 60
    evaluation_periods: int = 5
    datapoints_to_alarm: int = 5
    missing: Missing = Missing.FINE


@dataclass(frozen=True, kw_only=True)
class Watched:
    """A resource that gets the alarms of its kind."""

    kind: Kind
    name: str  # its role in the stack: "tickets"
    dimensions: Mapping[str, pulumi.Input[str]]
    limits: Mapping[str, float] = field(default_factory=dict)


def threshold(spec: AlarmSpec, watched: Watched) -> float:
    """The number to compare with, of a resource that `check` has found whole."""
    if isinstance(spec.threshold, Limit):
        return spec.threshold.share * watched.limits[spec.threshold.of]
    return spec.threshold


def check(watched: Watched, specs: tuple[AlarmSpec, ...]) -> None:
    """Raise ValueError unless a resource gives just the dimensions and limits that its alarms need."""
    limits = {spec.threshold.of for spec in specs if isinstance(spec.threshold, Limit)}
    for what, needed, given in (
        ("dimensions", set(DIMENSIONS[watched.kind]), set(watched.dimensions)),
        ("limits", limits, set(watched.limits)),
    ):
        if needed != given:
            raise ValueError(
                f"the alarms of {watched.kind} {watched.name!r} need the {what} "
                f"{', '.join(sorted(needed)) or 'none'}, got {', '.join(sorted(given)) or 'none'}"
            )
