"""S3: calls that moto would take for others, and settings that it drops."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import xmltodict  # type: ignore[import-untyped]
from moto.core.common_types import TYPE_RESPONSE
from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.s3.exceptions import S3AccessDeniedError, S3ClientError
from moto.s3.models import FakeBucket, S3Backend
from moto.s3.responses import S3Response
from moto.s3.utils import bucket_policy_is_public

from sandbox.extensions.registry import replaces

_NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
# Sub-resources of a bucket (S3 API reference) unknown to moto.
_UNKNOWN_TO_MOTO = frozenset(
    {
        "abac",
        "analytics",
        "intelligent-tiering",
        "metadataConfiguration",
        "metadataInventoryTable",
        "metadataJournalTable",
        "metadataTable",
        "metrics",
        "session",
    }
)
_NO_DELETE_IN_MOTO = frozenset({"inventory", "requestPayment"})


@replaces(S3Response, "_bucket_response")
def _refuse_unknown_sub_resource(
    original: Callable[..., Any], self: S3Response, request: Any, full_url: str
) -> Any:
    """A sub-resource unknown to moto is refused: it would create, list or delete the bucket itself."""
    query = self._get_querystring(request, full_url)
    unknown = _UNKNOWN_TO_MOTO | (_NO_DELETE_IN_MOTO if request.method == "DELETE" else frozenset())
    for name in unknown.intersection(query):
        raise NotImplementedError(f"?{name} of a bucket")
    if "requestPayment" in query:
        return _request_payment(self, request.method)
    return original(self, request, full_url)


@replaces(FakeBucket, "get_permission")
def _leave_out_conditions(
    original: Callable[..., PermissionResult], self: FakeBucket, action: str, resource: str
) -> PermissionResult:
    """A statement with a condition, or for somebody else, does not concern every call; for moto it does.

    Otherwise the usual "deny without TLS" would refuse each object call. Neither is evaluated here.
    """
    if self.policy is None:
        return original(self, action, resource)
    document = json.loads(self.policy)
    statements = document["Statement"] if isinstance(document["Statement"], list) else [document["Statement"]]
    document["Statement"] = [
        statement
        for statement in statements
        if "Condition" not in statement and statement.get("Principal") in ("*", {"AWS": "*"}, {"AWS": ["*"]})
    ]
    return IAMPolicy(json.dumps(document)).is_action_permitted(action, resource)


@replaces(S3Backend, "put_bucket_policy")
def _check_policy(original: Callable[..., None], self: S3Backend, bucket_name: str, policy: bytes) -> None:
    """A policy is a document with statements, and no public one where BlockPublicPolicy is on."""
    try:
        well_formed = bool(json.loads(policy)["Statement"])
    except (ValueError, KeyError, TypeError):
        well_formed = False
    if not well_formed:
        raise S3ClientError("MalformedPolicy", "This policy contains invalid Json")
    block = self.get_bucket(bucket_name).public_access_block
    if block is not None and block.block_public_policy and bucket_policy_is_public(policy):
        raise S3AccessDeniedError()
    original(self, bucket_name, policy)


@replaces(S3Backend, "put_bucket_lifecycle")
def _keep_whole_lifecycle(
    original: Callable[..., None], self: S3Backend, bucket_name: str, rules: Any
) -> None:
    """A lifecycle reads back as it was put; moto drops NewerNoncurrentVersions and size filters."""
    original(self, bucket_name, rules)
    bucket: Any = self.get_bucket(bucket_name)
    bucket.lifecycle_rules_as_put = rules


@replaces(S3Response, "get_bucket_lifecycle")
def _return_whole_lifecycle(original: Callable[[Any], TYPE_RESPONSE], self: S3Response) -> TYPE_RESPONSE:
    """See _keep_whole_lifecycle."""
    status, headers, _ = original(self)
    bucket: Any = self.backend.get_bucket(self.bucket_name)
    rules = [
        rule | {"ID": known.id}
        for rule, known in zip(bucket.lifecycle_rules_as_put, bucket.rules, strict=True)
    ]
    return status, headers, _document("LifecycleConfiguration", {"Rule": rules})


@replaces(S3Response, "_bucket_response_put")
def _keep_event_bridge(
    original: Callable[..., Any], self: S3Response, request: Any, name: str, query: Any
) -> Any:
    """A notification configuration keeps that events go to EventBridge."""
    answer = original(self, request, name, query)
    if "notification" in query:
        bucket: Any = self.backend.get_bucket(name)
        bucket.sends_to_event_bridge = b"<EventBridgeConfiguration" in self.body
    return answer


@replaces(S3Response, "get_bucket_notification")
def _return_event_bridge(original: Callable[[Any], Any], self: S3Response) -> Any:
    """See _keep_event_bridge."""
    answer = original(self)
    if not getattr(self.backend.get_bucket(self.bucket_name), "sends_to_event_bridge", False):
        return answer
    configuration = _as_dict(answer, "NotificationConfiguration") | {"EventBridgeConfiguration": None}
    return 200, {}, _document("NotificationConfiguration", configuration)


def _request_payment(response: S3Response, method: str) -> TYPE_RESPONSE:
    bucket = response.backend.get_bucket(response.bucket_name)
    if method == "PUT":
        payer = xmltodict.parse(response.body)["RequestPaymentConfiguration"]["Payer"]
        if payer not in ("BucketOwner", "Requester"):
            raise S3ClientError("MalformedXML", f"{payer} cannot pay: BucketOwner or Requester can")
        bucket.payer = payer
        return 200, {}, ""
    return 200, {}, _document("RequestPaymentConfiguration", {"Payer": bucket.payer})


def _as_dict(answer: Any, root: str) -> dict[str, Any]:
    body = answer if isinstance(answer, (str, bytes)) else answer[2]
    parsed = xmltodict.parse(body)[root] if body else None
    return {name: value for name, value in (parsed or {}).items() if not name.startswith("@")}


def _document(root: str, content: dict[str, Any]) -> str:
    return str(xmltodict.unparse({root: {"@xmlns": _NAMESPACE} | content}))
