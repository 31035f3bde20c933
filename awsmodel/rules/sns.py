"""Rules of topics and their subscriptions."""

from awsmodel.checks import Pattern
from awsmodel.relations import Requires
from awsmodel.rule import TypeRules
from awsmodel.rule_words import arn, between, exclusive, json_text, one_of, policy, said

_FEEDBACK = ("application", "firehose", "http", "lambda", "sqs")

TOPIC = TypeRules(
    of="aws:sns/topic:Topic",
    source="internal/service/sns/topic.go",
    rules=(
        exclusive("name", "namePrefix"),
        said(
            "name",
            Pattern(
                r"\A([0-9A-Za-z_-]{1,256}|[0-9A-Za-z_-]{1,251}\.fifo)\Z",
                "be at most 256 letters, digits, - and _, and `.fifo` at the end where it is a FIFO topic",
            ),
            "resourceTopicCustomizeDiff",
        ),
        *(arn(f"{kind}FailureFeedbackRoleArn", "iam") for kind in _FEEDBACK),
        *(arn(f"{kind}SuccessFeedbackRoleArn", "iam") for kind in _FEEDBACK),
        *(between(f"{kind}SuccessFeedbackSampleRate", 0, 100) for kind in _FEEDBACK),
        json_text("archivePolicy", source="sdkv2.JSONDocumentWithEmptySchemaOptional"),
        json_text("deliveryPolicy", source="sdkv2.JSONDocumentSchemaOptional"),
        policy(source="sdkv2.IAMPolicyDocumentSchemaOptionalComputed"),
        between("signatureVersion", 1, 2),
        one_of("fifoThroughputScope", "Topic", "MessageGroup"),
        one_of("tracingConfig", "Active", "PassThrough"),
        said(
            "",
            Requires(
                "fifoTopic", (False,), forbids=("archivePolicy", "fifoThroughputScope"), absent_as=False
            ),
            "resourceTopicCustomizeDiff",
        ),
        said(
            "",
            Requires("contentBasedDeduplication", (True,), needs=("fifoTopic",)),
            "resourceTopicCustomizeDiff",
        ),
    ),
)

SUBSCRIPTION = TypeRules(
    of="aws:sns/topicSubscription:TopicSubscription",
    source="pulumi-aws SDK, aws.sns.TopicSubscription",
    rules=(
        one_of(
            "protocol",
            "application",
            "email",
            "email-json",
            "firehose",
            "http",
            "https",
            "lambda",
            "sms",
            "sqs",
            source="protocol",
        ),
        one_of("filterPolicyScope", "MessageAttributes", "MessageBody", source="filter_policy_scope"),
        json_text("deliveryPolicy", source="delivery_policy"),
        json_text("filterPolicy", source="filter_policy"),
        json_text("redrivePolicy", source="redrive_policy"),
        said("", Requires("filterPolicyScope", needs=("filterPolicy",)), "filter_policy_scope"),
        said(
            "",
            Requires("protocol", ("firehose",), needs=("subscriptionRoleArn",)),
            "subscription_role_arn",
        ),
    ),
)

TOPIC_POLICY = TypeRules(
    of="aws:sns/topicPolicy:TopicPolicy",
    source="pulumi-aws SDK, aws.sns.TopicPolicy",
    rules=(policy(source="policy"),),
)
