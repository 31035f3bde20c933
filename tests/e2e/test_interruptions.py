"""Runs that end in the middle: each says what happened, loses nothing, and the next one finishes the work."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable

import pytest

from sandbox import daemon
from scripts.stacks import Stack
from tests.e2e.sandboxes import Project

pytestmark = pytest.mark.e2e

COUNT = 60
# every second one has a name of the program's, and could not be made twice
PROGRAM = f"""
    import pulumi_aws as aws
    for number in range({COUNT}):
        aws.ec2.Vpc(f"net-{{number}}", cidr_block="10.0.0.0/16", tags={{"Name": "interrupted"}})
        aws.cloudwatch.LogGroup(f"logs-{{number}}", name=f"/interrupted/{{number}}", retention_in_days=7)
"""


def made(project: Project) -> int:
    ec2 = project.sandbox.client("ec2")
    named = [{"Name": "tag:Name", "Values": ["interrupted"]}]
    logs = project.sandbox.client("logs").get_paginator("describe_log_groups")
    groups = [
        group for page in logs.paginate(logGroupNamePrefix="/interrupted/") for group in page["logGroups"]
    ]
    return len(ec2.describe_vpcs(Filters=named)["Vpcs"]) + len(groups)


def interrupt(project: Project, act: Callable[[subprocess.Popen[str]], None]) -> tuple[int, str]:
    """Starts an up, acts early in it, and gives the exit code and what was printed."""
    process = project.process("up", "--yes", "--skip-preview", start_new_session=True)
    deadline = time.monotonic() + 60
    while made(project) < COUNT // 6:
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < deadline
        time.sleep(0.02)
    act(process)
    text, _ = process.communicate(timeout=120)
    return process.returncode, text


def finish(project: Project) -> None:
    """The next up ends the work: nothing is there twice, and nothing is missing."""
    Stack(
        name="dev",
        engine=project.sandbox.engine,
        folder=project.folder,
        variables=project.sandbox.variables(),
        project=project.name,
    ).recover()
    run = project.up()
    assert run.code == 0, run.text
    assert made(project) == 2 * COUNT
    resources = project.resources()
    assert len(resources) == 2 * COUNT
    assert not [name for name, resource in resources.items() if resource.get("initErrors")]


def test_ctrl_c_lets_the_engine_finish_what_it_began(project: Project) -> None:
    project.write(PROGRAM)
    code, text = interrupt(project, lambda process: process.send_signal(signal.SIGINT))
    assert code != 0
    assert "cancel" in text.lower(), text
    assert len(project.resources()) == made(project)
    finish(project)


def test_a_killed_engine_leaves_nothing_twice(project: Project) -> None:
    project.write(PROGRAM)
    code, _ = interrupt(project, lambda process: process.kill())
    assert code != 0
    finish(project)


def test_a_killed_sandbox_keeps_what_was_made(project: Project) -> None:
    project.write(PROGRAM)

    def kill_sandbox(_: subprocess.Popen[str]) -> None:
        served = daemon.require_running(project.sandbox.layout).process()
        assert served is not None
        served.kill()
        served.wait()

    try:
        code, text = interrupt(project, kill_sandbox)
    finally:
        daemon.start(project.sandbox.layout)
    assert code != 0
    assert "Traceback" not in text
    finish(project)


def test_a_stopped_sandbox_is_named_with_the_command_that_starts_it(project: Project) -> None:
    project.write("import pulumi_aws as aws\naws.ec2.Vpc('net', cidr_block='10.0.0.0/16')\n")
    variables = project.sandbox.variables()
    daemon.stop(project.sandbox.layout)
    project.variables = variables
    project.sandbox.variables = lambda environment="dev": {}  # type: ignore[method-assign]
    try:
        run = project.preview()
    finally:
        del project.sandbox.variables
        daemon.start(project.sandbox.layout)
    assert run.code != 0
    assert "slipway sandbox start" in run.text
