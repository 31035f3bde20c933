"""What looks for intruders."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import pulumi
import pulumi_aws as aws

from infra.naming import Label


class Feature(StrEnum):
    """What GuardDuty looks at beside the trail, the flow logs and DNS, by its own names."""

    S3 = "S3_DATA_EVENTS"
    RDS_LOGIN = "RDS_LOGIN_EVENTS"
    RUNTIME = "RUNTIME_MONITORING"
    LAMBDA = "LAMBDA_NETWORK_LOGS"
    EBS_MALWARE = "EBS_MALWARE_PROTECTION"


# Of runtime monitoring: tasks on Fargate get the agent, and there are no hosts of other kinds. GuardDuty
# tells of all three, so all three are said.
_AGENTS = {
    "EKS_ADDON_MANAGEMENT": False,
    "ECS_FARGATE_AGENT_MANAGEMENT": True,
    "EC2_AGENT_MANAGEMENT": False,
}


@dataclass(frozen=True, kw_only=True)
class ThreatDetectionArgs:
    label: Label
    # Each costs by what it looks at; what is named here nobody looks at.
    disabled: frozenset[Feature] = frozenset()


class ThreatDetection(pulumi.ComponentResource):
    """A GuardDuty detector that looks at all it can. Its findings are told of by the catalogue of events.

    There is one detector in an account and region: a stack may own it because it has an account of its own.
    The agent of runtime monitoring is a container that GuardDuty adds to each task, from an image that the
    task's execution role must be able to pull (GuardDuty user guide, "Prerequisites for Fargate support").
    """

    detector_id: pulumi.Output[str]

    def __init__(
        self, name: str, args: ThreatDetectionArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("slipway:threat_detection:ThreatDetection", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        detector = aws.guardduty.Detector(
            f"{name}-detector",
            enable=True,
            finding_publishing_frequency="FIFTEEN_MINUTES",
            tags=args.label.tags(),
            opts=child,
        )
        for feature in Feature:
            is_on = feature not in args.disabled
            aws.guardduty.DetectorFeature(
                f"{name}-{feature.name.lower().replace('_', '-')}",
                detector_id=detector.id,
                name=feature,
                status=_status(is_on),
                additional_configurations=[
                    aws.guardduty.DetectorFeatureAdditionalConfigurationArgs(
                        name=agent, status=_status(is_on and is_used)
                    )
                    for agent, is_used in (_AGENTS if feature is Feature.RUNTIME else {}).items()
                ]
                or None,
                opts=child,
            )
        self.detector_id = detector.id
        self.register_outputs({"detector_id": self.detector_id})


def _status(is_on: bool) -> str:
    return "ENABLED" if is_on else "DISABLED"
