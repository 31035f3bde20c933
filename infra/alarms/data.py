"""The required alarms of what keeps and carries data, from the database to the topics of alarms."""

from __future__ import annotations

from infra.alarms.alarm import Owner, Severity
from infra.alarms.spec import AlarmSpec, Comparison, Kind, Limit, Measure, Missing, one

_HOUR_SECONDS, _DAY_SECONDS = 3600, 86400
_OPERATIONS = ("GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "TransactWriteItems")


def _database(
    role: str,
    metric: str,
    stat: str,
    threshold: float | Limit,
    meaning: str,
    *,
    comparison: Comparison = Comparison.ABOVE,
    severity: Severity = Severity.TICKET,
) -> AlarmSpec:
    return AlarmSpec(
        kind=Kind.DATABASE,
        role=role,
        namespace="AWS/RDS",
        measures=one(metric),
        stat=stat,
        threshold=threshold,
        comparison=comparison,
        evaluation_periods=15,
        datapoints_to_alarm=12,
        meaning=meaning,
        severity=severity,
        owner=Owner.PLATFORM,
    )


def _schedule(role: str, metric: str, meaning: str) -> AlarmSpec:
    return AlarmSpec(
        kind=Kind.SCHEDULE_GROUP,
        role=role,
        namespace="AWS/Scheduler",
        measures=one(metric),
        stat="Sum",
        threshold=0,
        period_seconds=300,
        evaluation_periods=1,
        datapoints_to_alarm=1,
        meaning=meaning,
        severity=Severity.TICKET,
        owner=Owner.PLATFORM,
    )


DATA: tuple[AlarmSpec, ...] = (
    _database(
        "database-storage",
        "FreeStorageSpace",
        "Minimum",
        # Storage grows by itself below 10 %; this far down it did not.
        Limit(of="storage_bytes", share=0.08),
        "The database is almost out of storage and did not grow; a full database refuses every write",
        comparison=Comparison.BELOW,
        severity=Severity.PAGE,
    ),
    _database("database-cpu", "CPUUtilization", "Average", 85, "The database is short of CPU"),
    _database(
        "database-connections",
        "DatabaseConnections",
        "Maximum",
        Limit(of="connections", share=0.8),
        "The database is almost out of connections",
    ),
    _database(
        "database-memory",
        "FreeableMemory",
        "Minimum",
        Limit(of="memory_bytes", share=0.1),
        "The database is almost out of memory",
        comparison=Comparison.BELOW,
    ),
    _database(
        "database-read-latency",
        "ReadLatency",
        "Average",
        0.02,
        "Reads of the database's disk take over 20 ms",
    ),
    _database(
        "database-write-latency",
        "WriteLatency",
        "Average",
        0.05,
        "Writes to the database's disk take over 50 ms",
    ),
    _database(
        "database-transaction-ids",
        "MaximumUsedTransactionIDs",
        "Maximum",
        1_000_000_000,
        "Half of the database's transaction ids are used up, since vacuum does not keep up; when all are, it "
        "refuses writes",
    ),
    AlarmSpec(
        kind=Kind.QUEUE,
        role="queue-age",
        namespace="AWS/SQS",
        measures=one("ApproximateAgeOfOldestMessage"),
        stat="Maximum",
        threshold=Limit(of="age_seconds"),
        meaning="The oldest message of a queue waits too long: the worker is down, stuck or too small",
        severity=Severity.PAGE,
        owner=Owner.TRIAGE,
    ),
    AlarmSpec(
        kind=Kind.DEAD_LETTER_QUEUE,
        role="dead-letters",
        namespace="AWS/SQS",
        measures=one("ApproximateNumberOfMessagesVisible"),
        stat="Maximum",
        threshold=0,
        evaluation_periods=1,
        datapoints_to_alarm=1,
        meaning="Messages were given up and lie in a dead-letter queue",
        severity=Severity.TICKET,
        owner=Owner.TRIAGE,
    ),
    _schedule("schedule-failures", "TargetErrorCount", "A schedule could not deliver its message"),
    _schedule("schedule-dropped", "InvocationDroppedCount", "A schedule gave a message up after its retries"),
    AlarmSpec(
        kind=Kind.TABLE,
        role="table-throttles",
        namespace="AWS/DynamoDB",
        measures=(Measure(metric="ReadThrottleEvents"), Measure(metric="WriteThrottleEvents")),
        expression="FILL(m0, 0) + FILL(m1, 0)",
        stat="Sum",
        threshold=0,
        evaluation_periods=5,
        datapoints_to_alarm=3,
        meaning="A table refuses requests because there are too many",
        severity=Severity.TICKET,
        owner=Owner.PLATFORM,
    ),
    AlarmSpec(
        kind=Kind.TABLE,
        role="table-system-errors",
        namespace="AWS/DynamoDB",
        # The metric exists by operation only.
        measures=tuple(
            Measure(metric="SystemErrors", fixed={"Operation": operation}) for operation in _OPERATIONS
        ),
        expression=" + ".join(f"FILL(m{place}, 0)" for place in range(len(_OPERATIONS))),
        stat="Sum",
        threshold=0,
        evaluation_periods=5,
        datapoints_to_alarm=3,
        meaning="DynamoDB fails to answer for a table",
        severity=Severity.TICKET,
        owner=Owner.PLATFORM,
    ),
    AlarmSpec(
        kind=Kind.BACKUP_VAULT,
        role="backup-failed",
        namespace="AWS/Backup",
        measures=tuple(
            Measure(metric=f"NumberOfBackupJobs{state}") for state in ("Failed", "Expired", "Aborted")
        ),
        expression="FILL(m0, 0) + FILL(m1, 0) + FILL(m2, 0)",
        stat="Sum",
        threshold=0,
        period_seconds=_HOUR_SECONDS,
        evaluation_periods=1,
        datapoints_to_alarm=1,
        meaning="A backup failed, did not start in time, or was called off",
        severity=Severity.TICKET,
        owner=Owner.PLATFORM,
    ),
    AlarmSpec(
        kind=Kind.BACKUP_VAULT,
        role="backup-missing",
        namespace="AWS/Backup",
        measures=one("NumberOfBackupJobsCompleted"),
        stat="Sum",
        threshold=1,
        comparison=Comparison.BELOW,
        period_seconds=_DAY_SECONDS,
        # Two days, so that a new vault has time for its first backup.
        evaluation_periods=2,
        datapoints_to_alarm=2,
        missing=Missing.BAD,
        meaning="No backup was completed for two days",
        severity=Severity.TICKET,
        owner=Owner.PLATFORM,
    ),
    AlarmSpec(
        kind=Kind.TOPIC,
        role="notifications-failed",
        namespace="AWS/SNS",
        measures=one("NumberOfNotificationsFailed"),
        stat="Sum",
        threshold=0,
        period_seconds=300,
        evaluation_periods=1,
        datapoints_to_alarm=1,
        meaning="An alarm could not be delivered to somebody who subscribed",
        severity=Severity.TICKET,
        owner=Owner.PLATFORM,
    ),
)
