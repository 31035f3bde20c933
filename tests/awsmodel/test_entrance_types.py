"""What load balancers, web ACLs, zones and certificates promise beyond what holds for every type."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from awsmodel.calls import AwsError
from awsmodel.clients import Clients
from awsmodel.errors import ModelError
from awsmodel.lifecycle import Lifecycle, Patience
from awsmodel.types.acm import CERTIFICATE, CERTIFICATE_VALIDATION
from awsmodel.types.lb_attributes import Attributes
from awsmodel.types.lb_listener_rule import LISTENER_RULE
from awsmodel.types.route53_record import RECORD
from awsmodel.types.wafv2_acl import WEB_ACL

VISIBILITY = {"cloudwatchMetricsEnabled": True, "metricName": "app", "sampledRequestsEnabled": True}
NOT_FOUND = {"type": "fixed-response", "fixedResponse": {"contentType": "text/plain", "statusCode": "404"}}
LOGS = Attributes(
    "aws:lb/loadBalancer:LoadBalancer",
    {
        "accessLogs.enabled": "access_logs.s3.enabled",
        "accessLogs.bucket": "access_logs.s3.bucket",
        "idleTimeout": "idle_timeout.timeout_seconds",
    },
    {"idleTimeout": 60},
)


@pytest.fixture
def balancer(make: Callable[..., Any]) -> Any:
    vpc_id = make("aws:ec2/vpc:Vpc", cidrBlock="10.0.0.0/16").physical_id
    subnets = [
        make(
            "aws:ec2/subnet:Subnet",
            vpcId=vpc_id,
            cidrBlock=f"10.0.{index}.0/24",
            availabilityZone=f"eu-west-1{zone}",
        ).physical_id
        for index, zone in enumerate("ab")
    ]
    return make("aws:lb/loadBalancer:LoadBalancer", name="entrance", subnets=subnets)


@pytest.fixture
def listener(make: Callable[..., Any], balancer: Any) -> Any:
    return make(
        "aws:lb/listener:Listener",
        loadBalancerArn=balancer.physical_id,
        port=80,
        protocol="HTTP",
        defaultActions=[NOT_FOUND],
    )


def test_only_the_attributes_that_differ_are_sent() -> None:
    live = {"idleTimeout": 60, "accessLogs": {"enabled": False}}
    assert LOGS.changes({"idleTimeout": 60, "accessLogs": {"enabled": False}, "live": live}) == []
    assert LOGS.changes({"idleTimeout": 1, "live": live}) == [
        {"Key": "idle_timeout.timeout_seconds", "Value": "1"}
    ]


def test_an_object_of_attributes_is_sent_whole_and_switched_off_when_taken_away() -> None:
    logs = {"enabled": True, "bucket": "logs"}
    assert LOGS.changes({"accessLogs": logs, "live": {"accessLogs": {**logs, "bucket": "old"}}}) == [
        {"Key": "access_logs.s3.enabled", "Value": "true"},
        {"Key": "access_logs.s3.bucket", "Value": "logs"},
    ]
    taken_away = {"accessLogs": None, "idleTimeout": None, "live": {"accessLogs": logs, "idleTimeout": 5}}
    assert LOGS.changes(taken_away) == [
        {"Key": "access_logs.s3.enabled", "Value": "false"},
        {"Key": "idle_timeout.timeout_seconds", "Value": "60"},
    ]


def test_an_object_of_attributes_with_nothing_on_is_not_shown() -> None:
    off = [
        {"Key": "access_logs.s3.enabled", "Value": "false"},
        {"Key": "access_logs.s3.bucket", "Value": ""},
        {"Key": "idle_timeout.timeout_seconds", "Value": "60"},
    ]
    assert LOGS.read(off) == {"idleTimeout": 60}


def test_the_access_logs_of_a_balancer_can_be_switched_on_and_taken_away(balancer: Any) -> None:
    balancer.update(accessLogs={"enabled": True, "bucket": "logs", "prefix": "entrance"})
    assert balancer.read()["accessLogs"] == {"enabled": True, "bucket": "logs", "prefix": "entrance"}
    balancer.update(accessLogs=None)
    assert not balancer.read()["accessLogs"]["enabled"]


def test_a_protected_balancer_is_not_deleted(balancer: Any) -> None:
    balancer.update(enableDeletionProtection=True)
    with pytest.raises(AwsError, match="OperationNotPermitted"):
        balancer.delete()
    balancer.update(enableDeletionProtection=False)


def test_a_rule_without_a_priority_gets_the_next_one(make: Callable[..., Any], listener: Any) -> None:
    rule = {
        "listenerArn": listener.physical_id,
        "conditions": [{"pathPattern": {"values": ["/"]}}],
        "actions": [NOT_FOUND],
    }
    make("aws:lb/listenerRule:ListenerRule", **rule, priority=7)
    assert make("aws:lb/listenerRule:ListenerRule", **rule).state["priority"] == 8


def test_a_new_tag_leaves_the_weights_of_a_release_alone(
    make: Callable[..., Any], clients: Clients, balancer: Any, listener: Any
) -> None:
    groups = [
        make(
            "aws:lb/targetGroup:TargetGroup",
            name=name,
            port=80,
            protocol="HTTP",
            targetType="ip",
            vpcId=balancer.state["vpcId"],
        ).physical_id
        for name in ("blue", "green")
    ]

    def forward(*weights: int) -> dict[str, Any]:
        targets = [{"arn": arn, "weight": weight} for arn, weight in zip(groups, weights, strict=True)]
        return {"type": "forward", "forward": {"targetGroups": targets}}

    rule = make(
        "aws:lb/listenerRule:ListenerRule",
        listenerArn=listener.physical_id,
        priority=1,
        conditions=[{"pathPattern": {"values": ["/*"]}}],
        actions=[forward(100, 0)],
    )
    shifted = [
        {"TargetGroupArn": arn, "Weight": weight} for arn, weight in zip(groups, (90, 10), strict=True)
    ]
    clients.get("elbv2").modify_rule(
        RuleArn=rule.physical_id, Actions=[{"Type": "forward", "ForwardConfig": {"TargetGroups": shifted}}]
    )
    rule.update(tags={"Owner": "platform"}, tagsAll={"Owner": "platform"})
    weights = {
        group["arn"]: group["weight"] for group in rule.read()["actions"][0]["forward"]["targetGroups"]
    }
    assert weights == dict(zip(groups, (90, 10), strict=True))


def test_a_condition_of_no_known_kind_says_which_there_are(clients: Clients, listener: Any) -> None:
    inputs = {
        "listenerArn": listener.physical_id,
        "priority": 1,
        "conditions": [{}],
        "actions": [NOT_FOUND],
    }
    with pytest.raises(ModelError, match=r"needs one of hostHeader.*sourceIp") as caught:
        Lifecycle(LISTENER_RULE, clients).create(inputs, Patience.of(5))
    assert caught.value.property_path == "conditions"


def test_an_acl_that_somebody_else_changed_can_be_updated_and_deleted(
    make: Callable[..., Any], clients: Clients
) -> None:
    acl = make(
        "aws:wafv2/webAcl:WebAcl",
        name="app",
        scope="REGIONAL",
        defaultAction={"allow": {}},
        visibilityConfig=VISIBILITY,
    )

    def change_it() -> None:
        waf = clients.get("wafv2")
        same = {"Name": "app", "Scope": "REGIONAL", "Id": acl.physical_id}
        token = waf.get_web_acl(**same)["LockToken"]
        metrics = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "app"}
        waf.update_web_acl(
            **same, LockToken=token, DefaultAction={"Block": {}}, VisibilityConfig=metrics, Rules=[]
        )

    change_it()
    acl.update(tokenDomains=["example.com"])
    assert acl.read()["defaultAction"] == {"allow": {}}
    change_it()
    acl.delete()
    assert acl.read() is None


def test_an_acl_is_imported_by_id_name_and_scope(make: Callable[..., Any], clients: Clients) -> None:
    acl = make(
        "aws:wafv2/webAcl:WebAcl",
        name="imported",
        scope="REGIONAL",
        defaultAction={"block": {}},
        visibilityConfig=VISIBILITY,
    )
    found = Lifecycle(WEB_ACL, clients).read(f"{acl.physical_id}/imported/REGIONAL")
    assert found is not None
    assert found["id"] == acl.physical_id
    assert found["defaultAction"] == {"block": {}}


@pytest.fixture
def zone_id(make: Callable[..., Any]) -> str:
    physical_id: str = make("aws:route53/zone:Zone", name="example.net", forceDestroy=True).physical_id
    return physical_id


@pytest.mark.parametrize("name", ["app.example.net", "app.example.net.", "app", "", "*.example.net"])
def test_a_record_is_found_however_its_name_is_written(
    make: Callable[..., Any], zone_id: str, name: str
) -> None:
    record = make(
        "aws:route53/record:Record", zoneId=zone_id, name=name, type="A", ttl=60, records=["192.0.2.1"]
    )
    assert record.state["fqdn"] == {"": "example.net", "*.example.net": "*.example.net"}.get(
        name, "app.example.net"
    )
    assert record.state["name"] == name
    assert Lifecycle(RECORD, record.lifecycle.clients).read(record.physical_id) is not None
    record.delete()
    assert record.read() is None


def test_a_text_record_needs_no_quotes(make: Callable[..., Any], zone_id: str) -> None:
    record = make(
        "aws:route53/record:Record",
        zoneId=zone_id,
        name="example.net",
        type="TXT",
        ttl=60,
        records=["v=spf1 -all"],
    )
    assert record.state["records"] == ["v=spf1 -all"]


def test_an_alias_is_the_same_however_aws_writes_its_target(make: Callable[..., Any], zone_id: str) -> None:
    alias = {"name": "Entrance.elb.amazonaws.com.", "zoneId": "Z32O12XQLNTSW2", "evaluateTargetHealth": True}
    record = make("aws:route53/record:Record", zoneId=zone_id, name="app", type="A", aliases=[alias])
    assert record.state["aliases"] == [alias]
    plain = RECORD.canonical["aliases"]
    assert plain([alias]) == plain([{**alias, "name": "dualstack.entrance.elb.amazonaws.com"}])


def test_a_record_that_somebody_else_changed_can_be_deleted(
    make: Callable[..., Any], clients: Clients, zone_id: str
) -> None:
    record = make(
        "aws:route53/record:Record", zoneId=zone_id, name="app", type="A", ttl=60, records=["192.0.2.1"]
    )
    other = {
        "Name": "app.example.net",
        "Type": "A",
        "TTL": 5,
        "ResourceRecords": [{"Value": "198.51.100.1"}],
    }
    batch = {"Changes": [{"Action": "UPSERT", "ResourceRecordSet": other}]}
    clients.get("route53").change_resource_record_sets(HostedZoneId=zone_id, ChangeBatch=batch)
    assert record.read()["records"] == ["198.51.100.1"]
    record.delete()
    assert record.read() is None


@pytest.mark.parametrize(
    ("identity", "properties"),
    [
        ("Z1_example.net_A", {"zoneId": "Z1", "name": "example.net", "type": "A"}),
        ("Z1_example.net_AAAA", {"zoneId": "Z1", "name": "example.net", "type": "AAAA"}),
        ("Z1__x.y.example.net_CNAME", {"zoneId": "Z1", "name": "_x.y.example.net", "type": "CNAME"}),
        (
            "Z1_app_A_blue_1",
            {"zoneId": "Z1", "name": "app", "type": "A", "setIdentifier": "blue_1"},
        ),
    ],
)
def test_the_id_of_a_record_is_taken_apart(identity: str, properties: dict[str, str]) -> None:
    assert RECORD.parse_id is not None
    assert RECORD.parse_id(identity) == properties


def test_a_certificate_without_its_record_is_waited_for(make: Callable[..., Any], clients: Clients) -> None:
    certificate = make("aws:acm/certificate:Certificate", domainName="a.example.net", validationMethod="DNS")
    lifecycle = Lifecycle(CERTIFICATE_VALIDATION, clients)
    with pytest.raises(ModelError, match="did not happen in time"):
        lifecycle.create({"certificateArn": certificate.physical_id}, Patience.of(0.5))
    options = certificate.state["domainValidationOptions"]
    assert options[0].keys() == {
        "domainName",
        "resourceRecordName",
        "resourceRecordType",
        "resourceRecordValue",
    }


def test_a_private_key_is_refused_with_the_reason(clients: Clients) -> None:
    assert "privateKey" not in Lifecycle(CERTIFICATE, clients).modelled
    assert "no private key" in CERTIFICATE.not_modelled["privateKey"]
