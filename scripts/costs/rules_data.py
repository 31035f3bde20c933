"""What keeping and moving data costs, and asking models about it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from scripts.costs.figures import DAYS_PER_MONTH, GB, HOURS_PER_MONTH, MILLION, exact
from scripts.costs.prices import Unit
from scripts.costs.scene import Item, Scene
from scripts.costs.workload import row_for
from scripts.state import Entry

_ONE = Decimal(1)
_FREE_INSIGHTS_DAYS = 7
# "eu.amazon.nova-lite-v1:0": a profile is charged as its model is in the region that asks.
_GEOGRAPHY = re.compile(r"^(eu|us|apac|global)\.")
_FILTERS = {
    "content": ("contentPolicyConfig", "filtersConfigs"),
    "topic": ("topicPolicyConfig", "topicsConfigs"),
    "sensitive": ("sensitiveInformationPolicyConfig", "piiEntitiesConfigs"),
    "grounding": ("contextualGroundingPolicyConfig", "filtersConfigs"),
}


def database(entry: Entry, scene: Scene) -> Iterator[Item]:
    """Instance and storage, twice with a standby, and backups beyond what the storage includes.

    gp3 includes the operations that its size begins with; more of them are not priced here. Insights are
    free in their standard mode, for a week ("Amazon RDS for PostgreSQL pricing").
    """
    outputs, standing = entry.outputs, scene.workload.standing
    copies = 2 if outputs.get("multiAz") else 1
    allocated = exact(outputs["allocatedStorage"])
    kept = _ONE + standing.database_changed_share_per_day * exact(outputs.get("backupRetentionPeriod") or 0)
    yield Item(
        driver="hours of database instances",
        price=f"rds_hour/{outputs['instanceClass']}",
        unit=Unit.HOUR,
        quantity=HOURS_PER_MONTH * copies,
    )
    yield Item(
        driver="storage of the database",
        price=f"rds_storage_gb_month/{outputs.get('storageType') or 'gp2'}",
        unit=Unit.GB_MONTH,
        quantity=allocated * copies,
    )
    yield Item(
        driver="backups that RDS keeps itself",
        price="rds_backup_gb_month",
        unit=Unit.GB_MONTH,
        quantity=max(standing.database_used_gb * kept - allocated, Decimal(0)),
    )
    if outputs.get("manageMasterUserPassword") or outputs.get("masterUserSecrets"):
        yield _secrets(_ONE)
    mode, days = outputs.get("databaseInsightsMode"), outputs.get("performanceInsightsRetentionPeriod")
    if mode == "advanced" or exact(days or 0) > _FREE_INSIGHTS_DAYS:
        # No table has a price of this name: it is told as what is missing.
        yield Item(
            driver="insights of the database", price="rds_insights", unit=Unit.MONTH, quantity=Decimal(copies)
        )


def table(entry: Entry, scene: Scene) -> Iterator[Item]:
    standing = scene.workload.standing
    mode = entry.outputs.get("billingMode") or "PROVISIONED"
    for driver, price, count in (
        ("writes to tables", "dynamodb_million_writes", standing.table_writes_per_month),
        ("reads of tables", "dynamodb_million_reads", standing.table_reads_per_month),
    ):
        yield Item(
            driver=driver,
            price=f"{price}/{mode}",
            unit=Unit.MILLION,
            quantity=scene.once(entry, count) / MILLION,
        )
    stored = scene.once(entry, standing.table_gb)
    yield Item(driver="data in tables", price="dynamodb_gb_month", unit=Unit.GB_MONTH, quantity=stored)
    if (entry.outputs.get("pointInTimeRecovery") or {}).get("enabled"):
        yield Item(
            driver="recovery of tables",
            price="dynamodb_recovery_gb_month",
            unit=Unit.GB_MONTH,
            quantity=stored,
        )


def bucket(entry: Entry, scene: Scene) -> Iterator[Item]:
    """As full as the bucket gets: what is written in a month, for as long as its lifecycle keeps it."""
    row = row_for(scene.workload.buckets, str(entry.outputs.get("bucket")))
    written = scene.workload.gb(row, scene.task_hours)
    days, archive_days, archive = _lifecycle(entry, scene)
    kept, warm = days / DAYS_PER_MONTH, min(days, archive_days) / DAYS_PER_MONTH
    yield Item(
        driver="objects in buckets",
        price="s3_standard_gb_month",
        unit=Unit.GB_MONTH,
        quantity=written * warm,
    )
    if archive:
        yield Item(
            driver="archived objects",
            price=f"s3_archive_gb_month/{archive}",
            unit=Unit.GB_MONTH,
            quantity=written * (kept - warm),
        )
    yield Item(
        driver="writes to buckets",
        price="s3_million_writes",
        unit=Unit.MILLION,
        quantity=written * GB / row.object_bytes / MILLION,
    )


def queue(entry: Entry, scene: Scene) -> Iterator[Item]:
    """A queue that fails into another one is worked off; a dead-letter queue rests."""
    name = entry.outputs.get("name")
    url = entry.outputs.get("url") or entry.id
    redriven = {each.outputs.get("queueUrl") for each in scene.state.of("sqs/redrivePolicy:RedrivePolicy")}
    if not entry.outputs.get("redrivePolicy") and url not in redriven:
        return
    load = scene.workload
    kind = "fifo" if entry.outputs.get("fifoQueue") or str(name).endswith(".fifo") else "standard"
    requests = load.standing.queue_requests_per_month + scene.once(
        entry, load.tickets * load.per_ticket.queue_requests
    )
    yield Item(
        driver="requests to queues",
        price=f"sqs_million_requests/{kind}",
        unit=Unit.MILLION,
        quantity=requests / MILLION,
    )


def topic(entry: Entry, scene: Scene) -> Iterator[Item]:
    notices = scene.once(entry, scene.workload.standing.notices_per_month)
    yield Item(driver="notices", price="sns_million_publishes", unit=Unit.MILLION, quantity=notices / MILLION)


def subscription(entry: Entry, scene: Scene) -> Iterator[Item]:
    """Mails cost; a queue or a function is told for nothing ("Amazon SNS pricing")."""
    if entry.outputs.get("protocol") in ("email", "email-json"):
        notices = scene.workload.standing.notices_per_month
        yield Item(
            driver="mails of notices",
            price="sns_million_mails",
            unit=Unit.MILLION,
            quantity=notices / MILLION,
        )


def schedule(entry: Entry, scene: Scene) -> Iterator[Item]:
    """Hourly at most: a schedule that runs less often is a fraction of a cent cheaper."""
    yield Item(
        driver="runs of schedules",
        price="scheduler_million_runs",
        unit=Unit.MILLION,
        quantity=HOURS_PER_MONTH / MILLION,
    )


def key(entry: Entry, scene: Scene) -> Iterator[Item]:
    """The first two rotations of a key add a dollar a month each: not here, since no state knows its age."""
    yield Item(driver="KMS keys", price="kms_key_month", unit=Unit.MONTH, quantity=_ONE)
    yield Item(
        driver="requests to KMS",
        price="kms_million_requests",
        unit=Unit.MILLION,
        quantity=scene.once(entry, scene.workload.kms_requests / MILLION),
    )


def secret(entry: Entry, scene: Scene) -> Iterator[Item]:
    yield _secrets(_ONE)
    yield Item(
        driver="reads of secrets",
        price="secret_million_reads",
        unit=Unit.MILLION,
        quantity=scene.once(entry, scene.workload.standing.secret_reads_per_month / MILLION),
    )


def backup_plan(entry: Entry, scene: Scene) -> Iterator[Item]:
    """Of the database one whole copy, and for each point what has changed since the one before.

    Each point of a table is a whole copy, reckoned as kept warm ("AWS Backup pricing").
    """
    standing = scene.workload.standing
    share = standing.database_changed_share_per_day
    copies, points = _ONE, Decimal(0)
    for rule in entry.outputs.get("rules") or []:
        days = exact((rule.get("lifecycle") or {}).get("deleteAfter") or 0)
        monthly = _is_monthly(str(rule.get("schedule")))
        kept = days / DAYS_PER_MONTH if monthly else days
        points += kept
        copies += kept * (min(_ONE, share * DAYS_PER_MONTH) if monthly else share)
    yield Item(
        driver="recovery points in vaults",
        price="backup_gb_month",
        unit=Unit.GB_MONTH,
        quantity=scene.once(entry, standing.database_used_gb * copies),
    )
    selections = scene.state.of("backup/selection:Selection")
    chosen = [arn for each in selections for arn in each.outputs.get("resources") or []]
    if any(":dynamodb:" in str(arn) for arn in chosen):
        yield Item(
            driver="recovery points of tables",
            price="backup_table_gb_month",
            unit=Unit.GB_MONTH,
            quantity=scene.once(entry, standing.table_gb * points),
        )


def inference_profile(entry: Entry, scene: Scene) -> Iterator[Item]:
    """Tokens of the text models; where there are several, each gets as many as the others."""
    load, profiles = scene.workload, scene.count(entry.type)
    source = str((entry.outputs.get("modelSource") or {}).get("copyFrom"))
    model = _GEOGRAPHY.sub("", source.rpartition("/")[2])
    calls = load.model_calls / profiles / MILLION
    for way, tokens in (("input", load.per_ticket.input_tokens), ("output", load.per_ticket.output_tokens)):
        yield Item(
            driver=f"{way} tokens of models",
            price=f"model_million_{way}/{model}",
            unit=Unit.MILLION_TOKENS,
            quantity=calls * tokens,
        )


def model_access(entry: Entry, scene: Scene) -> Iterator[Item]:
    """Tokens of the embedding models, which a stack allows and makes nothing for."""
    load = scene.workload
    for model in scene.embedding_models:
        tokens = load.tickets * load.per_ticket.embedding_tokens / len(scene.embedding_models)
        yield Item(
            driver="tokens of embeddings",
            price=f"model_million_input/{_GEOGRAPHY.sub('', model)}",
            unit=Unit.MILLION_TOKENS,
            quantity=scene.once(entry, tokens / MILLION),
        )


def guardrail(entry: Entry, scene: Scene) -> Iterator[Item]:
    """Each kind of filter reads each text. Filters of words and patterns cost nothing."""
    load = scene.workload
    units = load.model_calls * load.per_ticket.guardrail_text_units / 1000
    for kind, (policy, filters) in _FILTERS.items():
        if (entry.outputs.get(policy) or {}).get(filters):
            yield Item(
                driver="texts that the guardrail reads",
                price=f"guardrail_thousand_units/{kind}",
                unit=Unit.THOUSAND_TEXT_UNITS,
                quantity=scene.once(entry, units),
            )


def _secrets(count: Decimal) -> Item:
    return Item(driver="secrets", price="secret_month", unit=Unit.MONTH, quantity=count)


def _is_monthly(schedule: str) -> bool:
    """`cron(0 3 1 * ? *)`: on a day of the month."""
    fields = schedule.removeprefix("cron(").rstrip(")").split()
    return len(fields) == 6 and fields[2].isdigit()


def _lifecycle(entry: Entry, scene: Scene) -> tuple[Decimal, Decimal, str]:
    """Days until objects go, days until they are archived, and where to; a year where nothing is said."""
    days, archive_days, archive = Decimal(365), Decimal(365), ""
    for each in scene.state.of("s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"):
        if each.outputs.get("bucket") not in (entry.outputs.get("bucket"), entry.id):
            continue
        for rule in each.outputs.get("rules") or []:
            expiry: Mapping[str, Any] = rule.get("expiration") or {}
            days = exact(expiry.get("days") or days)
            for transition in rule.get("transitions") or []:
                archive_days = exact(transition.get("days") or archive_days)
                archive = str(transition.get("storageClass") or "")
    return days, archive_days if archive else days, archive
