"""Which property an error of AWS is blamed on."""

from __future__ import annotations

import pytest

from awsmodel.calls import AwsError
from awsmodel.catalogue import resource_type
from awsmodel.lifecycle import Lifecycle
from awsmodel.names import Properties
from awsmodel.patience import Patience
from tests.awsmodel.fakes import RefusedError, clients_of

SUBNET = {"vpcId": "vpc-12", "cidrBlock": "10.0.0.0/24", "availabilityZone": "eu-west-1a"}
POLICY = {"name": "read", "path": "/", "description": "default", "policy": "{}"}


def fault_of(token: str, inputs: Properties, code: str, message: str) -> str:
    def answer(operation: str, params: Properties) -> Properties:
        raise RefusedError(code, message)

    with pytest.raises(AwsError, match=code) as caught:
        Lifecycle(resource_type(token), clients_of(answer)).create(inputs, Patience.of(0))
    return caught.value.property_path


@pytest.mark.parametrize(
    ("code", "message", "fault"),
    [
        ("InvalidParameterValue", "Value (x) for parameter cidrBlock is invalid.", "cidrBlock"),
        ("InvalidVpcID.NotFound", "The vpc ID 'vpc-12' does not exist", "vpcId"),
        ("InvalidSubnet.Range", "The CIDR '10.0.0.0/24' is invalid.", "cidrBlock"),
        ("InvalidParameterValue", "There is no zone eu-west-1a.", "availabilityZone"),
        ("InvalidVpcID.NotFound", "not found", "vpcId"),
        ("UnauthorizedOperation", "You may not create a subnet in vpc-12.", ""),
        ("RequestLimitExceeded", "Too many requests for vpc-12", ""),
        ("InternalError", "try again", ""),
    ],
)
def test_the_property_that_aws_names_is_at_fault(code: str, message: str, fault: str) -> None:
    assert fault_of("aws:ec2/subnet:Subnet", SUBNET, code, message) == fault


@pytest.mark.parametrize(
    ("code", "message", "fault"),
    [
        ("EntityAlreadyExists", "A policy called read exists already.", "name"),
        ("MalformedPolicyDocument", "The policy failed to parse", "policy"),
        ("ValidationError", "1 error: at 'path' failed to satisfy the constraint", "path"),
        ("AccessDenied", "no identity-based policy allows the iam:CreatePolicy action on read", ""),
        ("ServiceFailure", "the path to a description of this policy is long", ""),
    ],
)
def test_a_word_of_the_language_blames_no_property(code: str, message: str, fault: str) -> None:
    assert fault_of("aws:iam/policy:Policy", POLICY, code, message) == fault


@pytest.mark.parametrize(
    ("changes", "fault"),
    [({"name": ""}, "name"), ({"name": None}, "name"), ({"path": ""}, "path"), ({"policy": ""}, "policy")],
)
def test_what_botocore_finds_before_it_calls_names_its_property(changes: Properties, fault: str) -> None:
    inputs = {name: value for name, value in {**POLICY, **changes}.items() if value is not None}
    assert fault_of("aws:iam/policy:Policy", inputs, "ParamValidation", "") == fault


def test_a_delete_blames_no_property() -> None:
    def answer(operation: str, params: Properties) -> Properties:
        raise RefusedError("BucketNotEmpty", "The bucket example you tried to delete is not empty")

    bucket = Lifecycle(resource_type("aws:s3/bucket:Bucket"), clients_of(answer))
    with pytest.raises(AwsError, match="BucketNotEmpty") as caught:
        bucket.delete("example", {"bucket": "example"}, Patience.of(0))
    assert caught.value.property_path == ""
