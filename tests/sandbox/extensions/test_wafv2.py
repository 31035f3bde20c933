from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

VISIBILITY = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "m"}
RULES: list[dict[str, Any]] = [
    {
        "Name": "common",
        "Priority": 0,
        "Statement": {
            "ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": "AWSManagedRulesCommonRuleSet"}
        },
        "OverrideAction": {"None": {}},
        "VisibilityConfig": VISIBILITY,
    },
    {
        "Name": "rate",
        "Priority": 1,
        "Statement": {"RateBasedStatement": {"Limit": 100, "AggregateKeyType": "IP"}},
        "Action": {"Block": {}},
        "VisibilityConfig": VISIBILITY,
    },
]
BALANCER = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/main/50dc6c495c0c9188"


def make_acl(wafv2: Any, name: str = "main") -> dict[str, Any]:
    summary: dict[str, Any] = wafv2.create_web_acl(
        Name=name, Scope="REGIONAL", DefaultAction={"Allow": {}}, VisibilityConfig=VISIBILITY, Rules=RULES
    )["Summary"]
    return summary


def test_the_capacity_of_rules_is_the_published_one(client: Callable[[str], Any]) -> None:
    wafv2 = client("wafv2")
    assert wafv2.check_capacity(Scope="REGIONAL", Rules=RULES)["Capacity"] == 702


def test_the_capacity_of_an_acl_is_that_of_its_rules(client: Callable[[str], Any]) -> None:
    wafv2 = client("wafv2")
    acl = make_acl(wafv2)
    described = wafv2.get_web_acl(Name="main", Scope="REGIONAL", Id=acl["Id"])["WebACL"]
    assert described["Capacity"] == 702


def test_the_resources_of_an_acl_are_listed(client: Callable[[str], Any]) -> None:
    wafv2 = client("wafv2")
    acl = make_acl(wafv2)
    wafv2.associate_web_acl(WebACLArn=acl["ARN"], ResourceArn=BALANCER)
    assert wafv2.list_resources_for_web_acl(WebACLArn=acl["ARN"])["ResourceArns"] == [BALANCER]


def test_a_resource_has_one_acl(client: Callable[[str], Any]) -> None:
    wafv2 = client("wafv2")
    first, second = make_acl(wafv2, "first"), make_acl(wafv2, "second")
    for acl in (first, first, second):
        wafv2.associate_web_acl(WebACLArn=acl["ARN"], ResourceArn=BALANCER)
    assert wafv2.get_web_acl_for_resource(ResourceArn=BALANCER)["WebACL"]["Name"] == "second"
    wafv2.disassociate_web_acl(ResourceArn=BALANCER)
    assert "WebACL" not in wafv2.get_web_acl_for_resource(ResourceArn=BALANCER)


def test_an_acl_in_use_cannot_be_deleted(client: Callable[[str], Any]) -> None:
    wafv2 = client("wafv2")
    acl = make_acl(wafv2)
    which = {"Name": "main", "Scope": "REGIONAL", "Id": acl["Id"], "LockToken": acl["LockToken"]}
    wafv2.associate_web_acl(WebACLArn=acl["ARN"], ResourceArn=BALANCER)
    with pytest.raises(ClientError, match="WAFAssociatedItemException"):
        wafv2.delete_web_acl(**which)
    wafv2.disassociate_web_acl(ResourceArn=BALANCER)
    wafv2.delete_web_acl(**which)


def test_an_update_takes_away_what_it_leaves_out(client: Callable[[str], Any]) -> None:
    wafv2 = client("wafv2")
    acl = wafv2.create_web_acl(
        Name="main",
        Scope="REGIONAL",
        DefaultAction={"Allow": {}},
        VisibilityConfig=VISIBILITY,
        Rules=RULES,
        CustomResponseBodies={"no": {"ContentType": "TEXT_PLAIN", "Content": "no"}},
    )["Summary"]
    same = {"Name": "main", "Scope": "REGIONAL", "Id": acl["Id"]}
    wafv2.update_web_acl(
        **same, LockToken=acl["LockToken"], DefaultAction={"Allow": {}}, VisibilityConfig=VISIBILITY
    )
    described = wafv2.get_web_acl(**same)["WebACL"]
    assert described["Rules"] == []
    assert "CustomResponseBodies" not in described


def test_the_data_protection_of_an_acl_is_kept(client: Callable[[str], Any]) -> None:
    wafv2 = client("wafv2")
    protection = {
        "DataProtections": [
            {"Field": {"FieldType": "SINGLE_HEADER", "FieldKeys": ["authorization"]}, "Action": "HASH"}
        ]
    }
    acl = wafv2.create_web_acl(
        Name="main",
        Scope="REGIONAL",
        DefaultAction={"Allow": {}},
        VisibilityConfig=VISIBILITY,
        DataProtectionConfig=protection,
    )["Summary"]
    described = wafv2.get_web_acl(Name="main", Scope="REGIONAL", Id=acl["Id"])["WebACL"]
    assert described["DataProtectionConfig"] == protection
