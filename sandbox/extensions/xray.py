"""X-Ray: groups of traces, and rules of which requests are traced."""

from __future__ import annotations

import json
from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import utcnow
from moto.moto_api._internal import mock_random
from moto.utilities.tagging_service import TaggingService
from moto.xray.responses import XRayResponse
from moto.xray.urls import url_paths

from sandbox.extensions.records import ApiError, Record, given, records
from sandbox.extensions.registry import adds

_OPERATIONS = (
    "CreateGroup",
    "CreateSamplingRule",
    "DeleteGroup",
    "DeleteSamplingRule",
    "GetGroup",
    "GetSamplingRules",
    "Groups",
    "ListTagsForResource",
    "TagResource",
    "UntagResource",
    "UpdateGroup",
    "UpdateSamplingRule",
)
url_paths.update({f"{{0}}/{operation}$": XRayResponse.dispatch for operation in _OPERATIONS})
_INSIGHTS = {"InsightsEnabled": False, "NotificationsEnabled": False}


@adds(XRayResponse, "create_group")
def _create_group(self: XRayResponse) -> ActionResult:
    """CreateGroup."""
    wish = given(self)
    name = wish["GroupName"]
    if name in records(self.xray_backend, "groups"):
        raise _invalid(f"A group with the name {name} already exists.")
    made = Record(
        GroupName=name,
        GroupARN=_arn(self, "group", f"{name}/{mock_random.get_random_string(52).upper()}"),
        FilterExpression=wish.get("FilterExpression"),
        InsightsConfiguration=_INSIGHTS | (wish.get("InsightsConfiguration") or {}),
    )
    records(self.xray_backend, "groups")[name] = made
    _tagger(self).tag_resource(made.shown["GroupARN"], wish.get("Tags") or [])
    return ActionResult({"Group": made.shown})


@adds(XRayResponse, "get_group")
def _get_group(self: XRayResponse) -> ActionResult:
    """GetGroup, by name or ARN."""
    return ActionResult({"Group": _group(self).shown})


@adds(XRayResponse, "groups")
def _get_groups(self: XRayResponse) -> str:
    """GetGroups, whose address is not its name."""
    return json.dumps({"Groups": [each.shown for each in records(self.xray_backend, "groups").values()]})


@adds(XRayResponse, "update_group")
def _update_group(self: XRayResponse) -> ActionResult:
    """UpdateGroup changes what it names."""
    wish, found = given(self), _group(self)
    if wish.get("FilterExpression") is not None:
        found.shown["FilterExpression"] = wish["FilterExpression"]
    insights = wish.get("InsightsConfiguration") or {}
    found.shown["InsightsConfiguration"] = found.shown["InsightsConfiguration"] | insights
    return ActionResult({"Group": found.shown})


@adds(XRayResponse, "delete_group")
def _delete_group(self: XRayResponse) -> ActionResult:
    """DeleteGroup."""
    del records(self.xray_backend, "groups")[_group(self).shown["GroupName"]]
    return EmptyResult()


@adds(XRayResponse, "create_sampling_rule")
def _create_rule(self: XRayResponse) -> ActionResult:
    """CreateSamplingRule."""
    wish = given(self)
    rule: dict[str, Any] = wish["SamplingRule"]
    name = rule["RuleName"]
    if name in records(self.xray_backend, "sampling_rules"):
        raise _invalid(f"A sampling rule with the name {name} already exists.")
    if rule["Version"] != 1:
        raise _invalid(f"The version of a sampling rule is 1, and not {rule['Version']}.")
    _check_rule(rule)
    now = utcnow()
    rule = {"Attributes": {}, **rule, "RuleARN": _arn(self, "sampling-rule", name)}
    made = Record(SamplingRule=rule, CreatedAt=now, ModifiedAt=now)
    records(self.xray_backend, "sampling_rules")[name] = made
    _tagger(self).tag_resource(rule["RuleARN"], wish.get("Tags") or [])
    return ActionResult({"SamplingRuleRecord": made.shown})


@adds(XRayResponse, "get_sampling_rules")
def _get_rules(self: XRayResponse) -> ActionResult:
    """GetSamplingRules."""
    found = [each.shown for each in records(self.xray_backend, "sampling_rules").values()]
    return ActionResult({"SamplingRuleRecords": found})


@adds(XRayResponse, "update_sampling_rule")
def _update_rule(self: XRayResponse) -> ActionResult:
    """UpdateSamplingRule changes what it names."""
    change = {name: value for name, value in given(self)["SamplingRuleUpdate"].items() if value is not None}
    found = _rule(self, change)
    _check_rule(change)
    found.shown["SamplingRule"] |= change
    found.shown["ModifiedAt"] = utcnow()
    return ActionResult({"SamplingRuleRecord": found.shown})


@adds(XRayResponse, "delete_sampling_rule")
def _delete_rule(self: XRayResponse) -> ActionResult:
    """DeleteSamplingRule."""
    found = _rule(self, given(self))
    del records(self.xray_backend, "sampling_rules")[found.shown["SamplingRule"]["RuleName"]]
    return ActionResult({"SamplingRuleRecord": found.shown})


@adds(XRayResponse, "tag_resource")
def _tag_resource(self: XRayResponse) -> ActionResult:
    """TagResource."""
    wish = given(self)
    _tagger(self).tag_resource(wish["ResourceARN"], wish["Tags"])
    return EmptyResult()


@adds(XRayResponse, "untag_resource")
def _untag_resource(self: XRayResponse) -> ActionResult:
    """UntagResource."""
    wish = given(self)
    _tagger(self).untag_resource_using_names(wish["ResourceARN"], wish["TagKeys"])
    return EmptyResult()


@adds(XRayResponse, "list_tags_for_resource")
def _list_tags(self: XRayResponse) -> ActionResult:
    """ListTagsForResource."""
    return ActionResult(_tagger(self).list_tags_for_resource(given(self)["ResourceARN"]))


def _group(self: XRayResponse) -> Record:
    wish = given(self)
    for known in records(self.xray_backend, "groups").values():
        names = (known.shown["GroupName"], known.shown["GroupARN"])
        if (wish.get("GroupName") or wish.get("GroupARN")) in names:
            found: Record = known
            return found
    raise _invalid("Group not found")


def _rule(self: XRayResponse, wish: dict[str, Any]) -> Record:
    for known in records(self.xray_backend, "sampling_rules").values():
        rule = known.shown["SamplingRule"]
        if (wish.get("RuleName") or wish.get("RuleARN")) in (rule["RuleName"], rule["RuleARN"]):
            found: Record = known
            return found
    raise _invalid("Sampling rule does not exist.")


def _check_rule(rule: dict[str, Any]) -> None:
    if not 0 <= rule.get("FixedRate", 0) <= 1:
        raise _invalid(f"FixedRate is from 0 to 1, and not {rule['FixedRate']}.")


def _tagger(self: XRayResponse) -> TaggingService:
    tagger: TaggingService = vars(self.xray_backend).setdefault("tagger", TaggingService())
    return tagger


def _arn(self: XRayResponse, kind: str, name: str) -> str:
    return f"arn:{self.partition}:xray:{self.region}:{self.current_account}:{kind}/{name}"


def _invalid(message: str) -> ApiError:
    return ApiError("InvalidRequestException", message)
