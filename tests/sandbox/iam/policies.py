"""Policies for the tests of the evaluation, and what is decided by them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.iam.documents import Statement, read
from sandbox.iam.evaluation import Effect, Request, context, decide

BUCKET = "arn:aws:s3:::carlossalazar"
Given = Mapping[str, Sequence[str]]


def document(*statements: dict[str, Any], version: str = "2012-10-17") -> tuple[Statement, ...]:
    return read("policy", json.dumps({"Version": version, "Statement": list(statements)}))


def statement(effect: str = "Allow", **more: Any) -> dict[str, Any]:
    rest = {} if "NotResource" in more else {"Resource": "*"}
    return {"Effect": effect} | rest | more


def effect(
    identity: Sequence[Statement],
    action: str = "s3:GetObject",
    resource: str = f"{BUCKET}/file",
    boundary: Sequence[Statement] | None = None,
    **known: Any,
) -> Effect:
    request = Request(action=action, resource=resource, context=context(known.get("known", {})))
    return decide(request, identity, boundary).effect
