"""Rules of keys."""

from awsmodel.relations import Requires
from awsmodel.rule import TypeRules
from awsmodel.rule_words import avoids, between, exclusive, matches, policy, said, together

KEY = TypeRules(
    of="aws:kms/key:Key",
    source="internal/service/kms/key.go",
    rules=(
        between("deletionWindowInDays", 7, 30),
        together("rotationPeriodInDays", "enableKeyRotation"),
        together("xksKeyId", "customKeyStoreId"),
        policy(most=32768, source="sdkv2.IAMPolicyDocumentSchemaOptionalComputed"),
        said(
            "",
            Requires(
                "customerMasterKeySpec",
                ("HMAC_224", "HMAC_256", "HMAC_384", "HMAC_512"),
                forbids=("enableKeyRotation",),
            ),
            "AWS: KMS Developer Guide, Rotate AWS KMS keys",
        ),
    ),
)

ALIAS = TypeRules(
    of="aws:kms/alias:Alias",
    source="internal/service/kms/alias.go",
    rules=(
        matches(
            "name",
            r"\Aalias/[0-9A-Za-z_/-]+\Z",
            "begin with alias/ and have only letters, digits and / _ -",
            "validNameForResource",
        ),
        avoids("name", r"\Aalias/aws/", "not begin with alias/aws/", "validNameForResource"),
        exclusive("name", "namePrefix"),
    ),
)
