from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

SERVICE = {
    "ServiceNamespace": "ecs",
    "ResourceId": "service/main/app",
    "ScalableDimension": "ecs:service:DesiredCount",
}


def test_a_scalable_target_has_tags(client: Callable[[str], Any]) -> None:
    ecs, scaling = client("ecs"), client("application-autoscaling")
    ecs.create_cluster(clusterName="main")
    ecs.register_task_definition(
        family="app", containerDefinitions=[{"name": "app", "image": "app", "memory": 1}]
    )
    ecs.create_service(cluster="main", serviceName="app", taskDefinition="app", desiredCount=1)
    arn = scaling.register_scalable_target(**SERVICE, MinCapacity=1, MaxCapacity=2, Tags={"Owner": "one"})[
        "ScalableTargetARN"
    ]
    scaling.tag_resource(ResourceARN=arn, Tags={"Cost": "two"})
    assert scaling.list_tags_for_resource(ResourceARN=arn)["Tags"] == {"Owner": "one", "Cost": "two"}
    scaling.untag_resource(ResourceARN=arn, TagKeys=["Owner"])
    assert scaling.list_tags_for_resource(ResourceARN=arn)["Tags"] == {"Cost": "two"}


def test_what_is_not_there_is_not_found(client: Callable[[str], Any]) -> None:
    scaling = client("application-autoscaling")
    with pytest.raises(ClientError, match="ObjectNotFoundException"):
        scaling.deregister_scalable_target(**SERVICE)
    with pytest.raises(ClientError, match="ObjectNotFoundException"):
        scaling.delete_scaling_policy(**SERVICE, PolicyName="cpu")
