"""What an `up` needs for what the service keeps: databases, queues, secrets, buckets, keys.

An entry of `on` is the rest of an ARN after `arn:<partition>:`. What has a name is bound to the names of the
stack, what AWS names is bound to the stack's tags, and the rest is said to be everything ("*") because AWS
knows nothing narrower (Service Authorization Reference, the page of the service).
"""

from __future__ import annotations

from infra.ci.rights import Rights

DATA = (
    Rights(
        service="rds",
        reads="DescribeDBEngineVersions DescribeDBInstances DescribeDBParameterGroups "
        "DescribeDBParameters DescribeDBSnapshots DescribeDBSubnetGroups "
        "DescribeEventSubscriptions DescribeOrderableDBInstanceOptions "
        "DescribePendingMaintenanceActions ListTagsForResource",
    ),
    Rights(
        service="rds",
        on=(
            *(f"rds:{{here}}:{kind}:{{prefix}}-*" for kind in ("db", "es", "pg", "snapshot", "subgrp")),
            # Every instance has an option group, and ours has the one that comes with the engine.
            "rds:{here}:og:default:*",
        ),
        writes="AddSourceIdentifierToSubscription AddTagsToResource CreateDBInstance "
        "CreateDBParameterGroup CreateDBSnapshot CreateDBSubnetGroup CreateEventSubscription "
        "DeleteDBInstance DeleteDBParameterGroup DeleteDBSubnetGroup DeleteEventSubscription "
        "ModifyDBInstance ModifyDBParameterGroup ModifyDBSubnetGroup ModifyEventSubscription "
        "RebootDBInstance RemoveSourceIdentifierFromSubscription RemoveTagsFromResource "
        "ResetDBParameterGroup",
    ),
    Rights(
        service="dynamodb",
        on=("dynamodb:{here}:table/{prefix}-*",),
        reads="DescribeContinuousBackups DescribeTable DescribeTimeToLive GetResourcePolicy "
        "ListTagsOfResource",
        writes="CreateTable DeleteResourcePolicy DeleteTable PutResourcePolicy TagResource "
        "UntagResource UpdateContinuousBackups UpdateTable UpdateTimeToLive",
    ),
    Rights(
        service="sqs",
        on=("sqs:{here}:{prefix}-*",),
        reads="GetQueueAttributes GetQueueUrl ListQueueTags",
        writes="CreateQueue DeleteQueue SetQueueAttributes TagQueue UntagQueue",
    ),
)
STORES = (
    Rights(
        service="secretsmanager",
        on=("secretsmanager:{here}:secret:{prefix}-*",),
        reads="DescribeSecret GetResourcePolicy",
        writes="CancelRotateSecret CreateSecret DeleteResourcePolicy DeleteSecret PutResourcePolicy "
        "RestoreSecret RotateSecret TagResource UntagResource UpdateSecret "
        "ValidateResourcePolicy",
    ),
    # The database makes this one, by the rights of whoever makes the database.
    Rights(
        service="secretsmanager",
        on=("secretsmanager:{here}:secret:rds!db-*",),
        reads="DescribeSecret",
        writes="CreateSecret RotateSecret TagResource",
    ),
    Rights(
        service="s3",
        on=("s3:::{prefix}-*-{account}",),
        reads="GetAccelerateConfiguration GetBucketAcl GetBucketCORS GetBucketLocation "
        "GetBucketLogging GetBucketNotification GetBucketObjectLockConfiguration "
        "GetBucketOwnershipControls GetBucketPolicy GetBucketPublicAccessBlock "
        "GetBucketRequestPayment GetBucketTagging GetBucketVersioning GetBucketWebsite "
        "GetEncryptionConfiguration GetLifecycleConfiguration GetReplicationConfiguration "
        "ListBucket ListBucketVersions ListTagsForResource",
        writes="CreateBucket DeleteBucket DeleteBucketPolicy PutBucketLogging PutBucketNotification "
        "PutBucketObjectLockConfiguration PutBucketOwnershipControls PutBucketPolicy "
        "PutBucketPublicAccessBlock PutBucketTagging PutBucketVersioning "
        "PutEncryptionConfiguration PutLifecycleConfiguration TagResource UntagResource",
    ),
    Rights(
        service="kms",
        on=("kms:{here}:key/*",),
        reads="DescribeKey GetKeyPolicy GetKeyRotationStatus ListResourceTags",
        tagged=True,
        creates="CreateKey",
        writes="CancelKeyDeletion CreateAlias DeleteAlias DisableKeyRotation EnableKey "
        "EnableKeyRotation PutKeyPolicy UntagResource UpdateAlias UpdateKeyDescription",
        tags="TagResource",
    ),
    Rights(service="kms", on=("kms:{here}:alias/{prefix}-*",), writes="CreateAlias DeleteAlias UpdateAlias"),
    Rights(service="kms", reads="ListAliases"),
)
