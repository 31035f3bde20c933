"""What the deploy role is refused although an operation of this program may need it."""

from __future__ import annotations

# Action → why. An administrator does it, by hand or through `slipway bootstrap`.
WITHHELD = {
    "backup:DeleteBackupVaultLockConfiguration": "a lock that can be taken off is none",
    "backup:DeleteRecoveryPoint": "a copy outlives whoever wants the original gone",
    "cloudtrail:DeleteTrail": "the trail is what says what this role did",
    "cloudtrail:PutEventSelectors": "a trail can be made blind",
    "cloudtrail:PutInsightSelectors": "a trail can be made blind",
    "cloudtrail:StopLogging": "the trail is what says what this role did",
    "cloudtrail:UpdateTrail": "a trail can be sent to where nobody looks",
    "config:DeleteConfigurationRecorder": "the recorder is what says what changed",
    "config:DeleteDeliveryChannel": "the recorder is what says what changed",
    "config:StopConfigurationRecorder": "the recorder is what says what changed",
    "ec2:DisableEbsEncryptionByDefault": "the account's floor is not an environment's to lower",
    "ec2:DisableSnapshotBlockPublicAccess": "the account's floor is not an environment's to lower",
    "guardduty:DeleteDetector": "the detector is what sees this role misused",
    "iam:CreatePolicy": "the only policies of a stack are its boundaries and the rights of CI",
    "iam:CreatePolicyVersion": "the only policies of a stack are its boundaries and the rights of CI",
    "iam:DeleteAccountPasswordPolicy": "the account's floor is not an environment's to lower",
    "iam:DeletePolicy": "the only policies of a stack are its boundaries and the rights of CI",
    "iam:DeletePolicyVersion": "the only policies of a stack are its boundaries and the rights of CI",
    "iam:DeleteRolePermissionsBoundary": "without its boundary a role is what anybody makes of it",
    "iam:DeleteServiceLinkedRole": "without its role a service stops what it does for the account",
    "iam:SetDefaultPolicyVersion": "the only policies of a stack are its boundaries and the rights of CI",
    "iam:TagPolicy": "the only policies of a stack are its boundaries and the rights of CI",
    "iam:UntagPolicy": "the only policies of a stack are its boundaries and the rights of CI",
    "kms:DisableKey": "what a key encrypted is gone without it",
    "kms:ScheduleKeyDeletion": "what a key encrypted is gone without it",
    "s3:BypassGovernanceRetention": "an audit log that can be shortened proves nothing",
    "s3:PutObjectLegalHold": "an audit log that can be shortened proves nothing",
    "s3:PutObjectRetention": "an audit log that can be shortened proves nothing",
    "secretsmanager:BatchGetSecretValue": "who deploys needs no secret",
    "secretsmanager:GetSecretValue": "who deploys needs no secret",
    "secretsmanager:RemoveRegionsFromReplication": "a secret stays in its region",
    "secretsmanager:ReplicateSecretToRegions": "a secret stays in its region",
}
