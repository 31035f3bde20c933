"""What a check is given, and what it answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from scripts.aws.place import Place
from scripts.aws.shell import Caller, Shell
from scripts.engine import Engine


class Verdict(StrEnum):
    """How a thing stands; `UNKNOWN` is what could not be told."""

    WELL = "well"
    WRONG = "wrong"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What is so, and what to do; there is nothing to do where all is well."""

    verdict: Verdict
    found: str
    to_do: str = ""


@dataclass(frozen=True, kw_only=True)
class Patient:
    """The environment, and the machine and the shell by which it is reached."""

    place: Place
    shell: Shell
    engine: Engine | None

    def caller(self) -> Caller:
        """Raises CommandError where the shell has no credentials that AWS takes."""
        return self.shell.caller()


@dataclass(frozen=True, kw_only=True)
class Check:
    """A name that is said in a word or two, and how it is found out. `look` may raise CommandError."""

    name: str
    look: Callable[[Patient], Finding]


def well(found: str) -> Finding:
    return Finding(verdict=Verdict.WELL, found=found)


def wrong(found: str, to_do: str) -> Finding:
    return Finding(verdict=Verdict.WRONG, found=found, to_do=to_do)


def unknown(found: str, to_do: str) -> Finding:
    return Finding(verdict=Verdict.UNKNOWN, found=found, to_do=to_do)
