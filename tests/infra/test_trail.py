from __future__ import annotations

from infra.components.trail import Trail, TrailArgs, trail_arn
from tests.infra.parts import ACCOUNT, BOUNDARY, KEY, LOG_POLICY, label, statements
from tests.infra.recorder import ACCOUNT_ID, Recording, record

AUDIT = "arn:aws:s3:::slipway-prod-storage-audit-111111111111"


def _recorded() -> Recording:
    args = TrailArgs(
        label=label("trail"),
        bucket_name="slipway-prod-trail-111111111111",
        key_arn=KEY,
        watched_bucket_arns=[AUDIT],
        boundary_arn=BOUNDARY,
        log_policy=LOG_POLICY,
    )
    return record(lambda: {"group": Trail("trail", args).log_group_name})


def test_the_trail_records_all_regions_and_its_files_are_signed_and_encrypted() -> None:
    trail = _recorded().one("cloudtrail/trail:Trail").inputs
    assert trail["isMultiRegionTrail"] is True
    assert trail["includeGlobalServiceEvents"] is True
    assert trail["enableLogFileValidation"] is True
    assert trail["enableLogging"] is True
    assert trail["kmsKeyId"] == KEY


def test_every_management_event_is_recorded_and_with_it_each_reading_of_a_secret() -> None:
    management, _ = _recorded().one("cloudtrail/trail:Trail").inputs["advancedEventSelectors"]
    assert management["fieldSelectors"] == [{"field": "eventCategory", "equals": ["Management"]}]


def test_each_reading_and_writing_of_an_object_in_a_watched_bucket_is_recorded() -> None:
    _, data = _recorded().one("cloudtrail/trail:Trail").inputs["advancedEventSelectors"]
    assert data["fieldSelectors"] == [
        {"field": "eventCategory", "equals": ["Data"]},
        {"field": "resources.type", "equals": ["AWS::S3::Object"]},
        {"field": "resources.ARN", "startsWiths": [f"{AUDIT}/"]},
    ]


def test_the_trail_looks_for_unusual_numbers_of_calls_and_of_errors() -> None:
    selectors = _recorded().one("cloudtrail/trail:Trail").inputs["insightSelectors"]
    assert {each["insightType"] for each in selectors} == {"ApiCallRateInsight", "ApiErrorRateInsight"}


def test_the_trail_goes_to_an_encrypted_log_group_by_a_role_that_only_writes_there() -> None:
    recorded = _recorded()
    trail = recorded.one("cloudtrail/trail:Trail").inputs
    group = recorded.one("cloudwatch/logGroup:LogGroup").inputs
    assert group["name"] == "/slipway/prod/trail" == recorded.outputs["group"]
    assert group["kmsKeyId"] == LOG_POLICY.key_arn
    group_arn = f"arn:aws:cloudwatch:eu-west-1:{ACCOUNT_ID}:loggroup/trail-logs-group:*"
    assert trail["cloudWatchLogsGroupArn"] == group_arn
    assert "trail-delivery-role-grants" in recorded.one("cloudtrail/trail:Trail").dependencies
    (grant,) = statements(recorded, "iam/rolePolicy:RolePolicy", "trail-delivery-role-grants")
    assert grant["Resource"] == [group_arn]
    assert not [action for action in grant["Action"] if "Get" in action or "Filter" in action]


def test_the_arn_that_the_bucket_admits_is_that_of_the_trail() -> None:
    name = _recorded().one("cloudtrail/trail:Trail").inputs["name"]
    expected = f"arn:aws:cloudtrail:eu-west-1:{ACCOUNT_ID}:trail/{name}"
    assert trail_arn(ACCOUNT, label("trail")) == expected
