"""What serving costs: network, entrance, tasks, functions."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from scripts.costs.figures import GB, HOURS_PER_MONTH, MILLION, exact
from scripts.costs.prices import Unit
from scripts.costs.scene import Item, Scene
from scripts.state import Entry

_NEW_CONNECTIONS_PER_LCU = 25  # a second
_ACTIVE_CONNECTIONS_PER_LCU = 3000  # a minute
_GB_PER_LCU = 1  # an hour; for targets that are no functions


def nat_gateway(entry: Entry, scene: Scene) -> Iterator[Item]:
    load = scene.workload
    through = load.requests * load.per_request.nat_bytes + load.tickets * load.per_ticket.nat_bytes
    yield Item(driver="hours of NAT gateways", price="nat_hour", unit=Unit.HOUR, quantity=HOURS_PER_MONTH)
    yield Item(
        driver="data through NAT gateways",
        price="nat_gb",
        unit=Unit.GB,
        quantity=scene.once(entry, through / GB),
    )


def public_address(entry: Entry, scene: Scene) -> Iterator[Item]:
    yield _addresses(Decimal(1))


def endpoint(entry: Entry, scene: Scene) -> Iterator[Item]:
    """A gateway endpoint costs nothing, an interface endpoint by zone ("AWS PrivateLink pricing")."""
    if entry.outputs.get("vpcEndpointType") != "Interface":
        return
    load = scene.workload
    through = load.requests * load.per_request.endpoint_bytes + load.tickets * load.per_ticket.endpoint_bytes
    zones = len(entry.outputs.get("subnetIds") or [])
    interfaces = [
        each
        for each in scene.state.of(entry.type)
        if each.outputs.get("vpcEndpointType") == entry.outputs["vpcEndpointType"]
    ]
    yield Item(
        driver="hours of interface endpoints",
        price="endpoint_hour",
        unit=Unit.HOUR,
        quantity=HOURS_PER_MONTH * zones,
    )
    yield Item(
        driver="data through interface endpoints",
        price="endpoint_gb",
        unit=Unit.GB,
        quantity=through / GB if interfaces[0].urn == entry.urn else Decimal(0),
    )


def load_balancer(entry: Entry, scene: Scene) -> Iterator[Item]:
    """Hours, capacity units, an address in each zone, and what is sent to the internet."""
    kind = entry.outputs.get("loadBalancerType") or "application"
    load = scene.workload
    traffic = load.traffic
    yield Item(
        driver="hours of load balancers",
        price=f"load_balancer_hour/{kind}",
        unit=Unit.HOUR,
        quantity=HOURS_PER_MONTH,
    )
    units = (
        _capacity_units(traffic.peak_requests_per_second, scene) * traffic.peak_hours_per_month
        + _capacity_units(traffic.quiet_requests_per_second, scene) * traffic.quiet_hours_per_month
    )
    yield Item(
        driver="capacity units of load balancers",
        price=f"lcu_hour/{kind}",
        unit=Unit.LCU_HOUR,
        quantity=units,
    )
    if not entry.outputs.get("internal"):
        yield _addresses(Decimal(len(entry.outputs.get("subnets") or [])))
        yield Item(
            driver="answers to the internet",
            price="internet_out_gb",
            unit=Unit.GB,
            quantity=load.requests * load.per_request.bytes_out / GB,
        )


def web_acl(entry: Entry, scene: Scene) -> Iterator[Item]:
    """A rule group of AWS counts as one rule; the ones that AWS sells on top are not priced here."""
    rules = Decimal(len(entry.outputs.get("rules") or []))
    yield Item(driver="web ACLs", price="waf_acl_month", unit=Unit.MONTH, quantity=Decimal(1))
    yield Item(driver="rules of web ACLs", price="waf_rule_month", unit=Unit.MONTH, quantity=rules)
    yield Item(
        driver="requests through web ACLs",
        price="waf_million_requests",
        unit=Unit.MILLION,
        quantity=scene.workload.requests / MILLION,
    )


def hosted_zone(entry: Entry, scene: Scene) -> Iterator[Item]:
    """Queries for an alias of a load balancer cost nothing ("Amazon Route 53 pricing")."""
    yield Item(driver="hosted zones", price="hosted_zone_month", unit=Unit.MONTH, quantity=Decimal(1))


def health_check(entry: Entry, scene: Scene) -> Iterator[Item]:
    """Of an endpoint in AWS; TLS, a text to look for, a short interval and latency each cost more."""
    outputs = entry.outputs
    kind = str(outputs.get("type"))
    options = (
        kind.startswith("HTTPS"),
        kind.endswith("STR_MATCH"),
        str(outputs.get("requestInterval")) == "10",
        bool(outputs.get("measureLatency")),
    )
    yield Item(driver="health checks", price="health_check_month", unit=Unit.MONTH, quantity=Decimal(1))
    yield Item(
        driver="options of health checks",
        price="health_check_option_month",
        unit=Unit.MONTH,
        quantity=Decimal(sum(options)),
    )


def service(entry: Entry, scene: Scene) -> Iterator[Item]:
    """Tasks by the hour, those that a release runs beside them, and the metrics that they send."""
    tasks = scene.tasks(entry)
    definition = scene.definition(entry) or {}
    launch = entry.outputs.get("launchType")
    platform = (definition.get("runtimePlatform") or {}).get("cpuArchitecture") or "X86_64"
    if launch != "FARGATE" or not definition:
        # No table has a price of this name: it is told as what is missing.
        yield Item(
            driver="tasks", price=f"task_hour/{launch}", unit=Unit.HOUR, quantity=tasks.hours_per_month
        )
        return
    vcpus = exact(definition["cpu"]) / 1024
    memory = exact(definition["memory"]) / 1024
    released = scene.workload.standing.releases_per_month * _bake_hours(entry) * tasks.least
    for driver, hours in (
        ("tasks", tasks.hours_per_month),
        ("second tasks of releases", released),
    ):
        yield Item(
            driver=driver,
            price=f"fargate_vcpu_hour/{platform}",
            unit=Unit.VCPU_HOUR,
            quantity=hours * vcpus,
        )
        yield Item(
            driver=driver, price=f"fargate_gb_hour/{platform}", unit=Unit.GB_HOUR, quantity=hours * memory
        )
    yield Item(
        driver="metrics of the application",
        price="metric_month",
        unit=Unit.MONTH,
        quantity=scene.once(entry, scene.workload.standing.application_metrics),
    )


def cluster(entry: Entry, scene: Scene) -> Iterator[Item]:
    """Container Insights measures each service and each task."""
    settings = {each.get("name"): each.get("value") for each in entry.outputs.get("settings") or []}
    level = settings.get("containerInsights", "disabled")
    if level == "disabled":
        return
    standing = scene.workload.standing
    tasks = scene.task_hours / HOURS_PER_MONTH
    metrics = (
        len(scene.services) * standing.insight_metrics_per_service + tasks * standing.insight_metrics_per_task
    )
    yield Item(
        driver="metrics of Container Insights",
        price=f"insight_metric_month/{level}",
        unit=Unit.MONTH,
        quantity=scene.once(entry, metrics),
    )


def function(entry: Entry, scene: Scene) -> Iterator[Item]:
    standing = scene.workload.standing
    architecture = (entry.outputs.get("architectures") or ["x86_64"])[0]
    memory = exact(entry.outputs.get("memorySize") or 128) / 1024
    calls = standing.function_calls_per_month / MILLION
    yield Item(
        driver="calls of functions", price="lambda_million_requests", unit=Unit.MILLION, quantity=calls
    )
    yield Item(
        driver="run time of functions",
        price=f"lambda_million_gb_seconds/{architecture}",
        unit=Unit.MILLION_GB_SECONDS,
        quantity=calls * standing.function_seconds_per_call * memory,
    )
    if (entry.outputs.get("tracingConfig") or {}).get("mode") == "Active":
        yield Item(
            driver="traces of functions", price="xray_million_traces", unit=Unit.MILLION, quantity=calls
        )


def repository(entry: Entry, scene: Scene) -> Iterator[Item]:
    yield Item(
        driver="stored images",
        price="ecr_gb_month",
        unit=Unit.GB_MONTH,
        quantity=scene.once(entry, scene.workload.standing.image_gb),
    )


def image_scan(entry: Entry, scene: Scene) -> Iterator[Item]:
    """Basic scans cost nothing; enhanced ones are charged by Amazon Inspector."""
    if entry.outputs.get("scanType") == "ENHANCED":
        # No table has a price of this name: it is told as what is missing.
        yield Item(
            driver="enhanced scans of images",
            price="inspector_image/ENHANCED",
            unit=Unit.MILLION,
            quantity=scene.workload.standing.releases_per_month / MILLION,
        )


def flags(entry: Entry, scene: Scene) -> Iterator[Item]:
    """Each task asks for its flags, whether they have changed or not."""
    polls = scene.task_hours * scene.workload.standing.flag_polls_per_task_hour
    yield Item(
        driver="tasks that ask for their flags",
        price="appconfig_million_requests",
        unit=Unit.MILLION,
        quantity=polls / MILLION,
    )


def _addresses(count: Decimal) -> Item:
    return Item(
        driver="hours of public IPv4 addresses",
        price="public_ipv4_hour",
        unit=Unit.HOUR,
        quantity=HOURS_PER_MONTH * count,
    )


def _capacity_units(requests_per_second: Decimal, scene: Scene) -> Decimal:
    """The dimension that is used most is charged ("Elastic Load Balancing pricing")."""
    each = scene.workload.per_request
    opened = requests_per_second * each.new_connections
    return max(
        opened / _NEW_CONNECTIONS_PER_LCU,
        opened * each.connection_seconds / _ACTIVE_CONNECTIONS_PER_LCU,
        requests_per_second * 3600 * (each.bytes_in + each.bytes_out) / GB / _GB_PER_LCU,
    )


def _bake_hours(entry: Entry) -> Decimal:
    """For how long a release runs two sets of tasks; a rolling one replaces them within minutes."""
    config = entry.outputs.get("deploymentConfiguration") or {}
    canary = config.get("canaryConfiguration") or {}
    minutes = exact(config.get("bakeTimeInMinutes") or 0) + exact(canary.get("canaryBakeTimeInMinutes") or 0)
    return minutes / 60
