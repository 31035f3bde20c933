"""What an administrator brings before continuous integration does."""

from __future__ import annotations

from typing import Any

from scripts.aws.first_resources import first_targets

STACK = "urn:pulumi:dev::slipway::pulumi:pulumi:Stack::slipway-dev"
PROVIDER = "urn:pulumi:dev::slipway::pulumi:providers:aws::default"


def _step(
    kind: str, name: str, *, parent: str = STACK, needs: tuple[str, ...] = (), op: str = "create"
) -> dict[str, Any]:
    state = {
        "type": kind,
        "parent": parent,
        "provider": f"{PROVIDER}::04da6b54",
        "propertyDependencies": {"arn": list(needs), "name": None},
    }
    return {"op": op, "urn": _urn(kind, name), ("oldState" if op == "delete" else "newState"): state}


def _urn(kind: str, name: str) -> str:
    return f"urn:pulumi:dev::slipway::{kind}::{name}"


def test_the_trail_comes_with_what_it_needs_and_nothing_else_does() -> None:
    key = _step("aws:kms/key:Key", "audit")
    bucket = _step("aws:s3/bucket:Bucket", "trail", needs=(key["urn"],))
    trail = _step("aws:cloudtrail/trail:Trail", "trail", needs=(bucket["urn"],))
    steps = [
        {"op": "create", "urn": PROVIDER, "newState": {"type": "pulumi:providers:aws"}},
        key,
        bucket,
        trail,
    ]
    others = [_step("aws:sqs/queue:Queue", "tickets", needs=(key["urn"],))]
    assert first_targets([*steps, *others]) == tuple(step["urn"] for step in steps)


def test_all_that_is_in_the_component_of_the_roles_comes_with_it() -> None:
    component = _step("slipway:ci_access:CiAccess", "ci")
    role = _step("aws:iam/role:Role", "ci-plan", parent=component["urn"])
    other = _step("aws:iam/role:Role", "service-task")
    assert first_targets([component, role, other]) == (component["urn"], role["urn"])


def test_a_resource_that_is_to_go_is_found_by_what_it_was() -> None:
    policy = _step("aws:iam/policy:Policy", "boundary", op="delete")
    assert first_targets([policy]) == (policy["urn"],)
