"""What runs in a task: the container definition, as ECS reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

import pulumi

# The user that the image runs as (app/Dockerfile); said here too, so that no image can choose another.
_USER = "10001:10001"
# The application reads its settings from variables of this prefix, and refuses one that it does not know.
_PREFIX = "TRIAGE_"


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """Where what a task works with is: names and addresses, none of them a secret.

    Each field is the variable `TRIAGE_<FIELD>` of the container, and a setting of the application
    (app/triage/settings.py). What is left out is not there for that task.
    """

    database_host: pulumi.Input[str] | None = None
    database_port: pulumi.Input[str] | None = None
    database_name: pulumi.Input[str] | None = None
    # Who logs in, by IAM: one user a workload.
    database_user: str | None = None
    # The secret that RDS keeps of its master user: for the migration alone, which makes the other users.
    database_master_arn: pulumi.Input[str] | None = None
    queue_url: pulumi.Input[str] | None = None
    flags_application: pulumi.Input[str] | None = None
    flags_environment: pulumi.Input[str] | None = None
    flags_profile: pulumi.Input[str] | None = None
    exports_bucket: pulumi.Input[str] | None = None
    audit_bucket: pulumi.Input[str] | None = None
    # The models that may write, the first of which is asked first, and those that find what is alike, as
    # a request names them, joined by commas.
    models: pulumi.Input[str] | None = None
    embedding_models: str | None = None
    guardrail_id: pulumi.Input[str] | None = None
    guardrail_version: pulumi.Input[str] | None = None
    # The secret with the keys that sign tokens; it is read anew while the task runs, since it rotates.
    signing_key_arn: pulumi.Input[str] | None = None

    def variables(self) -> dict[str, pulumi.Input[str]]:
        """The variables of what is there."""
        given = {each.name: getattr(self, each.name) for each in fields(self)}
        return {f"{_PREFIX}{name.upper()}": value for name, value in given.items() if value is not None}


@dataclass(frozen=True, kw_only=True)
class Container:
    """One container: read-only, without privileges, and with secrets by reference."""

    name: str
    image: pulumi.Input[str]  # by digest: "repository@sha256:…"
    # Arguments of the image's entry point; none starts the HTTP service.
    command: tuple[str, ...] = ()
    # None: nothing listens.
    port: int | None = None
    # None: ECS looks only at whether the process runs.
    health_command: tuple[str, ...] | None = None
    # Names and addresses only. A value that must not be seen goes into `secret_arns`.
    environment: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    secret_arns: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    # How long the container has to end its work when it is told to stop; Fargate gives 120 seconds at most.
    stop_timeout_seconds: int = 30


def container_definitions(
    container: Container, log_group_name: pulumi.Input[str], region: str
) -> pulumi.Output[str]:
    """The JSON of a task definition's one container; equal arguments make equal text."""
    port = container.port
    definition: dict[str, Any] = {
        "name": container.name,
        "image": container.image,
        "essential": True,
        "user": _USER,
        "readonlyRootFilesystem": True,
        "privileged": False,
        "linuxParameters": {"initProcessEnabled": True, "capabilities": {"drop": ["ALL"]}},
        "portMappings": [{"containerPort": port, "hostPort": port, "protocol": "tcp"}] if port else [],
        "environment": [
            {"name": name, "value": value} for name, value in sorted(container.environment.items())
        ],
        "secrets": [{"name": name, "valueFrom": arn} for name, arn in sorted(container.secret_arns.items())],
        "stopTimeout": container.stop_timeout_seconds,
        # A log that cannot be delivered must not stop the service: beyond the buffer, lines are dropped.
        "logConfiguration": {
            "logDriver": "awslogs",
            "options": {
                "awslogs-group": log_group_name,
                "awslogs-region": region,
                "awslogs-stream-prefix": container.name,
                "mode": "non-blocking",
                "max-buffer-size": "4m",
            },
        },
    }
    if container.command:
        definition["command"] = list(container.command)
    if container.health_command:
        definition["healthCheck"] = {
            "command": ["CMD", *container.health_command],
            "interval": 10,
            "timeout": 5,
            "retries": 3,
            "startPeriod": 10,
        }
    return pulumi.Output.json_dumps([definition], sort_keys=True, separators=(",", ":"))
