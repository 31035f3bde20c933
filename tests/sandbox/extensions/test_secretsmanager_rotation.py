from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError


@pytest.fixture
def function_arn(client: Callable[[str], Any]) -> str:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("main.py", "def handler(event, context): pass")
    trust = '{"Version":"2012-10-17","Statement":[]}'
    role = client("iam").create_role(RoleName="rotator", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    arn: str = client("lambda").create_function(
        FunctionName="rotator",
        Role=role,
        Runtime="python3.13",
        Handler="main.handler",
        Code={"ZipFile": buffer.getvalue()},
    )["FunctionArn"]
    return arn


@pytest.fixture
def secret_arn(client: Callable[[str], Any]) -> str:
    arn: str = client("secretsmanager").create_secret(Name="app", SecretString="one")["ARN"]
    return arn


def allow(client: Callable[[str], Any], source_arn: str) -> None:
    client("lambda").add_permission(
        FunctionName="rotator",
        StatementId="rotation",
        Action="lambda:InvokeFunction",
        Principal="secretsmanager.amazonaws.com",
        SourceArn=source_arn,
    )


@pytest.mark.parametrize(
    "rules",
    [
        {"ScheduleExpression": "cron(0 3 1 * ? *)", "Duration": "2h"},
        {"ScheduleExpression": "rate(10 days)"},
        {"AutomaticallyAfterDays": 30, "Duration": "3h"},
    ],
)
def test_a_rotation_is_configured_and_not_carried_out(
    client: Callable[[str], Any], function_arn: str, secret_arn: str, rules: dict[str, Any]
) -> None:
    allow(client, secret_arn)
    secrets = client("secretsmanager")
    secrets.rotate_secret(SecretId="app", RotationLambdaARN=function_arn, RotationRules=rules)
    shown = secrets.describe_secret(SecretId="app")
    assert shown["RotationRules"] == rules
    assert (shown["RotationEnabled"], shown["RotationLambdaARN"]) == (True, function_arn)
    assert "LastRotatedDate" not in shown
    assert secrets.get_secret_value(SecretId="app")["SecretString"] == "one"
    assert list(shown["VersionIdsToStages"].values()) == [["AWSCURRENT"]]
    secrets.cancel_rotate_secret(SecretId="app")
    assert secrets.describe_secret(SecretId="app")["RotationEnabled"] is False


@pytest.mark.parametrize(
    "rules",
    [
        {},
        {"AutomaticallyAfterDays": 30, "ScheduleExpression": "rate(10 days)"},
        {"ScheduleExpression": "rate(10 minutes)"},
        {"ScheduleExpression": "cron(0 3 1 * *)"},
        {"AutomaticallyAfterDays": 30, "Duration": "2d"},
    ],
)
def test_rules_that_aws_would_not_take_are_refused(
    client: Callable[[str], Any], function_arn: str, secret_arn: str, rules: dict[str, Any]
) -> None:
    allow(client, secret_arn)
    with pytest.raises(ClientError) as caught:
        client("secretsmanager").rotate_secret(
            SecretId="app", RotationLambdaARN=function_arn, RotationRules=rules
        )
    assert caught.value.response["Error"]["Code"] == "InvalidParameterException"


def test_a_function_that_secrets_manager_may_not_call_is_refused(
    client: Callable[[str], Any], function_arn: str, secret_arn: str
) -> None:
    allow(client, f"{secret_arn}-another")
    with pytest.raises(ClientError, match="grants access to the principal") as caught:
        client("secretsmanager").rotate_secret(
            SecretId="app", RotationLambdaARN=function_arn, RotationRules={"AutomaticallyAfterDays": 30}
        )
    assert caught.value.response["Error"]["Code"] == "AccessDeniedException"


def test_a_rotation_needs_a_function(client: Callable[[str], Any], secret_arn: str) -> None:
    with pytest.raises(ClientError, match="No Lambda rotation function"):
        client("secretsmanager").rotate_secret(SecretId="app", RotationRules={"AutomaticallyAfterDays": 30})
    with pytest.raises(ClientError, match="can't find the specified secret"):
        client("secretsmanager").rotate_secret(SecretId="other", RotationRules={"AutomaticallyAfterDays": 30})
