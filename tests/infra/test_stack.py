"""What holds for every resource of every stack."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pulumi
import pytest
from botocore import xform_name

from awsmodel.catalogue import resource_types
from awsmodel.names import member_of
from awsmodel.permissions import botocore_model
from awsmodel.schema import type_schema
from infra import stack
from infra.config import load
from tests.infra.conftest import ROOT
from tests.infra.recorder import Recording, Resource, record

# The properties that hold a policy document, of whatever resource.
_POLICY_PROPERTIES = ("policy", "assumeRolePolicy")
# The longest names that AWS takes where the service's model does not say so (the service's quotas), or says
# what it takes for an ARN.
_NAME_LIMITS = {
    "aws:backup/plan:Plan": 50,
    "aws:backup/selection:Selection": 50,
    "aws:backup/vault:Vault": 50,
    "aws:cloudtrail/trail:Trail": 128,
    "aws:cloudwatch/dashboard:Dashboard": 255,
    "aws:dynamodb/table:Table": 255,
    "aws:ecs/cluster:Cluster": 255,
    "aws:ecs/service:Service": 255,
    "aws:ecs/taskDefinition:TaskDefinition": 255,
    "aws:lambda/function:Function": 64,
    "aws:lb/loadBalancer:LoadBalancer": 32,
    "aws:rds/eventSubscription:EventSubscription": 255,
    "aws:rds/instance:Instance": 63,
    "aws:rds/parameterGroup:ParameterGroup": 255,
    "aws:rds/subnetGroup:SubnetGroup": 255,
    "aws:s3/bucket:Bucket": 63,
    "aws:sns/topic:Topic": 256,
    "aws:sqs/queue:Queue": 80,
}
# What a type calls the name of what it makes, where that is not `name`.
_NAME_PROPERTIES = {
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": "alarmName",
    "aws:cloudwatch/dashboard:Dashboard": "dashboardName",
    "aws:ecs/taskDefinition:TaskDefinition": "family",
    "aws:rds/instance:Instance": "identifier",
    "aws:s3/bucket:Bucket": "bucket",
}
# Named after something else: a feature of AWS, a domain.
_NAMED_BY_OTHERS = {"aws:guardduty/detectorFeature:DetectorFeature", "aws:route53/record:Record"}


def _statements(recording: Recording) -> Iterator[tuple[Resource, dict[str, Any]]]:
    for resource in recording.resources:
        for name in _POLICY_PROPERTIES:
            if name in resource.inputs and resource.type != "aws:ecr/lifecyclePolicy:LifecyclePolicy":
                for statement in json.loads(resource.inputs[name])["Statement"]:
                    yield resource, statement


def _made(recording: Recording) -> list[Resource]:
    return [resource for resource in recording.resources if not resource.is_component]


def test_every_resource_belongs_to_a_component_of_ours(built: Recording) -> None:
    for resource in _made(built):
        assert resource.parent_type.startswith("slipway:"), resource.name


def test_the_children_of_a_component_carry_its_name(built: Recording) -> None:
    for resource in built.resources:
        if resource.parent_type.startswith("slipway:"):
            assert resource.name.startswith(f"{resource.parent_name}-"), resource.name


def test_no_two_resources_share_a_name(built: Recording) -> None:
    counts = Counter((resource.type, resource.name) for resource in built.resources)
    assert not [key for key, count in counts.items() if count > 1]


def test_a_component_says_in_its_type_where_it_is_found(built: Recording) -> None:
    for resource in built.resources:
        if resource.is_component:
            project, module, class_name = resource.type.split(":")
            assert project == "slipway"
            found = __import__(f"infra.components.{module}", fromlist=[class_name])
            assert hasattr(found, class_name)


def test_every_component_registers_its_outputs(built: Recording) -> None:
    components = {resource.name for resource in built.resources if resource.is_component}
    registered = {urn.rsplit("::", 1)[1] for urn in built.registered_outputs}
    assert components <= registered


def test_every_resource_that_can_is_tagged_with_its_environment_and_its_component(built: Recording) -> None:
    expected = built.outputs["environment"]
    for resource in _made(built):
        if resource.type.startswith("aws:") and "tags" in type_schema(resource.type).inputs:
            tags = resource.inputs["tags"]
            assert tags["Environment"] == expected, resource.name
            assert all(tags[key] for key in ("Name", "Project", "Component", "Owner", "CostCenter"))


def _longest_name(kind: str) -> int:
    """How long AWS lets the name of such a resource be: as the service's model says, or the table above."""
    if kind in _NAME_LIMITS:
        return _NAME_LIMITS[kind]
    resource_type = resource_types()[kind]
    model = botocore_model(resource_type.service)
    operations = {xform_name(name): name for name in model.operation_names}
    shape = model.operation_model(operations[resource_type.create.operation]).input_shape
    assert shape is not None
    found = member_of(shape, resource_type.names, _NAME_PROPERTIES.get(kind, "name"))
    assert found, kind
    return int(found[1].metadata["max"])


def test_a_fork_with_the_longest_name_of_a_project_makes_no_name_that_is_longer_than_aws_takes(
    fork: Recording,
) -> None:
    named = {
        (each.type, name)
        for each in _made(fork)
        if each.type.startswith("aws:") and each.type not in _NAMED_BY_OTHERS
        if isinstance(name := each.inputs.get(_NAME_PROPERTIES.get(each.type, "name")), str)
    }
    assert len({kind for kind, _ in named}) > 40
    assert [(kind, name) for kind, name in named if len(name) > _longest_name(kind)] == []


def test_two_names_that_are_too_long_stay_two(fork: Recording, staging: Recording) -> None:
    for kind in {each.type for each in _made(staging)}:
        made = [{each.inputs.get("name") for each in recording.of(kind)} for recording in (fork, staging)]
        assert len(made[0]) == len(made[1]), kind


def test_no_policy_allows_a_wildcard_action_but_the_boundary_of_ci_which_grants_nothing(
    built: Recording,
) -> None:
    attached = {
        each.inputs["policyArn"] for each in built.of("iam/rolePolicyAttachment:RolePolicyAttachment")
    }
    assert not [arn for arn in attached if arn.endswith("boundary-policy")], "a boundary that is a grant"
    for resource, statement in _statements(built):
        if statement["Effect"] == "Allow" and resource.name != "ci-boundary-policy":
            assert not [action for action in statement["Action"] if "*" in action], resource.name
            assert not {"NotAction", "NotResource", "NotPrincipal"} & statement.keys(), resource.name


def test_every_allow_that_names_everyone_has_a_condition_or_names_a_bucket_of_aws(built: Recording) -> None:
    for resource, statement in _statements(built):
        if statement["Effect"] == "Allow" and statement.get("Principal") in ("*", {"AWS": "*"}):
            layers = all("starport-layer-bucket" in arn for arn in statement["Resource"])
            assert statement.get("Condition") or layers, resource.name


def _boundaries(recording: Recording) -> dict[str, set[str]]:
    """The ARN of each boundary, and the actions that it lets through."""
    found = {}
    for policy in recording.of("iam/policy:Policy"):
        if policy.inputs["name"].endswith("boundary"):
            statements = json.loads(policy.inputs["policy"])["Statement"]
            arn = f"arn:aws:iam:eu-west-1:111111111111:policy/{policy.name}"
            found[arn] = {action for statement in statements for action in statement["Action"]}
    return found


def test_every_role_carries_a_boundary(built: Recording) -> None:
    roles = built.of("iam/role:Role")
    assert roles
    assert {role.inputs.get("permissionsBoundary") for role in roles} <= _boundaries(built).keys()


def test_no_role_is_granted_what_its_boundary_refuses(built: Recording) -> None:
    boundaries = _boundaries(built)
    within = {
        role.inputs["name"]: boundaries[role.inputs["permissionsBoundary"]]
        for role in built.of("iam/role:Role")
    }
    for resource, statement in _statements(built):
        if resource.type == "aws:iam/rolePolicy:RolePolicy" and statement["Effect"] == "Allow":
            assert set(statement["Action"]) <= within[resource.inputs["role"]], resource.name


def test_every_log_group_has_the_key_and_a_retention(built: Recording) -> None:
    groups = built.of("cloudwatch/logGroup:LogGroup")
    assert groups
    for group in groups:
        assert group.inputs["kmsKeyId"].endswith("key/encryption-logs")
        assert group.inputs["retentionInDays"] > 0


def test_the_key_of_logs_is_open_to_every_log_group_and_no_other(built: Recording) -> None:
    (_, use) = json.loads(built.one("kms/key:Key", "encryption-logs").inputs["policy"])["Statement"]
    patterns = use["Condition"]["ArnLike"]["kms:EncryptionContext:aws:logs:arn"]
    for group in built.of("cloudwatch/logGroup:LogGroup"):
        arn = f"arn:aws:logs:eu-west-1:111111111111:log-group:{group.inputs['name']}"
        assert [each for each in patterns if re.fullmatch(each.replace("*", ".*"), arn)], group.name
    environment = built.outputs["environment"]
    of_others = [
        each for each in patterns if not re.search(rf"slipway[/-]{environment}[/-]", each.rpartition(":")[2])
    ]
    # RDS reports to a group of this name, which an account has once and the stack owns.
    assert of_others == ["arn:aws:logs:eu-west-1:111111111111:log-group:RDSOSMetrics"]
    assert "RDSOSMetrics" in {group.inputs["name"] for group in built.of("cloudwatch/logGroup:LogGroup")}


def test_look_ups_are_few_and_known(built: Recording) -> None:
    assert sorted(built.calls) == [
        "aws:ecr/getAuthorizationToken:getAuthorizationToken",
        "aws:index/getAvailabilityZones:getAvailabilityZones",
        "aws:index/getCallerIdentity:getCallerIdentity",
        "aws:index/getPartition:getPartition",
        "aws:index/getRegion:getRegion",
    ]


def test_staging_has_the_topology_of_prod_and_dev_lacks_no_type_of_it(
    dev: Recording, staging: Recording, prod: Recording
) -> None:
    shapes = [sorted((each.type, each.name) for each in recording.resources) for recording in (staging, prod)]
    assert shapes[0] == shapes[1]
    # Nobody is told of dev by mail.
    mails = {"aws:sns/topicSubscription:TopicSubscription"}
    assert {each.type for each in dev.resources} | mails == {kind for kind, _ in shapes[1]}


def test_fewer_zones_in_the_region_than_asked_for_end_the_program_with_advice() -> None:
    config = load(ROOT / "Pulumi.dev.yaml")
    with pytest.raises(pulumi.RunError, match="asks for 2 zones and the region has 1: eu-west-1a"):
        record(lambda: stack.build(config), zones=["eu-west-1a"])


def test_the_program_imports_nothing_of_the_sandbox() -> None:
    code = (
        "import sys, infra.stack, infra.config, infra.outputs\n"
        "rooms = {'sandbox', 'scripts', 'app', 'awsmodel', 'policies', 'moto'}\n"
        "print(sorted(rooms & {name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_the_configuration_can_be_read_without_loading_the_aws_sdk() -> None:
    code = "import sys, infra.config, infra.outputs\nprint('pulumi_aws' in sys.modules)"
    assert _printed_by(code) == "False"


def _printed_by(code: str) -> str:
    command = [sys.executable, "-W", "ignore", "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
