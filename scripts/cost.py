"""`slipway cost`: what a stack costs a month, and what drives it."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from infra.settings import stack_files
from infra.settings.faults import ConfigError
from sandbox.layout import Layout
from scripts.costs import prices, workload
from scripts.costs.estimate import estimate, limits
from scripts.costs.report import Report
from scripts.errors import CommandError
from scripts.options import Environment, OnAws
from scripts.stacks import open_stack
from scripts.state import State


def run(
    environment: Environment = "dev",
    load: Annotated[
        float, typer.Option("--load", min=0, max=1000, help="Compare with so many times the assumed load.")
    ] = 2.0,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit 1 above the budget, 2 if something is missing.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    on_aws: OnAws = False,
) -> None:
    """Estimate what a stack that is up costs a month, and what it would at twice the load.

    Reckoned from the stack's state, the load in infra/workload.yaml, and the list prices in infra/prices.
    """
    try:
        file = stack_files.find(Layout.find(Path.cwd()).root, environment)
        config = stack_files.accept_alone(file)
    except ConfigError as error:
        hint = "name another environment, or mend the file, then ask again"
        raise CommandError(str(error), hint, exit_code=2) from error
    table = prices.load(str(file.settings[stack_files.REGION]))
    assumed = workload.load(environment)
    stack = open_stack(environment, Console(stderr=True, quiet=True), on_aws=on_aws)
    state = State(stack.deployed())
    factor = Decimal(str(load))
    found = estimate(state, assumed, table, factor, config.models.embedding)
    report = Report(
        environment=environment,
        estimate=found,
        table=table,
        assumed=assumed,
        factor=factor,
        budget=Decimal(config.budget.monthly_usd),
        limits=limits(state, assumed),
        other_limits=limits(state, assumed.times(factor)),
        resources=sum(1 for _ in state.made()),
        is_settled=stack.is_settled(),
    )
    if as_json:
        typer.echo(json.dumps(report.as_json(), indent=2))
    else:
        report.show(Console(highlight=False))
    if strict and report.is_above_budget:
        raise typer.Exit(1)
    if strict and report.has_gaps:
        raise typer.Exit(2)
