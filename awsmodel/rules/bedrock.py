"""Rules of models: guardrails, profiles, the log of invocations."""

from awsmodel.checks import Items
from awsmodel.relations import AtLeastOneOf
from awsmodel.rule import TypeRules
from awsmodel.rule_words import arn, between, matches, said

_GUARDRAIL_POLICIES = (
    "contentPolicyConfig",
    "contextualGroundingPolicyConfig",
    "sensitiveInformationPolicyConfig",
    "topicPolicyConfig",
    "wordPolicyConfig",
)

GUARDRAIL = TypeRules(
    of="aws:bedrock/guardrail:Guardrail",
    source="internal/service/bedrock/guardrail.go",
    rules=(
        matches(
            "name",
            r"\A[0-9A-Za-z_-]+\Z",
            "have only letters, digits, hyphens and underscores",
            "stringvalidator.RegexMatches",
        ),
        said("kmsKeyArn", arn("x", "kms").check, "fwtypes.ARNType"),
        between(
            "contextualGroundingPolicyConfig.filtersConfigs[].threshold",
            0,
            0.99,
            "AWS: Bedrock API Reference, GuardrailContextualGroundingFilterConfig",
        ),
        said(
            "",
            AtLeastOneOf(_GUARDRAIL_POLICIES),
            "AWS: Bedrock API Reference, CreateGuardrail",
        ),
        said("topicPolicyConfig.topicsConfigs", Items(1, 30), "listvalidator.SizeAtLeast(1)"),
    ),
)

GUARDRAIL_VERSION = TypeRules(
    of="aws:bedrock/guardrailVersion:GuardrailVersion",
    source="internal/service/bedrock/guardrail_version.go",
    rules=(said("guardrailArn", arn("x", "bedrock").check, "fwtypes.ARNType"),),
)

INFERENCE_PROFILE = TypeRules(
    of="aws:bedrock/inferenceProfile:InferenceProfile",
    source="internal/service/bedrock/inference_profile.go",
    rules=(said("modelSource.copyFrom", arn("x", "bedrock").check, "fwtypes.ARNType"),),
)

INVOCATION_LOGGING = TypeRules(
    of="aws:bedrockmodel/invocationLoggingConfiguration:InvocationLoggingConfiguration",
    source="internal/service/bedrock/model_invocation_logging_configuration.go",
    rules=(
        said(
            "loggingConfig",
            AtLeastOneOf(("cloudwatchConfig", "s3Config")),
            "AWS: Bedrock User Guide, Monitor model invocation using CloudWatch Logs and Amazon S3",
        ),
        said("loggingConfig.cloudwatchConfig.roleArn", arn("x", "iam").check, "fwtypes.ARNType"),
    ),
)
