"""`slipway doctor`: whether an environment can be brought up on AWS from here, and what is in the way."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from sandbox.layout import Layout
from scripts.aws import place as places
from scripts.aws.shell import telling
from scripts.checks import account, delegation, ground, machine, models, permissions, quotas
from scripts.checks.finding import Check, Finding, Patient, Verdict, unknown
from scripts.engine import find_engine
from scripts.errors import CommandError
from scripts.options import Environment

_HERE = machine.CHECKS
_WHO = account.CHECKS
_THERE = (
    *ground.CHECKS,
    *quotas.CHECKS,
    *models.CHECKS,
    *delegation.CHECKS,
    *permissions.CHECKS,
)
_UNASKED = unknown("not asked: first the shell has to be in the right account", "")
_COLOURS = {Verdict.WELL: "green", Verdict.WRONG: "red", Verdict.UNKNOWN: "yellow"}


def run(
    environment: Environment,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Look at all that an up on AWS needs: this machine, this shell's credentials, the account.

    Changes nothing. Exit code 0: all is well; 1: something is wrong; 2: something could not be told.
    """
    place, shell = places.find(Layout.find(Path.cwd()).root, environment)
    patient = Patient(place=place, shell=shell, engine=find_engine())
    progress = Console(stderr=True, highlight=False, quiet=as_json)
    findings: dict[str, Finding] = {}
    with progress.status("looking") as status:
        for check, finding in examine(patient):
            findings[check.name] = finding
            status.update(f"looked at {check.name}")
    if as_json:
        typer.echo(json.dumps({name: asdict(finding) for name, finding in findings.items()}, indent=2))
    else:
        _tell(environment, findings)
    raise typer.Exit(exit_code(findings.values()))


def examine(patient: Patient) -> Iterator[tuple[Check, Finding]]:
    """Every check with what it found. Where the account is not to be asked, those that ask it say so."""
    may_ask = True
    for check in (*_HERE, *_WHO):
        finding = _look(check, patient) if may_ask or check in _HERE else _UNASKED
        may_ask = may_ask and (check in _HERE or finding.verdict is Verdict.WELL)
        yield check, finding
    for check in _THERE:
        yield check, _look(check, patient) if may_ask else _UNASKED


def exit_code(findings: Iterable[Finding]) -> int:
    verdicts = {finding.verdict for finding in findings}
    return 1 if Verdict.WRONG in verdicts else 2 if Verdict.UNKNOWN in verdicts else 0


def _look(check: Check, patient: Patient) -> Finding:
    try:
        with telling():
            return check.look(patient)
    except CommandError as error:
        return unknown(error.message, error.hint)


def _tell(environment: str, findings: dict[str, Finding]) -> None:
    console = Console(highlight=False)
    width = max(map(len, findings))
    for name, finding in findings.items():
        if finding is _UNASKED:
            continue
        colour = _COLOURS[finding.verdict]
        console.print(
            f"[{colour}]{finding.verdict:<8}[/]{name:<{width}}  {escape(finding.found)}", soft_wrap=True
        )
        if finding.to_do:
            console.print(f"{'':<8}{'':<{width}}  → {escape(finding.to_do)}", soft_wrap=True)
    if unasked := [name for name, finding in findings.items() if finding is _UNASKED]:
        console.print(f"[yellow]unknown[/] {_UNASKED.found}: {', '.join(unasked)}", soft_wrap=True)
    counts = [sum(finding.verdict is verdict for finding in findings.values()) for verdict in Verdict]
    console.print(
        f"\n[bold]{environment}[/]: {counts[0]} well, {counts[1]} wrong, {counts[2]} could not be told"
    )
