"""What `slipway down` does with a stack that holds what cannot be made again."""

from __future__ import annotations

import pytest
import yaml

from infra import stack_files
from infra.values import Environment
from scripts.down import decommissioned, protected
from tests.infra.conftest import ROOT


def test_what_the_engine_does_not_delete_is_named() -> None:
    resources = [
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
