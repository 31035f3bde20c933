"""Time per resource, and who spends it, for programs of 50, 500 and 2,000 resources.

The share of moto is measured by making the same API calls directly, one after the other, on the same
control plane; the engine's by the same program with component resources, which no provider sees; the
provider's is what remains of the time that a request waits in it.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.stands import Stand

SIZES = (50, 500, 2000)

RESOURCES = """
import pulumi_aws as aws
for number in range({count}):
    aws.sqs.Queue(f"queue-{{number}}", visibility_timeout_seconds=30, tags={{"Number": str(number)}})
"""

COMPONENTS = """
import pulumi
for number in range({count}):
    pulumi.ComponentResource("bench:index:Nothing", f"nothing-{{number}}")
"""


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Seconds of each part for `count` resources, and the daemon's memory after it in bytes."""

    count: int
    up: float
    preview: float
    refresh: float
    destroy: float
    engine: float
    calls: float
    memory_bytes: int

    @property
    def provider_ms(self) -> float:
        """What the provider and the engine's requests to it add to moto's own time, in ms a resource."""
        return max(self.up - self.engine - self.calls, 0) / self.count * 1000


def run() -> None:
    """Prints a row for each size, and how far the time per resource grows between them."""
    folder = Path(tempfile.mkdtemp(prefix="slipway-bench-"))
    stand = Stand.start(folder)
    try:
        rows = [_measure(stand, count) for count in SIZES]
    finally:
        stand.stop()
        shutil.rmtree(folder, ignore_errors=True)
    print("resources  up s  ms each  preview s  refresh s  destroy s  engine  moto  provider  added ms   MB")
    for row in rows:
        provider = max(row.up - row.engine - row.calls, 0)
        print(
            f"{row.count:>9} {row.up:>5.1f} {row.up / row.count * 1000:>8.1f} {row.preview:>10.1f} "
            f"{row.refresh:>10.1f} {row.destroy:>10.1f} {row.engine / row.up:>7.0%} "
            f"{row.calls / row.up:>5.0%} {provider / row.up:>9.0%} {row.provider_ms:>9.1f} "
            f"{row.memory_bytes >> 20:>4}"
        )
    growth = (rows[-1].up / rows[-1].count) / (rows[1].up / rows[1].count)
    print(f"\ntime per resource, {rows[-1].count} against {rows[1].count} resources: {growth:.2f} times")


def _measure(stand: Stand, count: int) -> Figures:
    project = stand.project(f"scaling-{count}")
    project.write(RESOURCES.format(count=count))
    up = stand.timed(project, "up", "--yes", "--skip-preview")
    memory_bytes = psutil.Process(stand.daemon_pid).memory_info().rss
    preview = stand.timed(project, "preview")
    refresh = stand.timed(project, "refresh", "--yes", "--skip-preview")
    destroy = stand.timed(project, "destroy", "--yes", "--skip-preview")
    components = stand.project(f"components-{count}")
    components.write(COMPONENTS.format(count=count))
    engine = stand.timed(components, "up", "--yes", "--skip-preview")
    return Figures(
        count=count,
        up=up,
        preview=preview,
        refresh=refresh,
        destroy=destroy,
        engine=engine,
        calls=_direct_calls(stand, count),
        memory_bytes=memory_bytes,
    )


def _direct_calls(stand: Stand, count: int) -> float:
    """The seconds of the calls that the provider makes for that many queues, without engine and provider."""
    sqs = stand.client("sqs")
    began = time.monotonic()
    for number in range(count):
        url = sqs.create_queue(
            QueueName=f"direct-{count}-{number}",
            Attributes={"VisibilityTimeout": "30"},
            tags={"Number": str(number)},
        )["QueueUrl"]
        sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])
        sqs.list_queue_tags(QueueUrl=url)
    return time.monotonic() - began
