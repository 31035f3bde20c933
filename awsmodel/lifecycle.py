"""Creates, reads, updates, deletes and lists what a resource type describes.

Nothing here knows a type: it follows the table of `awsmodel.resource.ResourceType`.
"""

from __future__ import annotations

import string
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import jmespath

from awsmodel.calls import AwsError, Caller, filled
from awsmodel.clients import Clients
from awsmodel.compare import Comparison, covers
from awsmodel.convert import Converter, Properties
from awsmodel.errors import ModelError
from awsmodel.resource import ResourceType
from awsmodel.schema import TypeSchema, type_schema
from awsmodel.tagging import Tagger

# tags have calls of their own; the region is where a call is made, and no member of it
GENERIC = frozenset({"tags", "tagsAll", "region"})


@dataclass(frozen=True, kw_only=True)
class Change:
    """What new inputs mean for a resource: what changes, and which of that forces a replacement."""

    changed: frozenset[str]
    replaces: frozenset[str]
    delete_before_replace: bool


class IncompleteError(ModelError):
    """The resource exists, but not all that was asked of it could be done; the next update repairs it."""

    def __init__(self, cause: ModelError, *, physical_id: str, state: Properties) -> None:
        super().__init__(cause.message, property_path=cause.property_path)
        self.physical_id = physical_id
        self.state = state


class CancelledError(ModelError):
    """The wait for a resource was cancelled."""


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long to wait for AWS: a deadline on the monotonic clock, in seconds, and a way to stop earlier."""

    deadline: float
    cancelled: threading.Event = field(default_factory=threading.Event)

    @classmethod
    def of(cls, seconds: float, cancelled: threading.Event | None = None) -> Patience:
        return cls(deadline=time.monotonic() + seconds, cancelled=cancelled or threading.Event())

    def until(self, done: Callable[[], bool], *, what: str) -> None:
        """Asks again and again, from 0.1 to 5 seconds apart; AWS has no event for what it is asked here."""
        pause_seconds = 0.1
        while not done():
            if time.monotonic() + pause_seconds > self.deadline:
                raise ModelError(f"{what} did not happen in time; a longer customTimeouts waits longer")
            if self.cancelled.wait(pause_seconds):
                raise CancelledError(f"cancelled while waiting until {what}")
            pause_seconds = min(pause_seconds * 1.6, 5)


class Lifecycle:
    """One resource type, acting in one account."""

    def __init__(self, resource: ResourceType, clients: Clients) -> None:
        self.resource = resource
        self.clients = clients
        self.compare = Comparison(resource.canonical)
        self._tagger = Tagger(resource, clients) if resource.tags else None

    @cached_property
    def schema(self) -> TypeSchema:
        return type_schema(self.resource.token)

    @cached_property
    def _caller(self) -> Caller:
        names, flat = self.resource.names, self.resource.flat
        return Caller(
            self.resource.service, self.clients, Converter(schema=self.schema.state, names=names, flat=flat)
        )

    @cached_property
    def _created_with(self) -> frozenset[str]:
        return self._caller.takes(self.resource.create)

    @cached_property
    def updatable(self) -> frozenset[str]:
        """The properties that can change in place."""
        taken = frozenset().union(*(self._caller.takes(call) for call in self.resource.updates))
        tags = {"tags", "tagsAll"} if self.resource.tags else set()
        return frozenset((taken | tags | self.resource.unreadable.keys()) - self.resource.replace_on)

    @cached_property
    def modelled(self) -> frozenset[str]:
        """The inputs that this model acts on; any other is refused."""
        acted_on = self._created_with | self.updatable | self.resource.unreadable.keys() | {"region"}
        return frozenset((acted_on & self.schema.inputs.keys()) - self.resource.not_modelled.keys())

    def change(self, old: Properties, new: Properties) -> Change:
        """What it takes to get from one set of inputs to another."""
        changed = frozenset(
            name
            for name in old.keys() | new.keys()
            if not self.compare.same(name, old.get(name), new.get(name))
        )
        replaces = changed - self.updatable
        return Change(
            changed=changed,
            replaces=replaces,
            delete_before_replace=bool(replaces)
            and (self.resource.delete_before_replace or not self._naming & changed),
        )

    @cached_property
    def _naming(self) -> frozenset[str]:
        """The inputs that tell one resource from another: while none changes, AWS cannot hold two of it.

        Where AWS gives ids of its own, any change makes another resource.
        """
        if self.resource.auto_name:
            return frozenset({self.resource.auto_name.property})
        return self._id_fields or frozenset(self.schema.state)

    @cached_property
    def _id_fields(self) -> frozenset[str]:
        """The inputs that the physical id is made of, where it is made of any."""
        template = self.resource.id if isinstance(self.resource.id, str) else ""
        return frozenset(name for _, name, _, _ in string.Formatter().parse(template) if name)

    def create(self, inputs: Properties, patience: Patience) -> tuple[str, Properties]:
        """Makes the resource; gives its physical id and its state as AWS shows it.

        Raises AwsError when nothing was made, and IncompleteError when it was made but is not as asked for.
        """
        resource = self.resource
        inputs = {name: value for name, value in inputs.items() if value is not None}
        tags = self._tagger.on_create(inputs.get("tagsAll", {})) if self._tagger else {}
        answer = self._caller.call(resource.create, inputs, inputs, extra=tags)
        physical_id = self._physical_id(answer or {}, inputs)
        sent = self._created_with | resource.unreadable.keys()
        live = {name: value for name, value in inputs.items() if name in sent}
        try:
            live = self._settled(physical_id, inputs, patience)
            asked = {**resource.initial, **inputs}
            wanted = {name: value for name, value in asked.items() if name not in self._created_with}
            if self._converge(physical_id, wanted, live, inputs):
                live = self._settled(physical_id, inputs, patience)
        except ModelError as error:
            raise IncompleteError(error, physical_id=physical_id, state=live) from error
        return physical_id, live

    def read(
        self, physical_id: str, inputs: Properties | None = None, state: Properties | None = None
    ) -> Properties | None:
        """The state as AWS shows it, or None when the resource does not exist.

        `inputs` and `state` are what was known before: they keep what cannot be read and its spelling.
        """
        shown = self._describe(physical_id, inputs or {}, state or {})
        return shown[0] if shown else None

    def update(
        self, physical_id: str, old: Properties, new: Properties, state: Properties, patience: Patience
    ) -> Properties:
        """Brings the resource to the new inputs in place, and gives its state.

        What differs from the state is changed, and not what differs from AWS: a value that somebody else
        owns (the count of an autoscaler, the weights of a release) stays, until a refresh takes it up.

        Raises IncompleteError when it could not be brought all the way.
        """
        live = self.read(physical_id, old, state)
        if live is None:
            raise ModelError(
                f"{physical_id} does not exist any more; `pulumi refresh` takes it out of the state"
            )
        pending = {
            name: new.get(name)
            for name in self.updatable & (old.keys() | new.keys())
            if not self.compare.same(name, old.get(name), new.get(name))
            or not self.compare.covers(name, new.get(name), state.get(name))
        }
        try:
            taken_away = dict.fromkeys(old.keys() - new.keys())
            self._apply(physical_id, pending, old, {**state, **taken_away, **new}, live)
            return self._settled(physical_id, new, patience, state)
        except ModelError as error:
            known = self.read(physical_id, new, state) or state
            raise IncompleteError(error, physical_id=physical_id, state=known) from error

    def delete(self, physical_id: str, state: Properties, patience: Patience) -> None:
        """Deletes the resource and waits until it is gone; it is no error when it is already."""
        resource, delete = self.resource, self.resource.delete
        if delete is None:
            return
        properties = {**self._parsed(physical_id), **state, "id": _current_id(physical_id, state)}

        def deleted() -> bool:
            try:
                answers.append(self._caller.call(delete, {}, properties, region=state.get("region")))
            except AwsError as error:
                if error.code in resource.busy and time.monotonic() < patience.deadline:
                    last.append(error)
                    return False
                if error.code not in resource.gone:
                    raise
            return True

        last: list[AwsError] = []
        answers: list[object] = []
        try:
            patience.until(deleted, what=f"the deletion of {physical_id}")
        except (AwsError, CancelledError):
            raise
        except ModelError:
            raise last[-1] if last else AwsError.timeout(delete.operation) from None
        # where there was nothing to call for, the resource is to stay
        if resource.gone_when and not resource.leaves and answers != [None]:
            patience.until(
                lambda: self._describe(physical_id, {}, state) is None,
                what=f"the disappearance of {physical_id}",
            )

    def list(self) -> Iterator[str]:
        """The physical ids of all resources of this type in the account and region."""
        if self.resource.list is None:
            return
        for physical_id in self._caller.pages(self.resource.list):
            # most listings still name what is going, and do not say that it is
            if not self.resource.gone_when or self.read(physical_id) is not None:
                yield physical_id

    def find(self, inputs: Properties, present: frozenset[str], taken: frozenset[str]) -> str | None:
        """The physical id of a resource that a create of the inputs may have made, none of those taken.

        Named resources are looked up by their name, others are looked for among those present. What an update
        can change is not compared: the create may have ended before it was set.
        """
        named = (
            isinstance(self.resource.id, str) and "{" in self.resource.id and self._naming <= inputs.keys()
        )
        candidates = [self._physical_id({}, inputs)] if named else sorted(present)
        for physical_id in candidates:
            if physical_id not in taken:
                live = self.read(physical_id) or {}
                wanted = (inputs.keys() & self._created_with) - self.resource.unreadable.keys()
                if live and all(self.compare.covers(name, inputs[name], live.get(name)) for name in wanted):
                    return physical_id
        return None

    def _physical_id(self, answer: Mapping[str, Any], inputs: Properties) -> str:
        if callable(self.resource.id):
            return self.resource.id({**inputs, "answer": answer})
        if "{" in self.resource.id:
            return self.resource.id.format_map(inputs)
        found = jmespath.search(self.resource.id, answer)
        if found is None:
            raise ModelError(f"{self.resource.create.operation} found nothing with what was given")
        return str(found)

    def _parsed(self, physical_id: str) -> Properties:
        return self.resource.parse_id(physical_id) if self.resource.parse_id else {}

    def _describe(
        self, physical_id: str, inputs: Properties, state: Properties
    ) -> tuple[Properties, Any] | None:
        """The state and the raw item, or None when it does not exist."""
        resource = self.resource
        region = state.get("region") or inputs.get("region")
        known = {**self._parsed(physical_id), **inputs, **state, "id": _current_id(physical_id, state)}
        try:
            item = self._caller.result(resource.read, known, region=region)
        except AwsError as error:
            if error.code in resource.gone:
                return None
            raise
        if item is None or item == [] or (resource.gone_when and jmespath.search(resource.gone_when, item)):
            return None
        live = {**self._parsed(physical_id), **self._caller.properties(resource.read, item)}
        for call in resource.more_reads:
            try:
                part = self._caller.result(call, {**known, **live}, region=region)
            except AwsError as error:
                if error.code in call.unless:
                    continue
                raise
            live |= self._caller.properties(call, part)
        if "region" in self.schema.state:
            live["region"] = region or self.clients.scope.region
        if resource.derive:
            live |= resource.derive({**known, **live}, self.clients.scope)
        if self._tagger:
            live |= self._tagger.read(item, {"id": known["id"], **live}, inputs)
        # what `derive` says is nothing stays out of the state
        kept_out = {name for name, value in live.items() if value is None}
        live |= {name: inputs[name] for name in resource.unreadable.keys() - kept_out if name in inputs}
        spelling = {**inputs, **state}
        return {
            name: self.compare.in_the_spelling_of(name, spelling.get(name), value)
            for name, value in live.items()
        }, item

    def _settled(
        self, physical_id: str, inputs: Properties, patience: Patience, state: Properties | None = None
    ) -> Properties:
        """The state once the resource can be used."""
        found: list[Properties] = []

        def ready() -> bool:
            shown = self._describe(physical_id, inputs, state or {})
            if shown is None:
                return False
            known = {**(state or {}), **inputs}
            failed, usable = filled(self.resource.failed, known), filled(self.resource.ready, known)
            if failed and (why := jmespath.search(failed, shown[1])):
                raise ModelError(f"{physical_id} will not become ready: {why}")
            if usable and not jmespath.search(usable, shown[1]):
                return False
            found.append(
                {
                    name: self.compare.in_the_spelling_of(name, inputs.get(name), value)
                    for name, value in shown[0].items()
                }
            )
            return True

        patience.until(ready, what=f"{physical_id} being ready")
        return found[-1]

    def _converge(self, physical_id: str, wanted: Properties, live: Properties, inputs: Properties) -> bool:
        pending = {
            name: value
            for name, value in wanted.items()
            if name in self.updatable and not self.compare.covers(name, value, live.get(name))
        }
        if self._tagger and not covers(inputs.get("tagsAll", {}), live.get("tagsAll")):
            pending["tagsAll"] = inputs["tagsAll"]
        return self._apply(physical_id, pending, {}, {**live, **self.resource.initial, **inputs}, live)

    def _apply(
        self, physical_id: str, pending: Properties, old: Properties, properties: Properties, live: Properties
    ) -> bool:
        """Makes each update that takes a pending property; says whether any was made."""
        made = False
        known = {**properties, "id": _current_id(physical_id, live)}
        for call in self.resource.updates:
            taken = self._caller.takes(call) & pending.keys()
            if taken - GENERIC:
                sent = known if call.whole else {name: pending[name] for name in taken}
                self._caller.call(
                    call, sent, {"old": old, "live": live, **known}, region=properties.get("region")
                )
                made = True
        if self._tagger and "tagsAll" in pending:
            before = old.get("tagsAll") or {}
            self._tagger.change(before, pending["tagsAll"] or {}, known)
            made = True
        return made


def _current_id(physical_id: str, state: Properties) -> str:
    """The id that AWS knows the resource by; the engine keeps the first one for good."""
    current: str = state.get("id") or physical_id
    return current
