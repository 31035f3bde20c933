from __future__ import annotations

import pytest

from tests.infra.recorder import Recording

RULES = ("entrance-production-rule", "entrance-test-rule")


def test_the_world_comes_in_by_the_load_balancer_on_the_web_ports_and_nowhere_else(built: Recording) -> None:
    open_to_all = {
        (rule.inputs["securityGroupId"], rule.inputs["fromPort"], rule.inputs["toPort"])
        for rule in built.of("vpc/securityGroupIngressRule:SecurityGroupIngressRule")
        if rule.inputs.get("cidrIpv4") == "0.0.0.0/0"
    }
    assert open_to_all == {("entrance-group-id", 80, 80), ("entrance-group-id", 443, 443)}


def test_the_test_listener_is_closed_until_testers_are_named(built: Recording) -> None:
    ports = {rule.inputs["fromPort"] for rule in built.of(":SecurityGroupIngressRule")}
    assert 8443 not in ports


def test_every_rule_of_a_security_group_says_what_it_is_for(built: Recording) -> None:
    rules = built.of(":SecurityGroupIngressRule", ":SecurityGroupEgressRule")
    assert all(rule.inputs["description"] for rule in rules)
    groups = built.of("ec2/securityGroup:SecurityGroup")
    assert not [group for group in groups if {"ingress", "egress"} & group.inputs.keys()], (
        "no rule stands inline"
    )


def test_tasks_are_reached_from_the_load_balancer_only(built: Recording) -> None:
    into = [
        rule.inputs
        for rule in built.of(":SecurityGroupIngressRule")
        if rule.inputs["securityGroupId"] == "service-tasks-group-id"
    ]
    assert [(rule["referencedSecurityGroupId"], rule["fromPort"]) for rule in into] == [
        ("entrance-group-id", 8080)
    ]


def test_nothing_in_the_stack_may_speak_to_the_whole_internet(built: Recording) -> None:
    out = built.of(":SecurityGroupEgressRule")
    assert out
    assert not [rule for rule in out if "cidrIpv4" in rule.inputs]


def test_http_is_only_sent_on_to_https(built: Recording) -> None:
    plain = [each.inputs for each in built.of("lb/listener:Listener") if each.inputs["protocol"] == "HTTP"]
    (listener,) = plain
    (action,) = listener["defaultActions"]
    assert action["type"] == "redirect"
    assert action["redirect"]["protocol"] == "HTTPS"
    assert action["redirect"]["statusCode"] == "HTTP_301"


@pytest.mark.parametrize("name", ["entrance-production", "entrance-test"])
def test_https_listeners_take_modern_tls_and_answer_no_other_name(dev: Recording, name: str) -> None:
    listener = dev.one("lb/listener:Listener", name).inputs
    assert listener["protocol"] == "HTTPS"
    assert listener["sslPolicy"] == "ELBSecurityPolicy-TLS13-1-2-Res-2021-06"
    (action,) = listener["defaultActions"]
    assert (action["type"], action["fixedResponse"]["statusCode"]) == ("fixed-response", "404")


@pytest.mark.parametrize("name", RULES)
def test_a_rule_starts_with_all_requests_to_blue_and_is_left_to_ecs_from_then_on(
    dev: Recording, name: str
) -> None:
    rule = dev.one("lb/listenerRule:ListenerRule", name)
    (action,) = rule.inputs["actions"]
    weights = {group["arn"]: group["weight"] for group in action["forward"]["targetGroups"]}
    assert list(weights.values()) == [100, 0]
    assert [arn.rsplit("-", 1)[1] for arn in weights] == ["blue", "green"]
    assert rule.ignore_changes == ("actions",), "the whole property, as wildcards do not survive a refresh"
    assert rule.inputs["conditions"] == [{"hostHeader": {"values": ["dev.triage.example.com"]}}]


def test_the_load_balancer_drops_what_is_malformed_and_logs_what_it_served(built: Recording) -> None:
    balancer = built.one("lb/loadBalancer:LoadBalancer").inputs
    assert balancer["dropInvalidHeaderFields"] is True
    assert balancer["desyncMitigationMode"] == "defensive"
    assert balancer["enableWafFailOpen"] is False
    assert balancer["internal"] is False
    assert all(subnet.startswith("network-public-") for subnet in balancer["subnets"])
    for logs in ("accessLogs", "connectionLogs"):
        assert balancer[logs]["enabled"] is True
        assert balancer[logs]["bucket"] == "access-logs-bucket-id"


def test_the_load_balancer_of_prod_refuses_to_be_deleted(prod: Recording, dev: Recording) -> None:
    assert prod.one("lb/loadBalancer:LoadBalancer").inputs["enableDeletionProtection"] is True
    assert dev.one("lb/loadBalancer:LoadBalancer").inputs["enableDeletionProtection"] is False


def test_both_target_groups_are_alike(built: Recording) -> None:
    blue, green = (
        {key: value for key, value in group.inputs.items() if key != "tags"}
        for group in built.of("lb/targetGroup:TargetGroup")
    )
    assert blue == green
    assert blue["targetType"] == "ip"
    assert blue["healthCheck"]["path"] == "/health"


def test_a_target_groups_name_leaves_room_for_the_suffix_that_pulumi_adds(built: Recording) -> None:
    assert all(len(group.name) + len("-1234567") <= 32 for group in built.of("lb/targetGroup:TargetGroup"))


def test_the_name_of_the_environment_leads_to_the_load_balancer(built: Recording) -> None:
    record = built.one("route53/record:Record", "entrance-address").inputs
    assert built.outputs["url"] == f"https://{record['name']}"
    assert record["aliases"] == [
        {
            "name": "entrance-balancer.elb.amazonaws.com",
            "zoneId": "entrance-balancer-zone-id",
            "evaluateTargetHealth": True,
        }
    ]


def test_the_certificate_is_proved_in_the_environments_own_zone(built: Recording) -> None:
    certificate = built.one("acm/certificate:Certificate").inputs
    assert certificate["validationMethod"] == "DNS"
    proof = built.one("route53/record:Record", "domain-proof").inputs
    assert proof["zoneId"] == "domain-zone-zone-id"
    assert proof["records"] == ["_proof.acm-validations.aws"]
    for listener in built.of("lb/listener:Listener"):
        if listener.inputs["protocol"] == "HTTPS":
            assert listener.inputs["certificateArn"].endswith("certificate/domain-certificate")


def test_every_public_load_balancer_stands_behind_the_firewall(built: Recording) -> None:
    association = built.one("wafv2/webAclAssociation:WebAclAssociation").inputs
    assert association["resourceArn"].endswith("loadbalancer/entrance-balancer")


def test_the_firewall_asks_the_groups_of_aws_and_limits_each_address(built: Recording) -> None:
    rules = built.one("wafv2/webAcl:WebAcl").inputs["rules"]
    assert len({rule["priority"] for rule in rules}) == len(rules)
    groups = {
        rule["name"]: rule["overrideAction"]
        for rule in rules
        if "managedRuleGroupStatement" in rule["statement"]
    }
    assert groups == {
        name: {"none": {}}
        for name in (
            "AWSManagedRulesAmazonIpReputationList",
            "AWSManagedRulesCommonRuleSet",
            "AWSManagedRulesKnownBadInputsRuleSet",
            "AWSManagedRulesSQLiRuleSet",
        )
    }
    (rate,) = [rule for rule in rules if "rateBasedStatement" in rule["statement"]]
    assert rate["action"] == {"block": {}}
    assert all(rule["visibilityConfig"]["cloudwatchMetricsEnabled"] is True for rule in rules)


def test_the_firewall_logs_without_saying_who_somebody_is(built: Recording) -> None:
    logging = built.one("wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration").inputs
    headers = [field["singleHeader"]["name"] for field in logging["redactedFields"]]
    assert headers == ["authorization", "cookie"]
    (group,) = [
        each for each in built.of("cloudwatch/logGroup:LogGroup") if each.name == "firewall-logs-group"
    ]
    assert group.inputs["name"].startswith("aws-waf-logs-"), "AWS takes no other name"
