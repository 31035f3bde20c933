"""The load that an estimate assumes: infra/workload.yaml."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Self, TypeVar

from pydantic import Field, model_validator

import infra
from scripts.costs import figures
from scripts.costs.figures import GB, HOURS_PER_MONTH, SECONDS_PER_MONTH, Amount, Figures, Share

FILE = Path(infra.__file__).with_name("workload.yaml")


class Traffic(Figures):
    average_requests_per_second: Amount
    peak_requests_per_second: Amount
    peak_hours_per_month: Decimal = Field(gt=0, lt=HOURS_PER_MONTH)

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if self.peak_requests_per_second < self.average_requests_per_second:
            raise ValueError("peak_requests_per_second is below the average")
        if self.quiet_requests_per_second < 0:
            raise ValueError("the peak hours alone bring more requests than the average says; raise it")
        return self

    @property
    def quiet_requests_per_second(self) -> Decimal:
        """In the hours that are not busy."""
        busy = self.peak_requests_per_second * self.peak_hours_per_month
        return (self.average_requests_per_second * HOURS_PER_MONTH - busy) / self.quiet_hours_per_month

    @property
    def quiet_hours_per_month(self) -> Decimal:
        return HOURS_PER_MONTH - self.peak_hours_per_month


class PerRequest(Figures):
    tickets: Share
    bytes_in: Amount
    bytes_out: Amount
    new_connections: Amount
    connection_seconds: Amount
    nat_bytes: Amount
    endpoint_bytes: Amount
    kms_requests: Amount
    threat_bytes: Amount


class PerTicket(Figures):
    model_share: Share
    input_tokens: Amount
    output_tokens: Amount
    embedding_tokens: Amount
    guardrail_text_units: Amount
    worker_seconds: Amount
    queue_requests: Amount
    kms_requests: Amount
    nat_bytes: Amount
    endpoint_bytes: Amount
    object_events: Amount


class Standing(Figures):
    releases_per_month: Amount
    image_gb: Amount
    function_calls_per_month: Amount
    function_seconds_per_call: Amount
    queue_requests_per_month: Amount
    flag_polls_per_task_hour: Amount
    table_writes_per_month: Amount
    table_reads_per_month: Amount
    table_gb: Amount
    database_used_gb: Amount
    database_changed_share_per_day: Share
    secret_reads_per_month: Amount
    management_events_per_month: Amount
    writing_event_share: Share
    configuration_items_per_month: Amount
    rule_evaluations_per_month: Amount
    network_log_gb_per_month: Amount
    function_network_gb_per_month: Amount
    application_metrics: Amount
    insight_metrics_per_service: Amount
    insight_metrics_per_task: Amount
    notices_per_month: Amount


class Volume(Figures):
    """How much is written to what has a name like this."""

    pattern: str
    gb_per_month: Amount = Decimal(0)
    bytes_per_request: Amount = Decimal(0)
    bytes_per_ticket: Amount = Decimal(0)
    bytes_per_task_hour: Amount = Decimal(0)
    bytes_per_management_event: Amount = Decimal(0)


class BucketVolume(Volume):
    object_bytes: Decimal = Field(gt=0)


_Volume = TypeVar("_Volume", bound=Volume)


class Workload(Figures):
    """What one environment has to do in a month."""

    traffic: Traffic
    per_request: PerRequest
    per_ticket: PerTicket
    standing: Standing
    log_groups: tuple[Volume, ...]
    buckets: tuple[BucketVolume, ...]

    @model_validator(mode="after")
    def _says_what_the_rest_gets(self) -> Self:
        for name, rows in (("log_groups", self.log_groups), ("buckets", self.buckets)):
            if not rows or rows[-1].pattern != "*":
                raise ValueError(f"the last pattern of {name} must be '*', for what no other matches")
        return self

    def times(self, factor: Decimal) -> Self:
        """The same at another load: at twice the traffic, or at none."""
        rates = ("average_requests_per_second", "peak_requests_per_second")
        traffic = self.traffic.model_copy(
            update={rate: getattr(self.traffic, rate) * factor for rate in rates}
        )
        return self.model_copy(update={"traffic": traffic})

    @property
    def requests(self) -> Decimal:
        """A month."""
        return self.traffic.average_requests_per_second * SECONDS_PER_MONTH

    @property
    def tickets(self) -> Decimal:
        """A month."""
        return self.requests * self.per_request.tickets

    @property
    def model_calls(self) -> Decimal:
        """A month."""
        return self.tickets * self.per_ticket.model_share

    @property
    def kms_requests(self) -> Decimal:
        """A month."""
        return self.requests * self.per_request.kms_requests + self.tickets * self.per_ticket.kms_requests

    @property
    def management_events(self) -> Decimal:
        """A month. A call of KMS is one too (CloudTrail user guide, "Logging management events")."""
        return self.standing.management_events_per_month + self.kms_requests

    def gb(self, row: Volume, task_hours: Decimal) -> Decimal:
        """A month, written to what a row is about."""
        written = (
            row.bytes_per_request * self.requests
            + row.bytes_per_ticket * self.tickets
            + row.bytes_per_task_hour * task_hours
            + row.bytes_per_management_event * self.management_events
        )
        return row.gb_per_month + written / GB


def row_for(rows: Iterable[_Volume], name: str) -> _Volume:
    """The first row whose pattern matches; the last matches everything."""
    return next(row for row in rows if fnmatchcase(name, row.pattern))


def load(environment: str, path: Path = FILE) -> Workload:
    """What is assumed of an environment. Raises CommandError, exit code 2, for a file that is wrong."""
    said = figures.read(path)
    where = f"infra/{path.name}, {environment}"
    common = said.get("everywhere", {}) if isinstance(said, Mapping) else {}
    own = (said.get("environments") or {}).get(environment, {}) if isinstance(said, Mapping) else {}
    return figures.accept(Workload, _merged(common, own), where)


def _merged(common: Any, own: Any) -> Any:
    if not (isinstance(common, Mapping) and isinstance(own, Mapping)):
        return own
    return {**common, **{key: _merged(common.get(key), value) for key, value in own.items()}}
