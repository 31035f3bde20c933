"""CloudTrail: trails by name."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from moto.cloudtrail.responses import CloudTrailResponse

from sandbox.extensions.registry import replaces


@replaces(CloudTrailResponse, "describe_trails")
def _filter_by_name(original: Callable[[Any], str], self: CloudTrailResponse) -> str:
    """DescribeTrails returns the trails in trailNameList, by name or ARN."""
    answer = json.loads(original(self))
    wanted = self._get_param("trailNameList")
    if wanted:
        answer["trailList"] = [
            trail for trail in answer["trailList"] if trail["Name"] in wanted or trail["TrailARN"] in wanted
        ]
    return json.dumps(answer)
