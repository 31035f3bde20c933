"""AWS in a dictionary: real botocore clients whose requests a test answers."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from types import SimpleNamespace
from typing import Any

import boto3

from awsmodel.clients import Clients
from awsmodel.resource import Scope

Answer = Callable[[str, dict[str, Any]], dict[str, Any]]


class RefusedError(Exception):
    """What AWS answers in place of a result."""

    def __init__(self, code: str, message: str = "no") -> None:
        super().__init__(code)
        self.answer = {"Error": {"Code": code, "Message": message}}


@cache
def _session() -> boto3.Session:
    # It keeps the service models that it has read: 40 MB and half a second for EC2's alone.
    return boto3.Session("id", "key", region_name="eu-west-1")


def clients_of(answer: Answer) -> Clients:
    """Clients that put each operation and its parameters to `answer`; nothing leaves the process."""
    clients = Clients(
        _session(),
        Scope(account_id="111111111111", region="eu-west-1"),
        endpoint_url="http://127.0.0.1:9",
    )
    made = clients.get

    def keep(params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        context["params"] = params

    def respond(model: Any, context: dict[str, Any], **_: Any) -> tuple[Any, dict[str, Any]]:
        try:
            return SimpleNamespace(status_code=200), answer(model.name, dict(context["params"]))
        except RefusedError as refused:
            return SimpleNamespace(status_code=400), refused.answer

    def get(service: str, region: str | None = None) -> Any:
        client = made(service, region)
        client.meta.events.register("provide-client-params", keep, unique_id="keep")
        client.meta.events.register("before-call", respond, unique_id="respond")
        return client

    clients.get = get  # type: ignore[method-assign]
    return clients


class Logs:
    """The log groups of CloudWatch Logs.

    `refusals` are the errors that an operation answers before it works again, `asked` what it was asked for.
    `page_size` is how many groups a page of a listing shows.
    """

    def __init__(self) -> None:
        self.groups: dict[str, dict[str, Any]] = {}
        self.tags: dict[str, dict[str, str]] = {}
        self.refusals: dict[str, list[RefusedError]] = {}
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.page_size = 50
        self.clients = clients_of(self._answer)

    def _answer(self, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        self.asked.append((operation, params))
        if self.refusals.get(operation):
            raise self.refusals[operation].pop(0)
        return getattr(self, f"_{operation}")(params) or {}

    def times_asked(self, operation: str) -> int:
        return sum(name == operation for name, _ in self.asked)

    def _group(self, params: dict[str, Any]) -> dict[str, Any]:
        group = self.groups.get(params["logGroupName"])
        if group is None:
            raise RefusedError("ResourceNotFoundException", "The specified log group does not exist.")
        return group

    def _CreateLogGroup(self, params: dict[str, Any]) -> None:
        name = params["logGroupName"]
        arn = f"arn:aws:logs:eu-west-1:111111111111:log-group:{name}"
        self.groups[name] = {"logGroupName": name, "arn": f"{arn}:*", "logGroupArn": arn}
        self.tags[arn] = dict(params.get("tags") or {})

    def _DescribeLogGroups(self, params: dict[str, Any]) -> dict[str, Any]:
        start = int(params.get("nextToken") or 0)
        found = [
            group
            for name, group in sorted(self.groups.items())
            if name.startswith(params.get("logGroupNamePrefix", ""))
        ]
        more = start + self.page_size < len(found)
        return {"logGroups": found[start : start + self.page_size]} | (
            {"nextToken": str(start + self.page_size)} if more else {}
        )

    def _PutRetentionPolicy(self, params: dict[str, Any]) -> None:
        self._group(params)["retentionInDays"] = params["retentionInDays"]

    def _DeleteRetentionPolicy(self, params: dict[str, Any]) -> None:
        self._group(params).pop("retentionInDays", None)

    def _DeleteLogGroup(self, params: dict[str, Any]) -> None:
        self._group(params)
        del self.groups[params["logGroupName"]]

    def _TagResource(self, params: dict[str, Any]) -> None:
        self.tags[params["resourceArn"]] |= params["tags"]

    def _UntagResource(self, params: dict[str, Any]) -> None:
        for key in params["tagKeys"]:
            self.tags[params["resourceArn"]].pop(key, None)

    def _ListTagsForResource(self, params: dict[str, Any]) -> dict[str, Any]:
        return {"tags": dict(self.tags[params["resourceArn"]])}
