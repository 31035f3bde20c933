from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

TABLE = {
    "TableName": "records",
    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    "BillingMode": "PAY_PER_REQUEST",
}
LIMITS = {"MaxReadRequestUnits": 100, "MaxWriteRequestUnits": 50}


def make_table(client: Callable[[str], Any], **changes: Any) -> Any:
    dynamodb = client("dynamodb")
    dynamodb.create_table(**{**TABLE, **changes})
    return dynamodb


def shown(dynamodb: Any) -> Any:
    return dynamodb.describe_table(TableName="records")["Table"]


def test_the_class_of_a_table_is_kept_and_changes(client: Callable[[str], Any]) -> None:
    dynamodb = make_table(client, TableClass="STANDARD_INFREQUENT_ACCESS")
    assert shown(dynamodb)["TableClassSummary"] == {"TableClass": "STANDARD_INFREQUENT_ACCESS"}
    dynamodb.update_table(TableName="records", TableClass="STANDARD")
    assert shown(dynamodb)["TableClassSummary"] == {"TableClass": "STANDARD"}


def test_limits_are_kept_and_go(client: Callable[[str], Any]) -> None:
    dynamodb = make_table(client, OnDemandThroughput=LIMITS)
    assert shown(dynamodb)["OnDemandThroughput"] == LIMITS
    dynamodb.update_table(TableName="records", OnDemandThroughput={"MaxReadRequestUnits": -1})
    assert shown(dynamodb)["OnDemandThroughput"] == {"MaxWriteRequestUnits": 50}


def test_the_limits_of_an_index_are_kept_and_change(client: Callable[[str], Any]) -> None:
    index = {
        "IndexName": "all",
        "KeySchema": TABLE["KeySchema"],
        "Projection": {"ProjectionType": "ALL"},
        "OnDemandThroughput": LIMITS,
    }
    dynamodb = make_table(client, GlobalSecondaryIndexes=[index])
    assert shown(dynamodb)["GlobalSecondaryIndexes"][0]["OnDemandThroughput"] == LIMITS
    change = {"IndexName": "all", "OnDemandThroughput": {"MaxReadRequestUnits": 7}}
    dynamodb.update_table(TableName="records", GlobalSecondaryIndexUpdates=[{"Update": change}])
    assert shown(dynamodb)["GlobalSecondaryIndexes"][0]["OnDemandThroughput"]["MaxReadRequestUnits"] == 7


def test_encryption_changes_its_key_and_goes_back_to_aws_s_own(client: Callable[[str], Any]) -> None:
    keys = [client("kms").create_key()["KeyMetadata"]["Arn"] for _ in range(2)]
    dynamodb = make_table(
        client, SSESpecification={"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": keys[0]}
    )
    anew = {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": keys[1]}
    dynamodb.update_table(TableName="records", SSESpecification=anew)
    assert shown(dynamodb)["SSEDescription"]["KMSMasterKeyArn"] == keys[1]
    with pytest.raises(ClientError, match="already encrypted"):
        dynamodb.update_table(TableName="records", SSESpecification=anew)
    dynamodb.update_table(TableName="records", SSESpecification={"Enabled": False})
    assert "SSEDescription" not in shown(dynamodb)


def test_a_stream_goes_off_and_on_again_and_items_are_taken_meanwhile(client: Callable[[str], Any]) -> None:
    on = {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}
    dynamodb = make_table(client, StreamSpecification=on)
    dynamodb.update_table(TableName="records", StreamSpecification={"StreamEnabled": False})
    dynamodb.put_item(TableName="records", Item={"pk": {"S": "one"}})
    dynamodb.update_table(TableName="records", StreamSpecification=on)
    dynamodb.put_item(TableName="records", Item={"pk": {"S": "two"}})
    assert shown(dynamodb)["StreamSpecification"] == on


def test_the_policy_of_a_table_goes_with_it(client: Callable[[str], Any]) -> None:
    dynamodb = make_table(client)
    arn = shown(dynamodb)["TableArn"]
    dynamodb.put_resource_policy(ResourceArn=arn, Policy="{}")
    dynamodb.delete_table(TableName="records")
    dynamodb.create_table(**TABLE)
    with pytest.raises(ClientError, match="PolicyNotFoundException"):
        dynamodb.get_resource_policy(ResourceArn=arn)
