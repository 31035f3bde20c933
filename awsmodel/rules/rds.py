"""Rules of databases and their groups."""

from awsmodel.checks import OneOf
from awsmodel.relations import NotAbove
from awsmodel.rule import Rule, TypeRules
from awsmodel.rule_words import (
    arn,
    avoids,
    between,
    exclusive,
    items,
    length,
    matches,
    one_of,
    said,
    together,
)

_DAILY = r"\A(([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d)?\Z"
_DAY = r"(?i:sun|mon|tue|wed|thu|fri|sat):([01]\d|2[0-3]):[0-5]\d"
_PASSWORDS = ("manageMasterUserPassword", "password", "passwordWo")


def _name(path: str, letters: str, words: str, validator: str, most: int) -> tuple[Rule, ...]:
    """The rules that all names of RDS share: how they begin, what is in them, no doubled or last hyphen."""
    return (
        matches(
            path, rf"\A[a-z][{letters}]*\Z", f"begin with a small letter and have only {words}", validator
        ),
        avoids(path, "--|-$", "have no two hyphens in a row and none at its end", validator),
        length(path, 1, most, validator),
    )


INSTANCE = TypeRules(
    of="aws:rds/instance:Instance",
    source="internal/service/rds/instance.go",
    rules=(
        *_name("identifier", "0-9a-z-", "small letters, digits and hyphens", "validIdentifier", 63),
        exclusive("identifier", "identifierPrefix"),
        exclusive(*_PASSWORDS),
        together("passwordWo", "passwordWoVersion"),
        exclusive("replicateSourceDb", "dbName"),
        exclusive("replicateSourceDb", "username"),
        exclusive("s3Import", "snapshotIdentifier", "replicateSourceDb", "restoreToPointInTime"),
        exclusive("restoreTime", "useLatestRestorableTime", path="restoreToPointInTime"),
        matches(
            "backupWindow",
            _DAILY,
            "be a time of each day as hh:mm-hh:mm, such as 02:00-03:00",
            "verify.ValidOnceADayWindowFormat",
        ),
        matches(
            "maintenanceWindow",
            rf"\A({_DAY}-{_DAY})?\Z",
            "be a time of each week as ddd:hh:mm-ddd:hh:mm, such as Sun:04:00-Sun:05:00",
            "verify.ValidOnceAWeekWindowFormat",
        ),
        between("backupRetentionPeriod", 0, 35, source="AWS: RDS API Reference, CreateDBInstance"),
        matches("customIamInstanceProfile", r"\AAWSRDSCustom", "begin with AWSRDSCustom"),
        one_of(
            "enabledCloudwatchLogsExports[]",
            *("agent", "alert", "audit", "dblog", "diag.log", "error", "general", "iam-db-auth-error"),
            *("listener", "notify.log", "oemagent", "postgresql", "slowquery", "trace", "upgrade"),
        ),
        matches(
            "finalSnapshotIdentifier",
            r"\A[A-Za-z][0-9A-Za-z-]*\Z",
            "begin with a letter and have only letters, digits and hyphens",
        ),
        avoids("finalSnapshotIdentifier", "--|-$", "have no two hyphens in a row and none at its end"),
        arn("kmsKeyId", "kms"),
        arn("monitoringRoleArn", "iam"),
        arn("performanceInsightsKmsKeyId", "kms"),
        length("masterUserSecretKmsKeyId", 1, 2048, "verify.ValidKMSKeyID"),
        said("monitoringInterval", OneOf((0, 1, 5, 10, 15, 30, 60)), "validation.IntInSlice"),
        said(
            "performanceInsightsRetentionPeriod",
            OneOf((7, *range(31, 714, 31), 731)),
            "AWS: RDS API Reference, CreateDBInstance",
        ),
        one_of("networkType", "IPV4", "DUAL"),
        one_of("replicaMode", "mounted", "open-read-only"),
        one_of("storageType", "gp2", "gp3", "io1", "io2", "standard"),
        said(
            "",
            NotAbove("allocatedStorage", "maxAllocatedStorage"),
            "AWS: RDS User Guide, Managing capacity automatically with storage autoscaling",
        ),
    ),
)

PARAMETER_GROUP = TypeRules(
    of="aws:rds/parameterGroup:ParameterGroup",
    source="internal/service/rds/parameter_group.go",
    rules=(
        *_name("name", "0-9a-z.-", "small letters, digits, dots and hyphens", "validParamGroupName", 255),
        exclusive("name", "namePrefix"),
    ),
)

SUBNET_GROUP = TypeRules(
    of="aws:rds/subnetGroup:SubnetGroup",
    source="internal/service/rds/subnet_group.go",
    rules=(
        matches(
            "name",
            r"\A[0-9a-z_ .-]{1,255}\Z",
            "be at most 255 small letters, digits, hyphens, underscores, dots and spaces",
            "validSubnetGroupName",
        ),
        avoids("name", r"\A(?i:default)\Z", "not be `default`", "validSubnetGroupName"),
        exclusive("name", "namePrefix"),
        items("subnetIds", 2, None, "AWS: RDS User Guide, Working with DB subnet groups"),
    ),
)

EVENT_SUBSCRIPTION = TypeRules(
    of="aws:rds/eventSubscription:EventSubscription",
    source="internal/service/rds/event_subscription.go",
    rules=(
        matches(
            "name",
            r"\A[A-Za-z][0-9A-Za-z-]{0,254}\Z",
            "begin with a letter and have at most 255 letters, digits and hyphens",
            "validEventSubscriptionName",
        ),
        avoids(
            "name", "--|-$", "have no two hyphens in a row and none at its end", "validEventSubscriptionName"
        ),
        exclusive("name", "namePrefix"),
        arn("snsTopic", "sns"),
    ),
)
