"""The observability of a whole stack, on made-up resources, recorded once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import pulumi

from infra.account import Account
from infra.alarms import slo
from infra.alarms.alarm import Severity
from infra.alarms.catalogue import alarms_of
from infra.alarms.detections import Source, flow_detections
from infra.alarms.spec import DIMENSIONS, Kind, Limit, Watched
from infra.alarms.trail import Expected, trail_detections
from infra.components.alarm_topic import AlarmTopic, AlarmTopicArgs
from infra.components.alarms import RollbackAlarms, RollbackAlarmsArgs
from infra.components.dashboard import Dashboard, DashboardArgs
from infra.components.detections import Detections, DetectionsArgs
from infra.components.event_alarms import EventAlarms, EventAlarmsArgs
from infra.components.quota_alarms import QuotaAlarms, QuotaAlarmsArgs
from infra.components.resource_alarms import ResourceAlarms, ResourceAlarmsArgs
from infra.components.slo_alarms import SloAlarms, SloAlarmsArgs
from infra.naming import Label
from tests.infra.recorder import ACCOUNT_ID, REGION, Recording, record

ACCOUNT = Account(partition="aws", account_id=ACCOUNT_ID, region=REGION)
LABEL = Label(project="slipway", environment="dev", owner="platform", cost_center="triage-dev")
VPC_CIDR = "10.10.0.0/16"
DEPLOY_ROLE = ACCOUNT.global_arn("iam", "role/slipway-dev-ci-deploy")
SECRET_READER = ACCOUNT.global_arn("iam", "role/slipway-dev-service-execution")
DETECTIONS = (
    *trail_detections(Expected(deploy_role_arns=[DEPLOY_ROLE], secret_reader_role_arns=[SECRET_READER])),
    *flow_detections(VPC_CIDR, egress_bytes_per_five_minutes=1_000_000_000),
)
SLOS = (
    slo.availability(0.999, "balancer-dimension"),
    slo.latency(0.99, "triage"),
    slo.quality(0.8, "triage"),
    slo.freshness(0.99, "triage", 300),
)


def watched(kind: Kind) -> Watched:
    """A resource of a kind with all that its alarms need."""
    return Watched(
        kind=kind,
        name="example",
        dimensions={name: f"{kind}-{name}" for name in DIMENSIONS[kind]},
        limits={spec.threshold.of: 100.0 for spec in alarms_of(kind) if isinstance(spec.threshold, Limit)},
    )


def dashboard_args(alarm_arns: Sequence[pulumi.Input[str]]) -> DashboardArgs:
    return DashboardArgs(
        label=LABEL,
        region=REGION,
        load_balancer_dimension="balancer-dimension",
        target_group_dimensions={"green": "green-dimension", "blue": "blue-dimension"},
        cluster_name="cluster",
        service_names={"api": "api-service", "worker": "worker-service"},
        application="triage",
        queue_name="tickets",
        dead_letter_queue_names={"tickets": "tickets-dead", "schedules": "schedules-dead"},
        database_identifier="database",
        model_ids={"large": "model-one", "small": "model-two"},
        slos=SLOS,
        alarm_arns=alarm_arns,
    )


def _program() -> Mapping[str, object]:
    topic = AlarmTopic(
        "alarm-topic",
        AlarmTopicArgs(
            label=LABEL.of("alarms"),
            account=ACCOUNT,
            key_arn="key-of-messages",
            emails={
                Severity.PAGE: ["night@example.com"],
                Severity.TICKET: ["day@example.com", "team@example.com"],
            },
        ),
    )
    topics = topic.topic_arns
    rollback = RollbackAlarms(
        "rollback",
        RollbackAlarmsArgs(
            label=LABEL.of("rollback"),
            load_balancer_dimension="balancer-dimension",
            target_group_dimensions=["blue-dimension", "green-dimension"],
            evaluation_minutes=3,
            alarm_actions=[topics[Severity.TICKET]],
        ),
    )
    objectives = SloAlarms(
        "slo",
        SloAlarmsArgs(
            label=LABEL.of("slo"),
            slos=SLOS,
            topic_arns=topics,
            cluster_name="cluster",
            service_name="api-service",
        ),
    )
    resources = ResourceAlarms(
        "resources",
        ResourceAlarmsArgs(
            label=LABEL.of("resources"), watched=[watched(kind) for kind in Kind], topic_arns=topics
        ),
    )
    EventAlarms(
        "events",
        EventAlarmsArgs(
            label=LABEL.of("events"), topic_arns=topics, dead_letter_queue_arn=topic.dead_letter_queue_arn
        ),
    )
    detections = Detections(
        "detections",
        DetectionsArgs(
            label=LABEL.of("detections"),
            detections=DETECTIONS,
            log_group_names={Source.TRAIL: "trail-logs", Source.FLOWS: "flow-logs"},
            topic_arns=topics,
        ),
    )
    quotas = QuotaAlarms("quotas", QuotaAlarmsArgs(label=LABEL.of("quotas"), topic_arns=topics))
    alarm_arns = [*rollback.arns, *objectives.arns, *resources.arns, *detections.arns, *quotas.arns]
    Dashboard("dashboard", dashboard_args(alarm_arns))
    return {"topics": topics, "alarm_arns": alarm_arns}


@cache
def observed() -> Recording:
    """What the components of observability ask for."""
    return record(_program)
