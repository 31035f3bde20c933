"""Application Auto Scaling: what is asked for by name, limits that make sense, and tags."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from moto.applicationautoscaling.exceptions import AWSValidationException
from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse
from moto.core.exceptions import AWSError

from sandbox.extensions.registry import adds, replaces


@replaces(ApplicationAutoScalingResponse, "describe_scaling_policies")
def _filter_by_name(original: Callable[[Any], str], self: ApplicationAutoScalingResponse) -> str:
    """DescribeScalingPolicies returns the policies in PolicyNames."""
    answer = json.loads(original(self))
    names = self._get_param("PolicyNames")
    if names:
        answer["ScalingPolicies"] = [
            policy for policy in answer["ScalingPolicies"] if policy["PolicyName"] in names
        ]
    return json.dumps(answer)


@replaces(ApplicationAutoScalingResponse, "register_scalable_target")
def _check_limits(original: Callable[[Any], str], self: ApplicationAutoScalingResponse) -> str:
    """A target's lowest capacity is not above its highest, and its tags are kept."""
    lowest, highest = self._get_param("MinCapacity"), self._get_param("MaxCapacity")
    if lowest is not None and highest is not None and int(lowest) > int(highest):
        raise AWSValidationException(f"MinCapacity {lowest} is greater than MaxCapacity {highest}")
    answer = original(self)
    target = _target(self, json.loads(answer)["ScalableTargetARN"])
    target.tags = {**getattr(target, "tags", {}), **(self._get_param("Tags") or {})}
    return answer


@adds(ApplicationAutoScalingResponse, "tag_resource")
def _tag_resource(self: ApplicationAutoScalingResponse) -> str:
    """TagResource tags a scalable target."""
    _target(self, self._get_param("ResourceARN")).tags |= self._get_param("Tags")
    return json.dumps({})


@adds(ApplicationAutoScalingResponse, "untag_resource")
def _untag_resource(self: ApplicationAutoScalingResponse) -> str:
    """UntagResource takes tags away from a scalable target."""
    for key in self._get_param("TagKeys"):
        _target(self, self._get_param("ResourceARN")).tags.pop(key, None)
    return json.dumps({})


@adds(ApplicationAutoScalingResponse, "list_tags_for_resource")
def _list_tags_for_resource(self: ApplicationAutoScalingResponse) -> str:
    """ListTagsForResource shows the tags of a scalable target."""
    return json.dumps({"Tags": _target(self, self._get_param("ResourceARN")).tags})


@replaces(ApplicationAutoScalingResponse, "deregister_scalable_target")
def _name_missing_target(original: Callable[[Any], str], self: ApplicationAutoScalingResponse) -> str:
    """A target that is not there is an ObjectNotFoundException."""
    return _found(original, self)


@replaces(ApplicationAutoScalingResponse, "delete_scaling_policy")
def _name_missing_policy(original: Callable[[Any], str], self: ApplicationAutoScalingResponse) -> str:
    """A policy that is not there is an ObjectNotFoundException."""
    return _found(original, self)


def _found(original: Callable[[Any], str], self: ApplicationAutoScalingResponse) -> str:
    try:
        return original(self)
    except AWSValidationException as error:
        if str(error.message).startswith("No scal"):
            raise _ObjectNotFoundError(error.message) from error
        raise


class _ObjectNotFoundError(AWSError):
    TYPE = "ObjectNotFoundException"


def _target(self: ApplicationAutoScalingResponse, arn: str) -> Any:
    for by_resource in self.applicationautoscaling_backend.targets.values():
        for target in by_resource.values():
            if target.arn == arn:
                return target
    raise AWSValidationException(f"There is no scalable target {arn}")
