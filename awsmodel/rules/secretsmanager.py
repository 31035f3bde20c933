"""Rules of secrets."""

from awsmodel.checks import OneOf
from awsmodel.relations import Requires
from awsmodel.rule import TypeRules
from awsmodel.rule_words import (
    arn,
    avoids,
    exactly_one_of,
    exclusive,
    matches,
    policy,
    prefixed,
    said,
    together,
)

SECRET = TypeRules(
    of="aws:secretsmanager/secret:Secret",
    source="internal/service/secretsmanager/secret.go",
    rules=(
        *prefixed(
            "name", "namePrefix", 512, r"\A[0-9A-Za-z/_+=.@-]+\Z", "have only letters, digits and /_+=.@-"
        ),
        avoids(
            "name",
            r"-\w{6}\Z",
            "not end in a hyphen and six characters, as the ARN of a secret does",
            "AWS: Secrets Manager API Reference, CreateSecret",
        ),
        policy(most=20480, source="validation.StringIsJSON"),
        said(
            "recoveryWindowInDays",
            OneOf((0, *range(7, 31))),
            "validation.Any(IntBetween(7, 30), IntInSlice(0))",
        ),
    ),
)

SECRET_POLICY = TypeRules(
    of="aws:secretsmanager/secretPolicy:SecretPolicy",
    source="internal/service/secretsmanager/secret_policy.go",
    rules=(arn("secretArn", "secretsmanager"), policy(most=20480)),
)

SECRET_ROTATION = TypeRules(
    of="aws:secretsmanager/secretRotation:SecretRotation",
    source="internal/service/secretsmanager/secret_rotation.go",
    rules=(
        arn("rotationLambdaArn", "lambda"),
        exactly_one_of("automaticallyAfterDays", "scheduleExpression", path="rotationRules"),
        matches(
            "rotationRules.duration",
            r"\A\d{1,2}h\Z",
            "be hours, such as 3h",
            "AWS: Secrets Manager API Reference, RotationRulesType",
        ),
        matches(
            "rotationRules.scheduleExpression",
            r"\A(rate\(\d+ (hour|day)s?\)|cron\(\S+( \S+){5}\))\Z",
            "be rate(…) of hours or days, or cron(…) of six fields",
            "AWS: Secrets Manager API Reference, RotationRulesType",
        ),
    ),
)

SECRET_VERSION = TypeRules(
    of="aws:secretsmanager/secretVersion:SecretVersion",
    source="internal/service/secretsmanager/secret_version.go",
    rules=(
        exclusive("secretBinary", "secretString", "secretStringWo"),
        together("secretStringWo", "secretStringWoVersion"),
        said("", Requires("secretStringWoVersion", needs=("secretStringWo",)), "RequiredWith"),
    ),
)
