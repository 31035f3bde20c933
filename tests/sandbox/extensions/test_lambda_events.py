from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.controlplane.inventory import count_resources


def make_function(client: Callable[[str], Any]) -> Any:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("main.py", "def handler(event, context): pass")
    trust = '{"Version":"2012-10-17","Statement":[]}'
    role = client("iam").create_role(RoleName="judge", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    functions = client("lambda")
    functions.create_function(
        FunctionName="judge",
        Role=role,
        Runtime="python3.13",
        Handler="main.handler",
        Code={"ZipFile": buffer.getvalue()},
    )
    return functions


def make_queue(client: Callable[[str], Any], name: str = "tickets") -> tuple[Any, str, str]:
    sqs = client("sqs")
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    return sqs, url, arn


def test_another_configuration_takes_the_place_of_the_one_before(client: Callable[[str], Any]) -> None:
    functions, (_, _, queue_arn) = make_function(client), make_queue(client)
    functions.put_function_event_invoke_config(FunctionName="judge", MaximumRetryAttempts=1)
    functions.put_function_event_invoke_config(FunctionName="judge", MaximumEventAgeInSeconds=60)
    shown = functions.get_function_event_invoke_config(FunctionName="judge")
    assert shown["MaximumEventAgeInSeconds"] == 60
    assert "MaximumRetryAttempts" not in shown
    failures = {"OnFailure": {"Destination": queue_arn}}
    functions.update_function_event_invoke_config(FunctionName="judge", DestinationConfig=failures)
    shown = functions.get_function_event_invoke_config(FunctionName="judge")
    assert shown["MaximumEventAgeInSeconds"] == 60
    assert shown["DestinationConfig"]["OnFailure"] == failures["OnFailure"]


def test_an_alias_has_a_configuration_of_its_own(client: Callable[[str], Any]) -> None:
    functions = make_function(client)
    functions.create_alias(FunctionName="judge", Name="live", FunctionVersion="$LATEST")
    functions.put_function_event_invoke_config(FunctionName="judge", Qualifier="live", MaximumRetryAttempts=0)
    shown = functions.get_function_event_invoke_config(FunctionName="judge", Qualifier="live")
    assert shown["FunctionArn"].endswith(":judge:live")
    with pytest.raises(ClientError) as caught:
        functions.get_function_event_invoke_config(FunctionName="judge")
    assert caught.value.response["Error"]["Code"] == "ResourceNotFoundException"
    functions.delete_function_event_invoke_config(FunctionName="judge", Qualifier="live")
    with pytest.raises(ClientError):
        functions.get_function_event_invoke_config(FunctionName="judge", Qualifier="live")


def test_messages_wait_for_a_function_that_does_not_run(client: Callable[[str], Any]) -> None:
    functions, (sqs, url, queue_arn) = make_function(client), make_queue(client)
    functions.create_event_source_mapping(FunctionName="judge", EventSourceArn=queue_arn)
    sqs.send_message(QueueUrl=url, MessageBody="one")
    assert [each["Body"] for each in sqs.receive_message(QueueUrl=url)["Messages"]] == ["one"]


def test_a_function_takes_from_a_queue_once(client: Callable[[str], Any]) -> None:
    functions, (_, _, queue_arn) = make_function(client), make_queue(client)
    functions.create_event_source_mapping(FunctionName="judge", EventSourceArn=queue_arn)
    with pytest.raises(ClientError) as caught:
        functions.create_event_source_mapping(FunctionName="judge", EventSourceArn=queue_arn)
    assert caught.value.response["Error"]["Code"] == "ResourceConflictException"


def test_a_setting_that_is_emptied_is_gone(client: Callable[[str], Any]) -> None:
    functions, (_, _, queue_arn) = make_function(client), make_queue(client)
    identity = functions.create_event_source_mapping(
        FunctionName="judge", EventSourceArn=queue_arn, FilterCriteria={"Filters": [{"Pattern": "{}"}]}
    )["UUID"]
    functions.update_event_source_mapping(UUID=identity, FilterCriteria={})
    assert "FilterCriteria" not in functions.get_event_source_mapping(UUID=identity)


def test_a_mapping_that_is_deleted_is_counted_no_more(cloud: Any) -> None:
    functions, (_, _, queue_arn) = make_function(cloud.client), make_queue(cloud.client)
    before = count_resources("111111111111")["lambda"]
    identity = functions.create_event_source_mapping(FunctionName="judge", EventSourceArn=queue_arn)["UUID"]
    assert count_resources("111111111111")["lambda"] == before + 1
    functions.delete_event_source_mapping(UUID=identity)
    assert count_resources("111111111111")["lambda"] == before
