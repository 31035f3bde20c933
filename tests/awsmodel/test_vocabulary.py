"""Whoever adds a type finds each word that a type can say explained once."""

from __future__ import annotations

import dataclasses
import re

import pytest

from awsmodel.catalogue import resource_types
from awsmodel.resource import AutoName, Call, Example, ResourceType, Tags, with_member

KINDS = (ResourceType, Call, Tags, AutoName, Example)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_each_field_is_explained_once_and_nothing_else_is(kind: type) -> None:
    fields = [field.name for field in dataclasses.fields(kind)]
    heads = re.findall(r"^    - ([^:]+): ", kind.__doc__ or "", re.MULTILINE)
    explained = [name for head in heads for name in re.findall(r"`(\w+)`", head)]
    assert sorted(explained) == sorted(fields)


@pytest.mark.parametrize("kind", [ResourceType, Call, Tags, AutoName], ids=lambda kind: kind.__name__)
def test_each_field_is_used_by_a_type_or_shown_on_the_page(kind: type) -> None:
    calls = [
        call
        for resource in resource_types().values()
        for call in (resource.create, resource.read, *resource.more_reads, *resource.updates)
    ]
    others = [each for resource in resource_types().values() for each in (resource.delete, resource.list)]
    said: list[object] = [*resource_types().values(), *calls, *filter(None, others)]
    said += [resource.tags for resource in resource_types().values() if resource.tags]
    said += [resource.auto_name for resource in resource_types().values() if resource.auto_name]
    dead = {
        field.name
        for field in dataclasses.fields(kind)
        if not any(getattr(each, field.name) for each in said if isinstance(each, kind))
    }
    # SSM's tags take another member; the worked example shows it
    assert dead <= ({"fixed"} if kind is Tags else set())


def test_an_item_is_picked_by_what_a_property_says() -> None:
    pick = with_member("Name", "name")
    items = [{"Name": "one"}, {"Name": "o'ne"}]
    assert pick(items, {"name": "o'ne"}) == {"Name": "o'ne"}
    assert pick(items, {"name": "on"}) is None
    assert pick(items, {}) is None
