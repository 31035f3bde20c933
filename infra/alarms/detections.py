"""What in the logs a person is told of; and in particular, what in the flow logs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from infra.alarms.alarm import Alert, Owner, Severity
from infra.alarms.log_patterns import flow_pattern, outside, within
from infra.topology import Tier, tier_cidr


class Source(StrEnum):
    """The log that is read."""

    TRAIL = "trail"
    FLOWS = "flows"


@dataclass(frozen=True, kw_only=True)
class Detection(Alert):
    """A pattern, and how much of it within five minutes is too much. `value` is what a match adds."""

    source: Source
    pattern: str
    threshold: float = 0
    value: str = "1"


def flow_detections(vpc_cidr: str, *, egress_bytes_per_five_minutes: int) -> list[Detection]:
    """What to look for in the flow logs of a VPC, cut into tiers as `topology` does."""
    app, data = (within(tier_cidr(vpc_cidr, tier)) for tier in (Tier.APP, Tier.DATA))
    away = outside(vpc_cidr)
    return [
        _flows(
            "data-tier-rejected",
            "Connections to the data tier are refused: somebody looks for a way in, or a rule is missing",
            {"dstaddr": data, "action": "=REJECT"},
            # Packets that come after their connection is forgotten are refused too, a few at a time.
            threshold=20,
        ),
        _flows(
            "egress-denied",
            "Tasks try to reach addresses or ports outside that they may not",
            {"srcaddr": app, "dstaddr": away, "action": "=REJECT"},
            threshold=20,
        ),
        _flows(
            "egress-volume",
            "Tasks send far more to the outside than usual",
            {"srcaddr": app, "dstaddr": away, "action": "=ACCEPT"},
            threshold=egress_bytes_per_five_minutes,
            value="$bytes",
            severity=Severity.PAGE,
        ),
        _flows(
            "data-tier-egress",
            "The data tier, which has no way out, sends to the outside",
            {"srcaddr": data, "dstaddr": away, "action": "=ACCEPT"},
            severity=Severity.PAGE,
        ),
    ]


def _flows(
    role: str,
    meaning: str,
    conditions: dict[str, str],
    *,
    threshold: float = 0,
    value: str = "1",
    severity: Severity = Severity.TICKET,
) -> Detection:
    return Detection(
        role=role,
        meaning=meaning,
        severity=severity,
        owner=Owner.SECURITY,
        source=Source.FLOWS,
        pattern=flow_pattern(conditions),
        threshold=threshold,
        value=value,
    )
