"""Tags: every service has them, and each spells them otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError
from botocore.model import ListShape, MapShape, Shape, StructureShape

from awsmodel.calls import AwsError
from awsmodel.clients import Clients
from awsmodel.names import Properties
from awsmodel.resource import Params, ResourceType, Tags

TagMap = Mapping[str, str]
_TAG_MEMBERS = frozenset({"tags", "tagset", "taglist", "tagslist", "resourcetags"})


class Tagger:
    """Writes and reads the tags of one resource type.

    `tags` are the program's, `tagsAll` those with the provider's default tags; AWS holds the latter.
    """

    def __init__(self, resource: ResourceType, clients: Clients) -> None:
        if resource.tags is None:
            raise ValueError(f"{resource.token} has no tags")
        self._resource = resource
        self._tags: Tags = resource.tags
        self._clients = clients

    def on_create(self, tags: TagMap) -> Params:
        """The parameters that tag the resource while it is made, or none where the call takes none."""
        if not tags:
            return {}
        shape = self._input(self._resource.create.operation)
        if self._tags.specification and "TagSpecifications" in shape.members:
            entries = [{"Key": key, "Value": value} for key, value in tags.items()]
            return {"TagSpecifications": [{"ResourceType": self._tags.specification, "Tags": entries}]}
        found = _tag_member(shape)
        return {found[0]: _written(found[1], tags)} if found else {}

    def change(self, old: TagMap, new: TagMap, known: Mapping[str, Any]) -> None:
        """Adds, changes and removes tags on a resource that exists."""
        removed = sorted(old.keys() - new.keys())
        if self._tags.whole:
            removed = [] if new else removed
        if removed:
            shape = self._input(self._tags.untag)
            keys = {} if self._tags.whole else _keys(shape, self._tags.untag_keys, removed)
            self._call(self._tags.untag, known, keys)
        changed = {key: value for key, value in new.items() if old.get(key) != value or self._tags.whole}
        if changed:
            found = _tag_member(self._input(self._tags.tag))
            if found is None:
                raise ValueError(f"{self._tags.tag} takes no tags")
            self._call(self._tags.tag, known, {found[0]: _written(found[1], changed)})

    def read(self, item: Any, known: Properties, inputs: Properties) -> Properties:
        """`tags` and `tagsAll` as AWS holds them; what the program did not set is taken for a default tag
        only when the provider set it."""
        holder = item
        if self._tags.read:
            try:
                holder = self._call(self._tags.read, known, {})
            except AwsError as error:
                if error.code not in self._tags.unless:
                    raise
                holder = {}
        live = _found(holder)
        defaults = {
            key: value
            for key, value in (inputs.get("tagsAll") or {}).items()
            if key not in (inputs.get("tags") or {})
        }
        own = {key: value for key, value in live.items() if defaults.get(key) != value}
        return {"tagsAll": live} | ({"tags": own} if own or "tags" in inputs else {})

    def _call(self, operation: str, known: Mapping[str, Any], params: Params) -> Any:
        client = self._clients.get(self._resource.service, known.get("region"))
        members = self._input(operation).members
        # what lists the tags of several resources takes a list: ResourceId, ResourceIdList
        member = next(name for name in members if name in (self._tags.target, f"{self._tags.target}List"))
        target = [known[self._tags.by]] if isinstance(members[member], ListShape) else known[self._tags.by]
        try:
            return getattr(client, operation)(**{member: target}, **self._tags.fixed, **params)
        except ClientError as error:
            raise AwsError.of(error, operation, property_path="tags") from error

    def _input(self, operation: str) -> StructureShape:
        client = self._clients.get(self._resource.service)
        model = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[operation])
        shape: StructureShape = model.input_shape
        return shape


def _tag_member(shape: StructureShape) -> tuple[str, Shape] | None:
    names = _TAG_MEMBERS | {"tagging", "addtags", "backupplantags", "backupvaulttags"}
    return next(((name, member) for name, member in shape.members.items() if name.lower() in names), None)


def _written(shape: Shape, tags: TagMap) -> Any:
    if isinstance(shape, MapShape):
        return dict(tags)
    if isinstance(shape, StructureShape):
        # S3 wraps the list of tags
        name, member = next(iter(shape.members.items()))
        return {name: _written(member, tags)}
    if not isinstance(shape, ListShape) or not isinstance(shape.member, StructureShape):
        raise ValueError(f"tags cannot be written as {shape.type_name}")
    key = next(name for name in shape.member.members if name.lower().endswith("key"))
    value = next(name for name in shape.member.members if name.lower().endswith("value"))
    return [{key: tag, value: text} for tag, text in tags.items()]


def _keys(shape: StructureShape, member: str, keys: list[str]) -> Params:
    entry = shape.members[member]
    if isinstance(entry, ListShape) and isinstance(entry.member, StructureShape):
        name = next(name for name in entry.member.members if name.lower().endswith("key"))
        return {member: [{name: key} for key in keys]}
    return {member: keys}


def _found(holder: Any) -> dict[str, str]:
    """The tags somewhere in an answer, without those that AWS itself puts (`aws:`)."""
    for name, value in holder.items() if isinstance(holder, Mapping) else ():
        if name.lower() in _TAG_MEMBERS:
            return {key: text for key, text in _pairs(value) if not key.startswith("aws:")}
    for value in holder.values() if isinstance(holder, Mapping) else ():
        nested = value[0] if isinstance(value, list) and value else value
        if isinstance(nested, Mapping) and any(name.lower() in _TAG_MEMBERS for name in nested):
            return _found(nested)
    return {}


def _pairs(value: Any) -> list[tuple[str, str]]:
    if isinstance(value, Mapping):
        return list(value.items())
    return [
        (
            next(text for name, text in entry.items() if name.lower().endswith("key")),
            next((text for name, text in entry.items() if name.lower().endswith("value")), ""),
        )
        for entry in value
    ]
