from __future__ import annotations

import json

from tests.infra.recorder import ACCOUNT_ID, Recording


def test_the_services_that_start_a_task_are_reached_privately(built: Recording) -> None:
    names = {each.inputs["serviceName"].split(".", 3)[3] for each in built.of("ec2/vpcEndpoint:VpcEndpoint")}
    assert {"s3", "ecr.api", "ecr.dkr", "logs", "secretsmanager", "kms"} <= names


def test_the_services_that_a_task_works_with_are_reached_privately(built: Recording) -> None:
    names = {each.inputs["serviceName"].split(".", 3)[3] for each in built.of("ec2/vpcEndpoint:VpcEndpoint")}
    assert {"dynamodb", "sqs", "appconfigdata", "bedrock-runtime", "sts"} <= names


def test_every_endpoint_serves_the_principals_of_this_account(built: Recording) -> None:
    for endpoint in built.of("ec2/vpcEndpoint:VpcEndpoint"):
        for statement in json.loads(endpoint.inputs["policy"])["Statement"]:
            if statement["Effect"] == "Deny":
                continue
            if any("starport-layer-bucket" in arn for arn in statement["Resource"]):
                assert statement["Action"] == ["s3:GetObject"]
            else:
                accounts = statement["Condition"]["StringEquals"]["aws:PrincipalAccount"]
                assert accounts == ACCOUNT_ID, endpoint.name


def test_interface_endpoints_answer_by_the_services_own_names_to_the_app_tier_only(built: Recording) -> None:
    interfaces = [
        each.inputs
        for each in built.of("ec2/vpcEndpoint:VpcEndpoint")
        if each.inputs["vpcEndpointType"] == "Interface"
    ]
    assert interfaces
    for inputs in interfaces:
        assert inputs["privateDnsEnabled"] is True
        assert inputs["securityGroupIds"] == ["endpoints-group-id"]
        assert all(subnet.startswith("network-app-") for subnet in inputs["subnetIds"])
    rule = built.one("vpc/securityGroupIngressRule:SecurityGroupIngressRule", "endpoints-from-app").inputs
    assert (rule["fromPort"], rule["toPort"], rule["securityGroupId"]) == (443, 443, "endpoints-group-id")
    assert rule["cidrIpv4"].split(".")[2] == "64", "the block of the app tier"


def test_gateway_endpoints_stand_in_the_routes_of_the_app_tier_only(built: Recording) -> None:
    for endpoint in built.of("ec2/vpcEndpoint:VpcEndpoint"):
        if endpoint.inputs["vpcEndpointType"] == "Gateway":
            tables = endpoint.inputs["routeTableIds"]
            assert tables
            assert all(table.startswith("network-app-") for table in tables)


def test_what_has_a_name_is_reached_only_by_the_names_of_the_stack(built: Recording) -> None:
    prefix = f"slipway-{built.outputs['environment']}-"
    for service in ("dynamodb", "sqs", "ecr.api"):
        (endpoint,) = (
            each
            for each in built.of("ec2/vpcEndpoint:VpcEndpoint")
            if each.name.endswith(service.replace(".", "-"))
        )
        for statement in json.loads(endpoint.inputs["policy"])["Statement"]:
            for resource in statement["Resource"]:
                assert resource == "*" or resource.split(":")[-1].split("/")[-1].startswith(prefix)


def test_nobody_asks_a_model_with_a_key_that_lives_for_long(built: Recording) -> None:
    endpoint = built.one("ec2/vpcEndpoint:VpcEndpoint", "endpoints-bedrock-runtime")
    refused = [
        statement["Action"]
        for statement in json.loads(endpoint.inputs["policy"])["Statement"]
        if statement["Effect"] == "Deny"
    ]
    assert refused == [["bedrock:CallWithBearerToken"]]
