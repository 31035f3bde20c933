"""`slipway up`: from nothing to a running stack on the laptop, and a short summary of what is there."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from infra.settings import stack_files
from sandbox.layout import Layout
from scripts.errors import CommandError
from scripts.options import Environment
from scripts.protection import protected, refuse_losses
from scripts.stacks import Stack, open_stack

# of the outputs, what a person looks for first; `pulumi stack output` shows all
_SHOWN = ("account_id", "region", "url", "image", "cluster_name", "service_name")
_SERVICES_SHOWN = 8


def run(
    environment: Environment = "dev",
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Read the account first, and put back what was changed by hand.")
    ] = False,
) -> None:
    """Bring an environment up in the sandbox: engine, sandbox, `pulumi up`, summary. Safe to run again."""
    console = Console(highlight=False)
    began = time.monotonic()
    # the program checks this again; here it takes no engine, and no sandbox
    stack_files.load(Layout.find(Path.cwd()).root, environment)
    stack = open_stack(environment, console)
    for note in stack.recover():
        console.print(f"note     {note}", soft_wrap=True)
    if not stack.exists():
        stack.create()
    before = stack.export()
    interrupted = _interrupted(before)
    for what in interrupted:
        console.print(f"note     a killed run was {what}: this run finishes it")
    if protected(before.get("resources") or []):
        with console.status("checking that nothing protected is lost"):
            refuse_losses(stack)
    console.print(f"stack    pulumi up -s {environment}\n")
    code = stack.show(
        "up", "--yes", "--skip-preview", "--suppress-outputs", *(["--refresh"] if refresh else [])
    )
    if code != 0:
        raise CommandError(
            f"the stack {environment} is not up (pulumi ended with {code}); what was made is in its state",
            f"mend what is named above and run `slipway up {environment}` again: it goes on from there",
        )
    if interrupted:
        # the sandbox gave this run what the killed one had made, so that nothing is left in doubt
        stack.show("refresh", "--clear-pending-creates", "--yes", "--skip-preview")
    _summarise(stack, console, seconds=time.monotonic() - began)


def _interrupted(state: Mapping[str, Any]) -> list[str]:
    """What a killed run had begun, such as `creating net`."""
    pending = state.get("pending_operations") or []
    return [f"{entry['type']} {entry['resource']['urn'].split('::')[-1]}" for entry in pending]


def _summarise(stack: Stack, console: Console, *, seconds: float) -> None:
    resources: list[dict[str, Any]] = stack.export().get("resources") or []
    made = [entry for entry in resources if entry.get("custom") and "providers" not in entry["type"]]
    services = Counter(_service(entry["type"]) for entry in made)
    roots = [entry for entry in resources if entry["type"] == "pulumi:pulumi:Stack"]
    outputs = roots[0].get("outputs") or {} if roots else {}
    types = {entry["type"] for entry in made}
    console.print(
        f"\n[bold]{stack.name}[/] is up: {len(made)} resources of {len(types)} types in {seconds:.0f} s"
    )
    largest = ", ".join(f"{count} {service}" for service, count in services.most_common(_SERVICES_SHOWN))
    rest = len(services) - _SERVICES_SHOWN
    console.print(f"  {largest}{f' and {rest} more services' if rest > 0 else ''}", soft_wrap=True)
    for name in _SHOWN:
        if name in outputs:
            console.print(f"  {name:<13} {outputs[name]}", soft_wrap=True)
    console.print(
        f"""
note     tasks do not run on the laptop yet: the service is there, and nothing answers at its url
look     eval "$(.venv/bin/slipway sandbox env {stack.name})"
         then pulumi stack output, pulumi preview, or any AWS client
remove   make down{"" if stack.name == "dev" else f" ENV={stack.name}"}""",
        soft_wrap=True,
        markup=False,
    )


def _service(token: str) -> str:
    """The AWS service of a type, or the package where that is no AWS: `ec2`, `docker`."""
    package, module, _ = token.split(":")
    return module.split("/")[0] if package == "aws" else package
