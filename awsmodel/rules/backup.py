"""Rules of backup plans, vaults and what they hold."""

from awsmodel.relations import NotAbove
from awsmodel.rule import TypeRules
from awsmodel.rule_words import arn, between, length, matches, one_of, policy, said

_VAULT = r"\A[0-9A-Za-z_-]{2,50}\Z"
_VAULT_WORDS = "be 2 to 50 letters, digits, hyphens and underscores"

PLAN = TypeRules(
    of="aws:backup/plan:Plan",
    source="internal/service/backup/plan.go",
    rules=(
        one_of("advancedBackupSettings[].resourceType", "EC2"),
        arn("rules[].copyActions[].destinationVaultArn", "backup"),
        length("rules[].ruleName", 1, 50),
        matches("rules[].ruleName", r"\A[0-9A-Za-z_.-]+\Z", "have only letters, digits and - _ ."),
        matches("rules[].targetVaultName", _VAULT, _VAULT_WORDS),
        matches(
            "rules[].schedule",
            r"\Acron\(\S+( \S+){5}\)\Z",
            "be a cron expression of six fields, such as cron(0 3 * * ? *)",
            "AWS: Backup Developer Guide, Creating a backup plan",
        ),
        between(
            "rules[].startWindow", 60, None, source="AWS: Backup Developer Guide, Creating a backup plan"
        ),
        said(
            "rules[]",
            NotAbove("startWindow", "completionWindow"),
            "AWS: Backup Developer Guide, Creating a backup plan",
        ),
        said(
            "rules[].lifecycle",
            NotAbove("coldStorageAfter", "deleteAfter", 90),
            "AWS: Backup API Reference, Lifecycle",
        ),
        said(
            "rules[].copyActions[].lifecycle",
            NotAbove("coldStorageAfter", "deleteAfter", 90),
            "AWS: Backup API Reference, Lifecycle",
        ),
    ),
)

SELECTION = TypeRules(
    of="aws:backup/selection:Selection",
    source="internal/service/backup/selection.go",
    rules=(
        length("name", 1, 50),
        matches("name", r"\A[0-9A-Za-z_.-]+\Z", "have only letters, digits and - _ ."),
        arn("iamRoleArn", "iam"),
    ),
)

VAULT = TypeRules(
    of="aws:backup/vault:Vault",
    source="internal/service/backup/vault.go",
    rules=(matches("name", _VAULT, _VAULT_WORDS), arn("kmsKeyArn", "kms")),
)

VAULT_LOCK = TypeRules(
    of="aws:backup/vaultLockConfiguration:VaultLockConfiguration",
    source="internal/service/backup/vault_lock_configuration.go",
    rules=(
        matches("backupVaultName", r"\A[0-9A-Za-z_.-]{1,50}\Z", "be 1 to 50 letters, digits and - _ ."),
        between("changeableForDays", 3, None),
        between(
            "minRetentionDays", 1, None, source="AWS: Backup API Reference, PutBackupVaultLockConfiguration"
        ),
        between(
            "maxRetentionDays",
            1,
            36500,
            source="AWS: Backup API Reference, PutBackupVaultLockConfiguration",
        ),
        said(
            "",
            NotAbove("minRetentionDays", "maxRetentionDays"),
            "AWS: Backup API Reference, PutBackupVaultLockConfiguration",
        ),
    ),
)

VAULT_NOTIFICATIONS = TypeRules(
    of="aws:backup/vaultNotifications:VaultNotifications",
    source="internal/service/backup/vault_notifications.go",
    rules=(
        matches("backupVaultName", r"\A[0-9A-Za-z_.-]{1,50}\Z", "be 1 to 50 letters, digits and - _ ."),
        arn("snsTopicArn", "sns"),
    ),
)

VAULT_POLICY = TypeRules(
    of="aws:backup/vaultPolicy:VaultPolicy",
    source="pulumi-aws SDK, aws.backup.VaultPolicy",
    rules=(policy(source="policy"),),
)
