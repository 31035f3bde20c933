from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

POLICY = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*"}]})


def _attributes(sqs: Any, url: str) -> Any:
    return sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]


def test_another_attribute_leaves_the_policy_as_it_is(client: Callable[[str], Any]) -> None:
    sqs = client("sqs")
    url = sqs.create_queue(QueueName="one", Attributes={"Policy": POLICY})["QueueUrl"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"DelaySeconds": "5"})
    assert json.loads(_attributes(sqs, url)["Policy"])["Statement"][0]["Effect"] == "Deny"
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": ""})
    assert "Policy" not in _attributes(sqs, url)


def test_who_may_use_a_dead_letter_queue_reads_back(client: Callable[[str], Any]) -> None:
    sqs = client("sqs")
    allowed = json.dumps({"redrivePermission": "denyAll"})
    url = sqs.create_queue(QueueName="one", Attributes={"RedriveAllowPolicy": allowed})["QueueUrl"]
    assert _attributes(sqs, url)["RedriveAllowPolicy"] == allowed
    by_name = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["RedriveAllowPolicy"])
    assert by_name["Attributes"] == {"RedriveAllowPolicy": allowed}


def test_a_queue_under_a_key_is_not_under_the_queue_service_s_own(client: Callable[[str], Any]) -> None:
    sqs = client("sqs")
    url = sqs.create_queue(QueueName="one", Attributes={"KmsMasterKeyId": "alias/one"})["QueueUrl"]
    assert _attributes(sqs, url)["SqsManagedSseEnabled"] == "false"
