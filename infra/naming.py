"""Every name and every tag of a stack."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace

_PART = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_HASH_LENGTH = 8
# What is left of a name beside the hash and its hyphen has to say something.
_SHORTEST_LIMIT = 16


@dataclass(frozen=True, kw_only=True)
class Label:
    """Who a resource belongs to; one per stack, and one per component by `of`."""

    project: str
    environment: str
    owner: str
    cost_center: str
    component: str = "stack"

    def __post_init__(self) -> None:
        for field in ("project", "environment", "component"):
            _check_part(field, getattr(self, field))

    def of(self, component: str) -> Label:
        """The same stack's label for another component."""
        return replace(self, component=component)

    @property
    def prefix(self) -> str:
        """How each name of this stack begins: `slipway-dev`."""
        return f"{self.project}-{self.environment}"

    def name(self, role: str = "", *, limit: int = 64) -> str:
        """`<project>-<environment>-<component>[-<role>]` in at most `limit` characters.

        A name that is too long is cut and ends in a hash of the whole, so that two names stay two.
        Raises ValueError for a role that is not lower-case words joined by hyphens.
        """
        if limit < _SHORTEST_LIMIT:
            raise ValueError(
                f"a limit of {limit} is too short for a name; at least {_SHORTEST_LIMIT} is needed"
            )
        if role:
            _check_part("role", role)
        full = "-".join(part for part in (self.prefix, self.component, role) if part)
        if len(full) <= limit:
            return full
        digest = hashlib.sha256(full.encode()).hexdigest()[:_HASH_LENGTH]
        return f"{full[: limit - _HASH_LENGTH - 1].rstrip('-')}-{digest}"

    @property
    def path_prefix(self) -> str:
        """How each path of this stack begins: `/slipway/dev`."""
        return f"/{self.project}/{self.environment}"

    def path(self, role: str = "") -> str:
        """The same name as a path, for log groups: `/slipway/dev/service/task`."""
        if role:
            _check_part("role", role)
        return "/".join(part for part in (self.path_prefix, self.component, role) if part)

    def tags(self, role: str = "") -> dict[str, str]:
        """The tags of a resource; `Name` is what the AWS console shows in its lists."""
        return {
            "Name": self.name(role, limit=128),
            "Project": self.project,
            "Environment": self.environment,
            "Component": self.component,
            "Owner": self.owner,
            "CostCenter": self.cost_center,
            "ManagedBy": "pulumi",
        }


def _check_part(field: str, value: str) -> None:
    if not _PART.fullmatch(value):
        raise ValueError(
            f"{field} {value!r} must be lower-case words joined by single hyphens, such as 'flow-logs'"
        )
