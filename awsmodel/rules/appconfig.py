"""Rules of AppConfig: applications, environments, profiles and strategies."""

from awsmodel.checks import Distinct
from awsmodel.rule import TypeRules
from awsmodel.rule_words import arn, items, matches, one_of, said

_ID = r"\A[0-9a-z]{4,7}\Z"
_ID_WORDS = "be the id that AppConfig gave: 4 to 7 small letters and digits"

ENVIRONMENT = TypeRules(
    of="aws:appconfig/environment:Environment",
    source="internal/service/appconfig/environment.go",
    rules=(
        matches("applicationId", _ID, _ID_WORDS, "stringvalidator.RegexMatches"),
        items("monitors", None, 5, "setvalidator.SizeAtMost(5)"),
        said("monitors[].alarmArn", arn("x", "cloudwatch").check, "fwtypes.ARNType"),
        said("monitors[].alarmRoleArn", arn("x", "iam").check, "fwtypes.ARNType"),
    ),
)

CONFIGURATION_PROFILE = TypeRules(
    of="aws:appconfig/configurationProfile:ConfigurationProfile",
    source="internal/service/appconfig/configuration_profile.go",
    rules=(
        matches("applicationId", _ID, _ID_WORDS),
        one_of("type", "AWS.AppConfig.FeatureFlags", "AWS.Freeform"),
        arn("retrievalRoleArn", "iam"),
        items("validators", None, 2),
        matches(
            "validators[].content",
            r"\A\s*[{\[\"]|\Aarn:aws[a-z-]*:lambda:|\A\Z",
            "be a JSON schema, or the ARN of a function",
            "validation.Any(StringIsJSON, ValidARN)",
        ),
        said("validators", Distinct("type"), "AWS: AppConfig User Guide, Understanding validators"),
    ),
)

DEPLOYMENT = TypeRules(
    of="aws:appconfig/deployment:Deployment",
    source="internal/service/appconfig/deployment.go",
    rules=(
        matches("applicationId", _ID, _ID_WORDS),
        matches("configurationProfileId", _ID, _ID_WORDS),
        matches("environmentId", _ID, _ID_WORDS),
        matches(
            "deploymentStrategyId",
            r"\A([0-9a-z]{4,7}|AppConfig\.[0-9A-Za-z]{9,40})\Z",
            "be the id of a strategy, or the name of one of AppConfig's own",
        ),
    ),
)

HOSTED_VERSION = TypeRules(
    of="aws:appconfig/hostedConfigurationVersion:HostedConfigurationVersion",
    source="internal/service/appconfig/hosted_configuration_version.go",
    rules=(
        matches("applicationId", _ID, _ID_WORDS),
        matches("configurationProfileId", _ID, _ID_WORDS),
    ),
)
