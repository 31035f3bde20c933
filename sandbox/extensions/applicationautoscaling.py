"""Application Auto Scaling: what is asked for by name, and limits that make sense."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from moto.applicationautoscaling.exceptions import AWSValidationException
from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse

from sandbox.extensions.registry import replaces


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
    """A target's lowest capacity is not above its highest."""
    lowest, highest = self._get_param("MinCapacity"), self._get_param("MaxCapacity")
    if lowest is not None and highest is not None and int(lowest) > int(highest):
        raise AWSValidationException(f"MinCapacity {lowest} is greater than MaxCapacity {highest}")
    return original(self)
