"""What each workload works with: where it is, and what the workload may do there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from infra import iam, ports
from infra.components.database import DATABASE_NAME, Database
from infra.components.flags import Flags
from infra.components.models import Models
from infra.stack.ground import Ground
from infra.stack.stores import SIGNING_KEY, Buckets, Messaging, Secrets
from infra.task import Surroundings


@dataclass(frozen=True, kw_only=True)
class Access:
    """What a workload works with: where it is, and what the workload may do there."""

    surroundings: Surroundings
    grants: Sequence[iam.Statement]


@dataclass(frozen=True, kw_only=True)
class Sources:
    """All that workloads may be given access to."""

    buckets: Buckets
    database: Database
    messaging: Messaging
    secrets: Secrets
    models: Models
    flags: Flags


def service_access(ground: Ground, sources: Sources) -> Access:
    """Takes tickets and answers at once: writes to the queue, and reads nothing from it."""
    return Access(
        surroundings=_surroundings(
            ground, sources, "triage_api", signing_key_arn=sources.secrets.rotation.arn_by_entry[SIGNING_KEY]
        ),
        grants=[
            *_shared_grants(sources, "triage_api"),
            *sources.messaging.tickets.send_access(),
            *sources.secrets.store.generated_read_access(),
        ],
    )


def worker_access(ground: Ground, sources: Sources) -> Access:
    """Works off the queue, and hands the audit log over to its bucket."""
    return Access(
        surroundings=_surroundings(ground, sources, "triage_worker"),
        grants=[
            *_shared_grants(sources, "triage_worker"),
            *sources.messaging.tickets.consume_access(),
            *sources.buckets.audit.write_access("audit"),
        ],
    )


def migration_access(sources: Sources) -> Access:
    """Changes the schema as the administrator, and makes the users that log in by IAM."""
    return Access(
        surroundings=Surroundings(
            database_host=sources.database.address,
            database_port=str(ports.DATABASE),
            database_name=DATABASE_NAME,
            database_master_arn=sources.database.master_secret_arn,
        ),
        grants=sources.database.master_secret_access(),
    )


def _surroundings(
    ground: Ground, sources: Sources, user: str, *, signing_key_arn: pulumi.Output[str] | None = None
) -> Surroundings:
    config, models, flags = ground.config.models, sources.models, sources.flags
    return Surroundings(
        database_host=sources.database.address,
        database_port=str(ports.DATABASE),
        database_name=DATABASE_NAME,
        database_user=user,
        queue_url=sources.messaging.tickets.url,
        flags_application=flags.application_id,
        flags_environment=flags.environment_id,
        flags_profile=flags.profile_id,
        exports_bucket=sources.buckets.exports.name,
        audit_bucket=sources.buckets.audit.name,
        # By the stack's own profiles, whose cost carries its tags.
        models=pulumi.Output.all(*(models.profile_arn_by_model[each] for each in config.text)).apply(
            lambda arns: ",".join(map(str, arns))
        ),
        embedding_models=",".join(config.embedding) or None,
        guardrail_id=models.guardrail_id,
        guardrail_version=models.guardrail_version,
        signing_key_arn=signing_key_arn,
    )


def _shared_grants(sources: Sources, user: str) -> list[iam.Statement]:
    return [
        *sources.database.connect_access(user),
        *sources.models.invoke_access(),
        *sources.flags.read_access(),
        *sources.buckets.exports.write_access("exports"),
    ]
