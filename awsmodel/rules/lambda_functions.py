"""Rules of functions."""

from awsmodel.relations import Requires
from awsmodel.rule import TypeRules
from awsmodel.rule_words import (
    arn,
    between,
    exactly_one_of,
    exclusive,
    items,
    length,
    matches,
    said,
    together,
)

_QUALIFIED = r"\A(arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:)?[0-9A-Za-z_-]+(:[0-9A-Za-z$_-]+)?\Z"

FUNCTION = TypeRules(
    of="aws:lambda/function:Function",
    source="internal/service/lambda/function.go",
    rules=(
        matches(
            "name",
            r"\A(arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:)?[0-9A-Za-z_-]{1,64}\Z",
            "be at most 64 letters, digits, hyphens and underscores",
            "validFunctionName",
        ),
        exactly_one_of("code", "imageUri", "s3Bucket"),
        together("s3Bucket", "s3Key"),
        together("s3Key", "s3Bucket"),
        exclusive("s3ObjectVersion", "code"),
        exclusive("s3ObjectVersion", "imageUri"),
        exclusive("sourceKmsKeyArn", "imageUri"),
        length("handler", 1, 128),
        said(
            "",
            Requires("packageType", ("Zip",), needs=("handler", "runtime"), absent_as="Zip"),
            "resourceFunctionCreate",
        ),
        said("", Requires("packageType", ("Image",), needs=("imageUri",)), "resourceFunctionCreate"),
        between("memorySize", 128, 10240),
        between("timeout", 1, 900),
        between("ephemeralStorage.size", 512, 10240),
        between("reservedConcurrentExecutions", -1, None),
        items("architectures", None, 1),
        items("layers", None, 5),
        arn("layers[]", "lambda"),
        arn("role", "iam"),
        arn("kmsKeyArn", "kms"),
        arn("codeSigningConfigArn", "lambda"),
        arn("deadLetterConfig.targetArn"),
        arn("fileSystemConfig.arn"),
        matches("fileSystemConfig.localMountPath", r"\A/mnt/[0-9A-Za-z_.-]+\Z", "begin with /mnt/"),
        matches(
            "loggingConfig.logGroup",
            r"\A[0-9A-Za-z_./#-]{1,512}\Z",
            "be the name of a log group",
            "validLogGroupName",
        ),
    ),
)

PERMISSION = TypeRules(
    of="aws:lambda/permission:Permission",
    source="internal/service/lambda/permission.go",
    rules=(
        matches(
            "action",
            r"\A(lambda:[*]|lambda:[A-Za-z]+|[*])\Z",
            "be an action such as lambda:InvokeFunction",
            "validPermissionAction",
        ),
        matches("function", _QUALIFIED, "be the name or the ARN of a function", "validFunctionName"),
        exclusive("statementId", "statementIdPrefix"),
        matches(
            "statementId",
            r"\A[0-9A-Za-z_-]{1,100}\Z",
            "be at most 100 letters, digits, hyphens and underscores",
            "validPolicyStatementID",
        ),
        matches(
            "sourceAccount", r"\A\d{12}\Z", "be the twelve digits of an account", "verify.ValidAccountID"
        ),
        arn("sourceArn"),
    ),
)

EVENT_INVOKE_CONFIG = TypeRules(
    of="aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
    source="internal/service/lambda/function_event_invoke_config.go",
    rules=(
        arn("destinationConfig.onFailure.destination"),
        arn("destinationConfig.onSuccess.destination"),
    ),
)
