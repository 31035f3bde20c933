"""The worked example of docs/adding-a-resource-type.md is true."""

from __future__ import annotations

import dataclasses
import importlib.util
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from awsmodel.catalogue import resource_type
from awsmodel.clients import Clients
from awsmodel.errors import ModelError
from awsmodel.lifecycle import Lifecycle
from awsmodel.names import Properties
from awsmodel.patience import Patience
from awsmodel.resource import Call, ResourceType

PAGE = Path(__file__).parents[2] / "docs" / "adding-a-resource-type.md"


def soon() -> Patience:
    return Patience.of(30)


def no_need(token: str, name: str, /, **changes: object) -> object:
    raise AssertionError(f"the example stands alone, but needs {token}")


@pytest.fixture(scope="module")
def entry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ResourceType]:
    """The type that the page's Python block defines, loaded as the module that the page says it is."""
    [block] = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(), re.DOTALL | re.MULTILINE)
    path = tmp_path_factory.mktemp("types") / "worked_example.py"
    path.write_text(block)
    module = loaded(path)
    yield from (value for value in vars(module).values() if isinstance(value, ResourceType))
    del sys.modules[module.__name__]


def loaded(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def given(entry: ResourceType) -> Properties:
    """The example's inputs, as the provider completes them."""
    assert entry.auto_name is not None
    inputs = {**entry.defaults, **entry.example.inputs(no_need)}
    inputs.setdefault("name", entry.auto_name.made("example", "-0000000", inputs))
    return {**inputs, "tagsAll": dict(inputs.get("tags") or {})}


@pytest.fixture
def made(
    entry: ResourceType, given: Properties, clients: Clients
) -> Iterator[tuple[Lifecycle, str, Properties]]:
    lifecycle = Lifecycle(entry, clients)
    physical_id, state = lifecycle.create(given, soon())
    yield lifecycle, physical_id, state
    lifecycle.delete(physical_id, state, soon())


Made = tuple[Lifecycle, str, Properties]


def unmet(lifecycle: Lifecycle, wanted: Properties, live: Properties | None) -> set[str]:
    """The readable properties of `wanted` that `live` does not show."""
    assert live is not None
    readable = wanted.keys() - lifecycle.resource.unreadable.keys()
    return {name for name in readable if not lifecycle.compare.covers(name, wanted[name], live.get(name))}


def test_the_type_of_the_example_is_unknown_in_the_words_of_the_page(entry: ResourceType) -> None:
    [told] = re.findall(r"^    (the resource type .*) …$", PAGE.read_text(), re.MULTILINE)
    with pytest.raises(ModelError) as caught:
        resource_type(entry.token)
    assert caught.value.message.startswith(told)


def test_the_page_names_only_what_there_is(entry: ResourceType) -> None:
    fields = {each.name for kind in (ResourceType, Call) for each in dataclasses.fields(kind)}
    [listed] = re.findall(
        r"^Read it from the top:\n\n(.*?)^`awsmodel", PAGE.read_text(), re.DOTALL | re.MULTILINE
    )
    assert set(re.findall(r"\*\*(\w+)\*\*", listed)) <= fields
    for path in re.findall(r"`((?:awsmodel|sandbox)/[\w./]+)`", PAGE.read_text()):
        assert path == "awsmodel/types/ssm.py" or (PAGE.parents[1] / path).exists(), path


def test_the_example_uses_only_what_the_entry_acts_on(entry: ResourceType, clients: Clients) -> None:
    assert entry.example.update is not None
    assert entry.example.replace is not None
    lifecycle = Lifecycle(entry, clients)
    for change in (entry.example.inputs, entry.example.update, entry.example.replace):
        assert change(no_need).keys() <= lifecycle.modelled
    assert entry.defaults.keys() <= lifecycle.modelled
    assert not (entry.unreadable.keys() | entry.not_modelled.keys()) - lifecycle.schema.inputs.keys()


def test_what_is_created_reads_back_as_it_was_asked_for(made: Made, given: Properties) -> None:
    lifecycle, physical_id, state = made
    assert unmet(lifecycle, given, state) == set()
    assert unmet(lifecycle, given, lifecycle.read(physical_id)) == set()


def test_an_update_in_place_reads_back_and_can_be_taken_back(made: Made, given: Properties) -> None:
    lifecycle, physical_id, state = made
    change = lifecycle.resource.example.update
    assert change is not None
    new = {**given, **change(no_need)}
    new["tagsAll"] = dict(new.get("tags") or {})
    assert not lifecycle.change(given, new).replaces
    state = lifecycle.update(physical_id, given, new, state, soon())
    assert unmet(lifecycle, new, lifecycle.read(physical_id)) == set()
    lifecycle.update(physical_id, new, given, state, soon())
    assert unmet(lifecycle, given, lifecycle.read(physical_id)) == set()


def test_a_change_behind_the_engine_s_back_is_seen(made: Made, given: Properties, clients: Clients) -> None:
    lifecycle, physical_id, state = made
    clients.get("ssm").put_parameter(Name=physical_id, Value="by hand", Type=given["type"], Overwrite=True)
    live = lifecycle.read(physical_id, given, state)
    assert unmet(lifecycle, given, live) == {"value"}


def test_a_change_that_cannot_be_made_in_place_forces_a_replacement(made: Made, given: Properties) -> None:
    lifecycle, _, _ = made
    change = lifecycle.resource.example.replace
    assert change is not None
    replacing = change(no_need)
    assert replacing.keys() <= lifecycle.change(given, {**given, **replacing}).replaces


def test_what_is_deleted_is_gone_and_deleting_it_again_is_no_error(made: Made, given: Properties) -> None:
    lifecycle, physical_id, state = made
    assert physical_id in set(lifecycle.list())
    lifecycle.delete(physical_id, state, soon())
    assert lifecycle.read(physical_id, given, state) is None
    assert physical_id not in set(lifecycle.list())
    lifecycle.delete(physical_id, state, soon())
