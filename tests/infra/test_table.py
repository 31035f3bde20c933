from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from infra.components.table import Table, TableArgs
from tests.infra import parts
from tests.infra.recorder import Recording, Resource, record

KEY = "arn:aws:kms:eu-west-1:111111111111:key/storage"


@cache
def made(**changes: Any) -> Recording:
    def program() -> dict[str, Any]:
        table = Table(
            "releases", TableArgs(label=parts.label("judge"), role="releases", key_arn=KEY, **changes)
        )
        return {"read": parts.granted(table.read_access()), "put": parts.granted(table.put_access())}

    return record(program)


def table(**changes: Any) -> Resource:
    return made(**changes).one("dynamodb/table:Table")


def test_a_record_is_found_by_two_keys_and_forgotten_in_time() -> None:
    inputs = table().inputs
    assert (inputs["hashKey"], inputs["rangeKey"]) == ("pk", "sk")
    assert inputs["attributes"] == [{"name": "pk", "type": "S"}, {"name": "sk", "type": "S"}]
    assert inputs["ttl"] == {"attributeName": "expires_at", "enabled": True}


def test_the_table_is_encrypted_and_can_be_brought_back() -> None:
    inputs = table().inputs
    assert inputs["serverSideEncryption"] == {"enabled": True, "kmsKeyArn": KEY}
    assert inputs["pointInTimeRecovery"] == {"enabled": True, "recoveryPeriodInDays": 35}


def test_the_table_is_paid_by_the_request_and_capped() -> None:
    inputs = table().inputs
    assert inputs["billingMode"] == "PAY_PER_REQUEST"
    assert inputs["onDemandThroughput"] == {"maxReadRequestUnits": 100, "maxWriteRequestUnits": 100}


@pytest.mark.parametrize("protected", [True, False])
def test_the_table_is_protected_unless_the_stack_is_not(protected: bool) -> None:
    assert table(deletion_protection=protected).inputs["deletionProtectionEnabled"] is protected
    assert table(deletion_protection=protected).protect is protected
    assert table().protect is True


def test_who_writes_records_reads_none_and_nobody_scans() -> None:
    read, put = made().outputs["read"], made().outputs["put"]
    assert put[0]["Action"] == ["dynamodb:PutItem"]
    assert read[0]["Action"] == ["dynamodb:GetItem", "dynamodb:Query"]
    assert [each["Resource"] for each in (read[1], put[1])] == [[KEY], [KEY]]
