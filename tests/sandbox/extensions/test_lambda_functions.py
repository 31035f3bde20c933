from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any


def test_where_failures_and_log_lines_go_reads_back(client: Callable[[str], Any]) -> None:
    made = _function(
        client,
        DeadLetterConfig={"TargetArn": "arn:aws:sqs:eu-west-1:111111111111:failures"},
        LoggingConfig={"LogFormat": "JSON", "LogGroup": "/example"},
    )
    shown = client("lambda").get_function_configuration(FunctionName=made)
    assert shown["DeadLetterConfig"]["TargetArn"].endswith(":failures")
    assert shown["LoggingConfig"] == {
        "LogFormat": "JSON",
        "LogGroup": "/example",
        "ApplicationLogLevel": "INFO",
        "SystemLogLevel": "INFO",
    }


def test_an_update_of_tracing_key_and_disk_is_applied(client: Callable[[str], Any]) -> None:
    made = _function(client, KMSKeyArn="arn:aws:kms:eu-west-1:111111111111:key/one")
    client("lambda").update_function_configuration(
        FunctionName=made, TracingConfig={"Mode": "Active"}, EphemeralStorage={"Size": 1024}, KMSKeyArn=""
    )
    shown = client("lambda").get_function_configuration(FunctionName=made)
    assert shown["TracingConfig"] == {"Mode": "Active"}
    assert shown["EphemeralStorage"] == {"Size": 1024}
    assert "KMSKeyArn" not in shown


def test_new_code_can_be_for_another_processor(client: Callable[[str], Any]) -> None:
    made = _function(client)
    client("lambda").update_function_code(FunctionName=made, ZipFile=_archive(), Architectures=["arm64"])
    assert client("lambda").get_function_configuration(FunctionName=made)["Architectures"] == ["arm64"]


def test_a_function_is_in_the_vpc_of_its_subnets(client: Callable[[str], Any]) -> None:
    vpc_id = client("ec2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = client("ec2").create_subnet(VpcId=vpc_id, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    group = client("ec2").create_security_group(VpcId=vpc_id, GroupName="one", Description="one")["GroupId"]
    made = _function(client, VpcConfig={"SubnetIds": [subnet], "SecurityGroupIds": [group]})
    shown = client("lambda").get_function_configuration(FunctionName=made)
    assert shown["VpcConfig"]["VpcId"] == vpc_id


def _function(client: Callable[[str], Any], **settings: Any) -> str:
    trust = '{"Version":"2012-10-17","Statement":[]}'
    role = client("iam").create_role(RoleName="function", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    made: str = client("lambda").create_function(
        FunctionName="one",
        Role=role,
        Runtime="python3.13",
        Handler="main.handler",
        Code={"ZipFile": _archive()},
        **settings,
    )["FunctionName"]
    return made


def _archive() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("main.py", "handler = print")
    return buffer.getvalue()
