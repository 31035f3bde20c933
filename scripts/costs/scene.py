"""What a rule sees: the resources of a stack and the load on them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from functools import cached_property
from typing import Any

from scripts.costs.figures import HOURS_PER_MONTH, exact
from scripts.costs.prices import Unit
from scripts.costs.workload import Workload
from scripts.state import Entry, State


@dataclass(frozen=True, kw_only=True)
class Item:
    """Something of a resource that AWS charges for.

    `driver` says in words what makes it more or less, `quantity` is that of a month in units of the price.
    """

    driver: str
    price: str
    unit: Unit
    quantity: Decimal


@dataclass(frozen=True, kw_only=True)
class Tasks:
    """How many tasks of a service the load asks for, within what its autoscaling allows."""

    least: Decimal
    most: Decimal
    quiet: Decimal
    peak: Decimal
    # What the peak would need if nothing held it back.
    wanted: Decimal
    hours_per_month: Decimal


class Scene:
    """A stack under a load."""

    def __init__(self, state: State, workload: Workload, embedding_models: tuple[str, ...] = ()) -> None:
        self.state = state
        self.workload = workload
        # A stack makes nothing for these, so that no state knows them.
        self.embedding_models = embedding_models

    def once(self, entry: Entry, quantity: Decimal) -> Decimal:
        """A quantity of all resources of a type together, with the first of them: it is not split."""
        first = next(self.state.of(entry.type))
        return quantity if first.urn == entry.urn else Decimal(0)

    def count(self, kind: str) -> Decimal:
        return Decimal(sum(1 for _ in self.state.of(kind)))

    def definition(self, service: Entry) -> Mapping[str, Any] | None:
        """The task definition that a service runs; None when a release has put another one in its place."""
        named = str(service.outputs.get("taskDefinition"))
        found = [
            each.outputs
            for each in self.state.of("ecs/taskDefinition:TaskDefinition")
            if named in (each.outputs.get("arn"), each.outputs.get("family"), each.id)
            or named.startswith(f"{str(each.outputs.get('arn')).rpartition(':')[0]}:")
        ]
        return found[0] if found else None

    def tasks(self, service: Entry) -> Tasks:
        """By requests or by tickets, as the scaling policy says; else as many as the program asks for."""
        suffix = f"/{service.outputs.get('name')}"
        target = self._of_service("appautoscaling/target:Target", suffix)
        policy = self._of_service("appautoscaling/policy:Policy", suffix)
        fixed = exact(service.outputs.get("desiredCount") or 0)
        least = exact(target["minCapacity"]) if target else fixed
        most = exact(target["maxCapacity"]) if target else fixed
        traffic = self.workload.traffic
        quiet = _wanted(policy, traffic.quiet_requests_per_second, self.workload)
        wanted = _wanted(policy, traffic.peak_requests_per_second, self.workload)
        held = [min(max(each, least), most) for each in (quiet, wanted)]
        return Tasks(
            least=least,
            most=most,
            quiet=held[0],
            peak=held[1],
            wanted=wanted,
            hours_per_month=held[0] * traffic.quiet_hours_per_month + held[1] * traffic.peak_hours_per_month,
        )

    @cached_property
    def services(self) -> list[Entry]:
        return list(self.state.of("ecs/service:Service"))

    @cached_property
    def task_hours(self) -> Decimal:
        """A month, of all services."""
        return sum((self.tasks(service).hours_per_month for service in self.services), Decimal(0))

    @cached_property
    def task_vcpus(self) -> Decimal:
        """On average over a month, of all services."""
        total = Decimal(0)
        for service in self.services:
            definition = self.definition(service) or {}
            total += exact(definition.get("cpu", 0)) / 1024 * self.tasks(service).hours_per_month
        return total / HOURS_PER_MONTH

    def _of_service(self, kind: str, suffix: str) -> Mapping[str, Any] | None:
        found = (each.outputs for each in self.state.of(kind))
        return next((each for each in found if str(each.get("resourceId")).endswith(suffix)), None)


Rule = Callable[[Entry, Scene], Iterable[Item]]


def _wanted(policy: Mapping[str, Any] | None, requests_per_second: Decimal, workload: Workload) -> Decimal:
    """How many tasks a policy would run at so many requests a second; 0 where it looks at neither of both."""
    config = (policy or {}).get("targetTrackingScalingPolicyConfiguration") or {}
    metrics = (config.get("customizedMetricSpecification") or {}).get("metrics") or []
    spaces = {((each.get("metricStat") or {}).get("metric") or {}).get("namespace") for each in metrics}
    predefined = (config.get("predefinedMetricSpecification") or {}).get("predefinedMetricType")
    if "AWS/SQS" in spaces:
        busy = requests_per_second * workload.per_request.tickets * workload.per_ticket.worker_seconds
    elif "AWS/ApplicationELB" in spaces or predefined == "ALBRequestCountPerTarget":
        busy = requests_per_second * 60 / exact(config["targetValue"])
    else:
        busy = Decimal(0)
    return busy.to_integral_value(ROUND_CEILING)
