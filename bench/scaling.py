"""Time per resource, and who spends it, for programs of 50, 500 and 2,000 resources.

The share of moto is measured by making the same API calls directly, one after the other, on the same
control plane; the engine's by the same program with component resources, which no provider sees; the
provider's is what remains.

The engine writes the whole state anew after each step, which takes the square of the number of resources and
most of the time of a large stack. Here it is told not to, so that the rest can be seen.
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
NO_CHECKPOINTS = {"PULUMI_EXPERIMENTAL": "true", "PULUMI_SKIP_CHECKPOINTS": "true"}
HEADING = (
    "resources  up s  ms each  preview s  refresh s  destroy s  engine s  moto s  provider s  added ms   MB"
)

RESOURCES = """
import pulumi_aws as aws
for number in range({count}):
    aws.sqs.Queue(f"queue-{{number}}", visibility_timeout_seconds=30, tags={{"Number": str(number)}})
"""

# the SDK's module is imported here, too: its seconds are not the provider's
COMPONENTS = """
import pulumi
import pulumi_aws as aws
assert aws.sqs.Queue
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
    def provider(self) -> float:
        """The seconds that the provider and the engine's requests to it add to the engine's own and moto's.

        Nothing where engine and provider worked side by side for longer than that.
        """
        return max(self.up - self.engine - self.calls, 0)

    def row(self) -> str:
        return (
            f"{self.count:>9} {self.up:>5.1f} {self.up / self.count * 1000:>8.1f} {self.preview:>10.1f} "
            f"{self.refresh:>10.1f} {self.destroy:>10.1f} {self.engine:>9.1f} {self.calls:>7.1f} "
            f"{self.provider:>11.1f} {self.provider / self.count * 1000:>9.1f} {self.memory_bytes >> 20:>4}"
        )


def run() -> None:
    """Prints a row for each size, and how far the time per resource grows between them."""
    folder = Path(tempfile.mkdtemp(prefix="slipway-bench-"))
    stand = Stand.start(folder)
    rows = []
    try:
        print(HEADING)
        for count in SIZES:
            rows.append(_measure(stand, count))
            print(rows[-1].row(), flush=True)
    finally:
        stand.stop()
        shutil.rmtree(folder, ignore_errors=True)
    _, middle, largest = rows
    growth = (largest.up / largest.count) / (middle.up / middle.count)
    print(f"\ntime per resource, {largest.count} against {middle.count} resources: {growth:.2f} times")


def _measure(stand: Stand, count: int) -> Figures:
    project = stand.project(f"scaling-{count}", **NO_CHECKPOINTS)
    project.write(RESOURCES.format(count=count))
    up = stand.timed(project, "up", "--yes", "--skip-preview")
    memory_bytes = psutil.Process(stand.daemon_pid).memory_info().rss
    preview = stand.timed(project, "preview")
    refresh = stand.timed(project, "refresh", "--yes", "--skip-preview")
    destroy = stand.timed(project, "destroy", "--yes", "--skip-preview")
    components = stand.project(f"components-{count}", **NO_CHECKPOINTS)
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
