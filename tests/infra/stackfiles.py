"""Stack files of the tests' own."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import yaml

# The smallest value of `slipway:stack` that any environment may have, but for its name.
MINIMAL: dict[str, Any] = {
    "environment": "dev",
    "domain": "dev.triage.example.com",
    "owner": "platform",
    "cost_center": "triage",
    "repository": "example-org/slipway",
    "network": {"cidr": "10.10.0.0/16"},
    "models": {"text": ["amazon.nova-lite-v1:0"]},
    "budget": {"monthly_usd": 100},
}
# What prod has to say beside it.
MINIMAL_PROD: dict[str, Any] = {
    **MINIMAL,
    "environment": "prod",
    "alerts": {"emails": ["oncall@example.com"]},
}


def changed(value: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A value with other keys: `changed(MINIMAL, network__zones=2)`."""
    value = copy.deepcopy(value)
    for path, change in changes.items():
        *sections, key = path.split("__")
        section = value
        for name in sections:
            section = section.setdefault(name, {})
        section[key] = change
    return value


def settings(stack: Any, account_id: str = "111111111111") -> dict[str, Any]:
    """What stands under `config` in a stack file."""
    return {
        "aws:region": "eu-west-1",
        "aws:allowedAccountIds": [account_id],
        "slipway:template": 2,
        "slipway:stack": stack,
    }


def write(folder: Path, name: str, config: Any, salt: str = "") -> Path:
    """A stack file in a checkout, which this makes of the folder."""
    (folder / "Pulumi.yaml").write_text("name: slipway\nruntime: python\nmain: infra/\n", encoding="utf-8")
    path = folder / f"Pulumi.{name}.yaml"
    content = {"encryptionsalt": salt or f"v1:{name}", "config": config}
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return path
