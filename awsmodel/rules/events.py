"""Rules of EventBridge: rules, targets, and the schedules of its scheduler."""

from awsmodel.checks import Json
from awsmodel.relations import AtLeastOneOf, Requires
from awsmodel.rule import TypeRules
from awsmodel.rule_words import (
    arn,
    avoids,
    between,
    exclusive,
    items,
    json_text,
    length,
    matches,
    prefixed,
    said,
)

_NAME = r"\A[0-9A-Za-z_.-]+\Z"
_NAME_WORDS = "have only letters, digits and - _ ."
_PARTS = "be rate(…) or cron(…) of six fields"
_RULE_SCHEDULE = r"\A(rate\(\d+ (minute|hour|day)s?\)|cron\(\S+( \S+){5}\))\Z"
_SCHEDULE = r"\A(rate\(\d+ (minute|hour|day)s?\)|cron\(\S+( \S+){5}\)|at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\))\Z"
_TIME = r"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)\Z"
_TIME_WORDS = "be a time such as 2030-01-31T00:00:00Z"

RULE = TypeRules(
    of="aws:cloudwatch/eventRule:EventRule",
    source="internal/service/events/rule.go",
    rules=(
        *prefixed("name", "namePrefix", 64, _NAME, _NAME_WORDS),
        said("eventPattern", Json(is_object=True, most=4096), "validateEventPatternValue"),
        matches(
            "scheduleExpression",
            _RULE_SCHEDULE,
            _PARTS,
            "AWS: EventBridge User Guide, Creating a rule that runs on a schedule",
        ),
        arn("roleArn", "iam"),
        said("", AtLeastOneOf(("scheduleExpression", "eventPattern")), "AtLeastOneOf"),
    ),
)

TARGET = TypeRules(
    of="aws:cloudwatch/eventTarget:EventTarget",
    source="internal/service/events/target.go",
    rules=(
        arn("arn"),
        arn("roleArn", "iam"),
        arn("deadLetterConfig.arn", "sqs"),
        arn("ecsTarget.taskDefinitionArn", "ecs"),
        between("ecsTarget.taskCount", 1, 2147483647),
        exclusive("input", "inputPath", "inputTransformer"),
        json_text("input"),
        items("inputTransformer.inputPaths", None, 100, "verify.MapSizeAtMost"),
        items("runCommandTargets", None, 5),
        matches("rule", _NAME, _NAME_WORDS, "validateRuleName"),
        length("rule", 1, 64, "validateRuleName"),
        matches("targetId", _NAME, _NAME_WORDS, "validateTargetID"),
    ),
)

SCHEDULE = TypeRules(
    of="aws:scheduler/schedule:Schedule",
    source="internal/service/scheduler/schedule.go",
    rules=(
        *prefixed("name", "namePrefix", 64, _NAME, _NAME_WORDS),
        matches(
            "scheduleExpression",
            _SCHEDULE,
            f"{_PARTS}, or at(…) of a time",
            "AWS: EventBridge Scheduler User Guide, Schedule types in EventBridge Scheduler",
        ),
        matches("endDate", _TIME, _TIME_WORDS, "validation.IsRFC3339Time"),
        matches("startDate", _TIME, _TIME_WORDS, "validation.IsRFC3339Time"),
        said(
            "flexibleTimeWindow",
            Requires("mode", ("FLEXIBLE",), needs=("maximumWindowInMinutes",)),
            "AWS: EventBridge Scheduler API Reference, FlexibleTimeWindow",
        ),
        said(
            "flexibleTimeWindow",
            Requires("mode", ("OFF",), forbids=("maximumWindowInMinutes",)),
            "AWS: EventBridge Scheduler API Reference, FlexibleTimeWindow",
        ),
        arn("kmsKeyArn", "kms"),
        arn("target.arn"),
        arn("target.roleArn", "iam"),
        arn("target.deadLetterConfig.arn", "sqs"),
        between("target.ecsParameters.taskCount", 0, 10),
    ),
)

SCHEDULE_GROUP = TypeRules(
    of="aws:scheduler/scheduleGroup:ScheduleGroup",
    source="internal/service/scheduler/schedule_group.go",
    rules=(
        *prefixed("name", "namePrefix", 64, _NAME, _NAME_WORDS),
        avoids(
            "name",
            r"\Adefault\Z",
            "not be `default`, the group that is there",
            "AWS: EventBridge Scheduler User Guide, Managing a schedule group",
        ),
    ),
)
