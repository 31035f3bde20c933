"""Rules of image registries."""

from awsmodel.relations import Requires
from awsmodel.rule import TypeRules
from awsmodel.rule_words import arn, json_text, policy, said

REPOSITORY = TypeRules(
    of="aws:ecr/repository:Repository",
    source="internal/service/ecr/repository.go",
    rules=(
        arn("encryptionConfigurations[].kmsKey", "kms"),
        said(
            "encryptionConfigurations[]",
            Requires("encryptionType", ("AES256",), forbids=("kmsKey",), absent_as="AES256"),
            "AWS: ECR API Reference, EncryptionConfiguration",
        ),
        said(
            "",
            Requires(
                "imageTagMutability",
                ("IMMUTABLE_WITH_EXCLUSION", "MUTABLE_WITH_EXCLUSION"),
                needs=("imageTagMutabilityExclusionFilters",),
            ),
            "CustomizeDiff",
        ),
    ),
)

LIFECYCLE_POLICY = TypeRules(
    of="aws:ecr/lifecyclePolicy:LifecyclePolicy",
    source="internal/service/ecr/lifecycle_policy.go",
    rules=(json_text("policy"),),
)

REPOSITORY_POLICY = TypeRules(
    of="aws:ecr/repositoryPolicy:RepositoryPolicy",
    source="pulumi-aws SDK, aws.ecr.RepositoryPolicy",
    rules=(policy(source="policy"),),
)
