"""Rules of tables."""

from awsmodel.checks import Distinct, OneOf
from awsmodel.relations import Requires
from awsmodel.rule import TypeRules
from awsmodel.rule_words import arn, between, policy, said

TABLE = TypeRules(
    of="aws:dynamodb/table:Table",
    source="internal/service/dynamodb/table.go",
    rules=(
        said("attributes", Distinct("name"), "validateTableAttributes"),
        arn("replicas[].kmsKeyArn", "kms"),
        arn("serverSideEncryption.kmsKeyArn", "kms"),
        said(
            "streamViewType",
            OneOf(("", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES", "KEYS_ONLY")),
            "validation.StringInSlice",
        ),
        said("", Requires("streamEnabled", (True,), needs=("streamViewType",)), "validStreamSpec"),
        between(
            "pointInTimeRecovery.recoveryPeriodInDays",
            1,
            35,
            source="AWS: DynamoDB API Reference, PointInTimeRecoverySpecification",
        ),
        said(
            "",
            Requires("billingMode", ("PROVISIONED",), needs=("readCapacity", "writeCapacity")),
            "validateProvisionedThroughputField",
        ),
        said(
            "ttl",
            Requires("enabled", (True,), needs=("attributeName",)),
            "validateTTLCustomDiff",
        ),
    ),
)

RESOURCE_POLICY = TypeRules(
    of="aws:dynamodb/resourcePolicy:ResourcePolicy",
    source="pulumi-aws SDK, aws.dynamodb.ResourcePolicy",
    rules=(arn("resourceArn", "dynamodb"), policy(source="policy")),
)
