"""The configuration of a stack, read and checked: with the engine, and without."""

from __future__ import annotations

from pathlib import Path

import pulumi

from infra.settings import stack_files
from infra.settings.faults import ConfigError
from infra.settings.rules import DETECTION_MINUTES
from infra.settings.sections import StackConfig
from infra.settings.values import Architecture, Environment, LogLevel

__all__ = [
    "DETECTION_MINUTES",
    "Architecture",
    "ConfigError",
    "Environment",
    "LogLevel",
    "StackConfig",
    "from_pulumi",
    "load",
]


def load(path: Path) -> StackConfig:
    """The configuration in a stack file, checked against the files beside it. Raises ConfigError."""
    return stack_files.accept(stack_files.read(path), path.parent)


def from_pulumi() -> StackConfig:
    """The configuration of the stack that the engine runs. Raises RunError with every fault."""
    name = pulumi.get_stack()
    try:
        root = stack_files.find_root(Path.cwd())
        return stack_files.accept(_as_engine_has_it(name, root), root)
    except ConfigError as error:
        raise pulumi.RunError(str(error)) from error


def _as_engine_has_it(name: str, root: Path) -> stack_files.StackFile:
    """What the engine was given wins over the file: `--config` may say otherwise."""
    aws, own = pulumi.Config("aws"), pulumi.Config("slipway")
    settings = {
        stack_files.REGION: aws.get("region"),
        stack_files.ACCOUNTS: aws.get("allowedAccountIds"),
        stack_files.STACK: own.get_object("stack"),
        stack_files.TEMPLATE: own.get("template"),
    }
    path = root / f"Pulumi.{name}.yaml"
    return stack_files.StackFile(
        name=name,
        settings={key: value for key, value in settings.items() if value is not None},
        salt=stack_files.read(path).salt if path.exists() else "",
    )
