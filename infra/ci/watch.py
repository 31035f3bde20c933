"""What an `up` needs for what watches over the service: logs, alarms, copies, and the account's own guards.

An entry of `on` is the rest of an ARN after `arn:<partition>:`. What has a name is bound to the names of the
stack, what AWS names is bound to the stack's tags, and the rest is said to be everything ("*") because AWS
knows nothing narrower (Service Authorization Reference, the page of the service).
"""

from __future__ import annotations

from infra.ci.rights import Rights

WATCH = (
    Rights(
        service="logs",
        reads="DescribeLogGroups DescribeMetricFilters DescribeQueryDefinitions "
        "DescribeResourcePolicies DescribeSubscriptionFilters GetDataProtectionPolicy "
        "GetLogDelivery ListLogDeliveries ListTagsForResource",
        # The firewall sends its log by a delivery, which has no name.
        writes="CreateLogDelivery DeleteLogDelivery DeleteQueryDefinition DeleteResourcePolicy "
        "PutQueryDefinition PutResourcePolicy UpdateLogDelivery",
    ),
    Rights(
        service="logs",
        on=tuple(
            f"logs:{{here}}:log-group:{name}"
            for name in ("{path}/*", "aws-waf-logs-{prefix}-*", "/aws/*/{prefix}-*", "RDSOSMetrics*")
        ),
        writes="AssociateKmsKey CreateLogGroup DeleteDataProtectionPolicy DeleteLogGroup "
        "DeleteMetricFilter DeleteRetentionPolicy DeleteSubscriptionFilter DisassociateKmsKey "
        "PutDataProtectionPolicy PutMetricFilter PutRetentionPolicy PutSubscriptionFilter "
        "TagResource UntagResource",
    ),
    Rights(
        service="cloudwatch",
        reads="DescribeAlarms GetDashboard ListDashboards ListTagsForResource",
    ),
    Rights(
        service="cloudwatch",
        on=(
            "cloudwatch:{here}:alarm:{prefix}-*",
            # What autoscaling makes, by the rights of whoever writes its policy.
            "cloudwatch:{here}:alarm:TargetTracking-service/{prefix}-*",
            "cloudwatch::{account}:dashboard/{prefix}-*",
        ),
        writes="DeleteAlarms DeleteDashboards PutCompositeAlarm PutDashboard PutMetricAlarm "
        "TagResource UntagResource",
    ),
    Rights(
        service="sns",
        on=("sns:{here}:{prefix}-*",),
        reads="GetDataProtectionPolicy GetTopicAttributes ListSubscriptionsByTopic ListTagsForResource",
        writes="CreateTopic DeleteTopic SetTopicAttributes Subscribe TagResource UntagResource",
    ),
    Rights(service="sns", reads="GetSubscriptionAttributes", writes="SetSubscriptionAttributes Unsubscribe"),
    Rights(
        service="events",
        on=("events:{here}:rule/{prefix}-*",),
        reads="DescribeRule ListTagsForResource ListTargetsByRule",
        writes="DeleteRule DisableRule EnableRule PutRule PutTargets RemoveTargets TagResource UntagResource",
    ),
)
PROTECTION = (
    Rights(
        service="backup",
        on=("backup:{here}:backup-vault:{prefix}-*",),
        reads="DescribeBackupVault GetBackupVaultAccessPolicy GetBackupVaultNotifications "
        "ListRecoveryPointsByBackupVault ListTags",
        writes="CreateBackupVault DeleteBackupVault DeleteBackupVaultAccessPolicy "
        "DeleteBackupVaultNotifications PutBackupVaultAccessPolicy "
        "PutBackupVaultLockConfiguration PutBackupVaultNotifications TagResource "
        "UntagResource",
    ),
    Rights(
        service="backup",
        on=("backup:{here}:backup-plan:*",),
        reads="GetBackupPlan GetBackupSelection ListBackupSelections ListTags",
        tagged=True,
        creates="CreateBackupPlan",
        writes="CreateBackupSelection DeleteBackupPlan DeleteBackupSelection UntagResource UpdateBackupPlan",
        tags="TagResource",
    ),
    Rights(service="backup-storage", writes="MountCapsule"),
    Rights(
        service="cloudtrail",
        on=("cloudtrail:{here}:trail/{prefix}-*",),
        reads="GetEventSelectors GetInsightSelectors GetTrail GetTrailStatus ListTags",
        writes="AddTags CreateTrail RemoveTags StartLogging",
    ),
    Rights(service="cloudtrail", reads="DescribeTrails"),
    Rights(
        service="guardduty",
        on=("guardduty:{here}:detector/*",),
        reads="GetDetector ListTagsForResource",
        tagged=True,
        creates="CreateDetector",
        writes="UntagResource UpdateDetector",
        tags="TagResource",
    ),
    Rights(service="guardduty", reads="ListDetectors"),
    Rights(
        service="config",
        reads="DescribeConfigRules DescribeConfigurationRecorderStatus "
        "DescribeConfigurationRecorders DescribeDeliveryChannels "
        "DescribeRetentionConfigurations ListTagsForResource",
        writes="DeleteConfigRule DeleteRetentionConfiguration PutConfigRule PutConfigurationRecorder "
        "PutDeliveryChannel PutRetentionConfiguration StartConfigurationRecorder TagResource "
        "UntagResource",
    ),
    Rights(
        service="budgets",
        on=("budgets::{account}:budget/{prefix}-*",),
        reads="ListTagsForResource ViewBudget",
        writes="ModifyBudget TagResource UntagResource",
    ),
    # What belongs to the account as a whole.
    Rights(
        service="ec2",
        reads="GetEbsEncryptionByDefault GetInstanceMetadataDefaults GetSerialConsoleAccessStatus "
        "GetSnapshotBlockPublicAccessState",
        writes="DisableSerialConsoleAccess EnableEbsEncryptionByDefault EnableSnapshotBlockPublicAccess "
        "ModifyInstanceMetadataDefaults",
    ),
    Rights(
        service="s3",
        reads="GetAccountPublicAccessBlock ListAllMyBuckets",
        writes="PutAccountPublicAccessBlock",
    ),
    Rights(service="iam", reads="GetAccountPasswordPolicy", writes="UpdateAccountPasswordPolicy"),
)
