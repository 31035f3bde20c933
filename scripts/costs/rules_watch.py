"""What watching costs: logs, metrics, alarms, trails, threats, configurations."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from scripts.costs.figures import DAYS_PER_MONTH, GB, MILLION, exact
from scripts.costs.prices import Unit
from scripts.costs.scene import Item, Scene
from scripts.costs.workload import row_for
from scripts.state import Entry

_ONE = Decimal(1)
# Of what was taken in ("Amazon CloudWatch pricing", the example of archived logs).
_COMPRESSED_SHARE = Decimal("0.15")
_SIZES = {"micro": 2, "small": 2, "medium": 2, "large": 2, "xlarge": 4}


def log_group(entry: Entry, scene: Scene) -> Iterator[Item]:
    """What goes in, and what is kept once the group is as full as its retention lets it get."""
    written = _written(str(entry.outputs.get("name")), scene)
    # 0 is for ever; a year of it is reckoned with.
    months = exact(entry.outputs.get("retentionInDays") or 365) / DAYS_PER_MONTH
    kind = entry.outputs.get("logGroupClass") or "STANDARD"
    yield Item(driver="log lines taken in", price=f"log_ingest_gb/{kind}", unit=Unit.GB, quantity=written)
    yield Item(
        driver="log lines kept",
        price="log_storage_gb_month",
        unit=Unit.GB_MONTH,
        quantity=written * months * _COMPRESSED_SHARE,
    )


def log_masking(entry: Entry, scene: Scene) -> Iterator[Item]:
    yield Item(
        driver="log lines searched for secrets",
        price="log_masking_gb",
        unit=Unit.GB,
        quantity=_written(str(entry.outputs.get("logGroupName")), scene),
    )


def metric_filter(entry: Entry, scene: Scene) -> Iterator[Item]:
    yield Item(driver="metrics from logs", price="metric_month", unit=Unit.MONTH, quantity=_ONE)


def metric_alarm(entry: Entry, scene: Scene) -> Iterator[Item]:
    """Each metric that an alarm looks at counts; below a minute it costs thrice as much."""
    queries = entry.outputs.get("metricQueries") or []
    measured = [query["metric"] for query in queries if query.get("metric")]
    periods = [exact(each.get("period") or 60) for each in measured or [entry.outputs]]
    resolution = "high-resolution" if min(periods) < 60 else "standard"
    yield Item(
        driver="metrics that alarms look at",
        price=f"alarm_metric_month/{resolution}",
        unit=Unit.MONTH,
        quantity=Decimal(len(periods)),
    )


def composite_alarm(entry: Entry, scene: Scene) -> Iterator[Item]:
    yield Item(driver="composite alarms", price="composite_alarm_month", unit=Unit.MONTH, quantity=_ONE)


def dashboard(entry: Entry, scene: Scene) -> Iterator[Item]:
    yield Item(driver="dashboards", price="dashboard_month", unit=Unit.MONTH, quantity=_ONE)


def trail(entry: Entry, scene: Scene) -> Iterator[Item]:
    """The first copy of management events is free; data events and insights are not."""
    load = scene.workload
    fields = [
        field
        for selector in entry.outputs.get("advancedEventSelectors") or []
        for field in selector.get("fieldSelectors") or []
    ]
    if any(each.get("field") == "eventCategory" and "Data" in (each.get("equals") or []) for each in fields):
        yield Item(
            driver="recorded events of objects",
            price="trail_million_data_events",
            unit=Unit.MILLION,
            quantity=scene.once(entry, _object_events(scene) / MILLION),
        )
    # Rates are those of writing events; errors are looked for in all (CloudTrail user guide, "Costs for
    # Insights events").
    looked_at = {
        "ApiCallRateInsight": load.standing.management_events_per_month * load.standing.writing_event_share,
        "ApiErrorRateInsight": load.management_events,
    }
    kinds = [each.get("insightType") for each in entry.outputs.get("insightSelectors") or []]
    yield Item(
        driver="events that insights look at",
        price="trail_million_insight_events",
        unit=Unit.MILLION,
        quantity=scene.once(entry, sum((looked_at[kind] for kind in kinds), Decimal(0)) / MILLION),
    )


def threat_detector(entry: Entry, scene: Scene) -> Iterator[Item]:
    if entry.outputs.get("enable") is False:
        return
    load = scene.workload
    watched = load.standing.network_log_gb_per_month + load.requests * load.per_request.threat_bytes / GB
    yield Item(
        driver="events for GuardDuty",
        price="guardduty_million_events",
        unit=Unit.MILLION,
        quantity=load.management_events / MILLION,
    )
    yield Item(
        driver="network records for GuardDuty",
        price="guardduty_gb",
        unit=Unit.GB,
        quantity=watched,
    )


def threat_feature(entry: Entry, scene: Scene) -> Iterator[Item]:
    """Each feature by what it looks at; malware is looked for, and paid, only after a finding."""
    if entry.outputs.get("status") != "ENABLED":
        return
    name = entry.outputs.get("name")
    if name == "S3_DATA_EVENTS":
        yield Item(
            driver="object events for GuardDuty",
            price="guardduty_million_object_events",
            unit=Unit.MILLION,
            quantity=_object_events(scene) / MILLION,
        )
    elif name == "LAMBDA_NETWORK_LOGS":
        yield Item(
            driver="function records for GuardDuty",
            price="guardduty_gb",
            unit=Unit.GB,
            quantity=scene.workload.standing.function_network_gb_per_month,
        )
    elif name == "RUNTIME_MONITORING":
        yield Item(
            driver="task vCPUs for GuardDuty",
            price="guardduty_task_vcpu_month",
            unit=Unit.VCPU_MONTH,
            quantity=scene.task_vcpus,
        )
    elif name == "RDS_LOGIN_EVENTS":
        yield Item(
            driver="database vCPUs for GuardDuty",
            price="guardduty_database_vcpu_month",
            unit=Unit.VCPU_MONTH,
            quantity=sum(
                (
                    database_vcpus(str(each.outputs["instanceClass"]))
                    for each in scene.state.of("rds/instance:Instance")
                ),
                Decimal(0),
            ),
        )
    elif name != "EBS_MALWARE_PROTECTION":
        # No table has a price of this name: it is told as what is missing.
        yield Item(driver=str(name), price=f"guardduty_feature/{name}", unit=Unit.MONTH, quantity=_ONE)


def configuration_recorder(entry: Entry, scene: Scene) -> Iterator[Item]:
    frequency = (entry.outputs.get("recordingMode") or {}).get("recordingFrequency") or "CONTINUOUS"
    yield Item(
        driver="changes that Config records",
        price=f"config_million_items/{frequency}",
        unit=Unit.MILLION,
        quantity=scene.workload.standing.configuration_items_per_month / MILLION,
    )


def configuration_rule(entry: Entry, scene: Scene) -> Iterator[Item]:
    yield Item(
        driver="evaluations of Config's rules",
        price="config_million_evaluations",
        unit=Unit.MILLION,
        quantity=scene.workload.standing.rule_evaluations_per_month / MILLION,
    )


def access_analyzer(entry: Entry, scene: Scene) -> Iterator[Item]:
    """Who has access from outside is analysed for nothing; what access is unused, by role and month."""
    if "UNUSED_ACCESS" in str(entry.outputs.get("type")):
        yield Item(
            driver="roles with unused access",
            price="unused_access_role_month",
            unit=Unit.MONTH,
            quantity=scene.count("iam/role:Role"),
        )


def database_vcpus(instance_class: str) -> Decimal:
    """Processors of an instance class: "db.m7g.2xlarge" has 8 (RDS user guide, "DB instance classes")."""
    size = instance_class.rpartition(".")[2]
    times = size.removesuffix("xlarge")
    return Decimal(int(times) * 4 if times.isdigit() else _SIZES.get(size, 0))


def _written(name: str, scene: Scene) -> Decimal:
    return scene.workload.gb(row_for(scene.workload.log_groups, name), scene.task_hours)


def _object_events(scene: Scene) -> Decimal:
    return scene.workload.tickets * scene.workload.per_ticket.object_events
