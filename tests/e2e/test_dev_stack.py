"""The dev stack, from nothing to nothing again, by the project's own commands and the real engine.

The tests of this module share one checkout and follow each other: each begins where the one before ended.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from sandbox import daemon
from tests.e2e.checkouts import SECONDS, Checkout, counts

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory, engine: Path) -> Iterator[Checkout]:
    checkout = Checkout(tmp_path_factory.mktemp("dev"), engine)
    yield checkout
    daemon.stop(checkout.layout)


def test_an_up_whose_engine_is_killed_tells_how_to_go_on(checkout: Checkout) -> None:
    process = checkout.start("up")
    deadline = time.monotonic() + SECONDS
    while made_in_dev(checkout) < 30:
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < deadline
        time.sleep(0.1)
    for child in psutil.Process(process.pid).children(recursive=True):
        if child.name() == "pulumi":
            child.kill()
    text, _ = process.communicate(timeout=SECONDS)
    assert process.returncode == 1
    assert "run `slipway up dev` again" in text, text
    assert "Traceback" not in text


def made_in_dev(checkout: Checkout) -> int:
    if daemon.running(checkout.layout) is None:
        return 0
    return sum(daemon.status(checkout.layout).resources_by_account["111111111111"].values())


def test_one_command_brings_the_stack_up_and_says_what_is_there(checkout: Checkout) -> None:
    run = checkout.slipway("up")
    assert run.code == 0, run.text
    assert "its lock on dev is released" in run.text, run.text
    assert re.search(r"dev is up: \d+ resources", run.text)
    for word in ("https://dev.triage.example.com", "slipway sandbox env dev", "make down"):
        assert word in run.text
    assert checkout.contents() == checkout.before, "a tracked file has changed"


def test_up_again_changes_nothing(checkout: Checkout) -> None:
    run = checkout.slipway("up")
    assert run.code == 0, run.text
    assert counts(run.text).keys() == {"unchanged"}, run.text


def test_a_refresh_finds_nothing_changed(checkout: Checkout) -> None:
    run = checkout.project.pulumi("preview", "--refresh", "--expect-no-changes", "--stack", "dev")
    assert run.code == 0, run.text


def test_every_shown_property_of_the_program_is_in_the_account(checkout: Checkout) -> None:
    resources = checkout.project.resources()
    assert any(resource["type"] == "aws:ecs/service:Service" for resource in resources.values())
    image = checkout.project.outputs()["image"]
    repository, digest = image.partition("/")[2].split("@")
    found = checkout.sandbox.client("ecr").batch_get_image(
        repositoryName=repository, imageIds=[{"imageDigest": digest}]
    )["images"]
    assert [entry["imageId"]["imageDigest"] for entry in found] == [digest]


def test_a_change_made_by_hand_is_seen_and_repaired(checkout: Checkout) -> None:
    ec2 = checkout.sandbox.client("ec2")
    vpc_id = checkout.project.outputs()["vpc_id"]
    ec2.modify_vpc_attribute(VpcId=vpc_id, EnableDnsHostnames={"Value": False})
    seen = checkout.project.pulumi("preview", "--refresh", "--diff", "--stack", "dev")
    assert "enableDnsHostnames" in seen.text, seen.text
    repaired = checkout.project.pulumi("up", "--refresh", "--yes", "--skip-preview", "--stack", "dev")
    assert repaired.code == 0, repaired.text
    answer = ec2.describe_vpc_attribute(VpcId=vpc_id, Attribute="enableDnsHostnames")
    assert answer["EnableDnsHostnames"]["Value"] is True


def test_a_resource_deleted_by_hand_is_made_again(checkout: Checkout) -> None:
    name = checkout.project.outputs()["rollback_alarm_names"][0]
    cloudwatch = checkout.sandbox.client("cloudwatch")
    cloudwatch.delete_alarms(AlarmNames=[name])
    run = checkout.project.pulumi("up", "--refresh", "--yes", "--skip-preview", "--stack", "dev")
    assert run.code == 0, run.text
    assert len(cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]) == 1


def test_a_wrong_key_in_the_stack_file_is_told_before_anything_is_touched(checkout: Checkout) -> None:
    path = checkout.folder / "Pulumi.dev.yaml"
    good = path.read_text()
    checkout.change_stack_file(deletion_protektion=False, log_retention_days=8)
    run = checkout.slipway("up")
    path.write_text(good)
    assert run.code == 1
    assert "deletion_protektion" in run.text
    assert "log_retention_days" in run.text
    assert "Traceback" not in run.text


def test_a_changed_setting_is_an_update_in_place(checkout: Checkout) -> None:
    checkout.change_stack_file(log_retention_days=30)
    run = checkout.slipway("up")
    assert run.code == 0, run.text
    assert counts(run.text).keys() == {"updated", "unchanged"}, run.text
    group = checkout.project.outputs()["service_log_group_name"]
    groups = checkout.sandbox.client("logs").describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    assert groups[0]["retentionInDays"] == 30


def test_a_changed_source_file_is_a_new_image_and_a_new_revision_of_the_task(checkout: Checkout) -> None:
    before = checkout.project.outputs()
    source = checkout.folder / "app/triage/__init__.py"
    source.write_text(source.read_text() + "\n# changed\n")
    run = checkout.slipway("up")
    assert run.code == 0, run.text
    after = checkout.project.outputs()
    assert after["image"].partition("@")[0] == before["image"].partition("@")[0]
    assert after["image"] != before["image"]
    assert after["task_definition_arn"] != before["task_definition_arn"]


def test_the_state_survives_a_killed_sandbox(checkout: Checkout) -> None:
    checkout.slipway("sandbox", "status")
    process = daemon.require_running(checkout.layout).process()
    assert process is not None
    process.kill()
    process.wait()
    run = checkout.slipway("up")
    assert run.code == 0, run.text
    assert counts(run.text).keys() == {"unchanged"}, run.text
    run = checkout.project.pulumi("preview", "--refresh", "--expect-no-changes", "--stack", "dev")
    assert run.code == 0, run.text


def test_down_leaves_the_account_empty_and_the_sandbox_stopped(checkout: Checkout) -> None:
    kept = checkout.slipway("down", "--keep-sandbox")
    assert kept.code == 0, kept.text
    left = daemon.status(checkout.layout).resources_by_account["111111111111"]
    assert left == {}
    run = checkout.slipway("down")
    assert run.code == 0, run.text
    assert "nothing to remove" in run.text
    assert daemon.running(checkout.layout) is None


def test_down_again_is_no_error(checkout: Checkout) -> None:
    run = checkout.slipway("down")
    assert run.code == 0, run.text
