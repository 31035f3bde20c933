"""The environments of a checkout, as its stack files declare them."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import yaml

from sandbox.errors import SandboxError

_STACK_FILE = re.compile(r"Pulumi\.(?P<name>[A-Za-z0-9_-]+)\.yaml")
_ACCOUNT_ID = re.compile(r"[0-9]{12}")
_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9]")


@dataclass(frozen=True, kw_only=True)
class Environment:
    """One environment: its name is the stack's, its account and region come from the stack file."""

    name: str
    account_id: str
    region: str


def read_environments(root: Path) -> tuple[Environment, ...]:
    """Return the environments of every `Pulumi.<name>.yaml` in `root`, by name.

    Raises SandboxError if there is none, if one is malformed or lacks `aws:region` or
    `aws:allowedAccountIds`, or if two share an account.
    """
    paths = [path for path in sorted(root.iterdir()) if _STACK_FILE.fullmatch(path.name)]
    if not paths:
        raise SandboxError(
            f"no stack file in {root}",
            "add Pulumi.dev.yaml with aws:region and aws:allowedAccountIds under config",
        )
    environments = tuple(_read_environment(path) for path in paths)
    name_by_account: dict[str, str] = {}
    for environment in environments:
        other = name_by_account.setdefault(environment.account_id, environment.name)
        if other != environment.name:
            raise SandboxError(
                f"{other} and {environment.name} both name account {environment.account_id}",
                f"give aws:allowedAccountIds in Pulumi.{environment.name}.yaml an account of its own",
            )
    return environments


def _read_environment(path: Path) -> Environment:
    match = _STACK_FILE.fullmatch(path.name)
    assert match is not None
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        detail = " ".join(str(error).split())
        raise SandboxError(f"cannot read {path.name}: {detail}", "correct the file") from error
    config = document.get("config") if isinstance(document, dict) else None
    if not isinstance(config, dict):
        raise SandboxError(
            f"{path.name} has no config section", "add aws:region and aws:allowedAccountIds under config"
        )
    return Environment(
        name=match["name"],
        account_id=_account_id(path.name, config.get("aws:allowedAccountIds")),
        region=_region(path.name, config.get("aws:region")),
    )


def _account_id(file_name: str, value: object) -> str:
    # `pulumi config set` writes a list as the JSON text of it.
    if isinstance(value, str) and value.startswith("["):
        with suppress(ValueError):
            value = json.loads(value)
    if not isinstance(value, list) or len(value) != 1 or not _ACCOUNT_ID.fullmatch(str(value[0])):
        raise SandboxError(
            f"{file_name} gives aws:allowedAccountIds as {value!r}; it must list one account id, 12 digits",
            'write it in quotes, for example: aws:allowedAccountIds: ["111111111111"]',
        )
    return str(value[0])


def _region(file_name: str, value: object) -> str:
    if not isinstance(value, str) or not _REGION.fullmatch(value):
        raise SandboxError(
            f"{file_name} gives aws:region as {value!r}; it must be the name of a region",
            "write for example: aws:region: eu-west-1",
        )
    return value
