"""What `slipway doctor` and the official plugin's settings assume of the program, held to what it makes."""

from __future__ import annotations

import pytest

from infra.account import Account
from infra.ci.scope import CiScope
from infra.naming import Label
from scripts.aws.bucket_names import bucket_names
from scripts.aws.program_types import program_types
from scripts.aws.quotas import RESERVED_CONCURRENCY
from tests.infra.conftest import Recorder
from tests.infra.recorder import ACCOUNT_ID, PROJECT

ENVIRONMENTS = ("dev", "staging", "prod")


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_each_bucket_s_name_is_known_beforehand(recorded: Recorder, environment: str) -> None:
    made = {each.inputs["bucket"] for each in recorded(environment).of("aws:s3/bucket:Bucket")}
    scope = CiScope(
        account=Account(partition="aws", account_id=ACCOUNT_ID, region="eu-west-1"),
        label=Label(project=PROJECT, environment=environment, owner="o", cost_center="c"),
        repository="example-org/slipway",
        deletion_protection=True,
    )
    assert made == set(bucket_names(scope)) - {scope.state_bucket_name}


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_each_type_is_found_in_the_source_before_the_program_runs(
    recorded: Recorder, environment: str
) -> None:
    made = {each.type for each in recorded(environment).resources if each.type.startswith("aws:")}
    assert made <= {each.token for each in program_types()}


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_functions_reserve_the_concurrency_that_is_asked_for(recorded: Recorder, environment: str) -> None:
    functions = recorded(environment).of("aws:lambda/function:Function")
    assert (
        sum(int(each.inputs.get("reservedConcurrentExecutions") or 0) for each in functions)
        == RESERVED_CONCURRENCY
    )
