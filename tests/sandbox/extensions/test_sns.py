from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

ROLE = "arn:aws:iam::111111111111:role/feedback"


@pytest.fixture
def sns(client: Callable[[str], Any]) -> Any:
    return client("sns")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SignatureVersion", "2"),
        ("TracingConfig", "Active"),
        ("SQSFailureFeedbackRoleArn", ROLE),
        ("HTTPSuccessFeedbackSampleRate", "10"),
    ],
)
def test_an_attribute_of_a_topic_reads_back(sns: Any, name: str, value: str) -> None:
    for topic in (
        sns.create_topic(Name="made", Attributes={name: value}),
        sns.create_topic(Name="changed"),
    ):
        sns.set_topic_attributes(TopicArn=topic["TopicArn"], AttributeName=name, AttributeValue=value)
        assert sns.get_topic_attributes(TopicArn=topic["TopicArn"])["Attributes"][name] == value


@pytest.mark.parametrize("protocol", ["email", "email-json"])
def test_who_is_written_to_is_asked_first(sns: Any, protocol: str) -> None:
    topic = sns.create_topic(Name="alarms")["TopicArn"]
    for _ in range(2):  # asking again changes nothing
        arn = sns.subscribe(
            TopicArn=topic, Protocol=protocol, Endpoint="a@example.com", ReturnSubscriptionArn=True
        )["SubscriptionArn"]
    attributes = sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
    assert (attributes["PendingConfirmation"], attributes["Endpoint"]) == ("true", "a@example.com")
    for listed in (sns.list_subscriptions(), sns.list_subscriptions_by_topic(TopicArn=topic)):
        [subscription] = listed["Subscriptions"]
        assert subscription["SubscriptionArn"] == "PendingConfirmation"
        assert subscription["Endpoint"] == "a@example.com"


def test_what_is_pending_goes_with_its_topic_and_not_before(sns: Any) -> None:
    topic = sns.create_topic(Name="alarms")["TopicArn"]
    arn = sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="a@b.c", ReturnSubscriptionArn=True)
    with pytest.raises(ClientError, match="pending confirmation"):
        sns.unsubscribe(SubscriptionArn=arn["SubscriptionArn"])
    sns.delete_topic(TopicArn=topic)
    assert sns.list_subscriptions()["Subscriptions"] == []
