"""Creates, updates, deletes and lists what a resource type describes; `awsmodel.reading` reads it.

Nothing here knows a type: it follows the table of `awsmodel.resource.ResourceType`.
"""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import jmespath

from awsmodel.calls import AwsError
from awsmodel.clients import Clients
from awsmodel.compare import Comparison, covers
from awsmodel.errors import ModelError
from awsmodel.names import Properties
from awsmodel.patience import CancelledError, LateError, Patience
from awsmodel.reading import Reader, current_id
from awsmodel.resource import ResourceType
from awsmodel.schema import TypeSchema

__all__ = ["CancelledError", "Change", "IncompleteError", "Lifecycle", "Patience"]

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


class Lifecycle:
    """One resource type, acting in one account."""

    def __init__(self, resource: ResourceType, clients: Clients) -> None:
        self.resource = resource
        self.clients = clients
        self._reader = Reader(resource, clients)

    @property
    def schema(self) -> TypeSchema:
        return self._reader.schema

    @property
    def compare(self) -> Comparison:
        return self._reader.compare

    @cached_property
    def _created_with(self) -> frozenset[str]:
        return self._reader.caller.takes(self.resource.create)

    @cached_property
    def updatable(self) -> frozenset[str]:
        """The properties that can change in place."""
        taken = frozenset().union(*(self._reader.caller.takes(call) for call in self.resource.updates))
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
        tags = self._reader.tagger.on_create(inputs.get("tagsAll", {})) if self._reader.tagger else {}
        answer = self._reader.caller.call(resource.create, inputs, inputs, extra=tags)
        physical_id = self._physical_id(answer or {}, inputs)
        sent = (self._created_with | resource.unreadable.keys()) - self.schema.write_only
        live = {name: value for name, value in inputs.items() if name in sent}
        try:
            live = self._reader.settled(physical_id, inputs, patience)
            asked = {**resource.initial, **inputs}
            wanted = {name: value for name, value in asked.items() if name not in self._created_with}
            if self._converge(physical_id, wanted, live, inputs):
                live = self._reader.settled(physical_id, inputs, patience)
        except ModelError as error:
            raise IncompleteError(error, physical_id=physical_id, state=live) from error
        return physical_id, live

    def read(
        self, physical_id: str, inputs: Properties | None = None, state: Properties | None = None
    ) -> Properties | None:
        """The state as AWS shows it, or None when the resource does not exist.

        `inputs` and `state` are what was known before: they keep what cannot be read and its spelling.
        """
        shown = self._reader.shown(physical_id, inputs or {}, state or {})
        return shown.state if shown else None

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
            ours = {key for known in (old, new, state) for key in known.get("tagsAll") or {}}
            tagged = {key: value for key, value in live.get("tagsAll", {}).items() if key in ours}
            self._apply(physical_id, pending, tagged, {**state, **live, **taken_away, **new}, live)
            return self._reader.settled(physical_id, new, patience, state)
        except ModelError as error:
            reached = self._reached(physical_id, new, state)
            raise IncompleteError(error, physical_id=physical_id, state=reached) from error

    def _reached(self, physical_id: str, new: Properties, state: Properties) -> Properties:
        """How far an update came; what was known before it where AWS does not answer."""
        try:
            return self.read(physical_id, new, state) or state
        except ModelError:
            return state

    def delete(self, physical_id: str, state: Properties, patience: Patience) -> None:
        """Deletes the resource and waits until it is gone; it is no error when it is already.

        Raises AwsError with AWS's own reason when it refuses, at once or until the deadline.
        """
        resource, delete = self.resource, self.resource.delete
        if delete is None:
            return
        properties = {**self._reader.parsed(physical_id), **state, "id": current_id(physical_id, state)}

        answers: list[object] = []
        refusals: list[AwsError] = []

        def deleted() -> bool:
            try:
                answers.append(self._reader.caller.call(delete, {}, properties, region=state.get("region")))
            except AwsError as error:
                if error.code in resource.busy:
                    refusals.append(error)
                    return False
                if error.code not in resource.gone:
                    raise
            return True

        try:
            patience.until(deleted, what=f"the deletion of {physical_id}")
        except LateError as late:
            raise refusals[-1] from late
        # where there was nothing to call for, the resource is to stay
        if resource.gone_when and not resource.leaves and answers != [None]:
            patience.until(
                lambda: self.read(physical_id, state=state) is None,
                what=f"the disappearance of {physical_id}",
            )

    def list(self) -> Iterator[str]:
        """The physical ids of all resources of this type in the account and region."""
        if self.resource.list is None:
            return
        for physical_id in self._reader.caller.pages(self.resource.list):
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
            place = {"region": self.clients.scope.region, "account_id": self.clients.scope.account_id}
            return self.resource.id({**place, **inputs, "answer": answer})
        if "{" in self.resource.id:
            return self.resource.id.format_map(inputs)
        found = jmespath.search(self.resource.id, answer)
        if found is None:
            raise ModelError(f"{self.resource.create.operation} found nothing with what was given")
        return str(found)

    def _converge(self, physical_id: str, wanted: Properties, live: Properties, inputs: Properties) -> bool:
        pending = {
            name: value
            for name, value in wanted.items()
            if name in self.updatable and not self.compare.covers(name, value, live.get(name))
        }
        if self._reader.tagger and not covers(inputs.get("tagsAll", {}), live.get("tagsAll")):
            pending["tagsAll"] = inputs["tagsAll"]
        return self._apply(physical_id, pending, {}, {**live, **self.resource.initial, **inputs}, live)

    def _apply(
        self,
        physical_id: str,
        pending: Properties,
        tagged: Mapping[str, str],
        properties: Properties,
        live: Properties,
    ) -> bool:
        """Makes each update that takes a pending property; says whether any was made.

        `tagged` are the tags that are there: those of them that are not wanted go.
        """
        made = False
        known = {**properties, "id": current_id(physical_id, live)}
        for call in self.resource.updates:
            taken = (self._reader.caller.takes(call) & pending.keys()) - GENERIC
            if taken:
                sent = {name: known[name] for name in known.keys() - GENERIC if call.whole or name in taken}
                self._reader.caller.call(call, sent, {"live": live, **known}, region=properties.get("region"))
                made = True
        if self._reader.tagger and "tagsAll" in pending:
            self._reader.tagger.change(tagged, pending["tagsAll"] or {}, known)
            made = True
        return made
