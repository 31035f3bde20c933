"""What is watched, and who is told."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi

from infra.alarms import slo
from infra.alarms.detections import Source, flow_detections
from infra.alarms.trail import Expected, trail_detections
from infra.ci.scope import CiScope
from infra.components.alarms import RollbackAlarms, RollbackAlarmsArgs
from infra.components.dashboard import Dashboard, DashboardArgs
from infra.components.detections import Detections, DetectionsArgs
from infra.components.entrance import Entrance
from infra.components.event_alarms import EventAlarms, EventAlarmsArgs
from infra.components.quota_alarms import QuotaAlarms, QuotaAlarmsArgs
from infra.components.resource_alarms import ResourceAlarms, ResourceAlarmsArgs
from infra.components.slo_alarms import SloAlarms, SloAlarmsArgs
from infra.components.worker_alarms import WorkerAlarms, WorkerAlarmsArgs
from infra.config import DETECTION_MINUTES, Environment
from infra.stack.ground import Ground
from infra.stack.stores import Messaging, secret_reader_names
from infra.stack.watched import Observed, dead_letters, watched
from infra.stack.workloads import cluster_name, service_name

# The values of the dimension `Service` in the application's metrics.
_SERVICE, _WORKER = "triage", "triage-worker"
_QUALITY_OBJECTIVE = 0.8
_FRESHNESS_OBJECTIVE = 0.99
_EGRESS_BYTES_PER_FIVE_MINUTES = 2_000_000_000


def build_rollback_alarms(ground: Ground, entrance: Entrance) -> RollbackAlarms:
    """What takes a release back while it runs."""
    return RollbackAlarms(
        "rollback",
        RollbackAlarmsArgs(
            label=ground.label.of("rollback"),
            load_balancer_dimension=entrance.load_balancer_dimension,
            target_group_dimensions=list(entrance.target_group_dimensions.values()),
            evaluation_minutes=DETECTION_MINUTES,
            alarm_actions=[ground.ticket_topic_arn],
        ),
    )


def build_worker_alarms(ground: Ground, messaging: Messaging) -> WorkerAlarms:
    """What takes a release of the worker back while it runs."""
    return WorkerAlarms(
        "worker-rollback",
        WorkerAlarmsArgs(
            label=ground.label.of("worker-rollback"),
            application=_WORKER,
            dead_letter_queue_name=messaging.tickets.dead_letters.name,
            evaluation_minutes=DETECTION_MINUTES,
            alarm_actions=[ground.ticket_topic_arn],
        ),
    )


def objectives(ground: Ground, entrance: Entrance) -> tuple[slo.Slo, ...]:
    """What the users are promised."""
    config = ground.config
    return (
        slo.availability(config.slo.availability, entrance.load_balancer_dimension),
        slo.latency(config.slo.latency_share, _SERVICE),
        slo.quality(_QUALITY_OBJECTIVE, _SERVICE),
        slo.freshness(_FRESHNESS_OBJECTIVE, _WORKER, config.worker.message_age_seconds),
    )


def build_slo_alarms(ground: Ground, entrance: Entrance) -> SloAlarms:
    """Made before the service is, by its name: its flags go back on one of these."""
    return SloAlarms(
        "slo",
        SloAlarmsArgs(
            label=ground.label.of("slo"),
            slos=objectives(ground, entrance),
            topic_arns=ground.topics.topic_arns,
            cluster_name=cluster_name(ground),
            service_name=service_name(ground),
        ),
    )


def build_observation(
    ground: Ground, observed: Observed, alarm_arns: Sequence[pulumi.Output[str]]
) -> Dashboard:
    """Alarms on each resource, on events, on what the logs tell and on quotas; and a page for all of it.

    The page shows the given alarms too, which are there already.
    """
    topic_arns = ground.topics.topic_arns
    resources = ResourceAlarms(
        "resources",
        ResourceAlarmsArgs(
            label=ground.label.of("resources"), watched=watched(ground, observed), topic_arns=topic_arns
        ),
    )
    EventAlarms(
        "events",
        EventAlarmsArgs(
            label=ground.label.of("events"),
            topic_arns=topic_arns,
            dead_letter_queue_arn=ground.topics.dead_letter_queue_arn,
        ),
    )
    detections = Detections(
        "detections",
        DetectionsArgs(
            label=ground.label.of("detections"),
            detections=[
                *trail_detections(_expected(ground)),
                *flow_detections(
                    ground.config.network.cidr,
                    egress_bytes_per_five_minutes=_EGRESS_BYTES_PER_FIVE_MINUTES,
                ),
            ],
            log_group_names={
                Source.TRAIL: observed.trail.log_group_name,
                Source.FLOWS: observed.network.flow_log_group_name,
            },
            topic_arns=topic_arns,
        ),
    )
    quotas = QuotaAlarms("quotas", QuotaAlarmsArgs(label=ground.label.of("quotas"), topic_arns=topic_arns))
    return _build_dashboard(
        ground,
        observed,
        [*alarm_arns, *resources.arns, *detections.arns, *quotas.arns],
    )


def _expected(ground: Ground) -> Expected:
    scope = CiScope(account=ground.account, label=ground.label, repository=ground.config.repository)

    def role_arn(name: str) -> str:
        return ground.account.global_arn("iam", f"role/{name}")

    return Expected(
        deploy_role_arns=[role_arn(scope.role_name("deploy"))],
        secret_reader_role_arns=[role_arn(name) for name in secret_reader_names(ground)],
        # People work in the console of dev. staging is watched as prod is.
        console_logins=ground.config.environment is Environment.DEV,
    )


def _build_dashboard(ground: Ground, observed: Observed, alarm_arns: list[pulumi.Output[str]]) -> Dashboard:
    entrance, workloads = observed.entrance, observed.workloads
    return Dashboard(
        "dashboard",
        DashboardArgs(
            label=ground.label.of("overview"),
            region=ground.account.region,
            load_balancer_dimension=entrance.load_balancer_dimension,
            target_group_dimensions=entrance.target_group_dimensions,
            cluster_name=workloads.cluster.name,
            service_names={
                "api": workloads.service.service_name,
                "worker": workloads.worker.service_name,
            },
            application=_SERVICE,
            queue_name=observed.messaging.tickets.name,
            dead_letter_queue_names=dead_letters(ground, observed),
            database_identifier=observed.database.identifier,
            model_ids={
                model: arn.apply(lambda value: value.rpartition("/")[2])
                for model, arn in observed.models.profile_arn_by_model.items()
            },
            slos=objectives(ground, entrance),
            alarm_arns=alarm_arns,
        ),
    )
