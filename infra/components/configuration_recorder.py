"""The history of how each resource of the account was configured."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import pulumi
import pulumi_aws as aws

from infra.alarms.alarm import Alert, Owner, Severity
from infra.components.event_notice import EventNotice, EventNoticeArgs
from infra.naming import Label

# Rules for what only AWS can say: facts of the root user, which no resource shows, and whether a backup was
# really made, which is a matter of time. All that a resource shows is for the policy pack, which speaks
# before it is made. A recovery point may be two days old: one failed night has a notice of its own.
_RECENT = {"recoveryPointAgeUnit": "days", "recoveryPointAgeValue": "2"}
_RULES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "root-mfa": ("ROOT_ACCOUNT_MFA_ENABLED", {}),
    "root-access-key": ("IAM_ROOT_ACCESS_KEY_CHECK", {}),
    "database-backed-up": ("RDS_LAST_BACKUP_RECOVERY_POINT_CREATED", _RECENT),
    "tables-backed-up": ("DYNAMODB_LAST_BACKUP_RECOVERY_POINT_CREATED", _RECENT),
}
RULE_BROKEN = Alert(
    role="rule-broken",
    meaning="The account breaks a rule of AWS Config",
    severity=Severity.TICKET,
    owner=Owner.SECURITY,
)


class Recording(StrEnum):
    """How often a changed resource is written down: at each change, or once a day for less money."""

    CONTINUOUS = "CONTINUOUS"
    DAILY = "DAILY"


@dataclass(frozen=True, kw_only=True)
class ConfigurationRecorderArgs:
    label: Label
    # Without a default retention: AWS Config delivers to no bucket that has one (AWS Config developer guide,
    # "Managing the Delivery Channel"). Known only when its policy lets AWS Config write.
    bucket_name: pulumi.Input[str]
    key_arn: pulumi.Input[str]
    topic_arn: pulumi.Input[str]
    dead_letter_queue_arn: pulumi.Input[str]
    recording: Recording = Recording.CONTINUOUS
    # IAM and the like are the same in every region, and are recorded in one.
    records_global_types: bool = True
    # For how long AWS Config itself answers for the past: 30 days to seven years, which is AWS's own default.
    history_days: int = 2557


class ConfigurationRecorder(pulumi.ComponentResource):
    """AWS Config for all types of resource, delivered to a bucket, and notices of broken rules.

    It works by the service-linked role, as AWS advises: the list of what it has to read is longer than any
    permissions boundary, grows with AWS, and is not for us to keep. There is one recorder in an account and
    region: a stack may own it because it has an account of its own.
    """

    recorder_name: pulumi.Output[str]

    def __init__(
        self, name: str, args: ConfigurationRecorderArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("slipway:configuration_recorder:ConfigurationRecorder", name, None, opts)
        self._name, self._args = name, args
        child = pulumi.ResourceOptions(parent=self)
        label = args.label
        role = aws.iam.ServiceLinkedRole(
            f"{name}-role", aws_service_name="config.amazonaws.com", tags=label.tags("role"), opts=child
        )
        recorder = aws.cfg.Recorder(
            f"{name}-recorder",
            name=label.name(),
            role_arn=role.arn,
            recording_group=aws.cfg.RecorderRecordingGroupArgs(
                all_supported=True, include_global_resource_types=args.records_global_types
            ),
            recording_mode=aws.cfg.RecorderRecordingModeArgs(recording_frequency=args.recording),
            opts=child,
        )
        aws.cfg.RetentionConfiguration(
            f"{name}-history", retention_period_in_days=args.history_days, opts=child
        )
        channel = aws.cfg.DeliveryChannel(
            f"{name}-channel",
            name=label.name("channel"),
            s3_bucket_name=args.bucket_name,
            s3_kms_key_arn=args.key_arn,
            snapshot_delivery_properties=aws.cfg.DeliveryChannelSnapshotDeliveryPropertiesArgs(
                delivery_frequency="TwentyFour_Hours"
            ),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[recorder]),
        )
        status = aws.cfg.RecorderStatus(
            f"{name}-status",
            name=recorder.name,
            is_enabled=True,
            # AWS Config starts no recorder that cannot deliver.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[channel]),
        )
        self._make_rules(status)
        self.recorder_name = recorder.name
        self.register_outputs({"recorder_name": self.recorder_name})

    def _make_rules(self, status: aws.cfg.RecorderStatus) -> None:
        label = self._args.label
        for role, (identifier, parameters) in _RULES.items():
            aws.cfg.Rule(
                f"{self._name}-{role}",
                name=label.name(role),
                source=aws.cfg.RuleSourceArgs(owner="AWS", source_identifier=identifier),
                input_parameters=json.dumps(parameters, sort_keys=True) if parameters else None,
                maximum_execution_frequency="TwentyFour_Hours",
                tags=label.tags(role),
                opts=pulumi.ResourceOptions(parent=self, depends_on=[status]),
            )
        EventNotice(
            f"{self._name}-{RULE_BROKEN.role}",
            EventNoticeArgs(
                label=label,
                alert=RULE_BROKEN,
                pattern={
                    "source": ["aws.config"],
                    "detail-type": ["Config Rules Compliance Change"],
                    "detail": {
                        "configRuleName": [label.name(role) for role in _RULES],
                        "newEvaluationResult": {"complianceType": ["NON_COMPLIANT"]},
                    },
                },
                sentence=(
                    f"{RULE_BROKEN.description} (<type> <id> in account <account>, <region>, rule <rule>)"
                ),
                paths={
                    "type": "$.detail.resourceType",
                    "id": "$.detail.resourceId",
                    "account": "$.account",
                    "region": "$.region",
                    "rule": "$.detail.configRuleName",
                },
                topic_arn=self._args.topic_arn,
                dead_letter_queue_arn=self._args.dead_letter_queue_arn,
            ),
            pulumi.ResourceOptions(parent=self),
        )
