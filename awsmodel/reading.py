"""What AWS shows of a resource, in Pulumi's properties.

Nothing here knows a type: it follows the table of `awsmodel.resource.ResourceType`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import jmespath

from awsmodel.calls import AwsError, Caller, filled
from awsmodel.clients import Clients
from awsmodel.compare import Comparison
from awsmodel.convert import Converter
from awsmodel.errors import ModelError
from awsmodel.names import Properties
from awsmodel.patience import Patience
from awsmodel.resource import ResourceType
from awsmodel.schema import TypeSchema, type_schema
from awsmodel.tagging import Tagger


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A resource as AWS shows it: its state, and the item that the type's `read` found."""

    state: Properties
    item: Any


class Reader:
    """Reads one resource type in one account."""

    def __init__(self, resource: ResourceType, clients: Clients) -> None:
        self.resource = resource
        self.clients = clients
        self.tagger = Tagger(resource, clients) if resource.tags else None

    @cached_property
    def schema(self) -> TypeSchema:
        return type_schema(self.resource.token)

    @cached_property
    def compare(self) -> Comparison:
        return Comparison(self.resource.canonical, self.schema.state)

    @cached_property
    def caller(self) -> Caller:
        names, flat = self.resource.names, self.resource.flat
        return Caller(
            self.resource.service, self.clients, Converter(schema=self.schema.state, names=names, flat=flat)
        )

    def shown(self, physical_id: str, inputs: Properties, state: Properties) -> Shown | None:
        """The resource as it is, or None when it does not exist.

        `inputs` and `state` are what was known before: they keep what cannot be read and its spelling.
        """
        resource = self.resource
        region = state.get("region") or inputs.get("region")
        known = {**self.parsed(physical_id), **inputs, **state, "id": current_id(physical_id, state)}
        try:
            item = self.caller.result(resource.read, known, region=region)
            if item is None or item == [] or _search(resource.gone_when, item):
                return None
            live = {**self.parsed(physical_id), **self.caller.properties(resource.read, item)}
            live |= self._more(known, live, region)
        except AwsError as error:
            if error.code in resource.gone:
                return None
            raise
        if "region" in self.schema.state:
            live["region"] = region or self.clients.scope.region
        if resource.derive:
            live |= resource.derive({**known, **live}, self.clients.scope)
        if self.tagger:
            live |= self.tagger.read(item, {"id": known["id"], **live}, inputs)
        kept_out = self.schema.write_only | {name for name, value in live.items() if value is None}
        live |= {name: inputs[name] for name in resource.unreadable.keys() - kept_out if name in inputs}
        return Shown(state=self._spelled_as({**inputs, **state}, live), item=item)

    def settled(
        self, physical_id: str, inputs: Properties, patience: Patience, state: Properties | None = None
    ) -> Properties:
        """The state once the resource can be used.

        Raises ModelError with AWS's reason when it never will be, and LateError and CancelledError.
        """
        state = state or {}
        known = {**state, **inputs}
        ready, failed = filled(self.resource.ready, known), filled(self.resource.failed, known)
        usable: list[Properties] = []

        def is_usable() -> bool:
            shown = self.shown(physical_id, inputs, state)
            if shown is None:
                return False
            if why := _search(failed, shown.item):
                raise ModelError(f"{physical_id} will not become ready: {why}")
            if ready and not _search(ready, shown.item):
                return False
            usable.append(self._spelled_as(inputs, shown.state))
            return True

        patience.until(is_usable, what=f"the readiness of {physical_id}")
        return usable[-1]

    def parsed(self, physical_id: str) -> Properties:
        """The properties that an id holds."""
        return self.resource.parse_id(physical_id) if self.resource.parse_id else {}

    def _more(self, known: Properties, live: Properties, region: str | None) -> Properties:
        more: Properties = {}
        for call in self.resource.more_reads:
            try:
                part = self.caller.result(call, {**known, **live, **more}, region=region)
            except AwsError as error:
                if error.code not in call.unless:
                    raise
            else:
                more |= self.caller.properties(call, part)
        return more

    def _spelled_as(self, prior: Properties, live: Properties) -> Properties:
        return {
            name: self.compare.in_the_spelling_of(name, prior.get(name), value)
            for name, value in live.items()
        }


def current_id(physical_id: str, state: Properties) -> str:
    """The id that AWS knows the resource by; the engine keeps the first one for good."""
    current: str = state.get("id") or physical_id
    return current


def _search(path: str, item: Any) -> Any:
    return jmespath.search(path, item) if path else None
