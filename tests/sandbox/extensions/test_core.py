from __future__ import annotations

from collections.abc import Callable
from typing import Any

from botocore.loaders import create_loader
from moto.sqs.models import Queue

from sandbox.controlplane.moto_host import forget


def test_a_new_account_has_the_same_default_network_every_time(client: Callable[[str], Any]) -> None:
    seen = set()
    for _ in range(2):
        forget("111111111111")
        seen.add(client("ec2").describe_vpcs()["Vpcs"][0]["VpcId"])
    assert len(seen) == 1


def test_service_models_are_plain_dictionaries(client: Callable[[str], Any]) -> None:
    model = create_loader().load_service_model("sts", "service-2")
    assert type(model["operations"]) is dict


def test_service_models_are_read_once_for_all_loaders(client: Callable[[str], Any]) -> None:
    first, second = (create_loader().load_service_model("sts", "service-2") for _ in range(2))
    assert first["shapes"] is second["shapes"]


def test_what_is_deleted_is_not_kept_in_a_list(client: Callable[[str], Any]) -> None:
    queues: Any = Queue
    before = len(queues.instances_tracked)
    client("sqs").create_queue(QueueName="jobs")
    assert len(queues.instances_tracked) == before
