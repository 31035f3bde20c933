"""What is watched, and who is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from infra import database_settings, slo
from infra.alarm_spec import Kind, Watched
from infra.ci.scope import CiScope
from infra.components.alarms import RollbackAlarms, RollbackAlarmsArgs
from infra.components.backups import Backups
from infra.components.dashboard import Dashboard, DashboardArgs
from infra.components.database import Database
from infra.components.detections import Detections, DetectionsArgs
from infra.components.domain import Domain
from infra.components.entrance import Entrance
from infra.components.event_alarms import EventAlarms, EventAlarmsArgs
from infra.components.judge import Judge
from infra.components.models import Models
from infra.components.network import Network
from infra.components.quota_alarms import QuotaAlarms, QuotaAlarmsArgs
from infra.components.resource_alarms import ResourceAlarms, ResourceAlarmsArgs
from infra.components.slo_alarms import SloAlarms, SloAlarmsArgs
from infra.components.table import Table
from infra.components.trail import Trail
from infra.components.worker_alarms import WorkerAlarms, WorkerAlarmsArgs
from infra.config import DETECTION_MINUTES, Environment
from infra.detection_rules import Source, flow_detections
from infra.stack.ground import Ground
from infra.stack.stores import Messaging, Secrets, secret_reader_names
from infra.stack.workloads import Workloads, cluster_name, service_name
from infra.trail_rules import Expected, trail_detections

# The values of the dimension `Service` in the application's metrics.
_SERVICE, _WORKER = "triage", "triage-worker"
_QUALITY_OBJECTIVE = 0.8
_FRESHNESS_OBJECTIVE = 0.99
_MODEL_LATENCY_MILLISECONDS = 10_000
_FUNCTION_TIMEOUT_MILLISECONDS = 60_000
_EGRESS_BYTES_PER_FIVE_MINUTES = 2_000_000_000


@dataclass(frozen=True, kw_only=True)
class Observed:
    """All that gets alarms."""

    network: Network
    entrance: Entrance
    domain: Domain
    database: Database
    releases: Table
    messaging: Messaging
    secrets: Secrets
    judge: Judge
    models: Models
    workloads: Workloads
    trail: Trail
    backups: Backups


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
            label=ground.label.of("resources"), watched=_watched(ground, observed), topic_arns=topic_arns
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


def _dead_letters(ground: Ground, observed: Observed) -> Mapping[str, pulumi.Input[str]]:
    """The queues in which somebody has to look, by whose failures they hold."""
    return {
        "tickets": observed.messaging.tickets.dead_letters.name,
        "schedules": observed.messaging.schedules.dead_letters.name,
        "judge": observed.judge.dead_letters.name,
        "rotation": observed.secrets.rotation.dead_letters.name,
        "notices": ground.topics.dead_letter_queue_name,
    }


def _watched(ground: Ground, observed: Observed) -> list[Watched]:
    return [
        *_serving(ground, observed),
        *_data(ground, observed),
        *(
            Watched(
                kind=Kind.FUNCTION,
                name=name,
                dimensions={"FunctionName": function_name},
                limits={"timeout_milliseconds": _FUNCTION_TIMEOUT_MILLISECONDS},
            )
            for name, function_name in (
                ("judge", observed.judge.function_name),
                ("rotation", observed.secrets.rotation.function_name),
            )
        ),
        *(
            Watched(kind=Kind.TOPIC, name=severity, dimensions={"TopicName": name})
            for severity, name in ground.topics.topic_names.items()
        ),
    ]


def _serving(ground: Ground, observed: Observed) -> list[Watched]:
    entrance, workloads = observed.entrance, observed.workloads
    balancer = {"LoadBalancer": entrance.load_balancer_dimension}
    services = {"api": workloads.service.service_name, "worker": workloads.worker.service_name}
    return [
        Watched(kind=Kind.LOAD_BALANCER, name="entrance", dimensions=balancer),
        *(
            Watched(kind=Kind.TARGET_GROUP, name=colour, dimensions={**balancer, "TargetGroup": dimension})
            for colour, dimension in entrance.target_group_dimensions.items()
        ),
        *(
            Watched(
                kind=Kind.SERVICE,
                name=name,
                dimensions={"ClusterName": workloads.cluster.name, "ServiceName": each},
            )
            for name, each in services.items()
        ),
        *(
            Watched(
                kind=Kind.MODEL,
                name=f"model-{place}",
                dimensions={"ModelId": arn.apply(lambda value: value.rpartition("/")[2])},
                limits={"latency_milliseconds": _MODEL_LATENCY_MILLISECONDS},
            )
            for place, arn in enumerate(observed.models.profile_arn_by_model.values())
        ),
        Watched(
            kind=Kind.FIREWALL,
            name="firewall",
            dimensions={
                "WebACL": ground.label.of("firewall").name("acl", limit=128),
                "Region": ground.account.region,
            },
        ),
        *(
            Watched(kind=Kind.NAT_GATEWAY, name=zone, dimensions={"NatGatewayId": gateway_id})
            for zone, gateway_id in observed.network.nat_gateway_ids.items()
        ),
        Watched(
            kind=Kind.CERTIFICATE,
            name="domain",
            dimensions={"CertificateArn": observed.domain.certificate_arn},
        ),
    ]


def _data(ground: Ground, observed: Observed) -> list[Watched]:
    config = ground.config
    return [
        Watched(
            kind=Kind.DATABASE,
            name="database",
            dimensions={"DBInstanceIdentifier": observed.database.identifier},
            limits={
                "storage_bytes": config.database.storage_gib * 2**30,
                "connections": database_settings.max_connections(config.database.instance_class),
                "memory_bytes": database_settings.memory_bytes(config.database.instance_class),
            },
        ),
        Watched(
            kind=Kind.QUEUE,
            name="tickets",
            dimensions={"QueueName": observed.messaging.tickets.name},
            limits={"age_seconds": config.worker.message_age_seconds},
        ),
        *(
            Watched(kind=Kind.DEAD_LETTER_QUEUE, name=name, dimensions={"QueueName": queue_name})
            for name, queue_name in _dead_letters(ground, observed).items()
        ),
        Watched(
            kind=Kind.SCHEDULE_GROUP,
            name="schedules",
            dimensions={"ScheduleGroup": observed.messaging.schedules.group_name},
        ),
        Watched(kind=Kind.TABLE, name="releases", dimensions={"TableName": observed.releases.name}),
        Watched(
            kind=Kind.BACKUP_VAULT,
            name="backups",
            dimensions={"BackupVaultName": observed.backups.vault_name},
        ),
    ]


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
            dead_letter_queue_names=_dead_letters(ground, observed),
            database_identifier=observed.database.identifier,
            model_ids={
                model: arn.apply(lambda value: value.rpartition("/")[2])
                for model, arn in observed.models.profile_arn_by_model.items()
            },
            slos=objectives(ground, entrance),
            alarm_arns=alarm_arns,
        ),
    )
