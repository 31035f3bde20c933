"""Rules of queues."""

from awsmodel.checks import Pattern
from awsmodel.relations import Requires
from awsmodel.rule import TypeRules
from awsmodel.rule_words import between, exclusive, json_text, one_of, policy, said

QUEUE = TypeRules(
    of="aws:sqs/queue:Queue",
    source="internal/service/sqs/queue.go",
    rules=(
        exclusive("name", "namePrefix"),
        said(
            "name",
            Pattern(
                r"\A([0-9A-Za-z_-]{1,80}|[0-9A-Za-z_-]{1,75}\.fifo)\Z",
                "be at most 80 letters, digits, - and _, and `.fifo` at the end where it is a FIFO queue",
            ),
            "resourceQueueCustomizeDiff",
        ),
        one_of("deduplicationScope", "messageGroup", "queue"),
        one_of("fifoThroughputLimit", "perQueue", "perMessageGroupId"),
        between("delaySeconds", 0, 900),
        between("kmsDataKeyReusePeriodSeconds", 60, 86400),
        between("maxMessageSize", 1024, 1048576),
        between("messageRetentionSeconds", 60, 1209600),
        between("receiveWaitTimeSeconds", 0, 20, source="AWS: SQS API Reference, SetQueueAttributes"),
        between("visibilityTimeoutSeconds", 0, 43200),
        exclusive("kmsMasterKeyId", "sqsManagedSseEnabled"),
        json_text("policy"),
        json_text("redriveAllowPolicy"),
        json_text("redrivePolicy"),
        said(
            "",
            Requires("contentBasedDeduplication", (True,), needs=("fifoQueue",)),
            "resourceQueueCustomizeDiff",
        ),
    ),
)

QUEUE_POLICY = TypeRules(
    of="aws:sqs/queuePolicy:QueuePolicy",
    source="internal/service/sqs/queue_policy.go",
    rules=(policy(source="validation.StringIsJSON"),),
)

REDRIVE_ALLOW_POLICY = TypeRules(
    of="aws:sqs/redriveAllowPolicy:RedriveAllowPolicy",
    source="internal/service/sqs/queue_redrive_allow_policy.go",
    rules=(json_text("redriveAllowPolicy"),),
)

REDRIVE_POLICY = TypeRules(
    of="aws:sqs/redrivePolicy:RedrivePolicy",
    source="internal/service/sqs/queue_redrive_policy.go",
    rules=(json_text("redrivePolicy"),),
)
