from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

FIXED = [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}]


def make_balancer(client: Callable[[str], Any]) -> str:
    ec2 = client("ec2")
    vpc_id = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc_id, CidrBlock=f"10.0.{index}.0/24", AvailabilityZone=f"eu-west-1{zone}")
        for index, zone in enumerate("ab")
    ]
    subnet_ids = [subnet["Subnet"]["SubnetId"] for subnet in subnets]
    balancers = client("elbv2").create_load_balancer(Name="app", Subnets=subnet_ids)["LoadBalancers"]
    arn: str = balancers[0]["LoadBalancerArn"]
    return arn


def test_a_protected_balancer_cannot_be_deleted(client: Callable[[str], Any]) -> None:
    arn, elbv2 = make_balancer(client), client("elbv2")
    for value in ("true", "false"):
        attribute = {"Key": "deletion_protection.enabled", "Value": value}
        elbv2.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=[attribute])
        if value == "true":
            with pytest.raises(ClientError, match="OperationNotPermitted"):
                elbv2.delete_load_balancer(LoadBalancerArn=arn)
    elbv2.delete_load_balancer(LoadBalancerArn=arn)


def test_every_attribute_of_a_balancer_is_returned(client: Callable[[str], Any]) -> None:
    arn = make_balancer(client)
    answer = client("elbv2").describe_load_balancer_attributes(LoadBalancerArn=arn)
    values = {attribute["Key"]: attribute["Value"] for attribute in answer["Attributes"]}
    assert values["idle_timeout.timeout_seconds"] == "60"
    assert values["routing.http.drop_invalid_header_fields.enabled"] == "false"


def test_a_port_is_taken_once(client: Callable[[str], Any]) -> None:
    arn, elbv2 = make_balancer(client), client("elbv2")
    elbv2.create_listener(LoadBalancerArn=arn, Port=80, Protocol="HTTP", DefaultActions=FIXED)
    with pytest.raises(ClientError, match="DuplicateListener"):
        elbv2.create_listener(LoadBalancerArn=arn, Port=80, Protocol="HTTP", DefaultActions=FIXED)


def test_https_needs_a_certificate(client: Callable[[str], Any]) -> None:
    arn = make_balancer(client)
    with pytest.raises(ClientError, match="CertificateNotFound"):
        client("elbv2").create_listener(LoadBalancerArn=arn, Port=443, Protocol="HTTPS", DefaultActions=FIXED)


def test_mutual_authentication_is_kept(client: Callable[[str], Any]) -> None:
    arn, elbv2 = make_balancer(client), client("elbv2")
    certificate = client("acm").request_certificate(DomainName="app.example.com")["CertificateArn"]
    listener = elbv2.create_listener(
        LoadBalancerArn=arn,
        Port=443,
        Protocol="HTTPS",
        Certificates=[{"CertificateArn": certificate}],
        DefaultActions=FIXED,
    )["Listeners"][0]
    assert listener["MutualAuthentication"] == {"Mode": "off"}
    elbv2.modify_listener(ListenerArn=listener["ListenerArn"], MutualAuthentication={"Mode": "passthrough"})
    elbv2.modify_listener(ListenerArn=listener["ListenerArn"], Port=444)
    [listener] = elbv2.describe_listeners(LoadBalancerArn=arn)["Listeners"]
    assert listener["MutualAuthentication"]["Mode"] == "passthrough"
