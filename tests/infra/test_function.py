from __future__ import annotations

from functools import cache
from pathlib import Path

import pulumi

from infra.components.function import Function, FunctionArgs, archive
from infra.iam import Allow
from tests.infra import parts
from tests.infra.recorder import Recording, record

MESSAGES_KEY = "arn:aws:kms:eu-west-1:111111111111:key/messages"


@cache
def made() -> Recording:
    def program() -> None:
        Function(
            "counter",
            FunctionArgs(
                label=parts.label("counter"),
                account=parts.ACCOUNT,
                description="Counts",
                source="app/judge",
                architecture="arm64",
                boundary_arn=parts.BOUNDARY,
                log_policy=parts.LOG_POLICY,
                messages_key_arn=MESSAGES_KEY,
                grants=[Allow(["s3:GetObject"], ["arn:aws:s3:::example/*"])],
                environment={"TABLE": "example"},
            ),
        )

    return record(program)


def test_the_function_is_the_package_that_it_was_given() -> None:
    function = made().one("lambda/function:Function").inputs
    assert function["handler"] == "judge.handler.handler"
    assert isinstance(function["code"], pulumi.AssetArchive)
    assert "judge/handler.py" in function["code"].assets
    assert function["environment"] == {"variables": {"TABLE": "example"}}


def test_the_function_is_bounded_traced_and_logs_to_its_own_group() -> None:
    function = made().one("lambda/function:Function").inputs
    assert function["runtime"] == "python3.13"
    assert function["reservedConcurrentExecutions"] > 0
    assert function["tracingConfig"] == {"mode": "Active"}
    group = made().one("cloudwatch/logGroup:LogGroup", "counter-logs-group").inputs["name"]
    assert function["loggingConfig"] == {"logFormat": "JSON", "logGroup": group}


def test_a_call_that_fails_and_that_nobody_waits_for_goes_to_the_dead_letters() -> None:
    failures = made().one("lambda/functionEventInvokeConfig:FunctionEventInvokeConfig").inputs
    assert failures["maximumRetryAttempts"] == 2
    assert failures["destinationConfig"]["onFailure"]["destination"].endswith("counter-dead-letters-queue")
    queue = made().one("sqs/queue:Queue").inputs
    assert queue["kmsMasterKeyId"] == MESSAGES_KEY


def test_the_role_does_what_it_was_granted_and_what_every_function_needs() -> None:
    granted = parts.statements(made(), "iam/rolePolicy:RolePolicy", "counter-role-grants")
    actions = {action for each in granted for action in each["Action"]}
    assert {"s3:GetObject", "logs:PutLogEvents", "sqs:SendMessage", "xray:PutTraceSegments"} <= actions
    everything = [each["Action"] for each in granted if each["Resource"] == ["*"]]
    assert everything == [["xray:PutTelemetryRecords", "xray:PutTraceSegments"]]


def test_the_archive_holds_the_source_and_no_cache(tmp_path: Path) -> None:
    package = tmp_path / "judge"
    (package / "__pycache__").mkdir(parents=True)
    (package / "handler.py").write_text("")
    (package / "__pycache__" / "handler.cpython-311.pyc").write_text("")
    assert list(archive(package).assets) == ["judge/handler.py"]
