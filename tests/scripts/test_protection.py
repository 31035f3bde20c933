"""What is protected, and what the program may not do to it."""

from __future__ import annotations

import pytest
import yaml

from infra.settings import stack_files
from infra.settings.values import Environment
from scripts.protection import decommissioned, losses, protected
from tests.infra.conftest import ROOT


def test_what_the_engine_does_not_delete_is_named() -> None:
    resources: list[dict[str, object]] = [
        {"urn": "urn:pulumi:prod::slipway::aws:rds/instance:Instance::database-instance", "protect": True},
        {"urn": "urn:pulumi:prod::slipway::aws:sqs/queue:Queue::tickets-queue"},
    ]
    assert protected(resources) == ["database-instance"]


@pytest.mark.parametrize("environment", [str(each) for each in Environment])
def test_a_decommissioned_stack_file_is_valid_and_protects_nothing(environment: str) -> None:
    text = (ROOT / f"Pulumi.{environment}.yaml").read_text()
    changed = yaml.safe_load(decommissioned(text, environment))
    before = yaml.safe_load(text)
    file = stack_files.StackFile(name=environment, settings=changed["config"], salt=changed["encryptionsalt"])
    assert not stack_files.accept(file, ROOT).deletion_protection
    before["config"][stack_files.STACK] |= {"decommission": environment, "deletion_protection": False}
    assert changed == before


def _step(op: str, *, protect: bool, **details: object) -> dict[str, object]:
    urn = "urn:pulumi:prod::slipway::aws:route53/zone:Zone::domain-zone"
    return {
        "op": op,
        "urn": urn,
        "oldState": {"type": "aws:route53/zone:Zone", "protect": protect},
        **details,
    }


def test_a_loss_is_named_with_what_forces_it() -> None:
    assert losses([_step("replace", protect=True, replaceReasons=["name"])]) == [
        "domain-zone (aws:route53/zone:Zone), which would be replaced because of name"
    ]
    assert losses([_step("delete", protect=True)]) == [
        "domain-zone (aws:route53/zone:Zone), which would be deleted: it is no longer in the program"
    ]


def test_what_is_only_changed_or_not_protected_is_no_loss() -> None:
    assert not losses(
        [_step("update", protect=True), _step("replace", protect=False), _step("delete", protect=False)]
    )
    assert not losses([{"op": "create", "urn": "urn:pulumi:prod::slipway::aws:sqs/queue:Queue::new"}])
