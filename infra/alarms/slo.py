"""Service level objectives as data, and the arithmetic of their error budgets.

The windows and factors are those of the Google SRE Workbook, chapter 5, "Alerting on SLOs", for a period of
30 days: an alarm needs a long window, which says that the budget really suffers, and a short one, which says
that it still does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from infra.alarms.alarm import Alert, Owner, Severity

PERIOD_DAYS = 30
_PERIOD_SECONDS = PERIOD_DAYS * 86400
_MINUTE, _HOUR, _DAY = 60, 3600, 86400
# The namespace of the metrics that the application writes into its log (embedded metric format).
APPLICATION_NAMESPACE = "Slipway/Triage"


@dataclass(frozen=True, kw_only=True)
class BurnRate:
    """Two windows that must both burn faster than `factor`; `budget_share` is what the long one has spent."""

    severity: Severity
    short_seconds: int
    long_seconds: int
    budget_share: float

    @property
    def factor(self) -> float:
        """How many times faster than the budget allows; at 1, the budget is gone when the period is."""
        return round(self.budget_share * _PERIOD_SECONDS / self.long_seconds, 6)


BURN_RATES = (
    BurnRate(severity=Severity.PAGE, short_seconds=5 * _MINUTE, long_seconds=_HOUR, budget_share=0.02),
    BurnRate(severity=Severity.PAGE, short_seconds=30 * _MINUTE, long_seconds=6 * _HOUR, budget_share=0.05),
    BurnRate(severity=Severity.TICKET, short_seconds=2 * _HOUR, long_seconds=_DAY, budget_share=0.1),
    BurnRate(severity=Severity.TICKET, short_seconds=6 * _HOUR, long_seconds=3 * _DAY, budget_share=0.1),
)


@dataclass(frozen=True, kw_only=True)
class Metric:
    namespace: str
    name: str
    dimensions: Mapping[str, pulumi.Input[str]]
    stat: str = "Sum"


@dataclass(frozen=True, kw_only=True)
class Slo:
    """Which share of all events has to be good; `bad` and `total` are metric maths over `metrics`.

    Raises ValueError for an objective that is no share, or so low that a burn rate it is watched for cannot
    be reached even when every event is bad.
    """

    name: str
    good: str  # what a good event is: "requests answered without an error of ours"
    objective: float
    metrics: Mapping[str, Metric]  # by the id that `bad` and `total` use
    bad: str
    total: str
    owner: Owner
    # One error at night is no incident: so many events, and so many bad ones, have to lie in a window.
    fewest_total: int = 10
    fewest_bad: int = 5
    severities: tuple[Severity, ...] = (Severity.PAGE, Severity.TICKET)

    def __post_init__(self) -> None:
        if not 0 < self.objective < 1:
            raise ValueError(
                f"the objective of {self.name!r} is a share between 0 and 1, such as 0.999, "
                f"got {self.objective}"
            )
        highest = max(rate.factor for rate in self.burn_rates)
        if highest * self.budget >= 1:
            raise ValueError(
                f"the objective {self.objective} of {self.name!r} leaves a budget that cannot burn "
                f"{highest:g} times too fast; ask for more than {1 - 1 / highest:.4f}, or for tickets only"
            )

    @property
    def burn_rates(self) -> tuple[BurnRate, ...]:
        return tuple(rate for rate in BURN_RATES if rate.severity in self.severities)

    @property
    def budget(self) -> float:
        """The share of all events that may be bad."""
        return round(1 - self.objective, 9)

    @property
    def budget_minutes(self) -> float:
        """How long everything may fail in one period."""
        return self.budget * _PERIOD_SECONDS / _MINUTE

    def expressions(self) -> dict[str, str]:
        """Metric maths by id; `burn` is how many times too fast the budget goes."""
        enough = f"total >= {self.fewest_total} AND bad >= {self.fewest_bad}"
        return {
            "bad": self.bad,
            "total": self.total,
            "burn": f"IF({enough}, bad / total / {_plain(self.budget)}, 0)",
        }

    def budget_left(self) -> str:
        """Metric maths over `bad` and `total`: the percentage of the period's budget that is left."""
        return f"100 * (1 - bad / total / {_plain(self.budget)})"

    def alert(self, severity: Severity) -> Alert:
        """What the composite alarm of a severity tells."""
        rates = [rate for rate in self.burn_rates if rate.severity is severity]
        left = " or ".join(f"{hours_to_exhaustion(rate.factor):g} hours" for rate in rates)
        return Alert(
            role=f"{self.name}-{severity}",
            meaning=(
                f"Too few {self.good}: the objective is {self.objective:.3%} over {PERIOD_DAYS} days, and at "
                f"this rate its error budget lasts for less than {left}"
            ),
            severity=severity,
            owner=self.owner,
        )


def hours_to_exhaustion(factor: float) -> float:
    """How long a whole budget lasts at a steady burn rate."""
    return round(_PERIOD_SECONDS / _HOUR / factor, 6)


def window_name(seconds: int) -> str:
    """As people say it: `5m`, `6h`, `3d`."""
    for unit, letter in ((_DAY, "d"), (_HOUR, "h")):
        if seconds >= unit:
            return f"{seconds // unit}{letter}"
    return f"{seconds // _MINUTE}m"


def availability(objective: float, load_balancer: pulumi.Input[str]) -> Slo:
    """Requests that neither the service nor the load balancer answered with an error.

    RequestCount leaves out what found no target; the load balancer answers that with 503 ("CloudWatch metrics
    for your Application Load Balancer").
    """

    def counted(name: str) -> Metric:
        return Metric(namespace="AWS/ApplicationELB", name=name, dimensions={"LoadBalancer": load_balancer})

    return Slo(
        name="availability",
        good="requests answered without an error of ours",
        objective=objective,
        metrics={
            "target_errors": counted("HTTPCode_Target_5XX_Count"),
            "balancer_errors": counted("HTTPCode_ELB_5XX_Count"),
            "routed": counted("RequestCount"),
            "unrouted": counted("HTTPCode_ELB_503_Count"),
        },
        bad="FILL(target_errors, 0) + FILL(balancer_errors, 0)",
        total="FILL(routed, 0) + FILL(unrouted, 0)",
        owner=Owner.TRIAGE,
    )


def latency(objective: float, service: str) -> Slo:
    """Requests answered within the application's latency budget, as the application counts them."""
    return Slo(
        name="latency",
        good="requests answered in time",
        objective=objective,
        metrics={"slow": _counted("Slow", service), "requests": _counted("Requests", service)},
        bad="FILL(slow, 0)",
        total="FILL(requests, 0)",
        owner=Owner.TRIAGE,
    )


def quality(objective: float, service: str) -> Slo:
    """Tickets decided by the models, without a person and without an answer that broke the schema.

    By tickets only: a person is the safe way out, so that no customer waits while the share is low.
    """
    return Slo(
        name="quality",
        good="tickets decided without a person and within the schema",
        objective=objective,
        metrics={
            "broken": _counted("SchemaFailures", service),
            "escalated": _counted("Escalations", service),
            "requests": _counted("Requests", service),
        },
        bad="FILL(broken, 0) + FILL(escalated, 0)",
        total="FILL(requests, 0)",
        owner=Owner.TRIAGE,
        severities=(Severity.TICKET,),
    )


def freshness(objective: float, service: str, age_seconds: int) -> Slo:
    """Queued messages that were taken up before they were `age_seconds` old.

    PR is the percentage of values within bounds ("CloudWatch statistics definitions"). A worker that takes up
    nothing has no values: that is for the alarm on the age of the oldest message to see.
    """

    def age(stat: str) -> Metric:
        return Metric(
            namespace=APPLICATION_NAMESPACE,
            name="QueueAgeSeconds",
            dimensions={"Service": service},
            stat=stat,
        )

    return Slo(
        name="freshness",
        good=f"messages taken up within {age_seconds} seconds",
        objective=objective,
        metrics={"late_percent": age(f"PR({age_seconds}:)"), "taken": age("SampleCount")},
        bad="FILL(late_percent, 0) / 100 * FILL(taken, 0)",
        total="FILL(taken, 0)",
        owner=Owner.TRIAGE,
    )


def _counted(name: str, service: str) -> Metric:
    return Metric(namespace=APPLICATION_NAMESPACE, name=name, dimensions={"Service": service})


def _plain(number: float) -> str:
    # Metric maths does not say that it reads 5e-05.
    return f"{number:.9f}".rstrip("0")
