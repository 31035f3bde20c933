"""Bedrock: guardrails, their working draft and the versions that were made of it."""

from __future__ import annotations

import re
from typing import Any

from moto.bedrock.responses import BedrockResponse
from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import utcnow
from moto.moto_api._internal import mock_random

from sandbox.extensions.bedrock_tags import tag
from sandbox.extensions.records import ApiError, Record, given, page, records
from sandbox.extensions.registry import adds

_DRAFT = "DRAFT"
_NAME = re.compile(r"[0-9a-zA-Z_-]{1,50}")
_POLICIES = (
    "contentPolicy",
    "contextualGroundingPolicy",
    "sensitiveInformationPolicy",
    "topicPolicy",
    "wordPolicy",
)
# Bedrock API reference, GuardrailContentFilterConfig and its like: what a filter does that does not say.
_FILTER_DEFAULTS = {
    "inputAction": "BLOCK",
    "inputEnabled": True,
    "outputAction": "BLOCK",
    "outputEnabled": True,
}
_HIGHEST_THRESHOLD = 0.99


@adds(BedrockResponse, "create_guardrail")
def _create_guardrail(self: BedrockResponse) -> ActionResult:
    """CreateGuardrail."""
    wish = given(self)
    _check(self, wish)
    identity = mock_random.get_random_string(12, lower_case=True)
    arn = f"arn:{self.partition}:bedrock:{self.region}:{self.current_account}:guardrail/{identity}"
    now = utcnow()
    made = Record(**_described(wish), guardrailId=identity, guardrailArn=arn, version=_DRAFT, createdAt=now)
    made.shown["updatedAt"] = now
    records(self.bedrock_backend, "guardrails")[identity] = made
    tag(self, arn, wish.get("tags"))
    return ActionResult(_named(made.shown, "createdAt"))


@adds(BedrockResponse, "get_guardrail")
def _get_guardrail(self: BedrockResponse) -> ActionResult:
    """GetGuardrail: the working draft, unless it asks for a version."""
    wish = given(self)
    found = _guardrail(self, wish["guardrailIdentifier"])
    return ActionResult(_version(found, wish.get("guardrailVersion") or _DRAFT))


@adds(BedrockResponse, "list_guardrails")
def _list_guardrails(self: BedrockResponse) -> ActionResult:
    """ListGuardrails: the drafts of all, or the draft and the versions of one."""
    wish = given(self)
    if wish.get("guardrailIdentifier"):
        of_one = _guardrail(self, wish["guardrailIdentifier"])
        known = [of_one.shown, *_versions(of_one).values()]
    else:
        known = [each.shown for each in records(self.bedrock_backend, "guardrails").values()]
    found, token = page(known, wish.get("nextToken"), wish.get("maxResults"), size=1000)
    summaries = [{**each, "id": each["guardrailId"], "arn": each["guardrailArn"]} for each in found]
    return ActionResult({"guardrails": summaries, "nextToken": token})


@adds(BedrockResponse, "update_guardrail")
def _update_guardrail(self: BedrockResponse) -> ActionResult:
    """UpdateGuardrail says all that the draft is to be; the versions stay."""
    wish = given(self)
    found = _guardrail(self, wish["guardrailIdentifier"])
    _check(self, wish, found)
    kept = {name: found.shown[name] for name in ("guardrailId", "guardrailArn", "version", "createdAt")}
    found.shown = {**_described(wish), **kept, "updatedAt": utcnow()}
    return ActionResult(_named(found.shown, "updatedAt"))


@adds(BedrockResponse, "create_guardrail_version")
def _create_version(self: BedrockResponse) -> ActionResult:
    """CreateGuardrailVersion numbers the draft as it is."""
    wish = given(self)
    found = _guardrail(self, wish["guardrailIdentifier"])
    # a number goes to one version only, also after that one was deleted
    number = vars(found).get("last_version", 0) + 1
    vars(found)["last_version"] = number
    made = {**found.shown, "version": str(number), "createdAt": utcnow(), "updatedAt": utcnow()}
    made["description"] = wish.get("description")
    _versions(found)[str(number)] = made
    return ActionResult({"guardrailId": found.shown["guardrailId"], "version": str(number)})


@adds(BedrockResponse, "delete_guardrail")
def _delete_guardrail(self: BedrockResponse) -> ActionResult:
    """DeleteGuardrail: all of it, unless it names a version."""
    wish = given(self)
    found = _guardrail(self, wish["guardrailIdentifier"])
    if wish.get("guardrailVersion"):
        del _versions(found)[_version(found, wish["guardrailVersion"])["version"]]
    else:
        del records(self.bedrock_backend, "guardrails")[found.shown["guardrailId"]]
    return EmptyResult()


def _guardrail(self: BedrockResponse, identity: str) -> Record:
    found: Record | None = records(self.bedrock_backend, "guardrails").get(identity.rpartition("/")[2])
    if found is None:
        raise ApiError("ResourceNotFoundException", f"The guardrail {identity} does not exist.")
    return found


def _version(found: Record, version: str) -> dict[str, Any]:
    known = {_DRAFT: found.shown, **_versions(found)}
    if version not in known:
        raise ApiError("ResourceNotFoundException", f"The guardrail has no version {version}.")
    shown: dict[str, Any] = known[version]
    return shown


def _versions(found: Record) -> dict[str, dict[str, Any]]:
    versions: dict[str, dict[str, Any]] = vars(found).setdefault("versions", {})
    return versions


def _named(shown: dict[str, Any], when: str) -> dict[str, Any]:
    return {name: shown[name] for name in ("guardrailId", "guardrailArn", "version", when)}


def _described(wish: dict[str, Any]) -> dict[str, Any]:
    """What was asked for as GetGuardrail shows it: it drops the word `Config`, and fills in defaults."""
    shown = {
        name: wish.get(name)
        for name in ("name", "description", "blockedInputMessaging", "blockedOutputsMessaging")
    }
    for policy in _POLICIES:
        if wish.get(f"{policy}Config"):
            shown[policy] = _without_config(wish[f"{policy}Config"])
    return {**shown, "kmsKeyArn": wish.get("kmsKeyId"), "status": "READY"}


def _without_config(policy: dict[str, Any]) -> dict[str, Any]:
    shown = {}
    for name, value in policy.items():
        entries = [_filled(entry) for entry in value] if isinstance(value, list) else value
        shown[name.removesuffix("Config")] = entries
    return shown


def _filled(entry: dict[str, Any]) -> dict[str, Any]:
    if "threshold" in entry:
        return {"action": "BLOCK", "enabled": True} | entry
    defaults = dict(_FILTER_DEFAULTS)
    if "action" in entry:
        defaults |= {"inputAction": entry["action"], "outputAction": entry["action"]}
    if "inputStrength" in entry:
        defaults |= {"inputModalities": ["TEXT"], "outputModalities": ["TEXT"]}
    return defaults | entry


def _check(self: BedrockResponse, wish: dict[str, Any], found: Record | None = None) -> None:
    name = wish["name"]
    if not _NAME.fullmatch(name):
        raise _invalid(
            f"{name!r} is no name of a guardrail: 1 to 50 letters, digits, hyphens and underscores"
        )
    others = [each for each in records(self.bedrock_backend, "guardrails").values() if each is not found]
    if any(each.shown["name"] == name for each in others):
        raise ApiError("ConflictException", f"Another guardrail in your account already has the name {name}.")
    if not any(wish.get(f"{policy}Config") for policy in _POLICIES):
        raise _invalid("A guardrail has at least one policy.")
    for each in (wish.get("contentPolicyConfig") or {}).get("filtersConfig") or ():
        if each["type"] == "PROMPT_ATTACK" and each["outputStrength"] != "NONE":
            raise _invalid(
                "The output strength of a PROMPT_ATTACK filter is NONE: an attack is in the input."
            )
    for each in (wish.get("contextualGroundingPolicyConfig") or {}).get("filtersConfig") or ():
        if not 0 <= each["threshold"] <= _HIGHEST_THRESHOLD:
            raise _invalid(f"A threshold is between 0 and {_HIGHEST_THRESHOLD}, and not {each['threshold']}.")
    for each in (wish.get("sensitiveInformationPolicyConfig") or {}).get("regexesConfig") or ():
        _check_pattern(each["pattern"])


def _check_pattern(pattern: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        raise _invalid(f"{pattern!r} is no regular expression: {error}") from None


def _invalid(message: str) -> ApiError:
    return ApiError("ValidationException", message)
