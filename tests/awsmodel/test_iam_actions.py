"""Which IAM actions the calls of a type are."""

from __future__ import annotations

import pytest

from awsmodel.catalogue import resource_type, resource_types
from awsmodel.permissions import iam_action, needs


@pytest.mark.parametrize(
    ("service", "operation", "action"),
    [
        ("ec2", "create_vpc", "ec2:CreateVpc"),
        ("elbv2", "describe_rules", "elasticloadbalancing:DescribeRules"),
        ("cloudwatch", "put_metric_alarm", "cloudwatch:PutMetricAlarm"),
        ("wafv2", "create_web_acl", "wafv2:CreateWebACL"),
        ("bedrock-runtime", "invoke_model", "bedrock:InvokeModel"),
        ("appconfigdata", "get_latest_configuration", "appconfig:GetLatestConfiguration"),
        ("budgets", "create_budget", "budgets:ModifyBudget"),
        ("budgets", "describe_budget", "budgets:ViewBudget"),
        ("lambda", "invoke", "lambda:InvokeFunction"),
        ("s3", "head_bucket", "s3:ListBucket"),
        ("s3", "delete_public_access_block", "s3:PutBucketPublicAccessBlock"),
        ("s3", "get_bucket_lifecycle_configuration", "s3:GetLifecycleConfiguration"),
        ("s3control", "put_public_access_block", "s3:PutAccountPublicAccessBlock"),
    ],
)
def test_an_operation_is_an_action_of_its_service(service: str, operation: str, action: str) -> None:
    assert iam_action(service, operation) == action


def test_an_operation_that_the_service_does_not_have_is_refused() -> None:
    with pytest.raises(KeyError):
        iam_action("ec2", "create_everything")


@pytest.mark.parametrize("token", resource_types())
def test_every_type_is_seen_by_reading_and_made_by_writing(token: str) -> None:
    found = needs(resource_type(token))
    assert found.reads
    assert found.writes or token == "aws:acm/certificateValidation:CertificateValidation", "it only waits"
    assert not [
        each for each in found.reads if each.partition(":")[2].startswith(("Create", "Delete", "Put"))
    ]


def test_the_steps_before_a_call_are_counted_with_what_their_helpers_do() -> None:
    bucket = needs(resource_type("aws:s3/bucket:Bucket"))
    assert "s3:ListBucketVersions" in bucket.reads
    assert "s3:DeleteObject" in bucket.writes
    policy = needs(resource_type("aws:iam/policy:Policy"))
    assert "iam:ListPolicyVersions" in policy.reads, "asked for by a helper of the step"
    assert "iam:DeletePolicyVersion" in policy.writes


def test_tags_are_counted() -> None:
    found = needs(resource_type("aws:ecs/cluster:Cluster"))
    assert {"ecs:TagResource", "ecs:UntagResource"} <= found.writes


def test_what_aws_asks_for_beside_the_operation_is_counted() -> None:
    assert "iam:PassRole" in needs(resource_type("aws:ecs/service:Service")).writes
    assert (
        "elasticloadbalancing:SetWebAcl"
        in needs(resource_type("aws:wafv2/webAclAssociation:WebAclAssociation")).writes
    )


def test_a_type_that_takes_over_what_is_there_reads_it_first() -> None:
    group = needs(resource_type("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"))
    assert "ec2:DescribeSecurityGroups" in group.reads - group.writes
