"""SNS: what a topic is told beside its name, and subscribers who have not answered yet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import camelcase_to_underscores
from moto.sns.exceptions import SNSInvalidParameter
from moto.sns.models import SNSBackend, Subscription
from moto.sns.responses import SNSResponse

from sandbox.extensions.registry import replaces

_PENDING = "PendingConfirmation"
# A person has to follow a link.
_ASKED_FIRST = frozenset({"email", "email-json"})
_KEPT = (
    "FifoThroughputScope",
    "SignatureVersion",
    "TracingConfig",
    *(
        f"{protocol}{what}"
        for protocol in ("Application", "Firehose", "HTTP", "Lambda", "SQS")
        for what in ("FailureFeedbackRoleArn", "SuccessFeedbackRoleArn", "SuccessFeedbackSampleRate")
    ),
)


@replaces(SNSResponse, "get_topic_attributes")
def _show_all_attributes(original: Callable[[Any], ActionResult], self: SNSResponse) -> ActionResult:
    """A topic shows its signature version, tracing and delivery status; moto keeps them and does not tell."""
    answer = original(self)
    topic = self.backend.get_topic(self._get_param("TopicArn"))
    result: Any = answer.result
    for name in _KEPT:
        if value := getattr(topic, camelcase_to_underscores(name), None):
            result["Attributes"][name] = value
    return answer


@replaces(SNSBackend, "subscribe")
def _ask_first(
    original: Callable[..., Subscription], self: SNSBackend, topic_arn: str, endpoint: str, protocol: str
) -> Subscription:
    """Who is written to by e-mail is asked first, and is pending until the answer."""
    is_new = self._find_subscription(topic_arn, endpoint, protocol) is None
    subscription = original(self, topic_arn, endpoint, protocol)
    if is_new and protocol in _ASKED_FIRST:
        subscription.attributes |= {_PENDING: True, "ConfirmationWasAuthenticated": False}
    return subscription


@replaces(SNSBackend, "unsubscribe")
def _refuse_pending(original: Callable[..., None], self: SNSBackend, subscription_arn: str) -> None:
    """What nobody has confirmed cannot be taken away; it goes with its topic."""
    subscription = self.subscriptions.get(subscription_arn)
    if subscription is not None and subscription.attributes[_PENDING]:
        raise SNSInvalidParameter(
            "Invalid parameter: SubscriptionArn Reason: "
            "Cannot unsubscribe a subscription that is pending confirmation"
        )
    original(self, subscription_arn)


@replaces(SNSResponse, "list_subscriptions")
def _list_all_without_pending_arns(
    original: Callable[[Any], ActionResult], self: SNSResponse
) -> ActionResult:
    """A listing does not show the ARN of what is pending."""
    return _without_pending_arns(original(self))


@replaces(SNSResponse, "list_subscriptions_by_topic")
def _list_a_topic_s_without_pending_arns(
    original: Callable[[Any], ActionResult], self: SNSResponse
) -> ActionResult:
    """A listing of a topic does not show the ARN of what is pending."""
    return _without_pending_arns(original(self))


def _without_pending_arns(answer: ActionResult) -> ActionResult:
    result: Any = answer.result
    result["Subscriptions"] = [
        {
            "SubscriptionArn": _PENDING if each.attributes[_PENDING] else each.arn,
            "Owner": each.owner,
            "Protocol": each.protocol,
            "Endpoint": each.endpoint,
            "TopicArn": each.topic_arn,
        }
        for each in result["Subscriptions"]
    ]
    return answer
