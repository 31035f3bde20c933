from __future__ import annotations

import ipaddress
import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.alarms.detections import Detection, Source, flow_detections
from infra.alarms.log_patterns import (
    FLOW_FIELDS,
    LONGEST_PATTERN,
    MOST_REGEX_FILTERS,
    json_pattern,
    outside,
    within,
)
from infra.alarms.trail import Expected, trail_detections
from tests.infra.log_matcher import matches_fields, matches_json, regexes
from tests.infra.observed import DEPLOY_ROLE, DETECTIONS, SECRET_READER, observed
from tests.infra.recorder import ACCOUNT_ID

BY_ROLE = {detection.role: detection for detection in DETECTIONS}
each_detection = pytest.mark.parametrize("detection", DETECTIONS, ids=lambda detection: detection.role)


def _call(name: str, source: str = "ec2", role: str | None = None, **fields: Any) -> dict[str, Any]:
    """A CloudTrail event, of a user or of somebody in a role."""
    identity: dict[str, Any] = {"type": "IAMUser", "arn": f"arn:aws:iam::{ACCOUNT_ID}:user/somebody"}
    if role:
        identity = {"type": "AssumedRole", "sessionContext": {"sessionIssuer": {"type": "Role", "arn": role}}}
    return {
        "eventVersion": "1.11",
        "eventName": name,
        "eventSource": f"{source}.amazonaws.com",
        "eventType": "AwsApiCall",
        "userIdentity": identity,
        **fields,
    }


def _login(**fields: Any) -> dict[str, Any]:
    return _call(
        "ConsoleLogin",
        "signin",
        **{
            "eventType": "AwsConsoleSignIn",
            "responseElements": {"ConsoleLogin": "Success"},
            "additionalEventData": {"MFAUsed": "Yes"},
            **fields,
        },
    )


ROOT = {"type": "Root", "arn": f"arn:aws:iam::{ACCOUNT_ID}:root"}
OTHER_ROLE = f"arn:aws:iam::{ACCOUNT_ID}:role/somebody"
LINKED_ROLE = f"arn:aws:iam::{ACCOUNT_ID}:role/aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS"
# Of each detection: events that it has to find, and neighbours that it has to let pass.
CALLS: dict[str, tuple[list[dict[str, Any]], list[dict[str, Any]]]] = {
    "unauthorized-calls": (
        [
            _call("RunInstances", errorCode="Client.UnauthorizedOperation"),
            _call("GetObject", "s3", errorCode="AccessDenied"),
            _call("Decrypt", "kms", errorCode="AccessDeniedException"),
        ],
        [
            _call("RunInstances", errorCode="InvalidParameterValue"),
            _call("HeadBucket", "s3", errorCode="AccessDenied"),
            _call("RunInstances"),
        ],
    ),
    "console-login-without-mfa": (
        [_login(additionalEventData={"MFAUsed": "No"})],
        [
            _login(),
            _login(additionalEventData={"MFAUsed": "No"}, responseElements={"ConsoleLogin": "Failure"}),
        ],
    ),
    "root-use": (
        [_call("CreateUser", "iam", userIdentity=ROOT)],
        [
            _call("CreateUser", "iam"),
            _call("CreateUser", "iam", userIdentity={**ROOT, "invokedBy": "support.amazonaws.com"}),
            _call("Renewed", "iam", userIdentity=ROOT, eventType="AwsServiceEvent"),
        ],
    ),
    "iam-policy-changed": (
        [
            _call("PutRolePolicy", "iam"),
            _call("AttachUserPolicy", "iam", OTHER_ROLE),
            _call("CreatePolicyVersion", "iam", OTHER_ROLE),
        ],
        [_call("PutRolePolicy", "iam", DEPLOY_ROLE), _call("GetRolePolicy", "iam")],
    ),
    "iam-trust-changed": (
        [
            _call("UpdateAssumeRolePolicy", "iam"),
            _call("CreateAccessKey", "iam", OTHER_ROLE),
            _call("DeleteRolePermissionsBoundary", "iam", OTHER_ROLE),
            _call("AddClientIDToOpenIDConnectProvider", "iam"),
        ],
        [_call("UpdateAssumeRolePolicy", "iam", DEPLOY_ROLE), _call("GetOpenIDConnectProvider", "iam")],
    ),
    "trail-changed": (
        [_call("StopLogging", "cloudtrail", DEPLOY_ROLE), _call("PutEventSelectors", "cloudtrail")],
        [_call("DescribeTrails", "cloudtrail")],
    ),
    "console-login-failed": (
        [_login(errorMessage="Failed authentication", responseElements={"ConsoleLogin": "Failure"})],
        [_login()],
    ),
    "key-disabled": (
        [_call("DisableKey", "kms"), _call("ScheduleKeyDeletion", "kms", DEPLOY_ROLE)],
        [_call("EnableKey", "kms"), _call("DisableKey", "iot")],
    ),
    "bucket-policy-changed": (
        [
            _call("PutBucketPolicy", "s3"),
            _call("DeleteBucketPublicAccessBlock", "s3", OTHER_ROLE),
            _call("PutBucketLifecycleConfiguration", "s3"),
        ],
        [
            _call("GetBucketPolicy", "s3"),
            _call("PutBucketPolicy", "s3", DEPLOY_ROLE),
            _call("PutBucketTagging", "s3"),
        ],
    ),
    "config-changed": (
        [_call("StopConfigurationRecorder", "config")],
        [_call("StopConfigurationRecorder", "config", DEPLOY_ROLE), _call("PutConfigRule", "config")],
    ),
    "security-group-changed": (
        [_call("AuthorizeSecurityGroupIngress"), _call("RevokeSecurityGroupEgress", role=OTHER_ROLE)],
        [_call("AuthorizeSecurityGroupIngress", role=DEPLOY_ROLE), _call("DescribeSecurityGroups")],
    ),
    "network-acl-changed": (
        [_call("ReplaceNetworkAclEntry")],
        [_call("ReplaceNetworkAclEntry", role=DEPLOY_ROLE), _call("DescribeNetworkAcls")],
    ),
    "gateway-changed": (
        [_call("AttachInternetGateway"), _call("CreateNatGateway", role=OTHER_ROLE)],
        [_call("AttachInternetGateway", role=DEPLOY_ROLE), _call("DescribeInternetGateways")],
    ),
    "route-changed": (
        [_call("CreateRoute"), _call("ReplaceRouteTableAssociation")],
        [_call("CreateRoute", role=DEPLOY_ROLE), _call("DescribeRouteTables")],
    ),
    "vpc-changed": (
        [_call("AcceptVpcPeeringConnection"), _call("DeleteFlowLogs", role=OTHER_ROLE)],
        [
            _call("DeleteFlowLogs", role=DEPLOY_ROLE),
            _call("DescribeFlowLogs"),
            _call("DescribeVpcPeeringConnections"),
        ],
    ),
    "secret-read": (
        [
            _call("GetSecretValue", "secretsmanager"),
            _call("GetSecretValue", "secretsmanager", DEPLOY_ROLE),
            _call("BatchGetSecretValue", "secretsmanager", OTHER_ROLE, errorCode="AccessDenied"),
        ],
        [
            _call("GetSecretValue", "secretsmanager", SECRET_READER),
            _call("GetSecretValue", "secretsmanager", LINKED_ROLE),
            _call("DescribeSecret", "secretsmanager"),
        ],
    ),
    "console-login": (
        [_login(), _login(userIdentity={"type": "AssumedRole"})],
        [_login(responseElements={"ConsoleLogin": "Failure"}), _call("AssumeRole", "sts")],
    ),
}


def _flow(source: str, destination: str, action: str, sent_bytes: int = 840) -> str:
    """A line in the default format of flow logs."""
    return (
        f"2 {ACCOUNT_ID} eni-0a1b2c3d {source} {destination} 49152 5432 6 10 {sent_bytes} "
        f"1700000000 1700000060 {action} OK"
    )


# The VPC is 10.10.0.0/16: public up to .63, app up to .127, data up to .191.
FLOWS: dict[str, tuple[list[str], list[str]]] = {
    "data-tier-rejected": (
        [_flow("10.10.64.9", "10.10.128.7", "REJECT"), _flow("10.10.1.1", "10.10.191.255", "REJECT")],
        [
            _flow("10.10.64.9", "10.10.128.7", "ACCEPT"),
            _flow("10.10.64.9", "10.10.127.7", "REJECT"),
            _flow("10.10.64.9", "10.10.192.7", "REJECT"),
            _flow("10.10.64.9", "110.10.128.7", "REJECT"),
        ],
    ),
    "egress-denied": (
        [_flow("10.10.64.9", "203.0.113.5", "REJECT"), _flow("10.10.100.9", "10.11.0.1", "REJECT")],
        [
            _flow("10.10.64.9", "203.0.113.5", "ACCEPT"),
            _flow("10.10.64.9", "10.10.128.7", "REJECT"),
            _flow("203.0.113.5", "10.10.64.9", "REJECT"),
        ],
    ),
    "egress-volume": (
        [_flow("10.10.64.9", "203.0.113.5", "ACCEPT", 5_000_000)],
        [_flow("10.10.64.9", "10.10.128.7", "ACCEPT"), _flow("10.10.1.9", "203.0.113.5", "ACCEPT")],
    ),
    "data-tier-egress": (
        [_flow("10.10.128.7", "203.0.113.5", "ACCEPT")],
        [_flow("10.10.128.7", "10.10.64.9", "ACCEPT"), _flow("10.10.128.7", "203.0.113.5", "REJECT")],
    ),
}


def test_each_detection_has_samples() -> None:
    assert {**CALLS, **FLOWS}.keys() == BY_ROLE.keys()


@pytest.mark.parametrize("absent_differs", [True, False])
@pytest.mark.parametrize("role", CALLS)
def test_a_pattern_finds_its_calls_and_lets_their_neighbours_pass(role: str, absent_differs: bool) -> None:
    hits, near_misses = CALLS[role]
    pattern = BY_ROLE[role].pattern
    for event in hits:
        assert matches_json(pattern, event, absent_differs=absent_differs), event
    for event in near_misses:
        assert not matches_json(pattern, event, absent_differs=absent_differs), event


@pytest.mark.parametrize("role", FLOWS)
def test_a_pattern_finds_its_flows_and_lets_their_neighbours_pass(role: str) -> None:
    hits, near_misses = FLOWS[role]
    for line in hits:
        assert matches_fields(BY_ROLE[role].pattern, line), line
    for line in near_misses:
        assert not matches_fields(BY_ROLE[role].pattern, line), line


@pytest.mark.parametrize("number", [each for each in range(1, 16) if each != 15])
def test_each_recommendation_of_the_benchmark_about_calls_is_met(number: int) -> None:
    named = [each.role for each in DETECTIONS if f"(CIS 4.{number})" in each.meaning]
    assert len(named) == 1


def test_a_login_to_the_console_is_told_unless_logins_are_usual() -> None:
    usual = Expected(deploy_role_arns=[DEPLOY_ROLE], secret_reader_role_arns=[], console_logins=True)
    roles = {each.role for each in trail_detections(usual)}
    assert BY_ROLE.keys() - FLOWS.keys() - roles == {"console-login"}
    assert "console-login-without-mfa" in roles


@each_detection
def test_a_filter_counts_in_the_log_of_its_source(detection: Detection) -> None:
    made = observed().one("LogMetricFilter", f"detections-{detection.role}-filter").inputs
    assert made["logGroupName"] == ("trail-logs" if detection.source is Source.TRAIL else "flow-logs")
    assert made["pattern"] == detection.pattern
    assert made["metricTransformation"]["value"] == detection.value


@each_detection
def test_the_alarm_is_on_what_the_filter_counts_and_tells_the_topic_of_its_severity(
    detection: Detection,
) -> None:
    counted = observed().one("LogMetricFilter", f"detections-{detection.role}-filter").inputs
    alarm = observed().one("cloudwatch/metricAlarm:MetricAlarm", f"detections-{detection.role}").inputs
    transformation = counted["metricTransformation"]
    assert (alarm["namespace"], alarm["metricName"]) == (transformation["namespace"], transformation["name"])
    assert alarm["statistic"] == "Sum"
    assert alarm["threshold"] == detection.threshold
    assert alarm["treatMissingData"] == "notBreaching"
    assert alarm["alarmActions"] == [observed().outputs["topics"][detection.severity]]
    assert "okActions" not in alarm, "that it is over is no good news"


@each_detection
def test_cloudwatch_takes_the_pattern(detection: Detection) -> None:
    assert len(detection.pattern) <= LONGEST_PATTERN
    assert len(regexes(detection.pattern)) <= 2
    assert not re.search(r"[:*$]", detection.role), "it is the name of a metric"


@pytest.mark.parametrize("source", Source)
def test_no_log_has_more_filters_with_regular_expressions_than_cloudwatch_takes(source: Source) -> None:
    filters = [each for each in DETECTIONS if each.source is source and regexes(each.pattern)]
    assert len(filters) <= MOST_REGEX_FILTERS


def test_a_pattern_that_is_too_long_is_refused() -> None:
    with pytest.raises(ValueError, match="at most 1024 characters, got 10"):
        json_pattern(f'$.eventName = "{"x" * 1024}"')


def test_a_pattern_for_flows_names_each_field_of_the_default_format() -> None:
    for detection in flow_detections("10.10.0.0/16", egress_bytes_per_five_minutes=1):
        fields = re.findall(r"(?:^\[|, )(\w+)", detection.pattern)
        assert fields == list(FLOW_FIELDS)


def test_the_volume_is_the_sum_of_the_bytes() -> None:
    assert BY_ROLE["egress-volume"].value == "$bytes"
    assert BY_ROLE["egress-volume"].threshold == 1_000_000_000


@given(
    address=st.ip_addresses(v=4),
    prefix=st.integers(1, 30),
    other=st.ip_addresses(v=4),
    near=st.integers(-3, 3),
)
def test_a_condition_finds_the_addresses_of_a_range_and_no_other(
    address: ipaddress.IPv4Address, prefix: int, other: ipaddress.IPv4Address, near: int
) -> None:
    network = ipaddress.IPv4Network((address, prefix), strict=False)
    edge = (int(network.broadcast_address) + near) % 2**32
    (expression,) = regexes(within(str(network)))
    for candidate in (address, other, ipaddress.IPv4Address(edge)):
        assert bool(re.search(expression, str(candidate))) == (candidate in network)


@given(address=st.ip_addresses(v=4), prefix=st.integers(16, 30))
def test_no_address_of_a_range_is_outside_of_it(address: ipaddress.IPv4Address, prefix: int) -> None:
    network = ipaddress.IPv4Network((address, prefix), strict=False)
    pattern = f"[dstaddr{outside(str(network))}]"
    assert not matches_fields(pattern, str(address))
    assert matches_fields(pattern, "203.0.113.5") or network.network_address in ipaddress.IPv4Network(
        "203.0.0.0/16"
    )


@pytest.mark.parametrize("vpc_cidr", ["10.0.0.0/16", "172.16.0.0/19", "192.168.2.0/23"])
def test_flows_can_be_told_apart_in_every_size_of_vpc(vpc_cidr: str) -> None:
    for detection in flow_detections(vpc_cidr, egress_bytes_per_five_minutes=1):
        assert len(detection.pattern) <= LONGEST_PATTERN


def test_the_alarms_are_text_that_cloudwatch_takes() -> None:
    for alarm in observed().of("cloudwatch/metricAlarm:MetricAlarm"):
        assert len(alarm.inputs["alarmDescription"]) <= 1024
        assert json.dumps(alarm.inputs["alarmDescription"]).isascii()
