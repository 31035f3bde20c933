"""What the program asks for is what the official provider takes, as far as its rules are known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import boto3
import pytest
from pulumi.runtime import rpc

from awsmodel.catalogue import resource_types
from awsmodel.clients import Clients
from awsmodel.resource import Scope
from awsmodel.rulebook import rulebook
from awsmodel.validation import Validator
from tests.infra.recorder import ACCOUNT_ID, REGION, Recording, computed

# of these, the SDK and the service models alone say what they may be
WITHOUT_RULES = {
    "aws:appconfig/application:Application",
    "aws:appconfig/deploymentStrategy:DeploymentStrategy",
    "aws:cfg/recorderStatus:RecorderStatus",
    "aws:cfg/retentionConfiguration:RetentionConfiguration",
    "aws:ebs/encryptionByDefault:EncryptionByDefault",
    "aws:ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess",
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
    "aws:ec2/internetGateway:InternetGateway",
    "aws:ec2/networkAclAssociation:NetworkAclAssociation",
    "aws:ec2/serialConsoleAccess:SerialConsoleAccess",
    "aws:guardduty/detector:Detector",
    "aws:guardduty/detectorFeature:DetectorFeature",
    "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock",
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
}


class MadeUp:
    """What only a real provider gives: the recorder's stand-ins have not the form of AWS's."""


@pytest.fixture(scope="module")
def models() -> Clients:
    """Clients that lend their service models; a call with them would go nowhere."""
    session = boto3.Session(region_name=REGION, aws_access_key_id="none", aws_secret_access_key="none")
    scope = Scope(account_id=ACCOUNT_ID, region=REGION)
    return Clients(session, scope, endpoint_url="http://127.0.0.1:9")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for inner in value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ():
        yield from _texts(inner)


def _stand_ins(recording: Recording) -> frozenset[str]:
    """Every text that the recorder made up, which has the name of its resource in it."""
    return frozenset(
        text
        for each in recording.resources
        for text in (f"{each.name}-id", *_texts(computed(each.type, each.name, each.inputs)))
        if each.name in text
    )


def _judged(value: Any, stand_ins: frozenset[str]) -> Any:
    """Inputs as a provider gets them, without the marks of secrets and with the stand-ins unknown.

    An ARN of a log group with `:*` behind it is one still.
    """
    value = rpc.unwrap_rpc_secret(value)
    if isinstance(value, str):
        return MadeUp() if value.removesuffix(":*") in stand_ins else value
    if isinstance(value, Mapping):
        return {key: _judged(inner, stand_ins) for key, inner in value.items()}
    return [_judged(inner, stand_ins) for inner in value] if isinstance(value, list) else value


def test_the_official_provider_would_take_every_resource_of_each_stack(
    built: Recording, models: Clients
) -> None:
    stand_ins = _stand_ins(built)
    validators = {
        token: Validator(token, models)
        for token in {each.type for each in built.resources}
        if token in resource_types()
    }
    faults = [
        f"{each.type} {each.name}: {fault.text}"
        for each in built.resources
        if each.type in validators
        for fault in validators[each.type].faults(_judged(each.inputs, stand_ins))
    ]
    assert len(validators) >= 75
    assert faults == []


def test_a_stand_in_hides_no_value_that_the_program_wrote(built: Recording) -> None:
    """The test above judges names, policies, numbers and times; only what AWS names by itself is hidden."""
    stand_ins = _stand_ins(built)
    role = built.one("iam/role:Role", "judge-function-role-role")
    judged = _judged(role.inputs, stand_ins)
    assert isinstance(judged["assumeRolePolicy"], str)
    assert isinstance(judged["name"], str)
    function = _judged(built.one("lambda/function:Function", "judge-function-function").inputs, stand_ins)
    assert isinstance(function["role"], MadeUp)
    assert isinstance(function["handler"], str)


def test_the_types_of_the_program_without_a_rule_are_those_that_have_nothing_to_say(
    prod: Recording,
) -> None:
    used = {each.type for each in prod.resources if each.type in resource_types()}
    assert used - rulebook().keys() == WITHOUT_RULES
