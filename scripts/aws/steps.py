"""What is looked at, told, and only then made."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from scripts.aws.shell import telling


@dataclass(frozen=True, kw_only=True)
class Step:
    """`look` says what would be changed, and nothing where all is as it should be; `change` changes it.

    A step looks at AWS and not at what the steps before it did, so that an interrupted run goes on.
    """

    look: Callable[[], str]
    change: Callable[[], None]


def take(steps: Iterable[Step], say: Callable[[str], None], *, dry_run: bool) -> int:
    """Take the steps in their order, and return how many had something to change."""
    changes = 0
    for step in steps:
        with telling():
            if not (what := step.look()):
                continue
            changes += 1
            say(what)
            if not dry_run:
                step.change()
    return changes
