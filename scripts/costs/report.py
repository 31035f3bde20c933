"""An estimate, told: to a person in a terminal, and to a program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from scripts.costs.estimate import Cost, Estimate, Line, together
from scripts.costs.prices import PriceTable
from scripts.costs.workload import Workload

NOT_IN_IT = (
    "taxes, support, free tier, savings plans, reservations and other discounts",
    "traffic between zones, rotations of KMS keys, queries of logs, restores, copies of backups",
    "CI, the state bucket, and whatever else the account holds beside this stack",
    "a larger database: whether this one takes the load, only a load test tells",
)
_LARGEST = 5
# In USD a month: what is below is told in one row.
_SMALL = 1


@dataclass(frozen=True, kw_only=True)
class Report:
    """What there is to say of one environment. `other` is about the other load, `factor` times the first."""

    environment: str
    estimate: Estimate
    table: PriceTable
    assumed: Workload
    factor: Decimal
    budget: Decimal
    limits: Sequence[str]
    other_limits: Sequence[str]
    resources: int
    # False when the last run on the stack did not come to its end.
    is_settled: bool

    @property
    def has_gaps(self) -> bool:
        return bool(self.estimate.gaps) or not self.is_settled

    @property
    def is_above_budget(self) -> bool:
        return self.estimate.total.total > self.budget

    @property
    def unchecked_share(self) -> Decimal:
        """How much of the total rests on prices that nobody has checked."""
        unchecked = [key for key, price in self.table.prices.items() if not price.checked]
        total = self.estimate.total.total
        return self.estimate.resting_on(unchecked) / total if total else Decimal(0)

    def show(self, console: Console) -> None:
        total, times = self.estimate.total, f"{self.factor.normalize():f} times the load"
        console.print(
            f"[bold]{escape(self.environment)}[/], {self.resources} resources in {self.table.region}: about "
            f"[bold]{_whole(total.total)} USD a month[/], and {_whole(total.other)} at {times}",
            soft_wrap=True,
        )
        if not self.is_settled:
            console.print(
                "[yellow]the stack may not be whole[/]: the last run on it failed or was interrupted, "
                "and what it did not make is not reckoned",
                soft_wrap=True,
            )
        console.print(self._components(total))
        console.print("[bold]what drives it most[/], in USD a month")
        console.print(self._drivers(total))
        self._tell_budget(console, total, times)
        self._tell_gaps(console)
        self._tell_basis(console, times)

    def as_json(self) -> dict[str, Any]:
        total = self.estimate.total
        return {
            "environment": self.environment,
            "region": self.table.region,
            "currency": "USD",
            "resources": self.resources,
            "is_settled": self.is_settled,
            "prices_as_of": self.table.as_of.isoformat(),
            "prices_are_old": self.table.is_old(_today()),
            "share_on_unchecked_prices": _number(self.unchecked_share),
            "total": _cost(total),
            "load_factor": float(self.factor),
            "budget": {"monthly_usd": int(self.budget), "exceeded": self.is_above_budget},
            "components": [_cost(each) | {"name": each.component} for each in self.estimate.components()],
            "largest_drivers": [
                _cost(each) | {"component": each.component, "driver": each.driver}
                for each in self.estimate.drivers()[:_LARGEST]
            ],
            "items": [_line(line) for line in self.estimate.lines],
            "gaps": list(self.estimate.gaps),
            "limits": {"now": list(self.limits), "at_load_factor": list(self.other_limits)},
            "not_in_it": list(NOT_IN_IT),
        }

    def _components(self, total: Cost) -> Table:
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_footer=True)
        table.add_column("component", footer="total", no_wrap=True)
        for head, usd in (("fixed", total.fixed), ("by load", total.by_load), ("total", total.total)):
            table.add_column(head, footer=_exact(usd), justify="right", no_wrap=True)
        table.add_column("share", footer="100 %" if total.total else "", justify="right", no_wrap=True)
        table.add_column(
            f"at x{self.factor.normalize():f}", footer=_exact(total.other), justify="right", no_wrap=True
        )
        table.add_column("mostly")
        small = []
        for each in self.estimate.components():
            if max(each.total, each.other) < _SMALL:
                small.append(each)
                continue
            table.add_row(escape(each.component), *self._amounts(each, total), escape(each.driver))
        if small:
            rest = together(f"{len(small)} others", small)
            table.add_row(rest.component, *self._amounts(rest, total), f"below {_SMALL} USD each")
        return table

    def _amounts(self, cost: Cost, total: Cost) -> list[str]:
        share = _share(cost.total, total.total)
        return [_exact(cost.fixed), _exact(cost.by_load), _exact(cost.total), share, _exact(cost.other)]

    def _drivers(self, total: Cost) -> Table:
        table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
        for justify in ("right", "right", "left", "left"):
            table.add_column(justify=justify)
        for each in self.estimate.drivers()[:_LARGEST]:
            grows = f"{_exact(each.other)} at x{self.factor.normalize():f}"
            table.add_row(
                f"  {_exact(each.total)}",
                _share(each.total, total.total),
                escape(f"{each.driver} ({each.component})"),
                "whatever the load" if each.other == each.total else grows,
            )
        return table

    def _tell_budget(self, console: Console, total: Cost, times: str) -> None:
        limit = f"budget.monthly_usd, {_whole(self.budget)} USD"
        if self.is_above_budget:
            over = _whole(total.total - self.budget)
            console.print(f"\n[red]above the budget[/] by {over} USD ({limit})")
            return
        console.print(f"\nwithin the budget: {_share(total.total, self.budget)} of it ({limit})")
        if total.other > self.budget:
            console.print(f"[yellow]above it at {times}[/], by {_whole(total.other - self.budget)} USD")

    def _tell_gaps(self, console: Console) -> None:
        if self.estimate.gaps:
            console.print(
                "\n[yellow]missing from all of this[/] (docs/how-to/estimate-cost.md says how to add it)"
            )
        for gap in self.estimate.gaps:
            console.print(f"  {escape(gap)}", soft_wrap=True)

    def _tell_basis(self, console: Console, times: str) -> None:
        traffic = self.assumed.traffic
        console.print(
            "\n[bold]load[/]    assumed in infra/workload.yaml: "
            f"{_rate(traffic.average_requests_per_second)} requests a second, "
            f"{_rate(traffic.peak_requests_per_second)} in the busy hours",
            soft_wrap=True,
        )
        for said, when in ((self.limits, "already"), (self.other_limits, f"at {times}")):
            for each in said:
                console.print(f"        [yellow]{escape(each)}[/], {when}", soft_wrap=True)
        console.print(
            f"[bold]prices[/]  AWS's list prices of {self.table.as_of}, "
            f"in infra/prices/{self.table.region}.yaml",
            soft_wrap=True,
        )
        if self.table.is_old(_today()):
            console.print(
                "        [yellow]warning: they are more than a year old; compare them with AWS's pages[/]",
                soft_wrap=True,
            )
        if self.table.unchecked_count:
            console.print(
                f"        {self.table.unchecked_count} of {len(self.table.prices)} are not checked; "
                f"{_share(self.unchecked_share, Decimal(1))} of the total rests on them",
                soft_wrap=True,
            )
        console.print(f"[bold]without[/] {NOT_IN_IT[0]}", soft_wrap=True)
        for each in NOT_IN_IT[1:]:
            console.print(f"        {each}", soft_wrap=True)


def _today() -> date:
    return datetime.now(UTC).date()


def _rate(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _whole(usd: Decimal) -> str:
    return f"{usd:,.0f}"


def _exact(usd: Decimal) -> str:
    return f"{usd:,.2f}"


def _share(part: Decimal, whole: Decimal) -> str:
    return f"{part / whole * 100:.0f} %" if whole else "-"


def _number(value: Decimal) -> float:
    return float(round(value, 4))


def _cost(cost: Cost) -> dict[str, Any]:
    return {
        "fixed_usd": _number(cost.fixed),
        "by_load_usd": _number(cost.by_load),
        "total_usd": _number(cost.total),
        "at_load_factor_usd": _number(cost.other),
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "component": line.component,
        "resource": line.resource,
        "type": line.type,
        "driver": line.driver,
        "price": line.price,
        "unit": line.unit.value,
        "quantity": _number(line.quantity),
        "usd": _number(line.usd),
        "fixed_usd": _number(line.fixed_usd),
        "at_load_factor_usd": _number(line.other_usd),
    }
