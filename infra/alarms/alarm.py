"""What every alarm says of itself: how urgent it is, whose it is, and where it is explained."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """A page wakes somebody; a ticket waits for the morning."""

    PAGE = "page"
    TICKET = "ticket"


class Owner(StrEnum):
    """Who acts on an alarm."""

    PLATFORM = "platform"
    TRIAGE = "triage"
    SECURITY = "security"


@dataclass(frozen=True, kw_only=True)
class Alert:
    """Something that a person is told; its runbook bears the name of its role."""

    role: str  # "queue-age"
    meaning: str  # what has happened, without a full stop
    severity: Severity
    owner: Owner

    @property
    def description(self) -> str:
        """The text that the alarm carries; it ends in the runbook's path."""
        return f"{self.meaning}. Owner: {self.owner}. Runbook: docs/runbooks/{self.role}.md"
