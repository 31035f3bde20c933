"""Real daemons, each in a checkout of its own, ended by their number."""

from __future__ import annotations

import json
import os
import resource
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import boto3
import psutil
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError
from botocore.parsers import ResponseParserError

from sandbox import daemon
from sandbox.credentials import read_credentials
from sandbox.errors import SandboxError
from sandbox.layout import Layout
from sandbox.ports import listen
from sandbox.record import DaemonRecord

ACCOUNT_BY_ENVIRONMENT = {"dev": "111111111111", "staging": "222222222222", "prod": "333333333333"}


def write_checkout(root: Path) -> Layout:
    root.mkdir(exist_ok=True)
    (root / "Pulumi.yaml").write_text("name: slipway\nruntime: python\nmain: infra/\n", encoding="utf-8")
    for name, account_id in ACCOUNT_BY_ENVIRONMENT.items():
        config = {"config": {"aws:region": "eu-west-1", "aws:allowedAccountIds": [account_id]}}
        (root / f"Pulumi.{name}.yaml").write_text(json.dumps(config), encoding="utf-8")
    return Layout(root.resolve())


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Callable[[str], Layout]]:
    """Makes checkouts, and ends what serves them."""
    layouts: list[Layout] = []

    def make(name: str = "checkout") -> Layout:
        layouts.append(write_checkout(tmp_path / name))
        return layouts[-1]

    yield make
    for layout in layouts:
        daemon.stop(layout)


@pytest.fixture
def layout(checkout: Callable[[], Layout]) -> Layout:
    return checkout()


def client(layout: Layout, service: str, environment: str = "dev") -> Any:
    credentials, record = read_credentials(layout.credentials), daemon.running(layout)
    assert credentials is not None
    assert record is not None
    key = credentials.access_key_by_environment[environment]
    session: Any = boto3.session.Session()
    return session.client(
        service,
        endpoint_url=record.endpoint_url,
        region_name="eu-west-1",
        aws_access_key_id=key.access_key_id,
        aws_secret_access_key=key.secret_access_key,
        config=Config(retries={"total_max_attempts": 1}),
    )


def queue_count(layout: Layout) -> int:
    return len(client(layout, "sqs").list_queues().get("QueueUrls", []))


def kill(record: DaemonRecord) -> None:
    process = psutil.Process(record.pid)
    process.kill()
    process.wait()


def test_a_daemon_starts_serves_saves_and_starts_again_as_it_was(layout: Layout) -> None:
    told: list[str] = []
    record = daemon.start(layout, progress=told.append)
    assert "starting the control plane" in told
    assert record.endpoint_url.startswith("http://127.0.0.1:")
    assert {name: served.account_id for name, served in record.environments.items()} == ACCOUNT_BY_ENVIRONMENT
    for connection in psutil.Process(record.pid).net_connections():
        # gRPC listens by the IPv6 way of writing it.
        assert connection.laddr.ip.removeprefix("::ffff:") == "127.0.0.1"
    client(layout, "sqs").create_queue(QueueName="jobs")
    status = daemon.status(layout)
    assert status.resources_by_account["111111111111"] == {"sqs": 1}
    assert status.memory_bytes > 0

    assert daemon.start(layout) == record
    assert daemon.stop(layout) is True
    assert daemon.running(layout) is None
    assert daemon.stop(layout) is None

    keys = layout.credentials.read_bytes()
    again = daemon.start(layout)
    assert again.endpoint_url == record.endpoint_url
    assert again.environments == record.environments
    assert layout.credentials.read_bytes() == keys
    assert queue_count(layout) == 1


def test_a_killed_daemon_is_seen_as_gone_and_loses_nothing(layout: Layout) -> None:
    record = daemon.start(layout)
    client(layout, "sqs").create_queue(QueueName="jobs")
    kill(record)
    assert layout.daemon_record.exists()
    assert daemon.running(layout) is None
    with pytest.raises(SandboxError, match="does not run"):
        daemon.status(layout)
    assert daemon.start(layout).endpoint_url == record.endpoint_url
    assert queue_count(layout) == 1


def test_all_that_was_answered_before_a_kill_in_the_middle_is_there_with_its_ids(layout: Layout) -> None:
    process = psutil.Process(daemon.start(layout).pid)
    ec2 = client(layout, "ec2")
    vpc_id = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    answered: dict[str, str] = {}

    def create(index: int) -> None:
        name = f"group-{index}"
        with suppress(BotoCoreError, ResponseParserError):
            answered[name] = ec2.create_security_group(GroupName=name, Description="x", VpcId=vpc_id)[
                "GroupId"
            ]
        if index == 60:
            process.kill()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(create, range(80)))
    process.wait()
    assert len(answered) >= 50
    daemon.start(layout)
    filters = [{"Name": "vpc-id", "Values": [vpc_id]}]
    groups = client(layout, "ec2").describe_security_groups(Filters=filters)["SecurityGroups"]
    assert answered.items() <= {group["GroupName"]: group["GroupId"] for group in groups}.items()


def test_a_number_that_another_process_has_now_is_not_the_daemon(layout: Layout) -> None:
    layout.create()
    mine = psutil.Process()
    record = DaemonRecord(
        pid=mine.pid, started_at=mine.create_time() - 3600, endpoint_url="http://127.0.0.1:1"
    )
    record.write(layout.daemon_record)
    assert daemon.running(layout) is None
    assert daemon.stop(layout) is None
    assert mine.is_running()


def test_two_starts_at_once_give_one_daemon(layout: Layout) -> None:
    code = (
        "import sys; from pathlib import Path; from sandbox import daemon; from sandbox.layout import Layout;"
        "print(daemon.start(Layout(Path(sys.argv[1]))).pid)"
    )
    starts = [
        subprocess.Popen([sys.executable, "-c", code, str(layout.root)], stdout=subprocess.PIPE)
        for _ in range(3)
    ]
    pids = {start.communicate()[0] for start in starts}
    assert len(pids) == 1
    assert pids == {f"{daemon.require_running(layout).pid}\n".encode()}


def test_two_checkouts_serve_side_by_side(checkout: Callable[[str], Layout]) -> None:
    first, second = checkout("first"), checkout("second")
    with ThreadPoolExecutor(2) as pool:
        one, two = pool.map(daemon.start, (first, second))
    assert one.endpoint_url != two.endpoint_url
    client(first, "sqs").create_queue(QueueName="jobs")
    assert (queue_count(first), queue_count(second)) == (1, 0)


def test_a_reset_empties_an_environment_and_forgets_its_stack(layout: Layout) -> None:
    daemon.start(layout)
    stacks = layout.pulumi_backend / ".pulumi" / "stacks" / "slipway"
    stacks.mkdir(parents=True)
    for name in ("dev", "prod"):
        client(layout, "sqs", name).create_queue(QueueName="jobs")
        (stacks / f"{name}.json").touch()
    keys = layout.credentials.read_bytes()
    daemon.reset(layout, ["dev"])
    assert queue_count(layout) == 0
    assert len(client(layout, "sqs", "prod").list_queues()["QueueUrls"]) == 1
    assert [path.name for path in stacks.iterdir()] == ["prod.json"]
    assert layout.credentials.read_bytes() == keys
    with pytest.raises(SandboxError, match="no environment is called qa") as refused:
        daemon.reset(layout, ["qa"])
    assert "dev" in refused.value.hint


def test_a_remembered_port_that_is_taken_is_told_and_another_used(layout: Layout) -> None:
    record = daemon.start(layout)
    daemon.stop(layout)
    port = int(record.endpoint_url.rpartition(":")[2])
    told: list[str] = []
    with listen(port):
        again = daemon.start(layout, progress=told.append)
    assert again.endpoint_url != record.endpoint_url
    assert any(f"port {port}" in text for text in told)


def test_a_port_that_was_asked_for_and_is_taken_is_an_error(layout: Layout) -> None:
    with listen(0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SandboxError, match=f"port {port} cannot be used"):
            daemon.start(layout, port)
    assert daemon.running(layout) is None
    assert daemon.start(layout, port).endpoint_url == f"http://127.0.0.1:{port}"
    with pytest.raises(SandboxError, match="runs already"):
        daemon.start(layout, port + 1)


def test_an_unusable_state_is_told_at_the_start(layout: Layout) -> None:
    layout.create()
    layout.state.write_bytes(b"no state")
    told: list[str] = []
    daemon.start(layout, progress=told.append)
    assert any("cannot be used" in text and "unusable-1" in text for text in told)
    assert queue_count(layout) == 0


def test_a_wrong_stack_file_stops_the_start_with_its_name(layout: Layout) -> None:
    (layout.root / "Pulumi.dev.yaml").write_text("config: {}", encoding="utf-8")
    with pytest.raises(SandboxError, match=r"Pulumi\.dev\.yaml"):
        daemon.start(layout)


def test_a_full_disk_stops_the_start_and_is_told(
    layout: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    # Bytecode would be cut short, too, and stay so.
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", str(tmp_path / "cut short"))
    # Room for what Python tries a temporary folder with, and for no file of ours.
    resource.setrlimit(resource.RLIMIT_FSIZE, (400, limits[1]))
    try:
        with pytest.raises(SandboxError, match=r"cannot write .*\.sandbox") as refused:
            daemon.start(layout)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    monkeypatch.undo()
    assert "free some space" in refused.value.hint
    daemon.start(layout)


def test_a_daemon_that_dies_before_it_is_ready_is_told_with_its_log(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sandbox.daemon.sys.executable", "/bin/false")
    with pytest.raises(SandboxError, match="ended before it was ready") as refused:
        daemon.start(layout)
    assert str(layout.daemon_log) in refused.value.hint


def test_what_a_shell_says_of_aws_does_not_reach_the_daemon(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOTO_ACCOUNT_ID", "999999999999")
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    daemon.start(layout)
    monkeypatch.undo()
    assert client(layout, "sts").get_caller_identity()["Account"] == "111111111111"
    assert daemon.status(layout).resources_by_account.keys() == set(ACCOUNT_BY_ENVIRONMENT.values())


def test_the_daemon_keeps_its_bytecode_whatever_the_shell_says(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    process = daemon.start(layout).process()
    assert process is not None
    assert "PYTHONDONTWRITEBYTECODE" not in process.environ()


def test_a_daemon_that_does_not_end_is_killed_and_that_is_told(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = daemon.start(layout)
    os.kill(record.pid, signal.SIGSTOP)
    monkeypatch.setattr("sandbox.daemon._STOP_SECONDS", 1)
    assert daemon.stop(layout) is False
    assert daemon.running(layout) is None


def test_a_daemon_that_does_not_answer_is_told(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        record = DaemonRecord.of_this_process(f"http://127.0.0.1:{silent.getsockname()[1]}", {})
        layout.create()
        record.write(layout.daemon_record)
        monkeypatch.setattr("sandbox.daemon._ANSWER_SECONDS", 0.1)
        with pytest.raises(SandboxError, match="does not answer"):
            daemon.status(layout)
    layout.daemon_record.unlink()


def test_a_daemon_whose_starter_does_not_ask_after_it_is_stopped_by_another_process(layout: Layout) -> None:
    daemon.start(layout)
    code = (
        "import sys; from pathlib import Path; from sandbox import daemon; "
        "from sandbox.layout import Layout; print(daemon.stop(Layout(Path(sys.argv[1]))))"
    )
    command = [sys.executable, "-c", code, str(layout.root)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    assert done.stdout.strip() == "True"
