"""What is wrong with one property, in words for a person."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from awsmodel.rule import Check, is_known

# what holds a secret whatever the provider says of it; an ARN or a name of one is none
_SECRET_WORDS = re.compile(r"password|passphrase|secretString|secretBinary|privateKey|authToken|Wo$", re.I)
# where a program puts settings that may be secret: every value below is one of its own
_OWN_VALUES = re.compile(r"(^|\.)variables\.|^parameters\[\d+\]\.value$|headerParameters\.")


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One property that the official provider, or AWS, would refuse.

    `given` says what it is, `allowed` what it must be, `source` who says so. Neither repeats a secret, and
    nobody who shows the fault of one that `is_secret` may show its value beside it.
    """

    path: str
    given: str
    allowed: str
    source: str
    is_secret: bool = False

    @property
    def demand(self) -> str:
        """What it must be, for who shows the value itself."""
        return f"it must {self.allowed} ({self.source})"

    @property
    def text(self) -> str:
        """The whole, in one sentence."""
        return f"{self.path or 'it'} {self.given}; {self.demand}"


def fault(path: str, check: Check, value: Any, source: str, secrets: Sequence[str]) -> Fault | None:
    """The fault that a check finds with the value at a path, if it finds any. What is unknown has none."""
    if not is_known(value):
        return None
    given = check.given(value)
    if given is None:
        return None
    hidden = is_secret(path, secrets) and not isinstance(value, Mapping)
    if hidden:
        given = "is not right (its value is not shown)"
    return Fault(path=path, given=given, allowed=check.allowed, source=source, is_secret=hidden)


def is_secret(path: str, secrets: Sequence[str]) -> bool:
    """Whether a value may be one: `secrets` are the properties that the provider keeps as secrets."""
    top = re.split(r"[.\[]", path, maxsplit=1)[0]
    return (
        top in secrets
        or _SECRET_WORDS.search(path.rpartition(".")[2]) is not None
        or _OWN_VALUES.search(path) is not None
    )
