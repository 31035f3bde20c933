"""An estimate: every item of a stack with its price, at one load and at another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from scripts.costs.prices import PriceTable, Unit
from scripts.costs.rules import RULES, free_of_charge
from scripts.costs.scene import Item, Scene
from scripts.costs.workload import Workload
from scripts.state import Entry, State

_BILLIONTH = Decimal("1e-9")


@dataclass(frozen=True, kw_only=True)
class Line:
    """One item of one resource, in USD a month. `fixed_usd` is what it costs when no request comes."""

    component: str
    resource: str
    type: str
    driver: str
    price: str
    unit: Unit
    quantity: Decimal
    usd: Decimal
    fixed_usd: Decimal
    # At the other load.
    other_usd: Decimal


@dataclass(frozen=True, kw_only=True)
class Cost:
    """Some lines together: a component, or a driver of it."""

    component: str
    driver: str
    fixed: Decimal
    total: Decimal
    other: Decimal

    @property
    def by_load(self) -> Decimal:
        return self.total - self.fixed


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """What a stack costs a month. `gaps` say what could not be reckoned and is missing from it."""

    lines: tuple[Line, ...]
    gaps: tuple[str, ...]

    @property
    def total(self) -> Cost:
        return _sum("", "", self.lines)

    def components(self) -> list[Cost]:
        """By component, with its main driver; the dearest first."""
        drivers = self.drivers()
        found = []
        for name in {line.component for line in self.lines}:
            main = next(each for each in drivers if each.component == name)
            found.append(_sum(name, main.driver, (each for each in self.lines if each.component == name)))
        return sorted(found, key=lambda each: (-each.total, each.component))

    def drivers(self) -> list[Cost]:
        """By what drives it in each component; the dearest first."""
        keys = {(line.component, line.driver) for line in self.lines}
        found = [
            _sum(*key, (line for line in self.lines if (line.component, line.driver) == key)) for key in keys
        ]
        return sorted(found, key=lambda each: (-each.total, each.component, each.driver))

    def resting_on(self, prices: Iterable[str]) -> Decimal:
        """What of the total these prices make."""
        chosen = set(prices)
        return sum((line.usd for line in self.lines if line.price in chosen), Decimal(0))


def estimate(
    state: State,
    workload: Workload,
    table: PriceTable,
    factor: Decimal,
    embedding_models: tuple[str, ...] = (),
) -> Estimate:
    """What the stack of a state costs at a load, at none, and at so many times the load.

    Nothing is multiplied but the traffic: each rule is asked at each load, so that tasks are added within
    their limits and what is there anyway stays as it is.
    """
    loads = [workload, workload.times(Decimal(0)), workload.times(factor)]
    asked = [_items(Scene(state, load, embedding_models)) for load in loads]
    lines, gaps = [], list(_unknown(state))
    for (entry, now), (_, idle), (_, other) in zip(*asked, strict=True):
        price = table.prices.get(now.price)
        if price is None:
            gaps.append(f"{now.price} has no price in {table.region}: {entry.name}")
            continue
        if price.unit != now.unit:
            raise ValueError(f"{now.price} is charged by {price.unit} and reckoned by {now.unit}")
        lines.append(
            Line(
                component=state.part(entry),
                resource=entry.name,
                type=entry.type,
                driver=now.driver,
                price=now.price,
                unit=now.unit,
                quantity=now.quantity,
                usd=_money(price.usd * now.quantity),
                fixed_usd=_money(price.usd * idle.quantity),
                other_usd=_money(price.usd * other.quantity),
            )
        )
    return Estimate(lines=tuple(lines), gaps=tuple(dict.fromkeys(gaps)))


def together(name: str, costs: Iterable[Cost]) -> Cost:
    """Several costs as one."""
    chosen = list(costs)
    return Cost(
        component=name,
        driver="",
        fixed=sum((each.fixed for each in chosen), Decimal(0)),
        total=sum((each.total for each in chosen), Decimal(0)),
        other=sum((each.other for each in chosen), Decimal(0)),
    )


def limits(state: State, workload: Workload) -> list[str]:
    """The services that would need more tasks in the busy hours than they may have."""
    scene = Scene(state, workload)
    found = [(service.outputs.get("name"), scene.tasks(service)) for service in scene.services]
    return [
        f"{name} needs {tasks.wanted} tasks in the busy hours and may have {tasks.most}"
        for name, tasks in found
        if tasks.wanted > tasks.most
    ]


def _money(usd: Decimal) -> Decimal:
    """To a billionth of a dollar, so that no sum of lines has to be rounded again."""
    return usd.quantize(_BILLIONTH)


def _items(scene: Scene) -> list[tuple[Entry, Item]]:
    return [
        (entry, item)
        for entry in scene.state.entries.values()
        if entry.type in RULES
        for item in RULES[entry.type](entry, scene)
    ]


def _unknown(state: State) -> Iterator[str]:
    free = free_of_charge()
    for entry in state.made():
        if entry.type not in RULES and entry.type not in free:
            yield f"nothing is known of what {entry.type} costs: {entry.name}"


def _sum(component: str, driver: str, lines: Iterable[Line]) -> Cost:
    chosen = list(lines)
    return Cost(
        component=component,
        driver=driver,
        fixed=sum((line.fixed_usd for line in chosen), Decimal(0)),
        total=sum((line.usd for line in chosen), Decimal(0)),
        other=sum((line.other_usd for line in chosen), Decimal(0)),
    )
