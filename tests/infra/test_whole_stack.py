"""Promises about each resource of a kind, kept over all that the program asks for with each stack file."""

from __future__ import annotations

import ast
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from awsmodel.schema import Property, type_schema
from tests.infra.conftest import ROOT
from tests.infra.recorder import Recording, Resource

Inputs = Mapping[str, Any]

# What no `up` brings back once it is gone, and how AWS or the provider is kept from deleting it.
HOLDS_DATA: Mapping[str, Callable[[Inputs], object]] = {
    "aws:backup/vault:Vault": lambda inputs: inputs["forceDestroy"] is False,
    # AWS's own switch is not modelled (awsmodel/types/logs.py); what is left is to keep lines for long.
    "aws:cloudwatch/logGroup:LogGroup": lambda inputs: inputs["retentionInDays"] >= 365,
    "aws:dynamodb/table:Table": lambda inputs: inputs["deletionProtectionEnabled"],
    "aws:ecr/repository:Repository": lambda inputs: inputs["forceDelete"] is False,
    "aws:kms/key:Key": lambda inputs: inputs["deletionWindowInDays"] == 30,
    "aws:rds/instance:Instance": lambda inputs: (
        inputs["deletionProtection"]
        and inputs["skipFinalSnapshot"] is False
        and inputs["deleteAutomatedBackups"] is False
    ),
    "aws:route53/zone:Zone": lambda inputs: inputs["forceDestroy"] is False,
    "aws:s3/bucket:Bucket": lambda inputs: inputs["forceDestroy"] is False,
    "aws:secretsmanager/secret:Secret": lambda inputs: inputs["recoveryWindowInDays"] == 30,
}
# Which key encrypts what, by the place that names it. Of buckets, those that are evidence have the second.
KEYS = {
    "aws:appconfig/configurationProfile:ConfigurationProfile.kmsKeyIdentifier": {"storage"},
    "aws:appconfig/deployment:Deployment.kmsKeyIdentifier": {"storage"},
    "aws:backup/vault:Vault.kmsKeyArn": {"backups"},
    "aws:bedrock/guardrail:Guardrail.kmsKeyArn": {"storage"},
    "aws:cfg/deliveryChannel:DeliveryChannel.s3KmsKeyArn": {"audit"},
    "aws:cloudtrail/trail:Trail.kmsKeyId": {"audit"},
    "aws:cloudwatch/logGroup:LogGroup.kmsKeyId": {"logs"},
    "aws:dynamodb/table:Table.serverSideEncryption.kmsKeyArn": {"storage"},
    "aws:ecr/repository:Repository.encryptionConfigurations.kmsKey": {"images"},
    "aws:rds/instance:Instance.kmsKeyId": {"database"},
    "aws:rds/instance:Instance.masterUserSecretKmsKeyId": {"secrets"},
    "aws:rds/instance:Instance.performanceInsightsKmsKeyId": {"database"},
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
    ".rules.applyServerSideEncryptionByDefault.kmsMasterKeyId": {"storage", "audit"},
    "aws:scheduler/schedule:Schedule.kmsKeyArn": {"messages"},
    "aws:secretsmanager/secret:Secret.kmsKeyId": {"secrets"},
    "aws:sns/topic:Topic.kmsMasterKeyId": {"messages"},
    "aws:sqs/queue:Queue.kmsMasterKeyId": {"messages"},
}
# Where a key could be named and none is, and why.
NO_KEY = {
    "aws:dynamodb/table:Table.replicas.kmsKeyArn": "there is no replica",
    "aws:ecs/cluster:Cluster.configuration.executeCommandConfiguration.kmsKeyId": "nobody enters a task",
    "aws:ecs/cluster:Cluster.configuration.managedStorageConfiguration.fargateEphemeralStorageKmsKeyId": (
        "a task keeps nothing: its root is read-only"
    ),
    "aws:ecs/cluster:Cluster.configuration.managedStorageConfiguration.kmsKeyId": "a task has no volume",
    "aws:ecs/service:Service.serviceConnectConfiguration.services.tls.kmsKey": "no task calls another",
    "aws:ecs/service:Service.volumeConfiguration.managedEbsVolume.kmsKeyId": "a task has no volume",
    "aws:lambda/function:Function.kmsKeyArn": "variables are names, which are in the stack's outputs too",
    "aws:lambda/function:Function.sourceKmsKeyArn": "the code is in the repository",
    "aws:secretsmanager/secret:Secret.replicas.kmsKeyId": "there is no replica",
    "aws:sqs/queue:Queue.kmsDataKeyReusePeriodSeconds": "a time, and no key",
}
# Load balancers and S3 write access logs to no bucket with a key of ours.
NOT_ENCRYPTED_BY_A_KEY_OF_OURS = {"access-logs-encryption"}
# The longest policies that AWS takes, in characters without white space (quotas of IAM, S3, KMS, SQS, SNS,
# VPC and Secrets Manager; AWS Backup documents none). The inline policies of a role count together.
POLICY_LIMITS = {
    "aws:iam/policy:Policy": 6_144,
    "aws:iam/role:Role": 2_048,
    "aws:iam/rolePolicy:RolePolicy": 10_240,
    "aws:ec2/vpcEndpoint:VpcEndpoint": 20_480,
    "aws:kms/key:Key": 32_768,
    "aws:s3/bucketPolicy:BucketPolicy": 20_480,
    "aws:secretsmanager/secretPolicy:SecretPolicy": 20_480,
    "aws:sns/topic:Topic": 30_720,
    "aws:sqs/queue:Queue": 8_192,
    "aws:sqs/queuePolicy:QueuePolicy": 8_192,
}
# Dimension → the type that it names a resource of, and by which property.
NAMED_BY_DIMENSIONS = {
    "BackupVaultName": ("backup/vault:Vault", "name"),
    "ClusterName": ("ecs/cluster:Cluster", "name"),
    "DBInstanceIdentifier": ("rds/instance:Instance", "identifier"),
    "FunctionName": ("lambda/function:Function", "name"),
    "QueueName": ("sqs/queue:Queue", "name"),
    "ScheduleGroup": ("scheduler/scheduleGroup:ScheduleGroup", "name"),
    "ServiceName": ("ecs/service:Service", "name"),
    "TableName": ("dynamodb/table:Table", "name"),
    "TopicName": ("sns/topic:Topic", "name"),
}
_ALARMS = ("cloudwatch/metricAlarm:MetricAlarm", "cloudwatch/compositeAlarm:CompositeAlarm")
_KEY = re.compile("kms", re.IGNORECASE)


def _aws(recording: Recording) -> list[Resource]:
    return [each for each in recording.resources if each.type.startswith("aws:")]


def _named(resource: Resource) -> str:
    name = resource.inputs.get("name") or resource.inputs["alarmName"]
    assert isinstance(name, str)
    return name


def _arn_end(arn: str) -> str:
    """The name that the recorder knows a resource by, from its ARN."""
    return arn.rpartition("/")[2]


def test_prod_is_a_whole_platform(prod: Recording) -> None:
    assert len(_aws(prod)) >= 200
    assert len({each.type for each in _aws(prod)}) >= 75


@pytest.mark.parametrize("kind", HOLDS_DATA)
def test_what_holds_data_is_protected_in_prod_by_pulumi_and_by_aws(prod: Recording, kind: str) -> None:
    found = prod.of(kind)
    assert found
    assert [each.name for each in found if not each.protect] == []
    assert [each.name for each in found if not HOLDS_DATA[kind](each.inputs)] == []


def test_nothing_else_is_protected_and_a_stack_that_goes_at_will_protects_nothing(
    dev: Recording, staging: Recording, prod: Recording
) -> None:
    for recording in (staging, prod):
        assert {each.type for each in recording.resources if each.protect} == HOLDS_DATA.keys()
    assert [each.name for each in dev.resources if each.protect] == []


def test_what_holds_data_is_backed_up_or_keeps_versions_of_its_own(built: Recording) -> None:
    selected = {_arn_end(arn) for arn in built.one("backup/selection:Selection").inputs["resources"]}
    assert selected == {each.name for each in built.of("rds/instance:Instance", "dynamodb/table:Table")}
    versions = built.of("s3/bucketVersioning:BucketVersioning")
    assert len(versions) == len(built.of("s3/bucket:Bucket"))
    assert {each.inputs["versioningConfiguration"]["status"] for each in versions} == {"Enabled"}


def test_every_alarm_acts_or_is_asked_by_one_that_does(built: Recording) -> None:
    topics = {each.name for each in built.of("sns/topic:Topic")}
    composites = built.of("cloudwatch/compositeAlarm:CompositeAlarm")
    asked = {name for each in composites for name in re.findall(r'"([^"]+)"', each.inputs["alarmRule"])}
    asked |= {
        each.inputs["actionsSuppressor"]["alarm"] for each in composites if "actionsSuppressor" in each.inputs
    }
    for alarm in built.of(*_ALARMS):
        told = {_arn_end(arn) for arn in alarm.inputs.get("alarmActions", ())}
        assert told <= topics, alarm.name
        assert bool(told) is (_named(alarm) not in asked), alarm.name


def test_somebody_is_told_by_every_topic_where_somebody_is_to_be_told(
    staging: Recording, prod: Recording
) -> None:
    for recording in (staging, prod):
        told = {
            _arn_end(each.inputs["topic"]) for each in recording.of("sns/topicSubscription:TopicSubscription")
        }
        assert told == {each.name for each in recording.of("sns/topic:Topic")}


def test_every_alarm_and_every_notice_ends_in_a_runbook_that_there_is(built: Recording) -> None:
    texts = [each.inputs["alarmDescription"] for each in built.of(*_ALARMS)]
    texts += [each.inputs["description"] for each in built.of("cloudwatch/eventRule:EventRule")]
    for text in texts:
        found = re.search(r"Runbook: (docs/runbooks/[a-z0-9-]+\.md)$", text)
        assert found, text
        assert (ROOT / found[1]).is_file(), text
    for target in built.of("cloudwatch/eventTarget:EventTarget"):
        assert "Runbook: docs/runbooks/" in target.inputs["inputTransformer"]["inputTemplate"], target.name


def _dimensions(recording: Recording) -> Iterator[tuple[Resource, str, str]]:
    for alarm in recording.of("cloudwatch/metricAlarm:MetricAlarm"):
        measured = [query["metric"] for query in alarm.inputs.get("metricQueries", ()) if "metric" in query]
        for each in (alarm.inputs, *measured):
            for dimension, value in each.get("dimensions", {}).items():
                yield alarm, dimension, value


def test_every_alarm_looks_at_something_that_is_there(built: Recording) -> None:
    there = {
        dimension: {each.inputs[name] for each in built.of(kind)}
        for dimension, (kind, name) in NAMED_BY_DIMENSIONS.items()
    }
    there["LoadBalancer"] = {f"suffix/{each.name}" for each in built.of("lb/loadBalancer:LoadBalancer")}
    there["TargetGroup"] = {f"suffix/{each.name}" for each in built.of("lb/targetGroup:TargetGroup")}
    there["NatGatewayId"] = {f"{each.name}-id" for each in built.of("ec2/natGateway:NatGateway")}
    (acl,) = built.of("wafv2/webAcl:WebAcl")
    there["WebACL"] = {acl.inputs["visibilityConfig"]["metricName"]}
    seen: dict[str, set[str]] = {}
    for alarm, dimension, value in _dimensions(built):
        assert value in there.get(dimension, {value}), f"{alarm.name} looks at {dimension} {value}"
        seen.setdefault(dimension, set()).add(value)
    # And each of these is looked at.
    assert {dimension: seen.get(dimension, set()) for dimension in there} == there


def _dead_letter_queues(recording: Recording) -> dict[str, list[Resource]]:
    """The queues into which something fails, by what fails into them."""
    used: dict[str, list[Resource]] = {}
    for resource in recording.resources:
        inputs = resource.inputs
        arn = (
            json.loads(inputs.get("redrivePolicy", "{}")).get("deadLetterTargetArn")
            or (inputs.get("deadLetterConfig") or {}).get("arn")
            or ((inputs.get("target") or {}).get("deadLetterConfig") or {}).get("arn")
            or ((inputs.get("destinationConfig") or {}).get("onFailure") or {}).get("destination")
        )
        if arn:
            used.setdefault(_arn_end(arn), []).append(resource)
    return used


def test_every_queue_fails_into_a_queue_of_its_kind_that_keeps_for_longer_or_is_one(built: Recording) -> None:
    queues = {each.name: each.inputs for each in built.of("sqs/queue:Queue")}
    dead = _dead_letter_queues(built)
    assert dead.keys() <= queues.keys()
    sources = {name: inputs for name, inputs in queues.items() if name not in dead}
    assert sources
    for name, inputs in sources.items():
        redrive = json.loads(inputs["redrivePolicy"])
        target = queues[_arn_end(redrive["deadLetterTargetArn"])]
        assert 1 < redrive["maxReceiveCount"] <= 10, name
        assert target.get("fifoQueue") == inputs.get("fifoQueue"), name
        assert target["messageRetentionSeconds"] > inputs["messageRetentionSeconds"], name


@pytest.mark.parametrize(
    "kind",
    [
        "cloudwatch/eventTarget:EventTarget",
        "lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
        "scheduler/schedule:Schedule",
        "sns/topicSubscription:TopicSubscription",
    ],
)
def test_whatever_sends_has_a_place_for_what_cannot_be_sent(prod: Recording, kind: str) -> None:
    senders = {each.name for each in prod.of(kind)}
    covered = {each.name for sources in _dead_letter_queues(prod).values() for each in sources}
    assert senders
    assert senders <= covered


def test_every_function_has_a_place_for_the_calls_that_failed(built: Recording) -> None:
    functions = {each.inputs["name"] for each in built.of("lambda/function:Function")}
    configured = built.of("lambda/functionEventInvokeConfig:FunctionEventInvokeConfig")
    assert {each.inputs["functionName"] for each in configured} == functions


def test_every_dead_letter_queue_has_an_alarm_on_its_first_message(built: Recording) -> None:
    queues = {each.name: each.inputs["name"] for each in built.of("sqs/queue:Queue")}
    watched = {
        alarm.inputs["dimensions"]["QueueName"]
        for alarm in built.of("cloudwatch/metricAlarm:MetricAlarm")
        if alarm.inputs.get("metricName") == "ApproximateNumberOfMessagesVisible"
        and alarm.inputs["threshold"] == 0
        and alarm.inputs["comparisonOperator"] == "GreaterThanThreshold"
        and alarm.inputs["alarmActions"]
    }
    assert watched == {queues[name] for name in _dead_letter_queues(built)}


def _places_of_keys(properties: Mapping[str, Property], path: str, around: tuple[str, ...]) -> Iterator[str]:
    for name, found in properties.items():
        inner = found
        while inner.item:
            inner = inner.item
        if _KEY.search(name):
            yield f"{path}.{name}"
        if inner.fields and inner.object_name not in around:
            yield from _places_of_keys(inner.fields, f"{path}.{name}", (*around, inner.object_name))


def _values_at(value: Any, steps: list[str]) -> list[Any]:
    if not steps:
        return [value]
    if isinstance(value, list):
        return [found for each in value for found in _values_at(each, steps)]
    return _values_at(value[steps[0]], steps[1:]) if isinstance(value, Mapping) and steps[0] in value else []


def test_whatever_can_be_encrypted_by_a_key_of_ours_is_and_by_the_right_one(built: Recording) -> None:
    kinds = {each.type for each in _aws(built)}
    places = {place for kind in kinds for place in _places_of_keys(type_schema(kind).inputs, kind, ())}
    assert places == KEYS.keys() | NO_KEY.keys()
    for place, keys in KEYS.items():
        kind, *steps = place.split(".")
        for resource in built.of(kind):
            if resource.name not in NOT_ENCRYPTED_BY_A_KEY_OF_OURS:
                named = {_arn_end(arn) for arn in _values_at(resource.inputs, steps)}
                assert named, f"{resource.name} has no key"
                assert named <= {f"encryption-{key}" for key in keys}, resource.name


@pytest.mark.parametrize(
    ("bucket", "key"), [("audit", "storage"), ("exports", "storage"), ("trail", "audit")]
)
def test_a_bucket_is_under_the_key_of_what_it_holds(built: Recording, bucket: str, key: str) -> None:
    encryption = built.one("BucketServerSideEncryptionConfiguration", f"{bucket}-encryption").inputs
    (rule,) = encryption["rules"]
    assert _arn_end(rule["applyServerSideEncryptionByDefault"]["kmsMasterKeyId"]) == f"encryption-{key}"


def test_every_policy_fits_what_aws_takes_whatever_the_project_is_called(
    fork: Recording, prod: Recording
) -> None:
    for recording in (fork, prod):
        lengths: Counter[tuple[str, str]] = Counter()
        for resource in _aws(recording):
            for value in resource.inputs.values():
                if isinstance(value, str) and '"Statement"' in value and resource.type in POLICY_LIMITS:
                    # The policies inside of a role are known by their role.
                    carrier = resource.inputs.get("role", resource.name)
                    lengths[resource.type, carrier] += len(
                        json.dumps(json.loads(value), separators=(",", ":"))
                    )
        assert {kind for kind, _ in lengths} == POLICY_LIMITS.keys()
        assert [(*key, length) for key, length in lengths.items() if length > POLICY_LIMITS[key[0]]] == []


def test_a_role_has_no_more_managed_policies_than_it_takes(built: Recording) -> None:
    attached = Counter(
        each.inputs["role"] for each in built.of("iam/rolePolicyAttachment:RolePolicyAttachment")
    )
    assert max(attached.values()) <= 10


def test_no_grant_names_a_prefix_with_an_empty_part(built: Recording) -> None:
    for policy in built.of("iam/rolePolicy:RolePolicy", "iam/policy:Policy"):
        for statement in json.loads(policy.inputs["policy"])["Statement"]:
            assert not [arn for arn in statement.get("Resource", ()) if "//" in arn], policy.name


def _calls(path: Any) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }


def _components(module: Any) -> set[str]:
    """The classes of a module that are components."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    return {
        node.name
        for node in tree.body
        if isinstance(node, ast.ClassDef)
        if any(isinstance(base, ast.Attribute) and base.attr == "ComponentResource" for base in node.bases)
    }


def test_a_component_is_added_in_its_own_file_and_in_one_module_of_the_stack() -> None:
    """The components that the stack builds; others are parts of a component."""
    modules = sorted((ROOT / "infra" / "components").glob("[a-z]*.py"))
    wiring = {path.name: _calls(path) for path in sorted((ROOT / "infra" / "stack").glob("*.py"))}
    built_in = {
        name: [file for file, calls in wiring.items() if name in calls]
        for module in modules
        for name in _components(module)
    }
    assert {name: files for name, files in built_in.items() if len(files) > 1} == {}
    assert len([name for name, files in built_in.items() if files]) > 25


def test_nothing_but_the_stack_and_other_components_knows_a_component() -> None:
    rest = [
        path
        for path in (ROOT / "infra").rglob("*.py")
        if path.relative_to(ROOT / "infra").parts[0] not in ("components", "stack")
    ]
    assert rest
    assert [path.name for path in rest if "infra.components" in path.read_text(encoding="utf-8")] == []
