"""The resources of a stack that get alarms, each with what its alarms have to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from infra import database_settings
from infra.alarms.spec import Kind, Watched
from infra.components.backups import Backups
from infra.components.database import Database
from infra.components.domain import Domain
from infra.components.entrance import Entrance
from infra.components.judge import Judge
from infra.components.models import Models
from infra.components.network import Network
from infra.components.table import Table
from infra.components.trail import Trail
from infra.stack.ground import Ground
from infra.stack.stores import Messaging, Secrets
from infra.stack.workloads import Workloads

_MODEL_LATENCY_MILLISECONDS = 10_000
_FUNCTION_TIMEOUT_MILLISECONDS = 60_000


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


def dead_letters(ground: Ground, observed: Observed) -> Mapping[str, pulumi.Input[str]]:
    """The queues in which somebody has to look, by whose failures they hold."""
    return {
        "tickets": observed.messaging.tickets.dead_letters.name,
        "schedules": observed.messaging.schedules.dead_letters.name,
        "judge": observed.judge.dead_letters.name,
        "rotation": observed.secrets.rotation.dead_letters.name,
        "notices": ground.topics.dead_letter_queue_name,
    }


def watched(ground: Ground, observed: Observed) -> list[Watched]:
    """Each resource that has required alarms."""
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
            for name, queue_name in dead_letters(ground, observed).items()
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
