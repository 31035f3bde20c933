"""What runs in a task: the container definition, as ECS reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi

# The user that the image runs as (app/Dockerfile); said here too, so that no image can choose another.
_USER = "10001:10001"


@dataclass(frozen=True, kw_only=True)
class Container:
    """One container: read-only, without privileges, and with secrets by reference."""

    name: str
    image: pulumi.Input[str]  # by digest: "repository@sha256:…"
    port: int
    health_command: tuple[str, ...]
    # Names and addresses only. A value that must not be seen goes into `secret_arns`.
    environment: Mapping[str, str] = field(default_factory=dict)
    secret_arns: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    # How long the container has to end its work when it is told to stop.
    stop_timeout_seconds: int = 30


def container_definitions(
    container: Container, log_group_name: pulumi.Input[str], region: str
) -> pulumi.Output[str]:
    """The JSON of a task definition's one container; equal arguments make equal text."""
    definition: dict[str, Any] = {
        "name": container.name,
        "image": container.image,
        "essential": True,
        "user": _USER,
        "readonlyRootFilesystem": True,
        "privileged": False,
        "linuxParameters": {"initProcessEnabled": True, "capabilities": {"drop": ["ALL"]}},
        "portMappings": [{"containerPort": container.port, "hostPort": container.port, "protocol": "tcp"}],
        "environment": [
            {"name": name, "value": value} for name, value in sorted(container.environment.items())
        ],
        "secrets": [{"name": name, "valueFrom": arn} for name, arn in sorted(container.secret_arns.items())],
        "healthCheck": {
            "command": ["CMD", *container.health_command],
            "interval": 10,
            "timeout": 5,
            "retries": 3,
            "startPeriod": 10,
        },
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
    return pulumi.Output.json_dumps([definition], sort_keys=True, separators=(",", ":"))
