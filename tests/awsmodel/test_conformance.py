"""What the model promises for each resource type, shown on the example that the type carries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from awsmodel.catalogue import resource_types
from awsmodel.clients import Clients
from awsmodel.errors import ModelError
from awsmodel.lifecycle import Lifecycle, Patience
from awsmodel.names import Properties
from awsmodel.resource import ResourceType

TYPES = tuple(resource_types().values())
IDS = tuple(resource.token for resource in TYPES)


class World:
    """Makes resources with what they need, and takes all of it away again."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self._made: dict[str, tuple[str, Properties]] = {}
        self._order: list[tuple[Lifecycle, str, Properties]] = []

    def lifecycle(self, resource: ResourceType) -> Lifecycle:
        return Lifecycle(resource, self._clients)

    def inputs(self, resource: ResourceType, given: Properties) -> Properties:
        """The inputs as the provider's Check completes them."""
        inputs = {**resource.defaults, **given}
        if resource.auto_name and resource.auto_name.property not in inputs:
            inputs[resource.auto_name.property] = resource.auto_name.made("example", "", inputs)
        if resource.tags:
            inputs["tagsAll"] = dict(inputs.get("tags") or {})
        return inputs

    def create(self, resource: ResourceType, given: Properties) -> tuple[str, Properties]:
        lifecycle = self.lifecycle(resource)
        physical_id, state = lifecycle.create(self.inputs(resource, given), Patience.of(30))
        self._order.append((lifecycle, physical_id, state))
        return physical_id, state

    def need(self, token: str, name: str, /, **changes: Any) -> Any:
        key = f"{token} {changes}"
        if key not in self._made:
            resource = resource_types()[token]
            self._made[key] = self.create(resource, {**resource.example.inputs(self.need), **changes})
        physical_id, state = self._made[key]
        return physical_id if name == "id" else state[name]

    def clear(self) -> None:
        failures = []
        while self._order:
            lifecycle, physical_id, state = self._order.pop()
            try:
                lifecycle.delete(physical_id, state, Patience.of(30))
            except ModelError as error:
                # what is left over would fail the tests that come after this one
                failures.append(error)
        assert not failures


@pytest.fixture
def world(clients: Clients) -> Iterator[World]:
    world = World(clients)
    yield world
    world.clear()


def readable(resource: ResourceType, inputs: Properties) -> Properties:
    return {name: value for name, value in inputs.items() if name not in resource.unreadable}


@pytest.mark.parametrize("resource", TYPES, ids=IDS)
def test_what_is_created_reads_back_as_it_was_asked_for(resource: ResourceType, world: World) -> None:
    covers = world.lifecycle(resource).compare.covers
    given = resource.example.inputs(world.need)
    physical_id, created = world.create(resource, given)
    state = world.lifecycle(resource).read(physical_id)
    assert state is not None
    for name, value in readable(resource, world.inputs(resource, given)).items():
        assert covers(name, value, state.get(name)), f"{name}: asked for {value!r}, read {state.get(name)!r}"
        assert covers(name, value, created.get(name)), (
            f"{name}: asked for {value!r}, got {created.get(name)!r}"
        )


@pytest.mark.parametrize("resource", TYPES, ids=IDS)
def test_an_example_uses_only_what_the_model_acts_on(resource: ResourceType, world: World) -> None:
    lifecycle = world.lifecycle(resource)
    for change in (resource.example.inputs, resource.example.update, resource.example.replace):
        given = change(world.need) if change else {}
        assert given.keys() <= lifecycle.modelled
    assert resource.defaults.keys() <= lifecycle.modelled
    assert resource.unreadable.keys() <= lifecycle.schema.inputs.keys()


@pytest.mark.parametrize(
    "resource", [pytest.param(each, id=each.token) for each in TYPES if each.example.update]
)
def test_an_update_in_place_reads_back(resource: ResourceType, world: World) -> None:
    covers = world.lifecycle(resource).compare.covers
    assert resource.example.update is not None
    given = resource.example.inputs(world.need)
    changed = {**given, **resource.example.update(world.need)}
    physical_id, state = world.create(resource, given)
    lifecycle = world.lifecycle(resource)
    old, new = world.inputs(resource, given), world.inputs(resource, changed)
    assert not lifecycle.change(old, new).replaces
    lifecycle.update(physical_id, old, new, state, Patience.of(30))
    live = lifecycle.read(physical_id)
    assert live is not None
    for name, value in readable(resource, new).items():
        assert covers(name, value, live.get(name)), f"{name}: asked for {value!r}, read {live.get(name)!r}"


@pytest.mark.parametrize(
    "resource", [pytest.param(each, id=each.token) for each in TYPES if each.example.update]
)
def test_an_update_can_be_taken_back(resource: ResourceType, world: World) -> None:
    """A property that the program no longer sets does not stay behind in AWS."""
    covers = world.lifecycle(resource).compare.covers
    assert resource.example.update is not None
    given = resource.example.inputs(world.need)
    change = resource.example.update(world.need)
    physical_id, state = world.create(resource, {**given, **change})
    lifecycle = world.lifecycle(resource)
    old, new = world.inputs(resource, {**given, **change}), world.inputs(resource, given)
    lifecycle.update(physical_id, old, new, state, Patience.of(30))
    live = lifecycle.read(physical_id)
    assert live is not None
    for name in change.keys() - resource.unreadable.keys():
        # what the program does not set is as AWS would have it
        assert name not in new or covers(name, new[name], live.get(name)), f"{name} stayed"
        assert not covers(name, old[name], live.get(name)), f"{name}: {live.get(name)!r} stayed"


@pytest.mark.parametrize(
    "resource", [pytest.param(each, id=each.token) for each in TYPES if each.example.update]
)
def test_a_change_behind_the_engine_s_back_is_seen(resource: ResourceType, world: World) -> None:
    covers = world.lifecycle(resource).compare.covers
    assert resource.example.update is not None
    given = resource.example.inputs(world.need)
    change = resource.example.update(world.need)
    physical_id, state = world.create(resource, given)
    lifecycle = world.lifecycle(resource)
    old, new = world.inputs(resource, given), world.inputs(resource, {**given, **change})
    lifecycle.update(physical_id, old, new, state, Patience.of(30))
    live = lifecycle.read(physical_id, old, state)
    assert live is not None
    for name in change.keys() - resource.unreadable.keys():
        assert not covers(name, old.get(name), live.get(name)) or not covers(
            name, live.get(name), state.get(name)
        ), f"the change of {name} was not seen"


@pytest.mark.parametrize(
    "resource", [pytest.param(each, id=each.token) for each in TYPES if each.example.replace]
)
def test_a_change_that_cannot_be_made_in_place_forces_a_replacement(
    resource: ResourceType, world: World
) -> None:
    assert resource.example.replace is not None
    given = resource.example.inputs(world.need)
    change = resource.example.replace(world.need)
    old, new = world.inputs(resource, given), world.inputs(resource, {**given, **change})
    assert change.keys() <= world.lifecycle(resource).change(old, new).replaces


@pytest.mark.parametrize("resource", TYPES, ids=IDS)
def test_what_is_deleted_is_gone_and_deleting_it_again_is_no_error(
    resource: ResourceType, world: World
) -> None:
    lifecycle = world.lifecycle(resource)
    inputs = world.inputs(resource, resource.example.inputs(world.need))
    physical_id, state = lifecycle.create(inputs, Patience.of(30))
    if resource.list:
        assert physical_id in set(lifecycle.list())
    lifecycle.delete(physical_id, state, Patience.of(30))
    if resource.delete and not resource.leaves:
        assert lifecycle.read(physical_id, inputs, state) is None
        assert physical_id not in set(lifecycle.list())
    lifecycle.delete(physical_id, state, Patience.of(30))
