from __future__ import annotations

import pytest

from awsmodel.catalogue import resource_types
from awsmodel.errors import ModelError
from awsmodel.schema import Kind, known_tokens, type_schema


def test_a_property_is_known_by_its_name_on_the_wire() -> None:
    schema = type_schema("aws:ec2/vpc:Vpc")
    assert schema.inputs["cidrBlock"].kind is Kind.STRING
    assert schema.inputs["enableDnsSupport"].kind is Kind.BOOLEAN
    assert "arn" in schema.state
    assert "arn" not in schema.inputs


def test_a_nested_object_shows_its_fields() -> None:
    deployment = type_schema("aws:ecs/service:Service").inputs["deploymentConfiguration"]
    assert deployment.kind is Kind.OBJECT
    assert deployment.fields["canaryConfiguration"].fields["canaryPercent"].kind is Kind.NUMBER


def test_required_properties_are_known() -> None:
    assert type_schema("aws:lb/listener:Listener").required == {"defaultActions", "loadBalancerArn"}


@pytest.mark.parametrize("token", sorted(known_tokens()))
def test_the_schema_of_each_type_of_the_sdk_can_be_read(token: str) -> None:
    schema = type_schema(token)
    assert schema.required <= schema.inputs.keys() <= schema.state.keys()


def test_an_unknown_type_is_refused_by_name() -> None:
    with pytest.raises(ModelError, match="aws:ec2/nothing:Nothing"):
        type_schema("aws:ec2/nothing:Nothing")


@pytest.mark.parametrize("token", sorted(resource_types()))
def test_each_modelled_type_is_one_of_the_sdk(token: str) -> None:
    assert token in known_tokens()
