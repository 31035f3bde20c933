"""What is read from the program's source and written in tables is what the program asks for."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from awsmodel.permissions import needs
from infra.config import load
from infra.settings.stack_files import names
from scripts.aws import place as places
from scripts.aws import quotas
from scripts.aws.bucket_names import bucket_names
from scripts.aws.permissions import needed_actions
from scripts.aws.place import Place
from scripts.aws.program_types import program_services, program_types
from scripts.sandbox_official import endpoint_keys
from tests.infra.conftest import ROOT, record_stack
from tests.infra.recorder import ACCOUNT_ID, Recording

recorded = cache(record_stack)


@pytest.fixture(params=names(ROOT))
def environment(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def place(environment: str) -> Place:
    return places.find(ROOT, environment)[0]


def types(recording: Recording) -> set[str]:
    return {each.type for each in recording.resources if each.type.startswith("aws:")}


def test_the_types_of_the_source_are_those_of_the_stacks() -> None:
    used = set[str]().union(*(types(recorded(name)) for name in names(ROOT)))
    assert {each.token for each in program_types()} == used


def test_every_service_of_every_stack_has_an_endpoint(environment: str) -> None:
    by_token = {each.token: each.service for each in program_types()}
    services = {by_token[token] for token in types(recorded(environment))}
    assert services <= set(program_services()) == endpoint_keys().keys()


def test_every_type_says_which_actions_it_needs() -> None:
    assert [each.token for each in program_types() if not needs(each).reads | needs(each).writes] == []
    assert {"ec2:CreateVpc", "ecs:CreateService", "iam:PassRole"} <= needed_actions()


def test_the_buckets_of_a_stack_are_looked_for(environment: str, place: Place) -> None:
    made = {each.inputs["bucket"] for each in recorded(environment).of("s3/bucket:Bucket")}
    # the recorder's account is one for all
    looked_for = {
        name.replace(place.account.account_id, ACCOUNT_ID) for name in bucket_names(place.scope)[1:]
    }
    assert looked_for == made
    assert bucket_names(place.scope)[0] == place.scope.state_bucket_name


def test_the_quotas_count_what_the_stack_makes(environment: str, place: Place) -> None:
    recording = recorded(environment)
    config = load(ROOT / f"Pulumi.{environment}.yaml")
    endpoints = Counter(
        each.inputs["vpcEndpointType"] for each in recording.of("ec2/vpcEndpoint:VpcEndpoint")
    )
    needed = {quota.name: quota.needed(config, place.scope) for quota in quotas.QUOTAS}
    addresses = len(recording.of("ec2/eip:Eip"))
    assert needed["elastic IPs"] == addresses == len(recording.of("ec2/natGateway:NatGateway"))
    assert needed["interface endpoints of a VPC"] == endpoints["Interface"]
    assert needed["VPCs"] == len(recording.of("ec2/vpc:Vpc"))
    assert needed["load balancers"] == len(recording.of("lb/loadBalancer:LoadBalancer"))
    assert needed["database instances"] == len(recording.of("rds/instance:Instance"))
    reserved = sum(
        each.inputs.get("reservedConcurrentExecutions", 0)
        for each in recording.of("lambda/function:Function")
    )
    assert reserved == quotas.RESERVED_CONCURRENCY


def test_fargate_is_counted_at_its_largest(place: Place) -> None:
    config = place.config
    units = (
        (2 * config.service.tasks.max + 1) * config.service.cpu_units
        + config.worker.tasks.max * config.worker.cpu_units
    )  # fmt: skip
    assert quotas.fargate_processors(config, place.scope) == units / 1024
