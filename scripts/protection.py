"""What of a stack is protected, and what the program would do to it if it were not."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from infra.settings.stack_files import STACK
from scripts.errors import CommandError
from scripts.stacks import Stack

_LOSSES = {"replace": "replaced", "delete": "deleted"}


def protected(resources: Sequence[Mapping[str, Any]]) -> list[str]:
    """The names of the resources that the engine does not delete."""
    return sorted(_name(entry) for entry in resources if entry.get("protect"))


def decommissioned(stack_file: str, environment: str) -> str:
    """The text of a stack file whose stack may be destroyed with all that it holds."""
    content = yaml.safe_load(stack_file)
    content["config"][STACK] |= {"decommission": environment, "deletion_protection": False}
    return yaml.safe_dump(content, sort_keys=False)


@contextmanager
def unprotected_stack_file(stack: Stack) -> Iterator[Path]:
    """A copy of the stack file for one run, without protection; the checkout's own goes on protecting."""
    with tempfile.TemporaryDirectory(prefix="slipway-unprotected-") as folder:
        file = Path(folder) / f"Pulumi.{stack.name}.yaml"
        text = stack.file.read_text(encoding="utf-8")
        file.write_text(decommissioned(text, stack.name), encoding="utf-8")
        yield file


def refuse_losses(stack: Stack) -> None:
    """Refuse a program that would replace or delete what the stack protects, before it has changed anything.

    The engine refuses too, but in the middle of its work, and without the property that forces it. So it is
    asked what it would do if nothing were protected.

    Raises CommandError with each of those resources, and what forces it.
    """
    with unprotected_stack_file(stack) as file:
        try:
            preview = stack.ask("preview", "--json", "--stack", stack.name, "--config-file", str(file))
        except CommandError:
            return  # whatever is wrong: the run that follows meets it too, and shows it in full
    steps = json.loads(preview)["steps"]
    if lost := losses(steps):
        raise CommandError(
            f"nothing was changed: {stack.name} protects {'; '.join(lost)}",
            "undo the change that forces it; where it is meant, `pulumi state unprotect` lets go of one",
        )


def losses(steps: Sequence[Mapping[str, Any]]) -> list[str]:
    """In words, each protected resource that a preview's steps would make anew or delete, and why."""
    return [
        f"{_name(step)} ({step['oldState']['type']}), which would be {_LOSSES[step['op']]}{_reason(step)}"
        for step in steps
        if step["op"] in _LOSSES and step["oldState"].get("protect")
    ]


def _reason(step: Mapping[str, Any]) -> str:
    if step["op"] == "delete":
        return ": it is no longer in the program"
    return f" because of {', '.join(step.get('replaceReasons') or ['a resource that it needs'])}"


def _name(entry: Mapping[str, Any]) -> str:
    return str(entry["urn"]).rpartition("::")[2]
