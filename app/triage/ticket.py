"""The messages of the service: a ticket comes in, a decision goes out."""

import hashlib
import json
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


class Category(StrEnum):
    """What a ticket is about."""

    ACCESS = "access"
    BILLING = "billing"
    BUG = "bug"
    HOW_TO = "how_to"
    SECURITY = "security"
    UNKNOWN = "unknown"


class Urgency(StrEnum):
    """How soon a person should look."""

    HIGH = "high"
    NORMAL = "normal"


class Route(StrEnum):
    """The queue that a ticket goes to."""

    ACCOUNTS = "accounts"
    ENGINEERING = "engineering"
    FINANCE = "finance"
    FRONT_DESK = "front_desk"
    HELP = "help"
    SECURITY = "security"


def _without_control_characters(text: str) -> str:
    if any(ord(character) < 32 and character not in "\n\r\t" for character in text):
        raise ValueError("control characters other than line breaks and tabs are not allowed")
    return text


Text = Annotated[str, AfterValidator(_without_control_characters)]


class Ticket(BaseModel):
    """A customer's message, as it arrives."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, str_strip_whitespace=True)

    subject: Text = Field(min_length=1, max_length=200)
    body: Text = Field(min_length=1, max_length=20_000)
    customer_id: str = Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")

    @property
    def id(self) -> str:
        """The same ticket has the same id, which makes sending it twice harmless."""
        canonical = json.dumps([self.customer_id, self.subject, self.body])
        return "ticket-" + hashlib.sha256(canonical.encode()).hexdigest()[:32]


class Decision(BaseModel):
    """Where a ticket goes, and why."""

    model_config = ConfigDict(frozen=True)

    ticket_id: str
    category: Category
    urgency: Urgency
    route: Route
    needs_human: bool
    reason: str
