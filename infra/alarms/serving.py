"""The required alarms of what answers requests, and of the ways in and out."""

from __future__ import annotations

from infra.alarms.alarm import Owner, Severity
from infra.alarms.spec import AlarmSpec, Comparison, Kind, Limit, Measure, Missing, one

_DAY_SECONDS = 86400


def _load_balancer(role: str, metric: str, threshold: float, meaning: str) -> AlarmSpec:
    return AlarmSpec(
        kind=Kind.LOAD_BALANCER,
        role=role,
        namespace="AWS/ApplicationELB",
        measures=one(metric),
        stat="Sum",
        threshold=threshold,
        meaning=meaning,
        severity=Severity.TICKET,
        owner=Owner.PLATFORM,
    )


def _service(role: str, metric: str, meaning: str) -> AlarmSpec:
    return AlarmSpec(
        kind=Kind.SERVICE,
        role=role,
        namespace="AWS/ECS",
        measures=one(metric),
        stat="Average",
        threshold=85,
        evaluation_periods=15,
        datapoints_to_alarm=15,
        meaning=meaning,
        severity=Severity.TICKET,
        owner=Owner.TRIAGE,
    )


def _function(role: str, metric: str, stat: str, threshold: float | Limit, meaning: str) -> AlarmSpec:
    return AlarmSpec(
        kind=Kind.FUNCTION,
        role=role,
        namespace="AWS/Lambda",
        measures=one(metric),
        stat=stat,
        threshold=threshold,
        period_seconds=300,
        evaluation_periods=1,
        datapoints_to_alarm=1,
        meaning=meaning,
        severity=Severity.TICKET,
        owner=Owner.PLATFORM,
    )


def _model(role: str, metric: str, stat: str, threshold: float | Limit, meaning: str) -> AlarmSpec:
    return AlarmSpec(
        kind=Kind.MODEL,
        role=role,
        namespace="AWS/Bedrock",
        measures=one(metric),
        stat=stat,
        threshold=threshold,
        period_seconds=300,
        evaluation_periods=3,
        datapoints_to_alarm=3,
        meaning=meaning,
        severity=Severity.TICKET,
        owner=Owner.TRIAGE,
    )


def _certificate(role: str, days: int, severity: Severity) -> AlarmSpec:
    return AlarmSpec(
        kind=Kind.CERTIFICATE,
        role=role,
        namespace="AWS/CertificateManager",
        measures=one("DaysToExpiry"),
        stat="Minimum",
        threshold=days,
        comparison=Comparison.BELOW,
        period_seconds=_DAY_SECONDS,
        evaluation_periods=1,
        datapoints_to_alarm=1,
        # The metric ends with the certificate: what was an alarm then has to stay one.
        missing=Missing.AS_BEFORE,
        meaning=f"A certificate expires in less than {days} days and AWS has not renewed it",
        severity=severity,
        owner=Owner.PLATFORM,
    )


SERVING: tuple[AlarmSpec, ...] = (
    _load_balancer(
        "balancer-errors",
        "HTTPCode_ELB_5XX_Count",
        10,
        "The load balancer itself answers with errors: it finds no healthy task or gets no answer from one",
    ),
    _load_balancer(
        "target-connection-errors",
        "TargetConnectionErrorCount",
        10,
        "The load balancer cannot connect to tasks",
    ),
    _load_balancer(
        "rejected-connections",
        "RejectedConnectionCount",
        0,
        "The load balancer turns clients away because it has too many connections",
    ),
    AlarmSpec(
        kind=Kind.TARGET_GROUP,
        role="unhealthy-hosts",
        namespace="AWS/ApplicationELB",
        measures=one("UnHealthyHostCount"),
        stat="Maximum",
        threshold=0,
        evaluation_periods=10,
        datapoints_to_alarm=10,
        meaning="A task has failed its health check for ten minutes and was not replaced",
        severity=Severity.TICKET,
        owner=Owner.TRIAGE,
    ),
    _service("service-cpu", "CPUUtilization", "The tasks of a service are short of CPU"),
    _service("service-memory", "MemoryUtilization", "The tasks of a service are short of memory"),
    AlarmSpec(
        kind=Kind.SERVICE,
        role="tasks-missing",
        namespace="ECS/ContainerInsights",
        measures=(Measure(metric="DesiredTaskCount"), Measure(metric="RunningTaskCount")),
        expression="m0 - FILL(m1, 0)",
        stat="Average",
        threshold=0,
        evaluation_periods=15,
        datapoints_to_alarm=15,
        meaning="A service has run fewer tasks than it should for 15 minutes: new tasks do not start",
        severity=Severity.PAGE,
        owner=Owner.TRIAGE,
    ),
    _function("function-errors", "Errors", "Sum", 0, "A function failed"),
    _function("function-throttles", "Throttles", "Sum", 0, "A function was refused for want of concurrency"),
    _function(
        "function-duration",
        "Duration",
        "Maximum",
        Limit(of="timeout_milliseconds", share=0.8),
        "A function runs nearly as long as it may",
    ),
    _model("model-throttles", "InvocationThrottles", "Sum", 5, "A model refuses calls because of its quota"),
    _model("model-server-errors", "InvocationServerErrors", "Sum", 5, "A model fails to answer"),
    _model(
        "model-latency",
        "InvocationLatency",
        "p95",
        Limit(of="latency_milliseconds"),
        "A model answers one call in twenty too slowly",
    ),
    AlarmSpec(
        kind=Kind.FIREWALL,
        role="firewall-blocked",
        namespace="AWS/WAFV2",
        measures=(
            Measure(metric="BlockedRequests", fixed={"Rule": "ALL"}),
            Measure(metric="AllowedRequests", fixed={"Rule": "ALL"}),
        ),
        # A spike is many and a large part: a scanner alone is neither.
        expression="IF(FILL(m0, 0) > 500, FILL(m0, 0) / (FILL(m0, 0) + FILL(m1, 0)), 0)",
        stat="Sum",
        threshold=0.2,
        period_seconds=300,
        evaluation_periods=2,
        datapoints_to_alarm=2,
        meaning="The firewall blocks over a fifth of all requests: an attack, or a rule that hits customers",
        severity=Severity.TICKET,
        owner=Owner.SECURITY,
    ),
    AlarmSpec(
        kind=Kind.NAT_GATEWAY,
        role="nat-port-errors",
        namespace="AWS/NATGateway",
        measures=one("ErrorPortAllocation"),
        stat="Sum",
        threshold=0,
        evaluation_periods=15,
        datapoints_to_alarm=15,
        meaning="A NAT gateway has no port left for new connections to one destination",
        severity=Severity.TICKET,
        owner=Owner.PLATFORM,
    ),
    AlarmSpec(
        kind=Kind.NAT_GATEWAY,
        role="nat-packet-drops",
        namespace="AWS/NATGateway",
        measures=(
            Measure(metric="PacketsDropCount"),
            Measure(metric="PacketsInFromSource"),
            Measure(metric="PacketsInFromDestination"),
        ),
        expression="IF(FILL(m0, 0) > 0, FILL(m0, 0) / (FILL(m0, 0) + FILL(m1, 0) + FILL(m2, 0)), 0)",
        stat="Sum",
        threshold=0.0001,
        evaluation_periods=15,
        datapoints_to_alarm=15,
        meaning="A NAT gateway drops more than one packet in ten thousand",
        severity=Severity.TICKET,
        owner=Owner.PLATFORM,
    ),
    # AWS renews 60 days ahead ("Managed certificate renewal").
    _certificate("certificate-expiry", 30, Severity.TICKET),
    _certificate("certificate-last-days", 7, Severity.PAGE),
)
